"""The forecast never says that GO holds where the verdict says that it does not, whatever the plan and the values."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.steps.assess import assess_known
from app.steps.date.question import forecast_from
from models.frames import SNAPSHOT, empty_frame
from models.plan.parsing import parse_plan

NOW = pd.Timestamp("2026-01-31", tz="UTC")
METRICS = {"<": "todo_count", "<=": "todo_count", ">": "coverage_line_percent", ">=": "coverage_line_percent"}
UNITS = {"todo_count": "markers", "coverage_line_percent": "percent"}


def agreement(values: list[float], comparator: str, baseline: float | None, target: float = 90) -> tuple[bool, bool]:
    """Whether the forecast says that GO holds, and whether the points and the rules of the verdict are there."""
    metric = METRICS[comparator]
    criterion = {"id": "a", "title": "A", "metric": metric, "comparator": comparator, "threshold": 15.0}
    criterion |= {"unit": UNITS[metric], "weight": 1.0} | ({} if baseline is None else {"baseline": baseline})
    gate = {"id": "g", "title": "G", "criterion": [criterion]}
    plan = parse_plan({"readiness": {"target": target}, "gate": [gate]})
    seen = observed(metric, values)
    assessment = assess_known("p", seen, plan, NOW.to_pydatetime())
    made = forecast_from(assessment, seen, 365).joint
    first = bool(made.go.days.size) and made.go.outcome != "not_enough_evidence" and made.go.probability_by(0) > 0.5
    ready = assessment.decision.rules_hold and assessment.readiness.value >= target
    return made.outcome == "holds" or first, ready


def observed(metric: str, values: list[float]) -> pd.DataFrame:
    """One value a week, the last one today."""
    blank = dict.fromkeys(SNAPSHOT, "")
    rows = []
    for weeks, value in enumerate(reversed(values)):
        at = NOW - pd.Timedelta(weeks=weeks)
        given_ = {"metric": metric, "value": value, "unit": UNITS[metric], "kind": "measured", "source": "artifacts"}
        rows.append({**blank, **given_, "observed_at": at, "recorded_at": at})
    return pd.DataFrame(rows[::-1]).astype(dict(empty_frame(SNAPSHOT).dtypes))


@pytest.mark.parametrize(
    ("values", "comparator", "baseline"),
    [
        ([15.0, 40.0, 30.0, 20.0, 16.0], "<=", None),  # begins at the threshold: it earns all or nothing
        ([3.0, 40.0, 30.0, 20.0, 16.0], "<=", None),
        ([40.0, 30.0, 20.0, 16.0], "<=", 5.0),  # a baseline beyond the threshold
        ([5.0, 9.0, 12.0, 15.0, 15.0], ">", 0.0),  # at a strict threshold
        ([40.0, 25.0, 15.0, 15.0], "<", 50.0),
        ([20.0, 5.0, 9.0, 14.9], ">=", None),
    ],
)
def test_short_of_go_is_never_reported_to_hold(values, comparator, baseline):
    """A criterion that earns nothing on the way, or is exactly at a strict threshold, does not hold in the forecast."""
    assert agreement(values, comparator, baseline, target=100) == (False, False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from([0.0, 5.0, 14.0, 14.9, 15.0, 15.1, 16.0, 25.0, 60.0]), min_size=4, max_size=9),
    st.sampled_from(list(METRICS)),
    st.sampled_from([None, 0.0, 15.0, 60.0]),
    st.sampled_from([50.0, 90.0, 100.0]),
)
def test_forecast_and_verdict_agree_on_what_holds(values, comparator, baseline, target):
    """Whenever the forecast counts GO as reached today, the points and the rules of the verdict are there."""
    holds, ready = agreement(values, comparator, baseline, target)
    assert ready or not holds
