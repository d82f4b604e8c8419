"""The downloads of a page: its content as Markdown, and each of its tables as CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from app.dashboard.markup.tags import Drawn, Linked
from app.reports.spreadsheet import csv_text, is_unknown, plain_cell
from app.wording.text import one_line

# Every ASCII punctuation mark can be escaped in Markdown, so escaping all of them leaves no markup.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"\\`((?:[^`\\]|\\[^`])+)\\`")
# Renderers make links of bare addresses after they have read the escapes: an invisible joiner keeps them text.
_ADDRESS = re.compile(r"(https?:|ftp:|www)(?=/|\.)|(?<=\w)@(?=[-\w]+\.\w)", re.IGNORECASE)


def safe(text: object) -> str:
    """Text of others for Markdown: one line, every mark escaped. No link, picture, formula or HTML remains."""
    line = _ADDRESS.sub(lambda address: f"{address.group()}\u2060", one_line(text))
    return _PUNCTUATION.sub(r"\\\1", line)


def with_code(text: object) -> str:
    """`safe`, but what is between backticks stays code: the commands in the sentences of this program."""
    return _CODE.sub(lambda found: "`" + _ESCAPED.sub(r"\1", found.group(1)) + "`", safe(text))


def markdown_table(frame: pd.DataFrame) -> str:
    """The frame as a Markdown table with escaped cells; lists (the small charts) are left out."""
    columns = [
        name for name in frame.columns if not frame[name].map(lambda cell: isinstance(cell, (list, tuple))).any()
    ]
    lines = [_row(columns), _row("---" for _ in columns)]
    lines += [
        _row("" if is_unknown(cell) else safe(plain_cell(cell)) for cell in row) for row in frame[columns].to_numpy()
    ]
    return "\n".join(lines)


def _row(cells: Sequence[str] | object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def csv_of(frame: pd.DataFrame) -> str:
    """A table as CSV; no cell of it is a formula."""
    return csv_text(in_words(frame))


def table_words(name: str, frame: pd.DataFrame) -> str:
    """A table as Markdown, below its name."""
    return f"### {name}\n\n{markdown_table(in_words(frame))}"


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as its download has it: links and pictures by their words."""
    return frame.map(lambda cell: str(cell) if isinstance(cell, (Linked, Drawn)) else cell)


def file_name(*parts: str) -> str:
    """A file name out of words."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts if part)
