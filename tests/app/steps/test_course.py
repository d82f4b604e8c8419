"""The course of the date reads what was known on each day, and nothing later."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from app.steps.assess import observations, open_workspace
from app.steps.date import course as course_steps
from app.steps.date.course import course
from app.workspace import Workspace
from models.series.known_then import COMMIT_SOURCES, known_at
from tests.testing.dashboard_workspace import build


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A project that moves, with 24 weeks of evidence."""
    return open_workspace(build(tmp_path))


def _add_copies(workspace: Workspace, value: float, recorded: str) -> None:
    """Every observation once more, with another value and another time at which it was learned."""
    with duckdb.connect(str(workspace.config.warehouse)) as warehouse:
        warehouse.execute(
            f"INSERT INTO observation SELECT * REPLACE ({value} AS value, TIMESTAMPTZ '{recorded}' AS recorded_at, "
            "observed_at + INTERVAL 1 MINUTE AS observed_at, 'artifacts' AS source) FROM observation"
        )


def test_a_point_reads_no_row_recorded_later_than_its_day(workspace):
    """Figures found after a day change nothing of what that day's forecast says."""
    until = workspace.now()
    before = course(workspace, until, 3)["points"]
    _add_copies(workspace, value=0, recorded="2099-01-01")
    assert course(workspace, until, 3)["points"] == before


def test_the_course_would_notice_a_row_from_later(workspace):
    """The test above can fail: the same figures, recorded before the day, change what it says."""
    until = workspace.now()
    before = course(workspace, until, 3)["points"]
    _add_copies(workspace, value=0, recorded="2020-01-01")
    assert course(workspace, until, 3)["points"] != before


def test_a_computed_week_is_computed_once(workspace, monkeypatch):
    """A second reader, in another process, finds the points of the first, and finds none of a changed plan."""
    until = workspace.now()
    first = course(workspace, until, 3)["points"]
    asked = []
    monkeypatch.setattr(course_steps, "_computed", lambda *given: asked.append(given))
    assert course(open_workspace(workspace.path), until, 3)["points"] == first
    assert not asked
    workspace.path.write_text(workspace.path.read_text().replace("target = 90", "target = 85", 1))
    with pytest.raises(TypeError):  # nothing was kept for this plan: the answer that is not there is asked for
        course(open_workspace(workspace.path), until, 3)


def test_a_damaged_store_is_computed_again(workspace):
    """The kept points are no source of truth: a file that cannot be read is written again."""
    until = workspace.now()
    first = course(workspace, until, 2)["points"]
    place = workspace.config.warehouse.with_suffix(".course.json")
    place.write_text('{"half')
    assert course(workspace, until, 2)["points"] == first
    assert json.loads(place.read_text())


def test_known_rows_are_those_of_the_day(workspace):
    """Brute force: each row that is known was observed by then, and recorded by then unless a commit carries it."""
    seen = observations(workspace, workspace.now())
    day = workspace.now() - timedelta(days=30)
    expected = [
        row.observed_at <= day and (row.source in COMMIT_SOURCES or row.kind == "simulated" or row.recorded_at <= day)
        for row in seen.itertuples()
    ]
    assert known_at(seen, day).equals(seen[expected])


def test_a_kept_forecast_is_shown_as_it_was(workspace):
    """A day on which a forecast was shown gives that one, and says so."""
    from app.steps.date.forecast import forecast
    from app.steps.date.kept import keep_forecast

    shown = forecast(workspace, workspace.now(), keep=False)
    keep_forecast(workspace, shown)
    last = course(workspace, workspace.now(), 2)["points"][-1]
    assert (last["basis"], last["p50"]) == ("kept", shown["go"]["quantiles"]["p50"])


def test_the_promised_day_has_its_odds(workspace):
    """The odds by the promised day are those of the forecast's own curve."""
    from app.steps.date.forecast import forecast

    text = workspace.path.read_text()
    workspace.path.write_text(text.replace("[readiness]", "[readiness]\npromised = 2026-03-31", 1))
    again = open_workspace(workspace.path)
    answer = forecast(again, again.now(), keep=False)
    assert answer["promised"]["date"] == "2026-03-31"
    near = [row for row in answer["probability_by"] if row["date"] <= "2026-03-31"]
    if answer["outcome"] != "not_enough_evidence":
        assert near[-1]["probability"] <= answer["promised"]["probability"] <= 1


@pytest.mark.parametrize(("threshold", "held"), [(0, True), (99, False)])
def test_after_the_promised_day_the_answer_is_whether_go_held(workspace, threshold, held):
    """A promised day in the past has no odds: GO held on it, or it did not."""
    from app.steps.date.forecast import forecast

    plan = f"""[project]
name = "medianest"
as_of = 2025-11-17T23:59:59Z
[readiness]
target = 90
promised = 2025-11-10
[[gate]]
id = "g"
title = "G"
  [[gate.criterion]]
  id = "test-coverage"
  title = "Coverage"
  metric = "coverage_line_percent"
  comparator = ">"
  threshold = {threshold}
  unit = "percent"
[[rule]]
id = "go-1"
kind = "go"
text = "coverage"
needs = ["test-coverage"]
"""
    workspace.path.write_text(plan)
    again = open_workspace(workspace.path)
    promised = forecast(again, again.now(), keep=False)["promised"]
    assert (promised["days"], promised["probability"], promised["held"]) == (-7, None, held)
