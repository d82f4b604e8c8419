"""While a pull writes, pages keep the last complete state, and what a meeting writes is there at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.config import parse_config
from ingest.observation import Observation
from ingest.pull import pull, store_harvest
from ingest.source import Harvest
from ingest.warehouse.complete_state import (
    NOTHING,
    OtherStateError,
    ShownWarehouse,
    complete_state_kept,
    copy_path,
    state_before,
)
from ingest.warehouse.database import DamagedWarehouseError, Warehouse
from ingest.warehouse.meeting import DecisionText, open_decision, version_of_meeting
from ingest.warehouse.pull_state import announced
from tests.testing.pulls import make_repository

START = datetime(2025, 1, 6, 12, tzinfo=UTC)
WANTED = {"metrics": ["todo_count"], "scopes": [""], "simulated": True}


def measure(warehouse: Warehouse, day: int) -> None:
    """One more figure."""
    figure = Observation("todo_count", START + timedelta(days=day), float(day), "markers")
    store_harvest(warehouse, "git", Harvest(observations=[figure]), START)


def values(warehouse: Warehouse) -> list[float]:
    return list(warehouse.query("observations", **WANTED, until=START + timedelta(days=99))["value"])


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with one figure."""
    made = Warehouse(tmp_path / "w.duckdb", "p")
    measure(made, 1)
    return made


def test_questions_are_answered_from_the_state_before_the_pull(warehouse: Warehouse) -> None:
    """Also new questions, during and after the pull; the copy goes, and who comes later begins with the new state."""
    state, path = warehouse.evidence_version(), warehouse.path
    early, late = (ShownWarehouse(path, "p", state) for _ in range(2))
    with announced(path) as running, complete_state_kept(warehouse, running) as keep:
        assert values(early) == [1.0]  # nothing is written yet: from the file
        keep()
        measure(warehouse, 2)
        assert (values(late), values(warehouse)) == ([1.0], [1.0, 2.0])
        assert len(late.query("series", metric="todo_count", scope=None, simulated=True)) == 1
    assert not list(path.parent.glob("*.before-*"))
    assert len(late.query("metrics")) == 1
    assert late.rows("markers", "p") == []

    late.release()
    for gone in (late, ShownWarehouse(path, "p", state)):
        with pytest.raises(OtherStateError, match="newer evidence"):
            gone.query("metrics")
    assert values(ShownWarehouse(path, "p", warehouse.evidence_version())) == [1.0, 2.0]


def test_what_a_meeting_writes_meanwhile_is_there_at_once(warehouse: Warehouse) -> None:
    """A decision goes to the file, is read from it, and alone changes what the pages ask again."""
    shown = ShownWarehouse(warehouse.path, "p", warehouse.evidence_version())
    with announced(warehouse.path) as running, complete_state_kept(warehouse, running) as keep:
        keep()
        before = version_of_meeting(shown)
        measure(warehouse, 2)
        assert version_of_meeting(shown) == before
        assert open_decision(shown, DecisionText("test it", "Ada", date(2025, 2, 1)), START) == "D1"
        assert version_of_meeting(shown) != before
        with shown.one_state():  # a page asks for both in one block
            assert (values(shown), list(shown.query("decisions", until=START)["id"])) == ([1.0], ["D1"])
    assert list(warehouse.query("decisions", until=START)["id"]) == ["D1"]


def test_a_signed_act_and_a_pull_without_news_are_no_new_evidence(tmp_path: Path) -> None:
    """Neither the note that somebody signed in decided, nor a run that found nothing, makes pages compute again."""
    repository = make_repository(tmp_path / "r", 6)
    config = parse_config({"project": {"name": "p", "repository": str(repository)}}, tmp_path)
    pull(config, now=START)
    warehouse = Warehouse(config.warehouse, "p")
    before = warehouse.evidence_version()
    pull(config, now=START + timedelta(hours=1))
    open_decision(warehouse, DecisionText("test it", "Ada"), START, "Ada", {"subject": "ada"})

    assert len(warehouse.query("source_runs", limit=99)) == 8
    assert warehouse.evidence_version() == before


def test_before_the_first_pull_there_is_nothing(tmp_path: Path) -> None:
    """While the first pull writes, the last complete state is that nothing was read."""
    made = Warehouse(tmp_path / "w.duckdb", "p")
    with announced(made.path) as running, complete_state_kept(made, running) as keep:
        assert state_before(made.path)[1] is None
        keep()
        measure(made, 1)
        assert state_before(made.path)[1] == NOTHING
        assert not ShownWarehouse(made.path, "p", NOTHING).exists()
    assert state_before(made.path) == (None, None)


def test_the_copy_of_a_killed_pull_goes_with_the_next_one(warehouse: Warehouse) -> None:
    """What is beside the file when a pull begins was left by one that was killed."""
    left = copy_path(warehouse.path, (7, 7))
    left.write_bytes(b"x")
    with announced(warehouse.path) as running, complete_state_kept(warehouse, running):
        assert not left.exists()


def test_a_second_pull_leaves_the_copy_of_the_first(warehouse: Warehouse) -> None:
    """Two pulls at once: the one that is announced alone keeps a state, and takes it away."""
    kept = copy_path(warehouse.path, warehouse.evidence_version())
    with announced(warehouse.path) as first, complete_state_kept(warehouse, first) as keep:
        keep()
        with announced(warehouse.path) as second, complete_state_kept(warehouse, second) as keep_too:
            keep_too()
            measure(warehouse, 2)
        assert kept.exists()
    assert not kept.exists()


def test_a_damaged_file_is_named_and_no_copy_is_left(warehouse: Warehouse) -> None:
    """The check of the copy speaks of the file; nothing is written to it."""
    for day in range(2, 40):
        measure(warehouse, day)
    data = bytearray(warehouse.path.read_bytes())
    for place in range(20_000, len(data), 3000):
        data[place] ^= 0xFF
    warehouse.path.write_bytes(bytes(data))
    with (
        pytest.raises(DamagedWarehouseError) as problem,
        announced(warehouse.path) as running,
        complete_state_kept(warehouse, running) as keep,
    ):
        keep()
    assert ".before-" not in str(problem.value)
    assert str(warehouse.path) in str(problem.value)
    assert not list(warehouse.path.parent.glob("*.before-*"))
