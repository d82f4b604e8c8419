"""Demands of a plan that a bad system meets: a share written as a fraction, a limit that every value is within.

They are refused where somebody writes the plan, and passed over in plans of the past: old scores stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.plan.better_direction import BETTER
from models.plan.comparison import COMPARISONS
from models.plan.plan import Criterion, Plan, Rule

_PAGE_TIMES = ("request_p95_seconds", "load_")  # seconds of one request or one page
_LONGEST_PAGE = 60.0  # a limit beyond a minute without its unit was meant in milliseconds
_MARKS = ("load_score",)  # points of 100, which the tools themselves write as 0.9
_SIGNED = ("memory_growth_mb_per_hour",)  # memory may shrink


def doubtful_demands(plan: Plan) -> list[str]:
    """What is wrong, each with its TOML path: the demand, why a bad value would meet it, and what to write."""
    found = []
    for i, gate in enumerate(plan.gates):
        for j, criterion in enumerate(gate.criteria):
            path = f"gate[{i}].criterion[{j}]"
            found += [f"{path}.{problem}" for problem in _of_criterion(criterion)]
    found += [f"rule[{i}].{problem}" for i, rule in enumerate(plan.rules) for problem in _of_rule(rule)]
    return found


def _of_rule(rule: Rule) -> Iterator[str]:
    if rule.among and rule.at_most >= len(set(rule.among)):
        yield (
            f"at_most: {rule.at_most} of {len(set(rule.among))} criteria may fail, so the rule never fires; "
            f"needs a number below {len(set(rule.among))}"
        )


def _of_criterion(criterion: Criterion) -> Iterator[str]:
    if criterion.metric and not criterion.against_direction:
        yield from _of_threshold(criterion)
    stated = None if criterion.attested is None else criterion.attested.value
    if stated is not None and _is_share(criterion) and not 0 <= stated <= 100:
        yield f"attested.value: {stated:g} percent is impossible; needs 0 to 100"


def _of_threshold(criterion: Criterion) -> Iterator[str]:
    demand = f"threshold: {criterion.comparator} {criterion.threshold:g}"
    if criterion.tolerance and _holds_always(_with_tolerance(criterion)) and not _holds_always(criterion):
        yield (
            f"tolerance: {criterion.tolerance:g} beside {criterion.comparator} {criterion.threshold:g} "
            "lets every value hold; name a smaller one"
        )
    elif _holds_always(criterion):
        yield f"{demand} holds for every value of {criterion.metric}: it demands nothing; name the limit that is meant"
    elif _is_fraction(criterion):
        of_what = "points of 100" if criterion.metric in _MARKS else "percent"
        yield f"{demand} is at most 1 of 100; it is written in {of_what}, as {100 * criterion.threshold:g}"
    elif _is_page_time(criterion) and not criterion.unit and criterion.threshold >= _LONGEST_PAGE:
        yield (
            f"{demand} would be {criterion.threshold:g} seconds, the unit of {criterion.metric}; "
            'add unit = "ms", or unit = "seconds" if it is meant so'
        )


def _with_tolerance(criterion: Criterion) -> Criterion:
    """The criterion with the threshold that its tolerance makes of it."""
    is_less = BETTER.get(criterion.metric) == "lower"
    return replace(criterion, threshold=criterion.threshold + criterion.tolerance * (1 if is_less else -1))


def _is_fraction(criterion: Criterion) -> bool:
    """Whether a demand for more was written as a part of 1: 0.8 for 80%, 1 for all of it."""
    is_of_100 = criterion.metric in _MARKS or _is_share(criterion)
    return is_of_100 and BETTER.get(criterion.metric) == "higher" and 0 < criterion.threshold <= 1


def _is_share(criterion: Criterion) -> bool:
    return criterion.metric.endswith("_percent") and criterion.unit.lower() in ("", "percent", "%", "pct")


def _is_page_time(criterion: Criterion) -> bool:
    return criterion.metric.endswith("_seconds") and criterion.metric.startswith(_PAGE_TIMES)


def _holds_always(criterion: Criterion) -> bool:
    """Whether the worst possible value meets the demand: 0 where more is better, 100% of a share where less is."""
    better = BETTER.get(criterion.metric)
    if criterion.metric in _SIGNED or better is None:
        return False
    if better == "higher":
        return bool(COMPARISONS[criterion.comparator](0.0, criterion.threshold)) and criterion.comparator != "=="
    return _is_share(criterion) and bool(COMPARISONS[criterion.comparator](100.0, criterion.threshold))
