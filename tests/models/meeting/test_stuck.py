"""How long a criterion has not held, and what moved it last."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from models.frames import OBSERVATIONS
from models.meeting.stuck import Course, course_of
from models.plan.plan import Criterion

START = datetime(2025, 6, 1, tzinfo=UTC)
CRITERION = Criterion(
    id="c",
    title="Coverage",
    gate="g",
    metric="coverage_line_percent",
    scope="",
    comparator=">=",
    threshold=50.0,
    unit="percent",
)


def seen(*values: float | None, kind: str = "measured") -> pd.DataFrame:
    """One figure a day, each of a commit of its own; None: unknown."""
    days = pd.date_range(START, periods=len(values), tz="UTC").as_unit("us")
    texts = {name: "" for name, family in OBSERVATIONS.items() if family == "text"}
    rows = [
        {**texts, "metric": CRITERION.metric, "unit": "percent", "kind": kind, "value": value, "commit": f"{k:040d}"}
        for k, value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(observed_at=days, recorded_at=days).astype({"value": float})


def test_a_criterion_is_stuck_since_the_first_figure_after_it_last_held() -> None:
    """It held on the second day: it is stuck since the third, and the last day changed nothing."""
    course = course_of(seen(10, 60, 40, 45, 45), CRITERION)

    assert course.first == START
    assert course.failing_since == START.replace(day=3)
    assert course.last_move is not None
    assert (course.last_move.before, course.last_move.after, course.last_move.at.day) == (40, 45, 4)
    assert course.last_move.commit == f"{3:040d}"


def test_what_was_never_measured_has_no_course() -> None:
    """Claims and unknown figures measure nothing."""
    assert course_of(seen(10, 20, kind="claimed"), CRITERION) == Course()
    assert course_of(seen(None, None), CRITERION) == Course()


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=12))
def test_it_is_stuck_exactly_while_its_last_figure_fails(values: list[float | None]) -> None:
    """`failing_since` is given if and only if the newest known figure does not hold."""
    known = [value for value in values if value is not None]
    course = course_of(seen(*values), CRITERION)

    assert (course.failing_since is not None) == bool(known and known[-1] < 50)
    assert course.last_move is None or course.last_move.before != course.last_move.after
