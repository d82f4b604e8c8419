"""The state of a rollback drill follows from its runs, its limit and its time to live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plan.rollout import Drill
from models.rollout.drills import DrillRun, Outcome, counts, drill_standing, scope_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRILL = Drill("back", "Roll back", 60.0, ttl=timedelta(days=30))


def run(days: float, outcome: Outcome = "answered", seconds: float | None = 40.0, drill: str = "back") -> DrillRun:
    """A run some days before NOW."""
    return DrillRun(drill, NOW - timedelta(days=days), outcome, seconds if outcome == "answered" else None)


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ([], "untested"),
        ([run(1, "no_answer")], "untested"),
        ([run(1, "command_failed"), run(2, "interrupted")], "untested"),
        ([run(1, seconds=60.0)], "untested"),
        ([run(1, drill="other")], "untested"),
        ([run(-1)], "untested"),
        ([run(1)], "tested"),
        ([run(30)], "tested"),
        ([run(30.01)], "stale"),
        ([run(5), run(1, "no_answer")], "failed"),
        ([run(5), run(1, seconds=75.0)], "failed"),
        ([run(5, "no_answer"), run(1)], "tested"),
        ([run(5), run(1, "interrupted")], "tested"),
    ],
)
def test_the_state_is_that_of_the_newest_run_that_says_something(runs: list[DrillRun], state: str) -> None:
    """Untested without a success, failed after a later failure, stale after its time to live, else tested."""
    assert drill_standing(DRILL, runs, NOW).state == state


def test_a_tighter_limit_in_the_plan_takes_a_success_back() -> None:
    """A run counts by the limit of today's plan, not by that of its day."""
    assert drill_standing(Drill("back", "Roll back", 30.0), [run(1, seconds=41.0)], NOW).state == "untested"


RUNS = st.builds(
    run,
    st.floats(-5, 60),
    st.sampled_from(["answered", "no_answer", "command_failed", "interrupted"]),
    st.floats(1, 120),
)


@given(st.lists(RUNS, max_size=6))
def test_untested_is_exactly_that_no_run_has_counted(runs: list[DrillRun]) -> None:
    """The rule "rollback untested" follows from the runs alone, in whatever order they are stored."""
    standing = drill_standing(DRILL, runs, NOW)
    assert (standing.state == "untested") == (not any(counts(r, DRILL) and r.at <= NOW for r in runs))
    assert (drill_standing(DRILL, runs[::-1], NOW).state == "untested") == (standing.state == "untested")


@pytest.mark.parametrize(
    ("drill", "scopes", "scope"),
    [
        ("fast", [""], ""),
        ("database", [""], "database"),
        ("database", ["database"], "database"),
        ("reset", ["fast"], "reset"),
        ("database", ["fast"], ""),
    ],
)
def test_the_first_drill_times_the_rollback_as_a_whole(drill: str, scopes: list[str], scope: str) -> None:
    """A criterion that names no scope reads the first drill; one that names a drill reads that one."""
    drills = [Drill(name, name, 60.0) for name in ("fast", "database", "reset")]
    asked = next(d for d in drills if d.id == drill)
    assert scope_of(asked, drills, scopes) == scope
