"""The one door to a warehouse: a file or a lake, by what the configuration names."""

from __future__ import annotations

from pathlib import Path

from ingest.warehouse.database import Warehouse
from ingest.warehouse.lake_place import LakePlace


def open_warehouse(path: Path, project: str, lake: LakePlace | None = None) -> Warehouse:
    """The warehouse of a project. Nothing is opened yet, and nothing of the lake is loaded for a file."""
    if lake is None:
        return Warehouse(path, project)
    from ingest.warehouse.lake import LakeWarehouse

    return LakeWarehouse(path, project, lake)
