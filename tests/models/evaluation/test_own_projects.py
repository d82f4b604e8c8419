"""What the projects of a team teach each other is used only where it helped on projects that were held out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.evaluation.own_projects import OwnProjects, View
from models.series.cases import Case
from models.series.curve import GRID
from models.series.history import ProgressHistory


def team(pace: float, projects: int = 8, moments: int = 12) -> tuple[list[Case], np.ndarray]:
    """Projects that cross `pace` times as fast as the shipped odds say (their median is 200 days)."""
    chance = np.random.default_rng(1)
    odds = 1 - 0.5 ** (GRID / 200)
    cases = []
    for number in range(projects):
        for k in range(moments):
            crossed = float(chance.exponential(200 / np.log(2)) / pace) + 1
            days = np.linspace(-60.0 - 28 * k, 0.0, 10)
            seen = ProgressHistory(days, np.linspace(0, 0.5, 10), pd.Timestamp(0), distance=1.0, threshold=1.0)
            cases.append(Case(f"c{k}", f"p{number}", seen, crossed if crossed < 700 else np.inf, 700.0))
    return cases, np.tile(odds, (len(cases), 1))


def test_a_team_that_is_faster_than_others_gets_better_odds() -> None:
    """Four times the pace of the shipped odds is learned from the other projects, and the odds rise."""
    cases, odds = team(4.0)
    own = OwnProjects(cases, odds)
    learned = own.learned()
    assert learned.helps
    assert (learned.projects, learned.moments) == (8, 96)
    assert learned.own < learned.shipped
    half_a_year = own.view_for("p0").odds(np.array([0.47]))
    assert half_a_year[0] > 0.8


@pytest.mark.parametrize(("pace", "projects"), [(1.0, 8), (4.0, 4)])
def test_a_team_like_all_others_or_a_small_one_keeps_the_shipped_odds(pace: float, projects: int) -> None:
    """Where the shipped odds are right, or fewer than five projects are there, nothing is shown as learned."""
    learned = OwnProjects(*team(pace, projects)).learned()
    assert not learned.helps
    assert learned.is_enough == (projects >= 5)


def test_a_project_teaches_itself_nothing() -> None:
    """The view for a project is the same whatever became of its own moments."""
    cases, odds = team(2.0)
    changed = [case if case.group != "p3" else Case(case.effort, "p3", case.seen, 5.0, 700.0) for case in cases]
    before, after = (OwnProjects(some, odds).view_for("p3") for some in (cases, changed))
    assert before.slope == pytest.approx(after.slope, abs=0.02)
    assert before.shift == pytest.approx(after.shift, abs=0.05)


@settings(deadline=None, max_examples=50)
@given(st.floats(-3, 3), st.floats(0, 3), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_moved_odds_are_odds_and_keep_their_order(shift: float, slope: float, odds: list[float]) -> None:
    """More likely stays more likely, nothing leaves 0 to 1, and what cannot have happened yet stays at 0."""
    shipped = np.sort(np.array(odds))
    moved = View(shift, slope).odds(shipped)
    assert ((moved >= 0) & (moved <= 1)).all()
    assert (np.diff(moved) >= -1e-12).all()
    assert (moved[shipped == 0] == 0).all()
