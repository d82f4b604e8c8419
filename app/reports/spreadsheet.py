"""Frames as CSV for spreadsheets: no cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pandas as pd

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?%?", re.IGNORECASE)


def neutral(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _PLAIN_NUMBER.fullmatch(cell.strip()):
        return cell
    return f"'{cell}"


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV with neutral cells; unknown values are empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([neutral(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False):
        writer.writerow(["" if is_unknown(cell) else neutral(plain_cell(cell)) for cell in row])
    return out.getvalue()


def is_unknown(cell: Any) -> bool:
    """Whether a cell has no value; a list has one."""
    return cell is None or (not isinstance(cell, (list, tuple)) and bool(pd.isna(cell)))


def plain_cell(cell: object) -> object:
    """Lists as words, moments in ISO form; other cells as they are."""
    if isinstance(cell, (list, tuple)):
        return " ".join(str(part) for part in cell)
    return cell.isoformat() if isinstance(cell, pd.Timestamp) else cell
