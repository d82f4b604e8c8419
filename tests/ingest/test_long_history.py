"""A long history is read in processes beside the pull: with the same rows, and without a process left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import collecting
from ingest.beside import Beside
from ingest.config import Config, parse_config
from ingest.pull import pull
from ingest.sources.git import read_history
from ingest.warehouse.database import Warehouse
from tests.testing.pulls import make_repository, stored

NOW = datetime(2025, 9, 8, tzinfo=UTC)
CHECKOUT = Path(__file__).parents[2]
SOURCES = ("git", "tree", "checklist", "claims")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("history") / "r", 60)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Beside]:
    """What this process starts, where 40 commits are a long history."""
    begun: list[Beside] = []

    class Noted(Beside):
        def __init__(self, entry: str, task: object) -> None:
            super().__init__(entry, task)
            begun.append(self)

    monkeypatch.setattr(collecting, "Beside", Noted)
    monkeypatch.setattr(read_history, "LONG_HISTORY", 40)
    return begun


def config_of(root: Path, repository: Path) -> Config:
    root.mkdir(exist_ok=True)
    return parse_config({"project": {"name": "p", "repository": str(repository)}}, root)


def test_a_history_is_stored_alike_here_and_beside(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Beside]
) -> None:
    """Rows, their order and the runs are the same; a second pull with nothing new starts no process."""
    beside = config_of(tmp_path / "beside", repository)
    asked: list[str] = []
    report = pull(beside, now=NOW, progress=lambda name: asked.append(name) or (lambda *_: None))
    assert (len(started), asked) == (1, list(SOURCES))
    assert pull(beside, now=NOW).rows_added == 0
    assert len(started) == 1
    monkeypatch.setattr(read_history, "LONG_HISTORY", 10**6)
    here = config_of(tmp_path / "here", repository)
    assert list(pull(here, now=NOW).sources) == list(report.sources)

    assert len(started) == 1
    assert stored(beside.warehouse) == stored(here.warehouse)
    one, other = (Warehouse(config.warehouse, "p") for config in (beside, here))
    for sql in (
        'SELECT run, metric, scope, observed_at, value, "commit" FROM observation ORDER BY rowid',
        "SELECT id, source, status, marker, rows_added, counts FROM source_run WHERE id <= 4 ORDER BY id",
    ):
        assert one.ask(sql).equals(other.ask(sql))


def test_a_reading_process_that_is_killed_stops_no_other_source(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Beside]
) -> None:
    """The source it was reading has an error that says so and keeps its marker; the others are read here."""
    config = config_of(tmp_path / "w", repository)
    noted = collecting.Beside

    class Killed(noted):  # type: ignore[valid-type, misc]
        def __init__(self, entry: str, task: object) -> None:
            super().__init__(entry, task)
            self._process.kill()

    monkeypatch.setattr(collecting, "Beside", Killed)
    report = pull(config, now=NOW)

    assert [source.ok for source in report.sources] == [False, True, True, True]
    assert report.sources[0].error.startswith("the process that reads git was stopped (signal 9): pull again")
    assert dict(Warehouse(config.warehouse, "p").rows("markers", "p")).keys() == {"tree", "checklist", "claims"}
    monkeypatch.setattr(collecting, "Beside", noted)
    assert all(source.ok for source in pull(config, now=NOW).sources)


def test_a_process_that_cannot_begin_is_done_without(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Beside]
) -> None:
    """Where the interpreter does not find this program, all sources are read in the process of the pull."""
    monkeypatch.setattr("ingest.beside._BOOT", "raise SystemExit(1)")
    report = pull(config_of(tmp_path / "w", repository), now=NOW)

    assert len(started) == 1
    assert all(source.ok for source in report.sources)
    assert report.rows_added > 60


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
def test_a_killed_pull_leaves_no_process() -> None:
    """What a pull has started ends with it, git too, and all of it leaves the processors to others."""
    command = [sys.executable, "-m", "tests.testing.waiting_work"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        worker, git, nice = map(int, running.stdout.readline().split())
        assert nice >= 10
        running.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(_runs(pid) for pid in (worker, git)) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not [pid for pid in (worker, git) if _runs(pid)]


def _runs(pid: int) -> bool:
    """Whether the process is there, and not only as the entry of one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_error_of_a_source_beside_is_its_own(tmp_path: Path, repository: Path, started: list[Beside]) -> None:
    """A source that refuses its settings in the other process is one line; what follows is stored."""
    root = tmp_path / "w"
    root.mkdir()
    tables = {"project": {"name": "p", "repository": str(repository)}, "sources": {"checklist": {"files": 3}}}
    report = pull(parse_config(tables, root), now=NOW)

    assert len(started) == 1
    assert [source.ok for source in report.sources] == [True, True, False, True]
    assert "sources.checklist" in report.sources[2].error
