"""Real outputs of tools among the fixtures, and what the readers make of them."""

from __future__ import annotations

from pathlib import Path

from ingest.readers.contract import Reading
from ingest.readers.registry import read_bytes

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS = FIXTURES / "formats"


def read(name: str, folder: Path = FORMATS) -> Reading:
    """The only reading of a fixture, by the reader that its content asks for."""
    (reading,) = read_bytes((folder / name).read_bytes(), name)
    return reading


def whole(reading: Reading) -> dict[str, float | None]:
    """The figures of everything by metric, without those of directories."""
    return {figure.metric: figure.value for figure in reading.figures if not figure.scope}
