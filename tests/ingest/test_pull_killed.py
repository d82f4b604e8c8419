"""A pull that is killed at any moment and repeated stores what an undisturbed one stores."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.testing.pulls import make_repository, stored

KILLS = int(os.environ.get("TMINUS_TEST_KILLS", "50"))

_PULL = (
    "import sys\n"
    "from datetime import UTC, datetime\n"
    "from pathlib import Path\n"
    "from ingest.config import parse_config\n"
    "from ingest import appending\n"
    "from ingest.pull import pull\n"
    "appending.CHUNK_ROWS = 40\n"  # many transactions, so that many kills fall between two of them
    "table = {'name': 'p', 'repository': sys.argv[1]}\n"
    "report = pull(parse_config({'project': table}, Path(sys.argv[2])), now=datetime(2025, 9, 8, tzinfo=UTC))\n"
    "sys.exit(not all(source.ok for source in report.sources))\n"
)


def _start(repository: Path, root: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen([sys.executable, "-c", _PULL, str(repository), str(root)], env=environment)


@pytest.mark.slow
def test_a_killed_pull_repeated_equals_an_undisturbed_one(tmp_path: Path) -> None:
    """Pulls killed with SIGKILL at random moments, each then repeated, leave what an undisturbed pull leaves."""
    repository = make_repository(tmp_path / "r", 60)
    calm = tmp_path / "calm"
    calm.mkdir()
    began = time.monotonic()
    assert _start(repository, calm).wait() == 0
    lasts = time.monotonic() - began
    expected = stored(calm / ".tminus" / "warehouse.duckdb")
    dice = random.Random(8)
    root = tmp_path / "killed"
    root.mkdir()
    for _ in range(KILLS):
        process = _start(repository, root)
        time.sleep(dice.uniform(0.3, 1.0) * lasts)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if dice.random() < 0.2:  # now and then the repetition succeeds, and the next killed pull starts afresh
            assert _start(repository, root).wait() == 0
            assert stored(root / ".tminus" / "warehouse.duckdb") == expected
            (root / ".tminus" / "warehouse.duckdb").unlink()

    assert _start(repository, root).wait() == 0
    assert stored(root / ".tminus" / "warehouse.duckdb") == expected
