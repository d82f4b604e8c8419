"""Verdicts where a clock was wrong, a value comes back, two values contradict each other, or nothing is demanded."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from app.steps.assess import open_workspace
from app.workspace import Workspace
from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from tests.app.steps.test_never_a_false_go import FAILED, GO, NO_EVIDENCE, USAGE, Project, criterion, project
from tests.testing.repositories import add_commits, git

__all__ = ["project"]

HOUR = timedelta(hours=1)


@pytest.fixture
def now(project: Project) -> datetime:
    """A moment after the figure that the project has."""
    assert project.folder.exists()
    return datetime.now(UTC)


def _row(value: float | None, at: datetime) -> Observation:
    reason = "the file is empty" if value is None else ""
    return Observation("coverage_line_percent", at, value, "percent", definition="x-1", reason=reason)


def _store(project: Project, *rows: Observation, clock: datetime, source: str = "artifacts") -> None:
    """What a machine stores whose clock shows `clock`."""
    store_harvest(open_workspace(project.folder).warehouse, source, Harvest(observations=list(rows)), clock)


def _against(answer: dict) -> list[str]:
    return [rule["id"] for rule in answer["rules"] if rule["holds"] is not True]


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_figure_of_a_time_to_come_forbids_go(project: Project, now: datetime) -> None:
    """The clock was set back after a bad result was stored: the good one before it is not the newest."""
    _store(project, _row(50, now + 2 * HOUR), clock=now + 2 * HOUR)
    code, answer = project.check()
    assert (code, answer["verdict"], _against(answer)) == (NO_EVIDENCE, "NO-GO", ["misdated"])
    assert project.check("--gate", "quality")[0] == NO_EVIDENCE


@pytest.mark.parametrize("ahead", [2 * HOUR, 0 * HOUR], ids=["measured then", "of one moment"])
def test_a_figure_of_a_clock_that_was_ahead_hides_no_later_one(
    project: Project, now: datetime, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    """95% was stored by a clock two hours ahead, then 50% by a right one: later on, 95% is still not the newest."""
    later = now + 3 * HOUR
    _store(project, _row(95, now + ahead), clock=now + 2 * HOUR)
    _store(project, _row(50, now), clock=now)
    monkeypatch.setattr(Workspace, "now", lambda workspace: later.astimezone(workspace.zone))
    code, answer = project.check()
    assert (code, _against(answer)) == (NO_EVIDENCE, ["misdated"])
    _store(project, _row(90, later - HOUR / 2), clock=later - HOUR / 2)
    assert project.check()[0] == GO


def test_a_late_figure_of_an_older_moment_is_no_wrong_clock(project: Project, now: datetime) -> None:
    """What is read later and was true before changes no verdict."""
    _store(project, _row(50, now - 9 * HOUR), clock=datetime.now(UTC))
    assert project.check()[0] == GO


@pytest.mark.parametrize("ahead", [HOUR, timedelta(days=4000)])
def test_a_commit_of_a_clock_that_is_ahead_is_the_candidate(project: Project, ahead: timedelta) -> None:
    """Its figures count, so the verdict is about it: what was measured on the commit before it is one behind."""
    project.plan(readiness="max_commits_behind = 0")
    project.record(85, "--commit", git(project.folder, "rev-parse", "HEAD"))
    newest = add_commits(
        project.folder, [{"shop.py": b"x = 2\n"}], dates=[int((datetime.now(UTC) + ahead).timestamp())]
    )
    assert project.run("pull", "--quiet") == 0
    code, answer = project.check()
    assert (code, answer["candidate"], _against(answer)) == (NO_EVIDENCE, newest, ["candidate"])


def test_no_verdict_of_a_day_to_come(project: Project) -> None:
    """There is no evidence of tomorrow; the end of today is now, so a plan of this evening does not judge yet."""
    zone = open_workspace(project.folder).zone
    tomorrow = (datetime.now(zone) + timedelta(days=1)).date()
    assert project.run("check", "--at", tomorrow.isoformat()) == USAGE
    assert "is in the future" in project.errors
    today = datetime.now(zone).date().isoformat()
    project.plan(criterion(90), f"effective_from = {today}T23:59:58")
    assert project.check("--at", today)[1]["verdict"] == project.check()[1]["verdict"]


# --- values that come back, and values that contradict each other -----------------------------------------------------


def test_a_value_that_comes_back_counts(project: Project, now: datetime) -> None:
    """50%, corrected to 95% and back: the last word counts, and the same word twice is stored once."""
    for value in (50, 95, 50):
        project.record(value, "--at", f"{now:%Y-%m-%dT%H:%M:%S.%f+00:00}")
    assert project.check()[0] == FAILED
    project.record(50, "--at", f"{now:%Y-%m-%dT%H:%M:%S.%f+00:00}")
    assert "already recorded" in project.printed


@pytest.mark.parametrize("is_stamped", [False, True])
def test_a_report_that_comes_back_counts(project: Project, now: datetime, *, is_stamped: bool) -> None:
    """The same bytes at the same place, after others: a run with the result of the one before the last."""
    demand = criterion(0).replace("coverage_line_percent", "tests_failed").replace('"percent"', '"tests"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    report = project.folder / "reports" / "junit.xml"
    report.parent.mkdir()
    if is_stamped:
        stated = {"at": (now - HOUR).isoformat()}
        report.with_name("junit.xml.tminus.json").write_text(json.dumps(stated))
    codes = []
    for failed in (1, 0, 1):
        case = '<testcase name="b"><failure/></testcase>' if failed else '<testcase name="b"/>'
        report.write_text(f'<testsuite name="s" tests="1" failures="{failed}">{case}</testsuite>')
        assert project.run("pull", "--quiet", "--source", "artifacts") == 0
        codes.append(project.check()[0])
    assert codes == [FAILED, GO, FAILED]


@pytest.mark.parametrize("values", [(50, 95), (95, 50)])
def test_two_values_of_one_moment_are_unknown(project: Project, now: datetime, values: tuple[int, int]) -> None:
    """Two sources that contradict each other: neither is taken, whichever was read first; both are named."""
    for value, source in zip(values, ("sonar", "codecov"), strict=True):
        _store(project, _row(value, now), clock=now, source=source)
    code, answer = project.check()
    [found] = answer["gates"][0]["criteria"]
    assert (code, found["value"]) == (NO_EVIDENCE, None)
    assert "two figures of the same moment differ: 50 and 95" in found["because"]


def test_a_value_beside_an_unknown_one_of_its_moment_counts(project: Project, now: datetime) -> None:
    """An empty file beside a good one of the same build hides nothing."""
    _store(project, _row(None, now), _row(90, now), clock=now)
    assert project.check()[1]["gates"][0]["criteria"][0]["value"] == 90


# --- demands ----------------------------------------------------------------------------------------------------------


def test_a_plan_that_demands_nothing_is_never_go(project: Project) -> None:
    """A target of 0 with neither blocker nor rule: whatever is measured would be GO."""
    project.plan()
    text = (project.folder / "tminus.toml").read_text().replace("target = 90", "target = 0")
    (project.folder / "tminus.toml").write_text(text)
    code, answer = project.check()
    assert (code, answer["verdict"], _against(answer)) == (NO_EVIDENCE, "NO-GO", ["demands"])
    (project.folder / "tminus.toml").write_text(text + "blocker = true\n")
    assert project.check()[0] == GO


@pytest.mark.parametrize(("metric", "value"), [("load_score", "300"), ("feedback_score", "90")])
def test_a_mark_above_the_best_one_is_refused(project: Project, metric: str, value: str) -> None:
    """300 of 100 points, or 90 of 5, meet every demand and are no figure."""
    assert project.run("record", metric, value) == USAGE
    assert "more than the" in project.errors
