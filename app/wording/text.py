"""Days, spans, counts and lists as text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.wording.numbers import number, quantity

# Controls of a terminal, and marks that would show the words after them in another order than they are written in.
_UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def day(moment: datetime | date | None, otherwise: str = "–") -> str:
    """A date such as 14 Nov 2026."""
    return otherwise if moment is None else f"{moment.day} {moment:%b %Y}"


def span(days: float) -> str:
    """A length of time in the unit that reads best."""
    if math.isinf(days):
        return "beyond the horizon"
    if days < 1:
        return "less than a day"
    for size, name in ((365.25, "year"), (30.44, "month"), (7, "week")):
        if days >= 2 * size:
            return f"{days / size:.0f} {name}s"
    return count(round(days), "day")


def age(days: float | None) -> str:
    """How old a piece of evidence is."""
    if days is None or math.isnan(days):
        return "–"
    if days < 1:
        return "today"
    return f"{count(round(days), 'day')} old" if days < 60 else f"{span(days)} old"


def when(text: str | None, otherwise: str = "–") -> str:
    """The day of an ISO date or time, as people write it."""
    return day(datetime.fromisoformat(text)) if text else otherwise


def count(amount: int, noun: str) -> str:
    """An amount with its noun in the right number."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


_READ_AS = {
    "blobs": "file_versions",
    "blobs_missing": "file_versions_missing",
    "blobs_too_large": "file_versions_too_large",
    "blobs_binary": "binary_file_versions",
}


def counts(amounts: Mapping[str, int]) -> str:
    """What a source has read, zeros left out: "3 commits, 1 file change"."""
    return ", ".join(_counted(name, amount) for name, amount in amounts.items() if amount)


def _counted(name: str, amount: int) -> str:
    """One amount: bytes in their unit, and git's blobs as what they are to a reader, versions of files."""
    if name == "blob_bytes":
        return f"{quantity(amount, 'bytes')} in them"
    return f"{amount:,} {_noun(_READ_AS.get(name, name), amount)}"


def _noun(name: str, amount: int) -> str:
    words = name.split("_")
    return " ".join(words if amount != 1 else map(_singular, words))


def _singular(word: str) -> str:
    return word.removesuffix("es") if word.endswith("xes") else word.removesuffix("s")


def times(amount: int) -> str:
    """How many times: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(amount, f"{amount:,} times")


def listing(words: list[str], limit: int = 4) -> str:
    """A list for a sentence: "a, b and 3 more"."""
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def count_of(amount: int, one: str, many: str) -> str:
    """An amount with a noun whose plural is its own word."""
    return f"{amount:,} {one if amount == 1 else many}"


def one_line(text: object) -> str:
    """Text of others on one line, without control characters and marks that turn the direction of what follows.

    Words of a language that is written from right to left need no such mark: each letter carries its direction.
    """
    return _UNSEEN.sub("", " ".join(str(text).split()))


def shorten(text: str, length: int) -> str:
    """One line of at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def shorten_path(path: str, length: int) -> str:
    """A path of at most `length` characters: its end is more informative than its beginning."""
    return path if len(path) <= length else f"…{path[1 - length :]}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def cell(value: object) -> str:
    """Any value of a frame, for a table; unknown is empty."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return ""
    if isinstance(value, float):
        return number(value, 4)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def place(locator: str) -> str:
    """Where a figure can be checked, short enough for a table."""
    if locator.startswith("git:"):
        return f"commit {locator[4:14]}"
    commit, _, path = locator.partition(":")
    if _COMMIT.fullmatch(commit) and path:  # a file as a commit left it
        return f"{shorten(path, 36)}@{commit[:10]}"
    return shorten(locator, 48)


def people(change: Mapping[str, Any]) -> str:
    """Name who wrote a change, and who merged it where that was somebody else: "Ada, merged by Bo"."""
    author = str(change.get("author") or "")
    merged_by = str(change.get("merged_by") or "")
    return f"{author}, merged by {merged_by}" if merged_by and merged_by != author else author


def distinguishable(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels of values, by value; two equal ones get their value behind them."""
    every = list(labels.values())
    return {value: f"{label} ({value})" if every.count(label) > 1 else label for value, label in labels.items()}
