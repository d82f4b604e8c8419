"""A pull that is killed at any moment and repeated stores what an undisturbed one stores."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testing.pulls import make_repository, stored

KILLS = int(os.environ.get("TMINUS_TEST_KILLS", "12"))  # `make endurance` asks for more
NEVER = 1_000_000_000  # a call that no pull comes to: its calls are counted
IN_A_ROW = 4  # this many kills, then an undisturbed pull and the comparison
LONGEST_DELAY = 0.02  # seconds after a call: long enough to hit the middle of a commit
CHECKOUT = Path(__file__).parents[2]


class PullServer:
    """Pulls in forked processes, each killed at a chosen call."""

    def __init__(self, repository: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHECKOUT / "tests" / "testing" / "killed_pulls.py"), str(repository)],
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def pull(self, root: Path, call: int = 0, delay: float = 0.0) -> tuple[int, int]:
        """Run one pull: (exit code or minus the signal, number of Python calls of a pull that ended)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{root}\t{call}\t{delay}\n")
        self._process.stdin.flush()
        status, calls = self._process.stdout.readline().split()
        return int(status), int(calls)

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PullServer]:
    """A server of pulls of one small repository."""
    running = PullServer(make_repository(tmp_path / "r", 12))
    yield running
    running.close()


@pytest.mark.slow
def test_a_killed_pull_repeated_equals_an_undisturbed_one(tmp_path: Path, server: PullServer) -> None:
    """Pulls killed with SIGKILL in every phase, and then repeated, leave what an undisturbed one leaves.

    Kill points are spread over the calls of a pull, not over its time: every phase is hit on a busy machine, too.
    """
    calm, root = tmp_path / "calm", tmp_path / "killed"
    calm.mkdir()
    root.mkdir()
    status, calls = server.pull(calm, NEVER)
    assert (status, calls > KILLS) == (0, True)
    expected = stored(calm / ".tminus" / "warehouse.duckdb")
    warehouse = root / ".tminus" / "warehouse.duckdb"
    dice = random.Random(8)
    points = [calls * (number + dice.random()) / KILLS for number in range(KILLS)]
    dice.shuffle(points)
    killed = in_a_row = 0
    for point in points:
        status, _ = server.pull(root, max(1, int(point)), dice.uniform(0, LONGEST_DELAY))
        assert status in (0, -signal.SIGKILL)
        killed += status != 0
        in_a_row += 1
        if status != 0 and in_a_row >= IN_A_ROW:
            status, _ = server.pull(root)
        if status == 0:  # a pull that had less left to do than the kill point, or the undisturbed repetition
            assert stored(warehouse) == expected
            warehouse.unlink()
            in_a_row = 0

    assert server.pull(root)[0] == 0
    assert stored(warehouse) == expected
    assert killed > KILLS // 2
