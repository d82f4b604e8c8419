"""Where the criteria of a plan are written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from app.workspace import Workspace


def criterion_lines(path: Path) -> Mapping[str, int]:
    """The line of each criterion in tminus.toml, by its id: that of its id where it has one."""
    from ingest.toml_places import place_of, toml_places

    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, ValueError):
        return {}
    places = toml_places(text)
    found: dict[str, int] = {}
    for i, gate in enumerate(tables.get("gate", [])):
        for j, criterion in enumerate(gate.get("criterion", [])):
            found.setdefault(str(criterion.get("id")), place_of(f"gate[{i}].criterion[{j}].id", places).line)
    return found


def path_in_repository(workspace: Workspace) -> str:
    """The path of tminus.toml as a forge shows it; its name where it is not in the repository."""
    try:
        return workspace.path.resolve().relative_to(workspace.config.repository.resolve()).as_posix()
    except ValueError:
        return workspace.path.name
