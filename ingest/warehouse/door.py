"""The one door to a warehouse: a file or a lake, by what the configuration names."""

from __future__ import annotations

from pathlib import Path

from ingest.warehouse.database import Warehouse
from ingest.warehouse.lake_place import LakePlace
from ingest.warehouse.remembered import RememberedWarehouse


def open_warehouse(path: Path, project: str, lake: LakePlace | None = None, *, reads_once: bool = False) -> Warehouse:
    """The warehouse of a project. Nothing is opened yet, and nothing of the lake is loaded for a file.

    `reads_once`: it is asked about one state, whose tables are kept in memory (`RememberedWarehouse`).
    """
    if lake is None:
        return RememberedWarehouse(path, project) if reads_once else Warehouse(path, project)
    from ingest.warehouse.lake import LakeWarehouse, RememberedLake

    return RememberedLake(path, project, lake) if reads_once else LakeWarehouse(path, project, lake)
