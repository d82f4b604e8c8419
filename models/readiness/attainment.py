"""How much of the distance from baseline to threshold a value has covered, and whether it meets the threshold."""

from __future__ import annotations

import math
import re

from models.plan.comparison import COMPARISONS
from models.plan.plan import Criterion
from models.reasons.criterion import ClaimedFigure
from models.reasons.requirement import Requirement

_TICKED = re.compile(r"\[[xX]\]")
_DEMAND = re.compile(r"\[ \]|required\b")
# What does not meet the threshold never earns all: 1.0 belongs to the comparator alone.
ALMOST = 1.0 - 1e-9


def holds(criterion: Criterion, value: float) -> bool:
    """The comparator on the raw value; an unknown value (NaN) never holds."""
    return not math.isnan(value) and bool(COMPARISONS[criterion.comparator](value, criterion.threshold))


def is_within_tolerance(criterion: Criterion, value: float) -> bool:
    """Whether a value that does not hold misses the threshold by at most the tolerance of the plan (in its unit)."""
    return criterion.tolerance > 0 and abs(value - criterion.threshold) <= criterion.tolerance


def attainment(criterion: Criterion, value: float, baseline: float | None) -> float:
    """(value - baseline) / (threshold - baseline) within 0..1; 1.0 if and only if the comparator holds.

    Without a baseline, or with one that is at the threshold or beyond it, the comparator alone decides: 0 or 1.
    """
    if holds(criterion, value):
        return 1.0
    if math.isnan(value) or baseline is None or is_all_or_nothing(criterion, baseline):
        return 0.0
    start, now, end = _on_scale(criterion, baseline, value)
    if end == start or not math.isfinite(now):
        return 0.0
    covered = (now - start) / (end - start)
    if criterion.comparator == "==":  # past the threshold is as wrong as short of it
        covered = 1.0 - abs(1.0 - covered)
    return min(max(covered, 0.0), ALMOST)


def is_all_or_nothing(criterion: Criterion, baseline: float | None) -> bool:
    """Whether a criterion earns nothing on the way: it has no baseline, or one at its threshold or beyond it."""
    return baseline is None or not math.isfinite(baseline) or _is_beyond(criterion, baseline)


def _is_beyond(criterion: Criterion, baseline: float) -> bool:
    if criterion.comparator == "==":
        return baseline == criterion.threshold
    if criterion.direction == "higher":
        return baseline >= criterion.threshold
    return baseline <= criterion.threshold


def _on_scale(criterion: Criterion, baseline: float, value: float) -> tuple[float, float, float]:
    """Baseline, value and threshold on the criterion's scale.

    The logarithm of 0 does not exist: where baseline or threshold is 0 the log scale is log(1 + x), and where one is
    negative (a measured baseline may be) the scale is linear.
    """
    lowest = min(baseline, criterion.threshold)
    if criterion.scale == "linear" or lowest < 0:
        return baseline, value, criterion.threshold
    if lowest == 0:
        return math.log1p(baseline), math.log1p(max(value, 0.0)), math.log1p(criterion.threshold)
    return math.log(baseline), math.log(value) if value > 0 else -math.inf, math.log(criterion.threshold)


def claim_of(criterion: Criterion) -> ClaimedFigure | None:
    """The document's words where they state that something is so: an empty box or a bare demand claims nothing."""
    parts = criterion.claim.split("; ")
    is_demand = criterion.claim.startswith("required ") or all(_DEMAND.match(part) for part in parts)
    if is_demand and not _TICKED.search(criterion.claim):
        return None
    return ClaimedFigure(quote=criterion.claim) if criterion.claim else None


def demand_of(criterion: Criterion) -> Requirement:
    """What the criterion asks for, as a value."""
    return Requirement(criterion.comparator, criterion.threshold, criterion.unit)
