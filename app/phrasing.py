"""Numbers into words. The only place that rounds, and it never rounds across a threshold."""

from __future__ import annotations

import math
from datetime import date, datetime

_BYTE_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
STATE_WORDS = {
    "passing": "passing",
    "failing": "failing",
    "missing": "not measured",
    "stale": "stale",
    "claimed": "claimed only",
    "not_applicable": "not applicable",
    "waived": "waived",
}
# A sign beside every colour: nothing is told by colour alone.
STATE_SIGNS = {
    "passing": "✓",
    "failing": "✗",
    "missing": "?",
    "stale": "⧗",
    "claimed": "“",
    "not_applicable": "–",
    "waived": "w",
    "unknown": "?",
}
COMPARATOR_SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "="}


def number(value: float | None, digits: int = 1) -> str:
    """A figure for reading: at most `digits` decimals, thousands set apart, unknown as a dash."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_beside(value: float | None, threshold: float | None, digits: int = 1) -> str:
    """A figure that never reads as being on the other side of its threshold: 89.96 beside 90 is 89.96, not 90."""
    if value is None or threshold is None or math.isnan(value):
        return number(value, digits)
    for more in range(digits, digits + 7):
        rounded = round(value, more)
        if (rounded < threshold) == (value < threshold) and (rounded > threshold) == (value > threshold):
            return number(value, more)
    return repr(value)


def quantity(value: float | None, unit: str, threshold: float | None = None) -> str:
    """A figure with its unit: bytes in kB / MB / GB, percent with its sign."""
    if value is None or math.isnan(value):
        return "unknown"
    if unit == "bytes":
        return _bytes(value)
    text = number_beside(value, threshold)
    if unit == "percent":
        return f"{text}%"
    return f"{text} {unit}".strip()


def _bytes(value: float) -> str:
    for step, name in _BYTE_STEPS:
        if abs(value) >= step:
            return f"{number(value / step)} {name}"
    return f"{number(value, 0)} B"


def demand(comparator: str, threshold: float, unit: str) -> str:
    """What a criterion asks for: "> 15%"."""
    return f"{COMPARATOR_SIGNS[comparator]} {quantity(threshold, unit)}"


def points(value: float, digits: int = 1) -> str:
    """Points gained or lost, with a sign and a real minus."""
    if abs(value) < 0.5 * 10**-digits:
        return "±0" if value == 0 else f"{'+' if value > 0 else '−'}<{10**-digits:g}"
    return f"{'+' if value > 0 else '−'}{number(abs(value), digits)}"


def odds(probability: float | None) -> str:
    """A probability in whole percent, never 0% and never 100%."""
    if probability is None or math.isnan(probability):
        return "unknown"
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{probability * 100:.0f}%"


def day(moment: datetime | date | None, otherwise: str = "–") -> str:
    """A date as people write it: 14 Nov 2026."""
    return otherwise if moment is None else f"{moment.day} {moment:%b %Y}"


def span(days: float) -> str:
    """A length of time in the unit that reads best."""
    if math.isinf(days):
        return "beyond the horizon"
    if days < 1:
        return "today"
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


def count(amount: int, noun: str) -> str:
    """An amount with its noun in the right number."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def listing(words: list[str], limit: int = 4) -> str:
    """A list for a sentence: "a, b and 3 more"."""
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
