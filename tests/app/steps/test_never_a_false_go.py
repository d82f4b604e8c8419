"""What must never give GO. One test per way in which a bad system could pass; each runs the real command."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.command_line.parser import main
from tests.testing.prepared import prepared_in
from tests.testing.repositories import add_commits, git, new_repository

GO, FAILED, USAGE, NO_EVIDENCE = 0, 1, 2, 3
PLAN = """\
[project]
name = "shop"
repository = "."

[sources.git]

[readiness]
target = 90
{readiness}

[[gate]]
id = "quality"
title = "Quality"

{criteria}
"""
COVERAGE = """
[[gate.criterion]]
id = "coverage"
title = "Line coverage"
metric = "coverage_line_percent"
comparator = ">="
threshold = {threshold}
unit = "percent"
baseline = 0
weight = {weight}
{more}
"""


def criterion(threshold: float = 80, more: str = "", weight: float = 1) -> str:
    return COVERAGE.format(threshold=threshold, more=more, weight=weight)


@dataclass
class Project:
    """A real repository with a plan, asked through the command line."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def plan(self, criteria: str = "", readiness: str = "", more: str = "") -> None:
        text = PLAN.format(criteria=criteria or criterion(), readiness=readiness) + more
        (self.folder / "tminus.toml").write_text(text)

    def commit(self, text: str = "x = 1\n") -> str:
        return add_commits(self.folder, [{"shop.py": text.encode()}])

    def run(self, *arguments: str) -> int:
        os.chdir(self.folder)
        code = main(list(arguments))
        self.printed, self.errors = self.capsys.readouterr()
        return code

    def record(self, value: float, *options: str, metric: str = "coverage_line_percent") -> None:
        assert self.run("record", metric, str(value), *options) == 0

    def check(self, *options: str) -> tuple[int, dict]:
        code = self.run("check", "--json", *options)
        return code, json.loads(self.printed)


@pytest.fixture
def project(tmp_path, monkeypatch, capsys) -> Project:
    """A repository of one commit whose coverage of 85% holds."""
    prepared_in(tmp_path, _holding)
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys)


def _holding(folder: Path) -> None:
    new_repository(folder)
    add_commits(folder, [{"shop.py": b"x = 1\n"}])
    plan = folder / "tminus.toml"
    plan.write_text(PLAN.format(criteria=criterion(), readiness=""))
    assert main(["pull", "--quiet", "--config", str(plan)]) == 0
    assert main(["record", "coverage_line_percent", "85", "--config", str(plan)]) == 0


def test_a_measured_system_that_holds_everything_is_go(project):
    """GO exists: everything measured, everything holds."""
    code, answer = project.check()
    assert (code, answer["verdict"]) == (GO, "GO")


# --- simulated figures ----------------------------------------------------------------------------------------------


def simulate(project: Project) -> None:
    """Turn the stored figures into simulated ones, as the sample's weeks are."""
    import duckdb

    with duckdb.connect(str(project.folder / ".tminus" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE observation SET kind = 'simulated'")


def test_a_simulated_figure_is_never_go(project):
    """A verdict that rests on a simulated figure says so and leaves with exit code 3."""
    simulate(project)
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert any("simulated" in rule["because"] for rule in answer["rules"])


def test_a_simulated_figure_is_never_go_for_one_gate(project):
    """The same holds where only one gate is asked."""
    simulate(project)
    code, answer = project.check("--gate", "quality")
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")


# --- one person's word ----------------------------------------------------------------------------------------------

WORD = """
[[gate.criterion]]
id = "word-{number}"
title = "Word {number}"
weight = {weight}
blocker = {blocker}
{more}
attested = {{ by = "Kim", on = 2025-01-01, expires = 2099-12-31 }}
"""


def word(number: int, weight: float, *, blocker: bool = False, more: str = "") -> str:
    return WORD.format(number=number, weight=weight, blocker=str(blocker).lower(), more=more)


def test_words_alone_are_never_go(project):
    """Twenty-four criteria on one person's word, and none measured: no GO."""
    project.plan("".join(word(number, 1) for number in range(24)))
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert any(rule["id"] == "attested" and rule["holds"] is not True for rule in answer["rules"])


def test_the_share_on_words_has_a_ceiling(project):
    """26% of the points on words forbid GO; 25% do not; the plan may say otherwise."""
    project.plan(criterion(weight=74) + word(1, 26))
    assert project.check()[0] == NO_EVIDENCE
    project.plan(criterion(weight=75) + word(1, 25), "max_attested_percent = 25")
    assert project.check("--allow-conditional")[0] == GO
    project.plan(criterion(weight=74) + word(1, 26), "max_attested_percent = 30")
    assert project.check("--allow-conditional")[0] == GO


def test_a_blocker_needs_a_measurement(project):
    """A blocker on a person's word stays open, unless its criterion says that a word is enough."""
    project.plan(criterion(weight=99) + word(1, 1, blocker=True))
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    project.plan(criterion(weight=99) + word(1, 1, blocker=True, more="attestable = true"))
    assert project.check()[1]["verdict"] == "CONDITIONAL GO"


# --- conditions -----------------------------------------------------------------------------------------------------

WAIVER = """
[[waiver]]
criterion = "coverage"
owner = "Lee"
reason = "legacy module goes in May"
expires = 2099-12-31
{more}
"""
RULE = """
[[rule]]
id = "coverage-holds"
kind = "go"
text = "coverage holds"
needs = ["coverage"]
"""


def test_a_waiver_makes_the_verdict_conditional_and_is_named(project):
    """What holds by waiver alone is CONDITIONAL GO with owner and expiry; exit code 0 only where that is allowed."""
    project.record(100, metric="tests_passed")
    more = (
        criterion(1, weight=99)
        .replace('"coverage"', '"tests"')
        .replace("coverage_line_percent", "tests_passed")
        .replace('"percent"', '"tests"')
    )
    project.plan(criterion(90) + more, more=WAIVER.format(more="") + RULE)
    code, answer = project.check()
    assert (code, answer["verdict"]) == (FAILED, "CONDITIONAL GO")
    [condition] = answer["conditions"]
    assert (condition["kind"], condition["owner"], condition["expires"]) == ("waiver", "Lee", "2099-12-31")
    assert project.check("--allow-conditional")[0] == GO
    project.run("check", "--allow-conditional")
    assert "CONDITIONAL GO" in project.printed
    assert "Lee" in project.printed


def test_a_waiver_does_not_cover_what_nobody_measured(project):
    """A waiver excuses a figure that somebody has seen; the unknown it covers only where it says so."""
    other = (
        criterion(1, weight=99)
        .replace('"coverage"', '"tests"')
        .replace("coverage_line_percent", "tests_passed")
        .replace('"percent"', '"tests"')
    )
    project.record(100, metric="tests_passed")
    unknown = criterion(90).replace("coverage_line_percent", "coverage_branch_percent")
    project.plan(unknown + other, more=WAIVER.format(more="") + RULE)
    code, answer = project.check("--allow-conditional")
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    project.plan(unknown + other, more=WAIVER.format(more="covers_unknown = true") + RULE)
    assert project.check("--allow-conditional")[1]["verdict"] == "CONDITIONAL GO"


def test_a_stated_tolerance_is_a_condition(project):
    """84% against 85% holds only within the tolerance that the plan states, and then under a condition."""
    other = (
        criterion(1, weight=99)
        .replace('"coverage"', '"tests"')
        .replace("coverage_line_percent", "tests_passed")
        .replace('"percent"', '"tests"')
    )
    project.record(100, metric="tests_passed")
    project.plan(criterion(85.5) + other, more=RULE)
    assert project.check()[1]["verdict"] == "NO-GO"
    project.plan(criterion(85.5, "tolerance = 0.5") + other, more=RULE)
    code, answer = project.check()
    assert (code, answer["verdict"], answer["conditions"][0]["kind"]) == (FAILED, "CONDITIONAL GO", "tolerance")
    project.plan(criterion(85.6, "tolerance = 0.5") + other, more=RULE)
    assert project.check()[1]["verdict"] == "NO-GO"


# --- the plan in force ----------------------------------------------------------------------------------------------


def test_an_edit_of_the_plan_takes_effect_at_once(project):
    """A threshold raised from 80 to 90 forbids GO with the next command, without a pull, and stays an event."""
    project.plan(more=RULE)
    assert project.check()[0] == GO
    project.plan(criterion(90), more=RULE)
    assert project.check()[0] == FAILED
    assert project.run("sql", "SELECT happened_at FROM event WHERE kind = 'plan_edit'") == 0
    assert len(project.printed.splitlines()) == 3  # a heading, and an event for each edit


def test_an_edit_that_waits_is_named_first(project):
    """A plan that takes effect later does not judge today, and the first line says so."""
    project.plan(criterion(90), "effective_from = 2099-01-01")
    project.run("check")
    assert "1 Jan 2099" in project.printed.splitlines()[0]


# --- evidence of another commit -------------------------------------------------------------------------------------


def test_evidence_of_an_older_commit_is_named(project):
    """Every verdict names its candidate and how many commits behind it each figure was measured."""
    first = git(project.folder, "rev-parse", "HEAD")
    project.record(85, "--commit", first)
    for number in range(3):
        project.commit(f"x = {number}\n")
    assert project.run("pull") == 0
    _, answer = project.check()
    assert answer["candidate"] == git(project.folder, "rev-parse", "HEAD")
    assert answer["gates"][0]["criteria"][0]["evidence"]["commits_behind"] == 3


def test_evidence_of_an_older_commit_is_no_go_where_the_plan_limits_it(project):
    """With a limit in the plan, or a commit on the command line, figures of other commits do not count."""
    first = git(project.folder, "rev-parse", "HEAD")
    project.record(85, "--commit", first)
    for number in range(3):
        project.commit(f"x = {number}\n")
    assert project.run("pull") == 0
    assert project.check("--commit", "HEAD")[0] == NO_EVIDENCE
    assert project.check("--commit", first)[0] == GO
    project.plan(readiness="max_commits_behind = 2")
    assert project.check()[0] == NO_EVIDENCE
    project.plan(readiness="max_commits_behind = 3")
    assert project.check()[0] == GO
    assert project.run("check", "--commit", "nowhere") == USAGE


def test_an_older_commit_is_not_judged_by_what_came_later(project):
    """Markers that a later commit removed do not make the commit before it ready."""
    old = project.commit("x = 1  # TODO one\n")
    project.commit("x = 1\n")
    markers = criterion(0).replace("coverage_line_percent", "todo_count").replace(">=", "<=")
    project.plan(markers.replace('"percent"', '"markers"').replace("baseline = 0", "baseline = 9"))
    assert project.run("pull") == 0
    assert project.check("--commit", "HEAD")[0] == GO
    assert project.check("--commit", old)[0] == NO_EVIDENCE


def test_a_figure_without_a_commit_is_of_no_candidate(project):
    """A figure recorded without its commit cannot vouch for the commit to deploy."""
    assert project.check("--commit", "HEAD")[0] == NO_EVIDENCE


# --- nothing is not a pass ------------------------------------------------------------------------------------------


def test_nothing_measured_is_never_go(tmp_path, monkeypatch, capsys):
    """A plan whose target is 0 and that has no rules does not pass while nothing is measured."""
    monkeypatch.chdir(tmp_path)
    bare = Project(tmp_path, capsys)
    new_repository(tmp_path)
    bare.commit()
    bare.plan()
    (tmp_path / "tminus.toml").write_text((tmp_path / "tminus.toml").read_text().replace("target = 90", "target = 0"))
    assert bare.run("pull") == 0
    code, answer = bare.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")


@pytest.mark.parametrize("value", ["950", "-5", "100.5"])
def test_an_impossible_figure_is_refused(project, value):
    """A share above 100% or below zero cannot be recorded."""
    assert project.run("record", "coverage_line_percent", "--", value) == USAGE


def test_an_impossible_figure_of_a_report_is_unknown(project):
    """Whatever report gives it, coverage of 950% is unknown and does not pass."""
    from datetime import UTC, datetime

    from app.steps.assess import open_workspace
    from ingest.observation import Observation
    from ingest.pull import store_harvest
    from ingest.source import Harvest

    now = datetime.now(UTC)
    row = Observation("coverage_line_percent", now, 950.0, "percent", "", "measured", "", "", "x-1", "")
    store_harvest(open_workspace(project.folder).warehouse, "artifacts", Harvest(observations=[row]), now)
    code, answer = project.check()
    assert (code, answer["gates"][0]["criteria"][0]["value"]) == (NO_EVIDENCE, None)


@pytest.mark.parametrize(
    ("baseline", "words"),
    [("90", "earns all or nothing"), ("95", "earns all or nothing"), ("85", "no progress since the baseline 85")],
)
def test_a_baseline_without_a_way_is_explained(project, baseline, words):
    """A baseline at the threshold, beyond it, or at today's value is explained; nothing is divided by zero."""
    project.plan(criterion(90).replace("baseline = 0", f"baseline = {baseline}"))
    assert project.run("explain", "coverage") == 0
    printed = " ".join(project.printed.split())
    assert words in printed
    assert "/ (90" not in printed


def test_a_repository_without_code_earns_nothing_for_markers(tmp_path, monkeypatch, capsys):
    """Where there is no line of code, no marker was counted: unknown, not zero."""
    monkeypatch.chdir(tmp_path)
    empty = Project(tmp_path, capsys)
    new_repository(tmp_path)
    add_commits(tmp_path, [{"README.md": b"# hello"}])
    markers = (
        criterion().replace("coverage_line_percent", "todo_count").replace(">=", "<=").replace("percent", "markers")
    )
    empty.plan(markers)
    assert empty.run("pull") == 0
    code, answer = empty.check()
    assert (code, answer["verdict"], answer["gates"][0]["criteria"][0]["value"]) == (NO_EVIDENCE, "NO-GO", None)


# --- inverted thresholds --------------------------------------------------------------------------------------------

CHECKLIST = """\
# Release

## Quality
- [ ] Coverage not below 80%
- [ ] Error rate does not exceed 1%
- [ ] Error rate > 3% triggers alert
- [ ] Bundle size > 500 KB fails the build
"""


def test_an_imported_threshold_is_never_turned_round(project):
    """Negated limits and alert lines of a checklist never become demands that a bad system meets."""
    (project.folder / "CHECKLIST.md").write_text(CHECKLIST)
    assert project.run("init", "--checklist", "CHECKLIST.md", "--force") == 0
    text = (project.folder / "tminus.toml").read_text()
    project.run("explain", "--json")
    bound = {
        (row["metric"], row["comparator"], row["threshold"])
        for row in json.loads(project.printed)["criteria"]
        if row["metric"]
    }
    assert ("coverage_line_percent", ">=", 80.0) in bound
    assert bound <= {("coverage_line_percent", ">=", 80.0), ("request_error_percent", "<=", 1.0)}
    assert "fails the build" in text  # what is not bound is kept


def test_a_comparator_against_its_metric_is_refused(project):
    """A plan written by hand that asks for low coverage is refused, unless it says that it means it."""
    project.plan(criterion().replace('">="', '"<"'))
    assert project.run("check") == USAGE
    project.plan(criterion(more="against_direction = true").replace('">="', '"<"'))
    assert project.run("check") != USAGE


# --- what could not be read, and reports that hide failure ------------------------------------------------------------

SUITE_ERROR = """<testsuites><testsuite name="shop" tests="2">
<error message="no class shop/Mail">boom</error>
<testcase name="a"/><testcase name="b"/></testsuite></testsuites>"""


def test_a_report_that_hides_a_failure_does_not_pass(project):
    """A suite that broke outside its tests counts as a failed test, although all listed tests passed."""
    (project.folder / "junit.xml").write_text(SUITE_ERROR)
    assert project.run("read", "junit.xml", "--json") == 0
    figures = {row["metric"]: row["value"] for row in json.loads(project.printed)["files"][0]["observations"]}
    assert figures["tests_failed"] >= 1


def test_an_unreadable_file_version_is_unknown(tmp_path, monkeypatch, capsys):
    """A blob that is missing from the clone makes the count unknown; nothing is counted as zero."""
    monkeypatch.chdir(tmp_path)
    damaged = Project(tmp_path, capsys)
    new_repository(tmp_path)
    damaged.commit("x = 1  # TODO one\n")
    blob = git(tmp_path, "rev-parse", "HEAD:shop.py")
    markers = (
        criterion().replace("coverage_line_percent", "todo_count").replace(">=", "<=").replace("percent", "markers")
    )
    damaged.plan(markers)
    for pack in (tmp_path / ".git" / "objects" / "pack").glob("*.pack"):
        held = pack.read_bytes()
        pack.with_suffix(".idx").unlink()
        pack.unlink()
        git(tmp_path, "unpack-objects", "-q", stdin=held)
    (tmp_path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert damaged.run("pull") == 0
    code, answer = damaged.check()
    assert (code, answer["verdict"], answer["gates"][0]["criteria"][0]["value"]) == (NO_EVIDENCE, "NO-GO", None)
