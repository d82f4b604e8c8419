"""The contract of a reader: bytes in; figures, items and warnings out. No clock, no network, no file system."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ingest.observation import CATALOGUE
from ingest.redaction import redact_words
from ingest.source import TMinusError

MAX_COUNT = 1e15  # a petabyte, or a count nobody has: larger figures are damage, not measurements
MAX_ITEMS = 10_000
MAX_TEXT = 300


class ReadError(TMinusError):
    """A file whose figures are unknown; the message is the reason that is stored beside the NULL."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a file. `value` is None when it is unknown, and `reason` says why.

    `scope` is *what* was measured: a directory, `entry:main`, `all-assets`, `rss`; empty: all the file speaks of.
    `low` and `high` bound a figure that was estimated (95% interval).
    """

    metric: str
    value: float | None
    unit: str
    scope: str = ""
    reason: str = ""
    low: float | None = None
    high: float | None = None
    at: str = ""  # ISO time, commit and kind: only where the file itself gives them for each figure (generic formats)
    commit: str = ""
    kind: str = "measured"


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One failing test or one finding; the fingerprint outlives a moved line."""

    kind: str  # "failing_test" | "finding"
    label: str  # failed, errored, high, type-error ...
    text: str
    path: str
    line: int | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file (or one `entry` of an archive) yields; a warning asks for a look, a note only explains."""

    format: str
    tool: str
    tool_version: str
    figures: tuple[Figure, ...]
    items: tuple[ReadItem, ...] = ()
    warnings: tuple[str, ...] = ()
    entry: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One format. `detect` scores the first bytes, 0 to 1; a ReadError of `read` becomes a NULL of each metric."""

    name: str
    title: str
    tools: str  # the programs and versions whose real output was tried
    metrics: tuple[str, ...]
    detect: Callable[[bytes, str], float]
    read: Callable[[bytes, str], Reading]


def number(value: Any) -> float | None:
    """A finite float out of a number or a numeric text; None for everything else (true, "Unknown", 1e999)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def count(value: Any) -> int | None:
    """A whole number of things, or None."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= MAX_COUNT and found == int(found) else None


def hits(text: str | None) -> int:
    """A hit count out of an attribute; anything but a count means that nothing ran. A report has millions of them."""
    if text is not None and text.isdecimal() and len(text) < 16:
        return int(text)
    return count(text) or 0


def figure(metric: str, value: Any, scope: str = "", reason: str = "") -> Figure:
    """A figure of the catalogue; a value that cannot be true becomes NULL with the reason, never a clamped number."""
    unit = CATALOGUE[metric].unit
    found = number(value)
    if found is None:
        return Figure(metric, None, unit, scope[:MAX_TEXT], reason or "the file does not state it")
    because = _implausible(unit, found)
    return Figure(metric, None if because else found, unit, scope[:MAX_TEXT], because)


def share(metric: str, part: float, whole: float, scope: str = "", nothing: str = "nothing to measure") -> Figure:
    """100 * part / whole; NULL when there is nothing to divide by, since empty is neither 0% nor 100%."""
    if whole <= 0:
        return figure(metric, None, scope, nothing)
    return figure(metric, 100 * part / whole, scope)


def unknown(reader: Reader, reason: str) -> Reading:
    """NULL for each metric that the format would have given."""
    figures = tuple(figure(metric, None, reason=reason) for metric in reader.metrics)
    return Reading(reader.name, "", "", figures, (), () if figures else (reason,))


def fingerprint(*parts: object) -> str:
    """A short hash of what makes a thing itself: rule and place, never its line number and never a secret."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()[:20]


def one_line(text: Any, limit: int = MAX_TEXT) -> str:
    """Text for a list: one line, printable, cut with an ellipsis."""
    words = " ".join(str(text)[: 4 * limit].split())
    clean = "".join(c for c in words if c.isprintable())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def item(kind: str, label: str, text: Any, path: str, line: Any, *identity: object) -> ReadItem:
    """An item whose words are one line without credentials; `identity` is what keeps it the same thing."""
    at = count(line)
    words = one_line(redact_words(str(text)[: 8 * MAX_TEXT]))
    return ReadItem(kind, label, words, redact_words(path)[:500], at or None, fingerprint(kind, *identity))


def capped(reading: Reading) -> Reading:
    """The reading with at most MAX_ITEMS items, saying so."""
    if len(reading.items) <= MAX_ITEMS:
        return reading
    warning = f"{len(reading.items):,} items; only the first {MAX_ITEMS:,} are listed (the counts are complete)"
    return replace(reading, items=reading.items[:MAX_ITEMS], warnings=(*reading.warnings, warning))


def _implausible(unit: str, value: float) -> str:
    if unit == "MB/h":
        return "" if abs(value) < 1e9 else f"{value:g} MB/h cannot be true"
    if value < 0:
        return f"{value:g} is negative"
    if unit in ("percent", "points") and value > 100:
        return f"{value:g} {unit} is above 100"
    return "" if value <= MAX_COUNT else f"{value:g} {unit} cannot be true"
