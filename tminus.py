"""The command `tminus`, and the Python door `tminus.open(folder)`.

It is beside its three packages, whose names many repositories use for their own: they are loaded from here, whatever
PYTHONPATH or the folder it is called from would offer instead.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.door import Project
    from ingest.source import TMinusError

__all__ = ["Project", "TMinusError", "main", "open"]
PACKAGES = ("app", "ingest", "models")


def _load() -> None:
    """Load our packages. ImportError: another `app`, `ingest` or `models` is loaded in this process already."""
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here))
    try:
        for name in PACKAGES:
            found = import_module(name).__file__
            if found is None or Path(found).resolve().parent.parent != here:
                raise ImportError(f"a package {name!r} of others is loaded already ({found}): import tminus before it")
    finally:
        sys.path.remove(str(here))  # packages that are loaded stay ours; what others are found by is as it was


def open(folder: str | Path = ".") -> Project:
    """The project whose tminus.toml is in this folder or above; see `Project` for what it answers."""
    _load()
    project: Project = import_module("app.door").Project(folder)
    return project


def __getattr__(name: str) -> Any:
    """`Project` and `TMinusError`, loaded when they are first asked for."""
    places = {"Project": "app.door", "TMinusError": "ingest.source"}
    if name not in places:
        raise AttributeError(f"module 'tminus' has no attribute {name!r}")
    _load()
    return getattr(import_module(places[name]), name)


def main() -> int:
    """Run the command."""
    _load()
    code: int = import_module("app.command_line.parser").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
