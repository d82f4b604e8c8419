"""A real Prometheus on loopback that holds samples of any time, made by promtool from OpenMetrics text."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

Points = Sequence[tuple[float, float]]  # seconds since 1970, value


@contextmanager
def prometheus_with(folder: Path, series: Mapping[str, Points]) -> Iterator[str]:
    """Serve the samples of each series, such as `errors_percent{job="shop"}`; yields the address.

    Skips the test where one of the two programs is missing.
    """
    programs = [shutil.which(name) for name in ("prometheus", "promtool")]
    if None in programs:
        pytest.skip("the programs prometheus and promtool are not installed (Debian: apt install prometheus)")
    server, tool = map(str, programs)
    text, data = folder / "samples.txt", folder / "data"
    text.write_text(open_metrics(series), encoding="utf-8")
    made = [tool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=200h", str(text), str(data)]
    subprocess.run(made, check=True, capture_output=True, timeout=120)
    (folder / "prometheus.yml").write_text("scrape_configs: []\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            server,
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={data}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(f"{base}/-/ready")
        yield base
    finally:
        process.kill()  # its files go with the test: nothing has to be written at the end
        process.communicate(timeout=20)


def open_metrics(series: Mapping[str, Points]) -> str:
    """The text format that promtool reads: one family after the other, in the order of time."""
    families: dict[str, list[str]] = {}
    for name, points in series.items():
        lines = families.setdefault(name.partition("{")[0], [])
        lines += [f"{name} {value} {at:.3f}" for at, value in points]
    parts = [line for family, lines in families.items() for line in (f"# TYPE {family} gauge", *lines)]
    return "\n".join([*parts, "# EOF\n"])


def _wait(address: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(1500):
        try:
            with direct.open(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    pytest.fail("Prometheus did not get ready in 30 s")
