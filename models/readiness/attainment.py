"""How much of the way from baseline to threshold a value has gone, and whether it has arrived."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

from models.plan.plan import Criterion

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}
_TICKED = re.compile(r"\[[xX]\]")
_ASKED = re.compile(r"\[ \]|required\b")
# What does not hold never earns all: 1.0 belongs to the comparator alone.
ALMOST = 1.0 - 1e-9


def holds(criterion: Criterion, value: float) -> bool:
    """The comparator on the raw value; an unknown value (NaN) never holds."""
    return not math.isnan(value) and _HOLDS[criterion.comparator](value, criterion.threshold)


def is_within_tolerance(criterion: Criterion, value: float) -> bool:
    """Whether a value that does not hold misses the threshold by at most the tolerance of the plan (in its unit)."""
    return criterion.tolerance > 0 and abs(value - criterion.threshold) <= criterion.tolerance


def attainment(criterion: Criterion, value: float, baseline: float | None) -> float:
    """(value - baseline) / (threshold - baseline) within 0..1; 1.0 if and only if the comparator holds.

    Without a baseline, or with one that is at the threshold or beyond it, the comparator alone decides: 0 or 1.
    """
    if holds(criterion, value):
        return 1.0
    if math.isnan(value) or baseline is None or not math.isfinite(baseline) or _is_beyond(criterion, baseline):
        return 0.0
    start, now, end = _on_scale(criterion, baseline, value)
    if end == start or not math.isfinite(now):
        return 0.0
    way = (now - start) / (end - start)
    if criterion.comparator == "==":  # past the mark is as wrong as short of it
        way = 1.0 - abs(1.0 - way)
    return min(max(way, 0.0), ALMOST)


def _is_beyond(criterion: Criterion, baseline: float) -> bool:
    if criterion.comparator == "==":
        return baseline == criterion.threshold
    if criterion.direction == "higher":
        return baseline >= criterion.threshold
    return baseline <= criterion.threshold


def _on_scale(criterion: Criterion, baseline: float, value: float) -> tuple[float, float, float]:
    """Baseline, value and threshold on the criterion's scale.

    A log of 0 is no number: where baseline or threshold is 0 the log scale is log(1 + x), and where one is
    negative (a measured baseline may be) the scale is linear.
    """
    lowest = min(baseline, criterion.threshold)
    if criterion.scale == "linear" or lowest < 0:
        return baseline, value, criterion.threshold
    if lowest == 0:
        return math.log1p(baseline), math.log1p(max(value, 0.0)), math.log1p(criterion.threshold)
    return math.log(baseline), math.log(value) if value > 0 else -math.inf, math.log(criterion.threshold)


def claimed_by(criterion: Criterion) -> str:
    """The document's words where they say that something is so: an empty box and a bare demand claim nothing."""
    said = criterion.claim
    parts = said.split("; ")
    is_asked = said.startswith("required ") or all(_ASKED.match(part) for part in parts)
    return "" if is_asked and not _TICKED.search(said) else said


def demand(criterion: Criterion) -> str:
    """The criterion as it is written: `> 15 percent`."""
    return f"{criterion.comparator} {figure(criterion.threshold)} {criterion.unit}".rstrip()


def figure(value: float, beside: float | None = None) -> str:
    """Two decimals; beside a threshold one, or as many as it takes to stay on its side: 89.996 never reads 90."""
    if not math.isfinite(value):
        return "unknown"
    # Beside what it is compared with a figure is told as tables tell it: with one decimal, where that is enough.
    for decimals in (2, 4, 6, 9) if beside is None else (1, 2, 4, 6, 9):
        shown = round(value, decimals)
        if beside is None or _side(shown, beside) == _side(value, beside):
            return f"{shown:.{decimals}f}".rstrip("0").rstrip(".")
    return repr(value)


def _side(value: float, other: float) -> int:
    return (value > other) - (value < other)
