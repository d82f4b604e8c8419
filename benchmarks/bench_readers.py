"""Speed and memory of the readers: 100 MB of artifacts, 100,000 test cases, a webpack stats file of 200 MB.

Limits hold for the seconds of the processor: on a machine that does nothing else they are those of the clock.

python benchmarks/bench_readers.py
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.synthetic import PLAN
from ingest.readers.registry import read_bytes

ROOT = Path(__file__).resolve().parent.parent


def junit(cases: int) -> bytes:
    """A JUnit file; every hundredth case fails."""
    rows = [
        f'<testcase classname="pkg.mod{i % 97}.TestThing" name="test_number_{i}" time="0.012">'
        + ('<failure message="assert 1 == 2">trace\nline</failure>' if i % 100 == 0 else "<system-out>ok</system-out>")
        + "</testcase>"
        for i in range(cases)
    ]
    return (
        '<?xml version="1.0"?><testsuites><testsuite name="s">' + "\n".join(rows) + "</testsuite></testsuites>"
    ).encode()


def lcov(size: int) -> bytes:
    """An lcov file of about so many bytes."""
    one = "".join(f"DA:{line},{line % 3}\n" for line in range(1, 400))
    record = "TN:\nSF:src/{}/f{}.ts\n" + one + "LF:399\nLH:266\nBRF:0\nBRH:0\nend_of_record\n"
    return "".join(record.format(i % 9, i) for i in range(max(1, size // len(record)))).encode()


def cobertura(size: int) -> bytes:
    """A Cobertura file of about so many bytes."""
    lines = "".join(f'<line number="{n}" hits="{n % 3}" branch="false"/>' for n in range(1, 400))
    one = '<class name="c{0}" filename="src/{0}.py" line-rate="0.66"><methods/><lines>' + lines + "</lines></class>"
    body = "".join(one.format(i) for i in range(max(1, size // len(one))))
    head = '<?xml version="1.0"?><coverage version="7" lines-valid="399" lines-covered="266" line-rate="0.66">'
    return (head + f"<packages><package><classes>{body}</classes></package></packages></coverage>").encode()


def final(size: int) -> bytes:
    """An Istanbul coverage-final of about so many bytes."""
    place = {str(n): {"start": {"line": n, "column": 0}, "end": {"line": n, "column": 9}} for n in range(200)}
    entry = {
        "statementMap": place,
        "s": {str(n): n % 3 for n in range(200)},
        "fnMap": {},
        "f": {},
        "branchMap": {},
        "b": {},
    }
    count = max(1, size // len(json.dumps(entry)))
    return json.dumps(
        {
            f"/home/runner/work/a/a/src/f{i}.ts": {"path": f"/home/runner/work/a/a/src/f{i}.ts", **entry}
            for i in range(count)
        }
    ).encode()


def webpack(path: Path, size: int) -> None:
    """A stats file of so many bytes: small assets, very many modules, one of them with a sign outside of Latin-1."""
    module = {
        "type": "module",
        "identifier": "x" * 300,
        "name": "./src/naïve-😀.js",
        "source": "y" * 1500,
        "reasons": [{"a": 1}] * 20,
    }
    row = json.dumps(module, ensure_ascii=False).encode()
    assets = [{"name": f"main.{i}.js", "size": 1000 + i, "chunkNames": ["main"]} for i in range(200)]
    entry = {"main": {"assets": [{"name": a["name"]} for a in assets[:3]]}}
    with path.open("wb") as file:
        file.write(
            b'{"hash":"h","version":"5.1","publicPath":"auto","assets":'
            + json.dumps(assets).encode()
            + b',"modules":['
            + row
        )
        for _ in range(size // (len(row) + 1)):
            file.write(b"," + row)
        file.write(b'],"entrypoints":' + json.dumps(entry).encode() + b',"errorsCount":0}')


def timed(what: str, limit: float, data: bytes) -> bool:
    """Read once and say how long it took."""
    began = time.process_time()
    reading = read_bytes(data, "x")[0]
    took = time.process_time() - began
    print(f"{what:46} {len(data) / 1e6:6.1f} MB {took:6.2f} s (limit {limit} s)  {reading.figures[0].value}")
    return took <= limit


def thousand_artifacts(root: Path) -> list[Path]:
    """1,000 files of 100 KB, half of them coverage of three kinds and the rest test results, each of its own commit."""
    makers = (lcov, cobertura, final, lambda size: junit(size // 150))
    places = []
    for i in range(1000):
        data = makers[i % 4](100_000).replace(b'hits="1"', b'hits="%d"' % (i + 1)).replace(b"DA:1,1", b"DA:1,%d" % i)
        data = data.replace(b"test_number_", b"test_%d_number_" % i).replace(b"src/f", b"src/%d-f" % i)
        place = root / f"{i:040x}" / f"report-{i}"
        place.parent.mkdir()
        place.write_bytes(data)
        places.append(place)
    return places


def floor_seconds(places: list[Path]) -> float:
    """The least that any reader does: the bytes read, hashed and parsed by the standard library, and thrown away."""
    began = time.process_time()
    for place in places:
        data = place.read_bytes()
        hashlib.sha256(data).digest()
        if data[:1] == b"<":
            ElementTree.fromstring(data)
        elif data[:1] == b"{":
            json.loads(data)
        else:
            data.decode().splitlines()
    return time.process_time() - began


def whole_pull(limit: float) -> bool:
    """`tminus pull` of 1,000 artifacts: read, kept compressed without credentials, stored in DuckDB; and once more."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        places = thousand_artifacts(root)
        size = sum(place.stat().st_size for place in places)
        text = PLAN.replace('timezone = "+00:00"', "").replace("as_of = 2026-01-01", "")
        text += '\n[sources.artifacts]\npaths = ["**/report-*"]\n'
        (root / "tminus.toml").write_text(text, encoding="utf-8")
        subprocess.run(["git", "init", "-q", folder], check=True)
        floor = floor_seconds(places)
        first, rows = _pull(root)
        again, more = _pull(root)
        stored = sum(file.stat().st_size for file in root.rglob("*.duckdb"))
    row = f"{'tminus pull of 1,000 artifacts':46} {size / 1e6:6.1f} MB"
    print(f"{row} {first:6.2f} s (limit {limit} s)  {rows:,} figures, DuckDB {stored / 1e6:.1f} MB")
    print(f"{'   read, hashed and parsed alone':46} {'':9} {floor:6.2f} s -> {first / floor:.1f}x of that floor")
    print(f"{'   the same pull again':46} {'':9} {again:6.2f} s, {more} new figures")
    return first <= limit and not more


def _pull(root: Path) -> tuple[float, int]:
    """Processor seconds of one pull, the start of its process included, and the rows that were new."""
    command = [sys.executable, "-m", "app.command_line.parser", "pull", "--source", "artifacts", "--json"]
    before = _children_seconds()
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"tminus pull ended with {done.returncode}: {done.stdout}")
    return _children_seconds() - before, sum(source["rows_added"] for source in json.loads(done.stdout)["sources"])


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def huge_stats(limit_mb: int) -> bool:
    """200 MB of webpack stats in a process of its own, whose peak memory is what counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stats.json"
        webpack(path, 200_000_000)
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--stats", str(path)], capture_output=True, text=True, check=True
        )
        took = time.perf_counter() - began
        peak = int(done.stdout.split()[0]) / 1024
        print(
            f"{'webpack stats':46} {path.stat().st_size / 1e6:6.1f} MB {took:6.2f} s, peak {peak:.0f} of {limit_mb} MB"
        )
    return peak <= limit_mb


def main() -> int:
    """Run all and fail when a limit is missed."""
    good = [
        timed("JUnit with 100,000 cases", 5, junit(100_000)),
        timed("lcov", 5, lcov(20_000_000)),
        timed("Cobertura", 5, cobertura(20_000_000)),
        timed("Istanbul final", 10, final(20_000_000)),
        whole_pull(30),
        huge_stats(1024),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stats"]:
        found = read_bytes(Path(sys.argv[2]).read_bytes(), "stats.json")[0]
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, [f.value for f in found.figures])
    else:
        sys.exit(main())
