"""Tables as HTML: cells are text, links or pictures; on a phone each row is a card; long ones scroll by keyboard."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from html import escape

import pandas as pd

from app.dashboard.markup.style import CARDS
from app.dashboard.markup.tags import Drawn, Linked, coded, link, text
from app.wording.text import count

PHONE = 640  # pixels: in a window below, each row of every table is a card
LONG_TEXT = 40  # characters of a cell that gets the room of two in a card
LONG_WORD = 24  # characters of a word that is broken where the table is narrow
UNBROKEN = 11  # characters of a cell that are never wrapped
MOST_ROWS = 100  # what a reader scrolls through, and a browser draws at once; the download has them all
# No line breaks after the sign of a demand or between a number and its unit ("≤ 5 markers", "7 of 10").
_TOGETHER = re.compile(r"(?<=[<>≤≥=]) (?=−?\d)|(?<=\d) (?=(?:of \d+|[^\W\d]+(?:/h)?)(?:,|$))|(?<=\d of) (?=\d+(?:,|$))")


def table(name: str, frame: pd.DataFrame, *, is_long: bool = False, most: int = MOST_ROWS) -> str:
    """A table with a heading row and a name; `is_long`: it scrolls in a frame that the keyboard reaches.

    `most`: rows that are drawn; below is how many more the download has.
    """
    columns = [str(column) for column in frame.columns]
    head = "".join(f'<th scope="col" role="columnheader">{text(column)}</th>' for column in columns)
    rows = "".join(map(_row, frame.head(most).itertuples(index=False, name=None)))
    kind, style = _labels(tuple(columns))
    body = (
        f'{style}<table class="tm-table {kind}" role="table" aria-label="{escape(name)}"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )
    if is_long:
        body = f'<div class="tm-scroll" role="region" tabindex="0" aria-label="{escape(name)}, scrolls">{body}</div>'
    left = len(frame) - most
    return body + (f'<p class="tm-quiet">{count(left, "more row")} in the download.</p>' if left > 0 else "")


@lru_cache(maxsize=256)
def _labels(columns: tuple[str, ...]) -> tuple[str, str]:
    """The class of a table with these columns, and the rules that put a column's name before its cells in a card.

    The names in each cell would be half of the nodes and attributes that a browser has to check.
    """
    kind = f"tm-of-{hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:8]}"
    rules = "".join(
        f".{kind} td:nth-child({place})::before{{content:{_css_text(column)}}}"
        for place, column in enumerate(columns, 1)
    )
    name, width = next((kind for many, kind in reversed(CARDS.items()) if len(columns) >= many), ("", PHONE))
    return f"{kind} {name}".strip(), f"<style>@media (max-width: {width}px) {{{rules}}}</style>"


def _css_text(words: str) -> str:
    """Text as a string of a style sheet that ends nowhere before its end."""
    return '"' + "".join(f"\\{ord(sign):06x}" if sign in '"\\<>\n' else sign for sign in words) + '"'


def _row(cells: tuple[object, ...]) -> str:
    return (
        '<tr role="row">'
        + "".join(f'<td role="cell"{_breaking(value)}>{cell(value)}</td>' for value in cells)
        + "</tr>"
    )


def _breaking(value: object) -> str:
    """A path or another long word may break anywhere: unbroken it would push the columns behind it out of sight."""
    words = value.words if isinstance(value, Linked) else value
    if not isinstance(words, str):
        return ""
    is_wide = any(len(word) > LONG_WORD for word in words.split())
    classes = [*(["tm-long"] if is_wide else []), *(["tm-text"] if len(words) > LONG_TEXT else [])]
    return f' class="{" ".join(classes)}"' if classes else ""


def cell(value: object) -> str:
    """A cell as HTML; a short text stays on one line, and so does a number with its sign and unit."""
    if isinstance(value, Drawn):
        return f"<div>{value.markup}</div>" if value.markup else ""
    if isinstance(value, Linked):
        return link(value.words, value.address)
    content = "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN differs from itself
    pieces = content.split(" ") if len(content) <= UNBROKEN else _TOGETHER.split(content)
    return "\u00a0".join(map(coded, pieces))
