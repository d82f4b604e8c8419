"""A warehouse of each kind: what its tests promise holds for the file and for the lake.

With TMINUS_TEST_STORE=bucket the shared lake has its rows in an S3-compatible store, and not in a folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.lake_engine import forget
from ingest.warehouse.lake_place import LakePlace
from tests.testing import bucket, lake


@pytest.fixture(scope="session")
def catalogue() -> Iterator[lake.Server]:
    """A PostgreSQL server, started once."""
    if reason := lake.why_not():
        pytest.skip(f"no lake: {reason}")
    with lake.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def shared_place(catalogue: lake.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LakePlace]:
    """One lake for the tests that only need it to be empty: making one takes a second."""
    made = catalogue.new_lake(tmp_path_factory.mktemp("lake") / "data")
    if os.environ.get("TMINUS_TEST_STORE") != "bucket":
        yield made
        return
    with bucket.running_store() as variables, pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield LakePlace(made.catalogue, f"s3://{bucket.BUCKET}/shared")


@pytest.fixture
def place(catalogue: lake.Server, tmp_path: Path) -> Iterator[LakePlace]:
    """A place where no lake is yet."""
    made = catalogue.new_lake(tmp_path / "data")
    yield made
    forget(made)


@pytest.fixture(params=["file", "lake"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """A warehouse of the project `p` without rows."""
    where = request.getfixturevalue("shared_place") if request.param == "lake" else None
    if where is not None:
        lake.empty(where)
    return open_warehouse(tmp_path / "w" / "warehouse.duckdb", "p", where)


@pytest.fixture(params=["file", "lake"])
def new_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """A warehouse of the project `p` that nobody has written to."""
    where = request.getfixturevalue("place") if request.param == "lake" else None
    return open_warehouse(tmp_path / "w" / "warehouse.duckdb", "p", where)


@pytest.fixture
def file_warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse in a file."""
    return open_warehouse(tmp_path / "w" / "warehouse.duckdb", "p")
