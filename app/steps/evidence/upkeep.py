"""A warehouse copied to another place, and a lake that is tidied."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import cast

from app.answers.types.files import CopiedTable, WarehouseCopyAnswer, WarehouseTidyAnswer
from app.workspace import UsageError, Workspace
from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.lake_place import data_path_problem, names_lake, parse_place, place_problem


def copy_between(source: str, target: str, data_path: str) -> WarehouseCopyAnswer:
    """Copy one warehouse to another, as two texts name them; `data_path` is that of a lake that does not exist yet."""
    from ingest.warehouse.upkeep import copy_warehouse

    if data_path and (problem := data_path_problem(data_path)):
        raise UsageError(f"--data-path: {problem}")
    new_lake = data_path if names_lake(target) else ""
    places = _place(source, "" if new_lake else data_path), _place(target, new_lake)
    tables = [cast("CopiedTable", asdict(table)) for table in copy_warehouse(*places)]
    return {
        "schema": "tminus.warehouse_copy/1",
        "source": places[0].label,
        "target": places[1].label,
        "rows": sum(table["rows"] for table in tables),
        "tables": tables,
    }


def _place(text: str, data_path: str) -> Warehouse:
    if not names_lake(text):
        return open_warehouse(Path(text), "copy")
    if problem := place_problem(text):
        raise UsageError(f"a place to copy {problem}")
    return open_warehouse(Path("copy.duckdb"), "copy", parse_place(text, data_path, Path.cwd()))


def tidied(workspace: Workspace, keep_days: int) -> WarehouseTidyAnswer:
    """Join the small files of the project's lake, and let old snapshots go."""
    from ingest.warehouse.upkeep import tidy

    if keep_days < 0:
        raise UsageError(f"--keep-days must be 0 or more, found {keep_days}")
    done = tidy(workspace.warehouse, keep_days)
    return {
        "schema": "tminus.warehouse_tidy/1",
        "warehouse": workspace.warehouse.label,
        "files_before": done.files_before,
        "files_after": done.files_after,
        "files_removed": done.files_removed,
        "snapshots_before": done.snapshots_before,
        "snapshots_after": done.snapshots_after,
        "frozen_reviews": done.frozen_reviews,
    }
