"""What report files would yield: their bytes go to the readers, the readings into the answer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.answers.files import read_answer
from app.answers.types.files import ReadAnswer, ReadFile

if TYPE_CHECKING:
    import pandas as pd

    from ingest.readers.contract import Reading

MAX_BYTES = 512 * 1024 * 1024


def read_files(paths: Sequence[Path]) -> ReadAnswer:
    """What each file would yield; nothing is stored."""
    return read_answer(row for path in paths for row in read_file(path))


def read_file(path: Path) -> list[ReadFile]:
    """One entry per report in the file; a file that cannot be read gives an entry with a warning."""
    from ingest.readers.registry import read_bytes

    try:
        if not path.is_file() and path.exists():
            return [_unread(path, f"cannot read {path}: a folder, pipe, socket or device is not a report file")]
        if path.stat().st_size > MAX_BYTES:
            return [_unread(path, f"{path} has {path.stat().st_size:,} bytes: more than {MAX_BYTES:,} are not read")]
        data = path.read_bytes()
    except OSError as problem:
        return [_unread(path, f"cannot read {path}: {problem.strerror}")]
    return [_row(path, reading) for reading in read_bytes(data, path.name)]


def csv_table(path: Path) -> pd.DataFrame:
    """The rows of a CSV as text, separated as its header is: by comma, semicolon or tab.

    Between semicolons and tabs the column `value` may have decimal commas. OSError and ValueError for a file that
    cannot be read.
    """
    import pandas as pd

    from ingest.readers.generic import delimiter_of, value_of
    from ingest.readers.text.json import decode

    text = decode(path.read_bytes())
    delimiter = delimiter_of(text)
    frame = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, skipinitialspace=True)
    frame.columns = [str(name).strip() for name in frame.columns]
    if "value" in frame.columns:
        frame["value"] = [value_of(cell, delimiter) for cell in frame["value"]]
    return frame


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
