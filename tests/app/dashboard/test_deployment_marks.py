"""Deployments on time charts: one line each, within the time that the chart shows."""

from __future__ import annotations

import pandas as pd
import pytest

from app.answers.types.rollout import DeploymentAnswer
from app.dashboard import charts
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments


def event(at: str, title: str, kind: str = "deploy") -> DeploymentAnswer:
    return {
        "id": "deploy-1", "kind": kind, "at": at, "stage": "s", "title": title, "commit": "a" * 40, "environment": "",
        "by": "Kim", "source": "command", "external": "", "verdict": "GO", "override": "", "refused": [],
        "simulated": False,
    }  # type: ignore[typeddict-item]  # fmt: skip


EVENTS = [
    event("2025-08-01T10:00:00+02:00", "Too early"),
    event("2025-09-02T10:00:00+02:00", "Beta group"),
    event("2025-09-03T10:00:00+02:00", "Beta group", "rollback"),
]
POINTS = pd.DataFrame(
    {
        "at": pd.to_datetime(["2025-09-01", "2025-09-10"], utc=True),
        "value": [1.0, 2.0],
        "kind": "measured",
        "label": "x",
        "place": "",
    }
)


@pytest.fixture
def marks() -> pd.DataFrame:
    first, last = POINTS["at"].iloc[0], POINTS["at"].iloc[-1]
    return deployment_marks(EVENTS, first, last)


def test_only_events_within_the_chart_are_marked(marks: pd.DataFrame) -> None:
    """What happened before the first point does not stretch the axis; the newest event is named."""
    assert marks["name"].tolist() == ["Beta group", "rollback"]
    assert marks["newest"].tolist() == ["", "rollback"]
    assert deployments_about(marks) == "Dashed vertical lines: Beta group on 2 Sep 2025 and rollback on 3 Sep 2025."


def test_a_marked_chart_is_valid_and_has_the_events(marks: pd.DataFrame) -> None:
    """The lines are layers of the chart, which is still valid Vega-Lite; rollbacks have a shape of their own."""
    plain = charts.series_chart(POINTS, 3.0, "needs", "title")
    chart = with_deployments(plain, marks)

    drawn = chart.build(*chart.given).to_dict()

    assert len(drawn["layer"]) == len(plain.build(*plain.given).to_dict()["layer"]) + 5
    assert chart.build.__name__ != plain.build.__name__
    shapes = [layer["mark"].get("shape") for layer in drawn["layer"] if isinstance(layer["mark"], dict)]
    assert {"triangle-down", "triangle-up"} <= set(shapes)


def test_a_chart_without_deployments_is_unchanged(marks: pd.DataFrame) -> None:
    """Without an event the chart and its words stay as they are."""
    plain = charts.series_chart(POINTS, 3.0, "needs", "title")

    assert with_deployments(plain, marks.iloc[:0]) is plain
    assert deployments_about(deployment_marks([], None, None)) == ""


@pytest.mark.parametrize(("day", "side"), [("2025-09-02", "left"), ("2025-09-09", "right")])
def test_the_name_is_written_into_the_picture(day: str, side: str) -> None:
    """Near the left edge it begins at the line, near the right one it ends there: it never widens the chart."""
    first, last = POINTS["at"].iloc[0], POINTS["at"].iloc[-1]
    marks = deployment_marks([event(f"{day}T10:00:00+00:00", "Beta group")], first, last)
    chart = with_deployments(charts.series_chart(POINTS, 3.0, "needs", "title"), marks)
    drawn = chart.build(*chart.given).to_dict()
    assert drawn["layer"][-1]["mark"]["align"] == side


def test_the_name_of_the_newest_event_is_not_crossed_by_the_line_before() -> None:
    """Where two events are close to each other, the name ends at the first of their lines."""
    close = [event("2025-09-09T06:00:00+02:00", "Stage 1"), event("2025-09-09T08:00:00+02:00", "Stage 2")]
    drawn = deployment_marks([EVENTS[1], *close], POINTS["at"].iloc[0], POINTS["at"].iloc[-1])

    assert drawn["beside"].tolist() == [*drawn["at"].iloc[:2], drawn["at"].iloc[1]]
    assert drawn["newest"].tolist() == ["", "", "Stage 2"]
