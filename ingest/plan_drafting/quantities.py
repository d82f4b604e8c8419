"""Figures in words: "<10MB/hr", "Minimum 15%", "8.2/10", "39+", "zero" -> comparator, value and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Comparator = Literal[">", ">=", "<", "<=", "=="]

_NUMBER = r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9}|,\d{1,2}(?!\d))?)"
_UNIT = (
    r"(?P<unit>\s?%|\s?percent\b|\s?(?:[kmgt]i?b|bytes?)\b|\s?(?:ms|milliseconds?|sec(?:onds?)?|s|min(?:utes?)?|"
    r"hours?|hrs?|h|days?)\b|\s?/\s?\d{1,3}(?:\.\d+)?(?![\d%]))?"
)
_PER = r"(?P<per>\s?(?:/|per)\s?(?:hours?|hrs?|h)\b)?"
_FIGURE = re.compile(_NUMBER + r"(?P<plus>\+)?" + _UNIT + _PER, re.IGNORECASE)
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_BYTES |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40, "byte": 1, "bytes": 1}
_SECONDS = {"ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60}
_SECONDS |= {"h": 3600, "hr": 3600, "hour": 3600, "day": 86400}
# What stands before the number decides how it is compared; longer signs first.
_SIGNS: tuple[tuple[str, Comparator], ...] = (
    (r"(?:>=|=>|≥|⩾|&gt;=|at least|minimum(?: of)?|min\.?|no less than|not less than|no lower than)", ">="),
    (r"(?:<=|=<|≤|⩽|&lt;=|at most|maximum(?: of)?|max\.?|no more than|not more than|up to|within)", "<="),
    (r"(?:>|&gt;|over|above|more than|greater than|exceeds?|exceeding|higher than)", ">"),
    (r"(?:<|&lt;|under|below|less than|lower than|fewer than|faster than|smaller than)", "<"),
    (r"(?:==?|exactly)", "=="),
)
_COMPARED = tuple((re.compile(rf"{sign}\s*[:~]?\s*$", re.IGNORECASE), comparator) for sign, comparator in _SIGNS)
_AFTER: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (re.compile(r"^\s*(?:or more|or better|or higher|minimum|min\b|and above)", re.IGNORECASE), ">="),
    (re.compile(r"^\s*(?:or less|or fewer|or lower|maximum|max\b|or below)", re.IGNORECASE), "<="),
)
# "10m 00s", "1h 30m": one length of time, not two figures.
_CLOCKED = re.compile(
    r"(?<![\w.,])(?:(?P<hours>\d{1,4})\s?h(?:ours?|rs?)?\s?(?=\d))?(?P<minutes>\d{1,4})\s?m(?:in(?:utes?)?)?"
    r"(?:\s?(?P<seconds>\d{1,2})\s?s(?:ec(?:onds?)?)?)?\b",
    re.IGNORECASE,
)
_ZERO = re.compile(r"\b(?:zero|no)\s+(?=[a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, normalised (bytes, seconds, percent, bytes per hour), and the words it came from.

    `dimension` is "share", "bytes", "seconds", "bytes/hour", "mark" (x of `of`) or "" for a bare number;
    `comparator` is None where the words only state the figure; `start` is its place in the text.
    """

    value: float
    dimension: str
    words: str
    start: int
    end: int
    comparator: Comparator | None = None
    of: float | None = None


def figures(text: str) -> list[Figure]:
    """Every figure of a line, left to right. Versions (3.0.3), ranges (5-10), dates and times of day are no figures."""
    found = _clocked(text[:2000])
    spans = [(figure.start, figure.end) for figure in found]
    for match in _FIGURE.finditer(text[:2000]):
        if any(start <= match.start() < end for start, end in spans):
            continue
        after = text[match.end() : match.end() + 1]
        if re.match(r"\.\d|[-–:]\d|[A-Za-z_]", text[match.end() : match.end() + 2]) and after != " ":
            continue
        if re.search(r"(?:\d[-–:./]|[A-Za-z]-)$", text[max(0, match.start() - 2) : match.start()]):
            continue
        found.append(_figure(text, match))
    return sorted(found, key=lambda figure: figure.start)


def _clocked(text: str) -> list[Figure]:
    """Times of two parts; minutes alone are left to the words of units, since "10m" may mean metres or millions."""
    found = []
    for match in _CLOCKED.finditer(text):
        if match["hours"] is None and match["seconds"] is None:
            continue
        value = 3600 * int(match["hours"] or 0) + 60 * int(match["minutes"]) + int(match["seconds"] or 0)
        comparator, start = _comparator(text, match)
        found.append(Figure(value, "seconds", text[start : match.end()].strip(), start, match.end(), comparator))
    return found


def demands(text: str) -> list[Figure]:
    """Figures that are compared with something; "zero X" and "no X" demand 0."""
    compared = [figure for figure in figures(text) if figure.comparator]
    if compared:
        return compared
    zero = _ZERO.search(text)
    return [Figure(0.0, "", zero.group().strip(), zero.start(), zero.end(), "<=")] if zero else []


def _figure(text: str, match: re.Match[str]) -> Figure:
    number = _number(match["number"])
    unit = (match["unit"] or "").strip().lower()
    value, dimension, of = _normalised(number, unit, bool(match["per"]))
    comparator, start = _comparator(text, match)
    if comparator is None and match["plus"]:
        comparator = ">="
    words = text[start : match.end()].strip()
    return Figure(value, dimension, words, start, match.end(), comparator, of)


def _number(digits: str) -> float:
    """ "1,200" has a thousand in it, "61,2" a decimal comma."""
    whole, comma, rest = digits.rpartition(",")
    if comma and len(rest) < 3:
        return float(f"{whole.replace(',', '')}.{rest}")
    return float(digits.replace(",", ""))


def _comparator(text: str, match: re.Match[str]) -> tuple[Comparator | None, int]:
    before = text[max(0, match.start() - 20) : match.start()]
    for pattern, comparator in _COMPARED:
        sign = pattern.search(before)
        if sign and (not sign.group()[0].isalpha() or not before[: sign.start()][-1:].isalpha()):
            return comparator, match.start() - len(before) + sign.start()
    for pattern, comparator in _AFTER:
        if pattern.match(text[match.end() : match.end() + 20]):
            return comparator, match.start()
    return None, match.start()


def _normalised(number: float, unit: str, per_hour: bool) -> tuple[float, str, float | None]:
    if unit in ("%", "percent"):
        return number, "share", None
    if unit.startswith("/"):
        return number, "mark", float(unit[1:])
    if unit in _BYTES:
        return number * _BYTES[unit], "bytes/hour" if per_hour else "bytes", None
    single = unit if unit in _SECONDS else unit.rstrip("s")
    if single in _SECONDS:
        return number * _SECONDS[single], "seconds", None
    return number, "", None


def in_unit(figure: Figure, unit: str) -> float | None:
    """The figure in a metric's own unit, or None when it measures something else."""
    if unit == "percent" and figure.dimension == "mark" and figure.of:
        return 100 * figure.value / figure.of if figure.of == 100 else None
    fits = {"percent": ("share",), "bytes": ("bytes",), "seconds": ("seconds",), "MB/h": ("bytes/hour", "bytes")}
    wanted = fits.get(unit, ("",))
    if unit == "points" and figure.dimension == "mark" and figure.of == 100:
        return figure.value
    if figure.dimension == "mark" and unit not in {*fits, "points"}:
        return figure.value  # 6/7 tests: six of them
    if figure.dimension not in wanted:
        return None
    return figure.value / 1e6 if unit == "MB/h" else figure.value


def unit_of(figure: Figure) -> str:
    """The unit's name for a criterion that no metric measures."""
    if figure.dimension == "mark":
        return f"points of {figure.of:g}"
    return {"share": "percent", "bytes": "bytes", "seconds": "seconds", "bytes/hour": "bytes/h"}.get(
        figure.dimension, ""
    )
