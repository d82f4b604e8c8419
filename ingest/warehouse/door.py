"""The one door to a warehouse: a file or a lake, by what the configuration names."""

from __future__ import annotations

from pathlib import Path

from ingest.warehouse.database import Version, Warehouse
from ingest.warehouse.lake_place import LakePlace


def open_warehouse(
    path: Path, project: str, lake: LakePlace | None = None, *, state: Version | None = None
) -> Warehouse:
    """The warehouse of a project. Nothing is opened yet, and nothing of the lake is loaded for a file.

    `state`: all questions are about this version of its evidence, whose tables are kept in memory (`ShownWarehouse`).
    """
    if lake is None:
        if state is None:
            return Warehouse(path, project)
        from ingest.warehouse.complete_state import ShownWarehouse

        return ShownWarehouse(path, project, state)
    from ingest.warehouse.lake import LakeWarehouse, RememberedLake

    return RememberedLake(path, project, lake) if state is not None else LakeWarehouse(path, project, lake)
