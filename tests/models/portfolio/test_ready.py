"""How many projects are ready by a day."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.ready import count_ready

ODDS = st.lists(st.floats(0, 1, allow_nan=False), max_size=7)


def by_enumeration(odds):
    """P(exactly k ready), by every combination of ready and not ready."""
    counts = [0.0] * (len(odds) + 1)
    for outcome in product((0, 1), repeat=len(odds)):
        counts[sum(outcome)] += prod(p if ready else 1 - p for p, ready in zip(odds, outcome, strict=True))
    return counts


@settings(max_examples=80, deadline=None)
@given(ODDS)
def test_the_count_is_that_of_all_combinations(odds):
    """The distribution equals the sum over every combination of projects, and its mean the sum of the odds."""
    found = count_ready(odds)
    assert found.probabilities == pytest.approx(by_enumeration(odds), abs=1e-12)
    assert found.expected == pytest.approx(sum(k * p for k, p in enumerate(found.probabilities)))


@settings(max_examples=80, deadline=None)
@given(ODDS)
def test_the_interval_holds_at_least_its_share(odds):
    """At least 80% of the probability lies inside the interval, at most 10% on each side of it."""
    found = count_ready(odds)
    assert sum(found.probabilities[found.low : found.high + 1]) >= 0.8 - 1e-9
    assert sum(found.probabilities[: found.low]) <= 0.1 + 1e-9
    assert sum(found.probabilities[found.high + 1 :]) <= 0.1 + 1e-9


@settings(max_examples=80, deadline=None)
@given(ODDS)
def test_a_shared_delay_is_counted_by_one_draw(odds):
    """With one shared draw, the ends are the counts of projects whose odds reach 90% and 10%."""
    found = count_ready(odds)
    draws = [(k + 0.5) / 20_000 for k in range(20_000)]
    counts = sorted(sum(p >= draw for p in odds) for draw in draws[::40])
    assert found.low_together <= counts[len(counts) // 10 + 1]
    assert found.high_together >= counts[-len(counts) // 10 - 1]


def test_no_project_is_zero_ready():
    """An empty portfolio has no ready project, for certain."""
    found = count_ready([])
    assert (found.probabilities, found.expected, found.low, found.high) == ((1.0,), 0.0, 0, 0)


@pytest.mark.parametrize("odds", [[1.2], [-0.1], [float("nan")]])
def test_odds_outside_are_refused(odds):
    """What is no probability is refused."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        count_ready(odds)
