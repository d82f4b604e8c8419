"""What if and what must be true: the same draws, fewer points, and no promise that the forecast does not keep."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from models.forecast import CriterionHistory, JointForecast, forecast_readiness
from models.forecast.what_if import ScenarioChange, goal_seek, open_criteria, what_if
from tests.testing.forecast_series import START, THRESHOLD, kinds

ORIGIN = START + pd.Timedelta(weeks=39)


def part(kind: str, **more: object) -> CriterionHistory:
    return CriterionHistory(kind, kinds()[kind], THRESHOLD, "lower", None, 25.0, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def joint() -> JointForecast:
    """Two that are on their way, one that holds; 25 points that nobody measures."""
    parts = [part("steady"), part("single jump"), part("already there")]
    return forecast_readiness(parts, target=70, origin=ORIGIN)


def test_only_what_is_open_has_a_pace_to_raise(joint: JointForecast) -> None:
    """A criterion that holds is no lever: a plan names only those still on their way."""
    assert open_criteria(joint) == ("steady", "single jump")

    plan = goal_seek(joint, joint.origin + pd.Timedelta(days=120), 0.98)
    assert set(plan.pace) <= {"steady", "single jump"}


def test_a_goal_out_of_reach_says_what_is_late(joint: JointForecast) -> None:
    """The best there is falls short, and the criteria still open in the draws that miss it are named with shares."""
    plan = goal_seek(joint, joint.origin + pd.Timedelta(days=14), 0.99)

    assert not plan.reached
    assert plan.now <= plan.probability < 0.99
    assert all(0 < share <= 1 for share in plan.late.values())
    assert list(plan.late.values()) == sorted(plan.late.values(), reverse=True)


@pytest.mark.parametrize(("days", "more"), [(60, 0.05), (150, 0.1), (300, 0.02)])
def test_a_goal_that_is_reached_is_kept_by_the_forecast(joint: JointForecast, days: int, more: float) -> None:
    """What-if under the plan's own paces gives at least the odds asked for, and exactly those shown."""
    asked = joint.go.probability_by(days) + more
    plan = goal_seek(joint, joint.origin + pd.Timedelta(days=days), asked)
    found = what_if(joint, ScenarioChange(pace=plan.pace)).go.probability_by(days)

    assert plan.probability == found
    assert plan.reached == (found >= asked)
    assert plan.late == {} if plan.reached else plan.late


def test_dropping_what_nobody_measures_shrinks_the_denominator(joint: JointForecast) -> None:
    """Without a criterion of 25 unmeasured points the same work is worth more, so readiness comes sooner."""
    lean = what_if(joint, ScenarioChange(drop=frozenset({"docs"}), undrawn={"docs": (0.0, 25.0)}))

    assert lean.readiness.probability_by(120) > joint.readiness.probability_by(120)
    assert sum(draw.points for draw in lean.draws.values()) == pytest.approx(100)


def test_dropping_points_that_were_vouched_for_takes_them_away() -> None:
    """Attested points leave the numerator with the denominator."""
    steady = replace(part("steady"), points_possible=50.0)
    held = forecast_readiness([steady], target=99, origin=ORIGIN, held_points=50)
    lean = what_if(held, ScenarioChange(drop=frozenset({"vouched"}), undrawn={"vouched": (50.0, 50.0)}))

    assert lean.fixed_points == pytest.approx(0)
    assert lean.readiness.probability_by(14) < held.readiness.probability_by(14)


def test_a_change_that_cannot_be_is_refused(joint: JointForecast) -> None:
    """A pace of nothing, endless or negative, and a negative freeze are no change."""
    for change in (
        ScenarioChange(pace={"steady": 0.0}),
        ScenarioChange(pace={"steady": math.inf}),
        ScenarioChange(freeze_weeks=-1),
    ):
        with pytest.raises(ValueError, match="a pace must be above 0"):
            what_if(joint, change)
