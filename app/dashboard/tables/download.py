"""The downloads of a page: its content as Markdown, and each of its tables as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

# Every ASCII punctuation mark can be escaped in Markdown, so escaping all of them leaves no markup.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Renderers make links of bare addresses after they have read the escapes: an invisible joiner keeps them text.
_ADDRESS = re.compile(r"(https?:|ftp:|www)(?=/|\.)|(?<=\w)@(?=[-\w]+\.\w)", re.IGNORECASE)
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?%?", re.IGNORECASE)


def safe(text: object) -> str:
    """Text of others for Markdown: one line, every mark escaped. No link, picture, formula or HTML remains."""
    line = _ADDRESS.sub(lambda address: f"{address.group()}\u2060", " ".join(str(text).split()))
    return _PUNCTUATION.sub(r"\\\1", line)


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
        writer.writerow(["" if _is_unknown(cell) else neutral(_plain(cell)) for cell in row])
    return out.getvalue()


def _is_unknown(cell: Any) -> bool:
    return cell is None or (not isinstance(cell, (list, tuple)) and bool(pd.isna(cell)))


def _plain(cell: object) -> object:
    if isinstance(cell, (list, tuple)):
        return " ".join(str(part) for part in cell)
    return cell.isoformat() if isinstance(cell, pd.Timestamp) else cell


def markdown_table(frame: pd.DataFrame) -> str:
    """The frame as a Markdown table with escaped cells; lists (the small charts) are left out."""
    columns = [
        name for name in frame.columns if not frame[name].map(lambda cell: isinstance(cell, (list, tuple))).any()
    ]
    lines = [_row(columns), _row("---" for _ in columns)]
    lines += [
        _row("" if _is_unknown(cell) else safe(_plain(cell)) for cell in row) for row in frame[columns].to_numpy()
    ]
    return "\n".join(lines)


def _row(cells: Sequence[str] | object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def file_name(*parts: str) -> str:
    """A file name out of words."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts if part)
