"""A warehouse that reads each table once answers like one that is asked each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from ingest.observation import Commit, Evidence, Item, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.remembered import RememberedWarehouse
from tests.testing import lake

START = datetime(2025, 1, 6, 12, tzinfo=UTC)
DAYS = range(-1, 9)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the eight days."""
    path = tmp_path_factory.mktemp("w") / "w.duckdb"
    fill(Warehouse(path, "p"))
    return path


@pytest.fixture(params=["file", "lake"])
def kinds(request: pytest.FixtureRequest, file: Path) -> tuple[Warehouse, RememberedWarehouse]:
    """One state, asked each time and read once."""
    place = request.getfixturevalue("shared_place") if request.param == "lake" else None
    plain = open_warehouse(file, "p", place)
    if place:
        lake.empty(place)
        fill(plain)
    remembered = open_warehouse(file, "p", place, state=plain.evidence_version())
    assert isinstance(remembered, RememberedWarehouse)
    return plain, remembered


def fill(warehouse: Warehouse) -> None:
    """Eight days: a measurement and a commit a day, markers that open and close, a claim that leaves its document."""
    moments = [START + timedelta(days=day) for day in range(8)]
    rows = [Observation("todo_count", at, float(k), "markers", "", commit=f"{k:040x}") for k, at in enumerate(moments)]
    claim = {"unit": "percent", "evidence": "e1", "kind": "claimed"}
    rows.append(Observation("readiness_claim_percent", moments[1], 80.0, scope="", commit="c1", **claim))
    removal = {"unit": "", "evidence": "e1", "kind": "claimed", "reason": "the file was deleted"}
    rows.append(Observation("claim_removed", moments[4], None, scope="", commit="c4", **removal))
    items = [
        Item(f"i{k}", "marker", "TODO", "later", "a.py", k, "", "code", at, f"{k:040x}", "Ada",
             at + timedelta(days=2) if k % 2 else None, "c", "Ada")
        for k, at in enumerate(moments)
    ]  # fmt: skip
    commits = [Commit(f"{k:040x}", k, at, "Ada", "change") for k, at in enumerate(moments)]
    evidence = [Evidence("e1", "README.md:1", excerpt="80% ready", path="README.md", line=1)]
    harvest = Harvest(observations=rows, evidence=evidence, commits=commits, items=items)
    store_harvest(warehouse, "git", harvest, START + timedelta(days=9))


def asked(warehouse: Warehouse, until: datetime) -> dict[str, pd.DataFrame]:
    """Every remembered query, as of a moment."""
    wanted = {"metrics": ["todo_count"], "scopes": [""]}
    return {
        "observations": warehouse.query("observations", **wanted, until=until, simulated=True),
        "items": warehouse.query("items", since=until - timedelta(days=2), until=until),
        "claims": warehouse.query("claims", until=until),
        "commits": warehouse.query("commits"),
        "first_observations": warehouse.query("first_observations", **wanted),
        "plan_versions": warehouse.query("plan_versions"),
    }


def test_every_day_is_answered_as_if_asked_alone(kinds: tuple[Warehouse, RememberedWarehouse]) -> None:
    """The rows of each query up to each moment are those that the file, or the lake, gives for it."""
    plain, remembered = kinds
    for day in DAYS:
        until = START + timedelta(days=day)
        then = asked(remembered, until)
        for name, frame in asked(plain, until).items():
            pd.testing.assert_frame_equal(then[name].reset_index(drop=True), frame, obj=f"{name} of day {day}")


def test_a_table_is_read_once(kinds: tuple[Warehouse, RememberedWarehouse], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another day, and another reader of the same state, open no file; a changed frame changes no other answer."""
    _, warehouse = kinds
    first = asked(warehouse, START)["observations"]
    first["value"] = 99.0
    monkeypatch.setattr(Warehouse, "reading", lambda _: pytest.fail("read again"))

    assert asked(warehouse, START + timedelta(days=3))["observations"]["value"].tolist() == [0.0, 1.0, 2.0, 3.0]
