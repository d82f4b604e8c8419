"""Where the bundled data are: beside the code in a checkout, inside the package in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from app.workspace import UsageError


def bundled(name: str) -> Path:
    """The folder `data/<name>`; UsageError when neither layout has it."""
    here = Path(__file__).resolve().parent
    for place in (here.parent / "data" / name, here / "_data" / name):
        if place.is_dir():
            return place
    raise UsageError(f"the bundled data {name!r} are missing from this installation: install tminus anew")
