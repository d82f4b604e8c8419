"""A team moves from a file to a lake and back, and a lake is tidied: nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from ingest.observation import Commit, Deployment, Evidence, Item, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse, WarehouseError
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.lake import LakeWarehouse
from ingest.warehouse.lake_place import LakePlace
from ingest.warehouse.meeting import DecisionText, close_decision, freeze_review, open_decision
from ingest.warehouse.process import ProcessEvent, append_deployment, append_process_events, process_events
from ingest.warehouse.upkeep import copy_warehouse, tidy
from tests.testing.lake import empty

START = datetime(2025, 9, 1, tzinfo=UTC)
MOMENTS = {"day": date(2025, 9, 1), "frozen_at": START, "since": START, "until": START}


def fill(warehouse: Warehouse) -> None:
    """Rows in most tables, with what is easily lost: NULL, NaN, quotes, a NUL, equal moments distinguished by order."""
    for day in range(3):
        at = START + timedelta(days=day)
        rows = [Observation("m", at + timedelta(minutes=n), n / 7, "u", scope="ü'\"\0") for n in range(15)]
        rows.append(Observation("m", at, None, "u", reason="empty"))
        item = Item(f"i{day}", "marker", "TODO", "text", "a.py", None, "src", "code", at)
        commit = Commit(f"{day}" * 40, day, at, "Ada", "s")
        harvest = Harvest(rows, [Evidence(f"e{day}", "a:1")], [commit], [item])
        store_harvest(warehouse, "git", harvest, at)
    open_decision(warehouse, DecisionText("do it", "Ada", date(2025, 9, 9)), START)
    close_decision(warehouse, "D1", "carried", START)
    close_decision(warehouse, "D1", "done", START)
    freeze_review(warehouse, {"answer": "{}", "markdown": "# a", "html": "<p>"}, MOMENTS)
    append_deployment(warehouse, Deployment("deploy", START, "one", "a" * 40), START)
    events = [ProcessEvent("drill", name, START, seconds=float("nan")) for name in ("b", "a", "b")]
    append_process_events(warehouse, events, START)


def test_a_team_moves_to_a_lake_and_back_row_for_row(place: LakePlace, tmp_path: Path) -> None:
    """Each table has the same rows in the same order on all three sides; a place with rows is refused."""
    file = Warehouse(tmp_path / "w.duckdb", "p")
    fill(file)
    lake = open_warehouse(tmp_path / "x.duckdb", "p", place)
    there = copy_warehouse(file, lake)
    tidy(lake, 0)
    back = copy_warehouse(lake, Warehouse(tmp_path / "back.duckdb", "p"))

    assert there == back
    rows = {table.table: table.rows for table in there}
    assert (rows["observation"], rows["decision"], rows["frozen_review"], rows["process_event"]) == (48, 3, 1, 3)
    here, moved = process_events(file, START), process_events(lake, START)
    assert here is not None and moved is not None
    assert_frame_equal(here, moved)
    with pytest.raises(WarehouseError, match="holds rows already"):
        copy_warehouse(file, lake)
    with pytest.raises(WarehouseError, match="tminus backup"):
        copy_warehouse(file, Warehouse(tmp_path / "third.duckdb", "p"))


def test_tidying_joins_files_and_keeps_every_row(shared_place: LakePlace, tmp_path: Path) -> None:
    """Fewer files and snapshots, the same figures, the frozen review as it was, and a writer that goes on."""
    empty(shared_place)
    lake = LakeWarehouse(tmp_path / "w.duckdb", "p", shared_place)
    fill(lake)
    before = lake.query("series", metric="m", scope=None, simulated=True), lake.query("frozen_reviews")
    done = tidy(lake, 0)
    after = lake.query("series", metric="m", scope=None, simulated=True), lake.query("frozen_reviews")
    fill_again = store_harvest(lake, "git", Harvest(observations=[Observation("m", START, 1.0, "u")]), START)

    assert done.snapshots_after < done.snapshots_before
    assert done.frozen_reviews == 1
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
    assert fill_again.rows_added == 1


def test_a_file_has_nothing_to_tidy(file_warehouse: Warehouse) -> None:
    """It is named as what it is, in one line."""
    with pytest.raises(WarehouseError, match="is a file"):
        tidy(file_warehouse, 7)
