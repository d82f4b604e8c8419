"""The command `tminus`, and the Python door `tminus.open(folder)`.

It is beside its three packages, whose names many repositories use for their own: they are loaded from here, whatever
PYTHONPATH or the folder it is called from would offer instead. Every start loads this: neither typing nor pathlib.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from app.door import Project
    from ingest.source import TMinusError

__all__ = ["Project", "TMinusError", "main", "open"]


def _load() -> None:
    """Load our packages. ImportError: another `app`, `ingest` or `models` is loaded in this process already."""
    here = _folder_of(__file__)
    sys.path.insert(0, here)
    try:
        import app
        import ingest
        import models

        for package in (app, ingest, models):
            place = package.__file__
            if place is None or _folder_of(_folder_of(place)) != here:
                name = package.__name__
                raise ImportError(f"a package {name!r} of others is loaded already ({place}): import tminus before it")
    finally:
        sys.path.remove(here)  # packages that are loaded stay ours; what others are found by is as it was


def _folder_of(path: str) -> str:
    return os.path.dirname(os.path.realpath(path))  # noqa: PTH120 (pathlib takes 4 ms to load)


def open(folder: str | Path = ".") -> Project:
    """The project whose tminus.toml is in this folder or above; see `Project` for what it answers."""
    _load()
    from app.door import Project

    return Project(folder)


def __getattr__(name: str) -> Any:
    """`Project` and `TMinusError`, loaded when they are first asked for."""
    if name == "Project":
        _load()
        from app.door import Project

        return Project
    if name == "TMinusError":
        _load()
        from ingest.source import TMinusError

        return TMinusError
    raise AttributeError(f"module 'tminus' has no attribute {name!r}")


def main() -> int:
    """Run the command."""
    _load()
    from app.command_line.parser import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
