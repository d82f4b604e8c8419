"""What report files would yield: their bytes go to the readers, the readings into the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.answers.files import read_answer
from app.answers.types.files import ReadAnswer, ReadFile

if TYPE_CHECKING:
    from ingest.readers.contract import Reading

MAX_BYTES = 512 * 1024 * 1024


def read_files(paths: Sequence[Path]) -> ReadAnswer:
    """What each file would yield; nothing is stored."""
    return read_answer(row for path in paths for row in read_file(path))


def read_file(path: Path) -> list[ReadFile]:
    """One entry per report in the file; a file that cannot be read gives an entry with a warning."""
    from ingest.readers.registry import read_bytes

    try:
        if path.stat().st_size > MAX_BYTES:
            return [_unread(path, f"{path} has {path.stat().st_size:,} bytes: more than {MAX_BYTES:,} are not read")]
        data = path.read_bytes()
    except OSError as problem:
        return [_unread(path, f"cannot read {path}: {problem.strerror}")]
    return [_row(path, reading) for reading in read_bytes(data, path.name)]


def _unread(path: Path, warning: str) -> ReadFile:
    return {
        "file": str(path),
        "format": "",
        "tool": "",
        "tool_version": "",
        "observations": [],
        "items": [],
        "warnings": [warning],
        "notes": [],
    }


def _row(path: Path, reading: Reading) -> ReadFile:
    return {
        "file": str(path),
        "format": reading.format,
        "tool": reading.tool,
        "tool_version": reading.tool_version,
        "observations": [
            {"metric": f.metric, "value": f.value, "unit": f.unit, "scope": f.scope, "reason": f.reason}
            for f in reading.figures
        ],
        "items": [
            {"kind": i.kind, "label": i.label, "text": i.text, "path": i.path, "line": i.line} for i in reading.items
        ],
        "warnings": list(reading.warnings),
        "notes": list(reading.notes),
    }
