"""A lake whose Parquet files are in an S3-compatible store: keys from the environment, and shown nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.observation import Evidence, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse, WarehouseError
from ingest.warehouse.lake import LakeWarehouse
from ingest.warehouse.lake_engine import forget
from ingest.warehouse.lake_place import LakePlace
from ingest.warehouse.upkeep import copy_warehouse, tidy
from tests.testing import bucket, lake

START = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """The variables of a store with one empty bucket."""
    if reason := bucket.why_not():
        pytest.skip(f"no bucket: {reason}")
    with bucket.running_store() as variables:
        yield variables


@pytest.fixture
def place(catalogue: lake.Server, store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[LakePlace]:
    """A new lake in the bucket."""
    for name, value in store.items():
        monkeypatch.setenv(name, value)
    made = catalogue.new_lake(Path("/unused"))
    made = LakePlace(made.catalogue, f"s3://{bucket.BUCKET}/{made.catalogue.split()[0].partition('=')[2]}")
    yield made
    forget(made)


def figures(first: int, count: int) -> Harvest:
    """Figures of so many hours."""
    rows = [Observation("m", START + timedelta(hours=n), float(n), "u") for n in range(first, first + count)]
    return Harvest(observations=rows, evidence=[Evidence("e", "a.xml:1")], marker=str(first + count))


def total(warehouse: Warehouse) -> list[tuple[int, float]]:
    """How many figures, and their sum."""
    with warehouse.reading() as connection:
        return connection.execute("SELECT count(*), sum(value) FROM observation").fetchall()


def test_a_lake_in_a_bucket_stores_tidies_and_comes_back_to_a_file(place: LakePlace, tmp_path: Path) -> None:
    """Rows and marker of several pulls are in the bucket, once; joining files and a copy to a file change none."""
    warehouse = LakeWarehouse(tmp_path / "w.duckdb", "p", place)
    for first in (0, 300, 600):
        store_harvest(warehouse, "s", figures(first, 400), START)
    assert total(warehouse) == [(1000, 499500.0)]
    assert dict(warehouse.rows("markers", "p")) == {"s": "1000"}

    assert tidy(warehouse, 0).files_before > 0
    assert total(warehouse) == [(1000, 499500.0)]
    back = Warehouse(tmp_path / "back.duckdb", "p")
    copied = {one.table: one.rows for one in copy_warehouse(warehouse, back)}
    assert copied["observation"] == 1000
    assert total(back) == [(1000, 499500.0)]
    assert not list(tmp_path.rglob("*.parquet"))


def test_the_keys_of_a_bucket_are_stored_and_shown_nowhere(
    place: LakePlace, catalogue: lake.Server, tmp_path: Path
) -> None:
    """Neither the catalogue nor a query of a user, which could ask for secrets, gives them away."""
    warehouse = LakeWarehouse(tmp_path / "w.duckdb", "p", place)
    store_harvest(warehouse, "s", figures(0, 3), START)

    database = place.catalogue.split()[0].partition("=")[2]
    tables = catalogue.sql(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").split()
    stored = "".join(catalogue.sql(database, f'SELECT * FROM "{table}"') for table in tables)
    assert place.data_path in stored
    assert bucket.SECRET not in stored and bucket.KEY not in stored
    assert bucket.SECRET not in warehouse.ask("SELECT * FROM duckdb_secrets()").to_string()
    assert bucket.SECRET not in str(warehouse.label)


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong-secret"}, ""),
        ({}, "s3://no-such-bucket/x"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, ""),
    ],
)
def test_a_bucket_that_cannot_be_used_is_one_line_with_what_to_check(
    place: LakePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], path: str
) -> None:
    """A wrong key, a bucket that does not exist, a store that is away: place, reason and variables, and no key."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    warehouse = LakeWarehouse(tmp_path / "w.duckdb", "p", LakePlace(place.catalogue, path or place.data_path))

    with pytest.raises(WarehouseError) as caught:
        store_harvest(warehouse, "s", figures(0, 400), START)

    shown = str(caught.value)
    forget(warehouse.place)
    assert "\n" not in shown
    assert (path or place.data_path) in shown
    assert "AWS_ACCESS_KEY_ID" in shown
    assert not any(secret in shown for secret in (bucket.SECRET, bucket.KEY, "wrong-secret"))
