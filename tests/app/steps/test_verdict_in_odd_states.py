"""Verdicts where the clone, the branch or the word of people is not what a verdict may rest on."""

from __future__ import annotations

import os
import shutil
import time
import zipfile

import pytest

from app.steps.assess import open_workspace
from app.steps.candidate import unread_commits
from ingest.warehouse.database import Warehouse
from tests.app.steps.test_never_a_false_go import FAILED, GO, NO_EVIDENCE, USAGE, Project, criterion, project, word
from tests.testing.repositories import add_commits, git, new_repository

__all__ = ["project"]


def _because(answer: dict) -> str:
    return next(rule["because"] for rule in answer["rules"] if rule["id"] == "unread_commits")


def test_a_gate_on_words_alone_is_never_go(project: Project) -> None:
    """Nobody measured anything of it: a permission for conditions does not change that."""
    project.plan(word(1, 1) + word(2, 1))
    assert project.check("--gate", "quality", "--allow-conditional")[0] == NO_EVIDENCE


@pytest.mark.parametrize(("weight", "code"), [(1, GO), (3, NO_EVIDENCE)])
def test_the_ceiling_for_words_holds_for_a_gate(project: Project, weight: float, code: int) -> None:
    """One of ten points on a person's word is a condition, three of thirteen within a ceiling of 20% are not."""
    project.plan(criterion(weight=9) + word(1, weight), readiness="max_attested_percent = 20")
    assert project.check("--gate", "quality", "--allow-conditional")[0] == code
    assert project.check("--gate", "quality")[0] == (FAILED if code == GO else NO_EVIDENCE)


def test_a_clone_that_git_cannot_read_forbids_go(project: Project) -> None:
    """What was committed since is unknown, not zero."""
    shutil.rmtree(project.folder / ".git")
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert _because(answer).startswith("the clone cannot say which commits came after the candidate")
    assert project.check("--gate", "quality")[0] == NO_EVIDENCE


def test_a_machine_that_only_reads_a_lake_needs_no_clone(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that pull into the lake know what is new; a damaged clone is unknown there, too."""
    workspace, commit = open_workspace(project.folder), "a" * 40
    shutil.rmtree(project.folder / ".git")
    assert unread_commits(workspace, workspace.now(), commit) is None
    monkeypatch.setattr(Warehouse, "is_lake", True)
    assert unread_commits(workspace, workspace.now(), commit) == 0
    (project.folder / ".git").mkdir()
    assert unread_commits(workspace, workspace.now(), commit) is None


def test_a_damaged_clone_that_was_never_read_forbids_go(project: Project) -> None:
    """Figures that were only recorded say nothing of its commits; without any clone there are none to read."""
    workspace = open_workspace(project.folder)
    shutil.rmtree(project.folder / ".git")
    assert unread_commits(workspace, workspace.now(), "") == 0
    (project.folder / ".git").mkdir()
    assert unread_commits(workspace, workspace.now(), "") is None


def test_a_clone_that_is_cut_off_after_the_candidate_forbids_go(project: Project) -> None:
    """A runner with a clone of depth 1 beside an older warehouse does not know how many commits are between."""
    project.commit("x = 2\n")
    deep = project.folder / "deep"
    shutil.move(project.folder / ".git", deep)
    git(project.folder, "clone", "--quiet", "--bare", "--depth", "1", deep.as_uri(), ".git")
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")


def test_a_branch_that_was_moved_back_forbids_go(project: Project) -> None:
    """After a force push the verdict would be about a commit that the branch no longer has."""
    project.commit("x = 2\n")
    assert project.run("pull") == 0
    assert project.check()[0] == GO
    git(project.folder, "reset", "--quiet", "--hard", "HEAD~1")
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert "moved back" in _because(answer)


# --- which commit, of which repository -------------------------------------------------------------------------------


def test_a_name_of_two_commits_is_refused(project: Project) -> None:
    """A tag called like the branch: git would take the tag, the user means the branch; the refusal names both."""
    first = git(project.folder, "rev-parse", "HEAD")
    git(project.folder, "tag", "main", first)
    newest = project.commit("x = 2\n")
    assert project.run("check", "--commit", "main") == USAGE
    assert f"refs/heads/main is {newest[:9]}, refs/tags/main is {first[:9]}" in project.errors
    assert project.check("--commit", "refs/heads/main")[1]["candidate"] == newest


@pytest.mark.parametrize("revision", ["HEAD~1..HEAD", "HEAD^{tree}", "HEAD:shop.py", "--all"])
def test_what_names_no_commit_is_refused(project: Project, revision: str) -> None:
    """A range, a tree, a file or an option is no commit to deploy."""
    project.commit("x = 2\n")
    assert project.run("check", f"--commit={revision}") == USAGE


@pytest.mark.parametrize(
    "option", [("check", "--commit="), ("check", "--baseline="), ("check", "--at="), ("record", "x", "1", "--commit=")]
)
def test_an_empty_option_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    """`--commit "$SHA"` where SHA is not set must not ask about whichever commit is the newest."""
    with pytest.raises(SystemExit) as left:
        project.run(*option)
    assert left.value.code == USAGE
    assert "is empty: is the variable set" in capsys.readouterr().err


def test_a_branch_of_which_nothing_was_read_forbids_go(project: Project) -> None:
    """Figures recorded by hand before the first pull are of no commit that anybody knows."""
    shutil.rmtree(project.folder / ".tminus")
    project.record(85)
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert _because(answer).startswith("1 newer commit is not read yet")


def test_two_repositories_of_one_name_do_not_mix(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Another repository with the project's name and warehouse: its pull is refused whole, and changes nothing."""
    before = project.check()[1]
    other = Project(tmp_path_factory.mktemp("other"), project.capsys)
    new_repository(other.folder)
    add_commits(other.folder, [{"other.py": b"y = 1  # TODO one\n"}])
    plan = (project.folder / "tminus.toml").read_text()
    shared = f'repository = "."\nwarehouse = "{project.folder}/.tminus/warehouse.duckdb"'
    (other.folder / "tminus.toml").write_text(plan.replace('repository = "."', shared))
    assert other.run("pull") == USAGE
    assert "was read from another repository" in other.errors
    assert other.check()[0] == NO_EVIDENCE
    after = project.check()[1]
    assert [after[k] for k in ("candidate", "verdict")] == [before[k] for k in ("candidate", "verdict")]


@pytest.mark.parametrize(("days", "code"), [(9, NO_EVIDENCE), (0, GO)])
def test_a_report_older_than_the_commit_of_the_job_is_not_of_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, days: int, code: int
) -> None:
    """A cache of the CI, or a run before, left it there: it was written before the commit was made."""
    demand = criterion(0).replace("coverage_line_percent", "tests_failed").replace('"percent"', '"tests"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    now = int(time.time())
    commit = add_commits(project.folder, [{"shop.py": b"x = 2\n"}], dates=[now - 60])
    report = project.folder / "reports" / "junit.xml"
    report.parent.mkdir()
    report.write_text('<testsuite name="s" tests="1"><testcase name="a"/></testsuite>')
    os.utime(report, (now - days * 86_400,) * 2)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_SHA", commit)
    assert project.run("pull") == 0
    assert ("before the commit" in project.printed) == bool(days)
    assert project.check("--commit", commit)[0] == code


@pytest.mark.parametrize("left", ["", "<html><body>502 Bad Gateway</body></html>", "Killed"])
def test_a_report_that_is_none_any_more_hides_no_failed_run(project: Project, left: str) -> None:
    """The tests crashed before they wrote: the good result of the run before is not the newest any more."""
    demand = criterion(0).replace("coverage_line_percent", "tests_failed").replace('"percent"', '"tests"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    report = project.folder / "reports" / "junit.xml"
    report.parent.mkdir()
    good = '<testsuite name="s" tests="1"><testcase name="a"/></testsuite>'
    codes = []
    for text in (good, left, good):
        report.write_text(text)
        assert project.run("pull", "--quiet", "--source", "artifacts") == 0
        codes.append(project.check()[0])
    assert codes == [GO, NO_EVIDENCE, GO]


@pytest.mark.parametrize("lost", ["a", "b"])
@pytest.mark.parametrize("left", ["", "Killed"])
def test_the_reports_of_other_modules_hide_no_failed_run(project: Project, lost: str, left: str) -> None:
    """Where the tests of one module of two crashed before they wrote, the failures of the whole are unknown."""
    demand = criterion(0).replace("coverage_line_percent", "tests_failed").replace('"percent"', '"tests"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    folder = project.folder / "reports"
    folder.mkdir()
    good = '<testsuite name="{0}" tests="1"><testcase classname="{0}" name="{1}"/></testsuite>'
    codes = []
    for run in range(3):
        for module in "ab":
            text = left if run == 1 and module == lost else good.format(module, f"t{run}")
            (folder / f"{module}.xml").write_text(text)
        assert project.run("pull", "--quiet", "--source", "artifacts") == 0
        codes.append(project.check()[0])
    assert codes == [GO, NO_EVIDENCE, GO]


def test_a_scan_of_one_half_alone_is_not_the_scan_of_the_whole(project: Project) -> None:
    """Of two scans side by side one is empty: that the other one found nothing does not hold for both."""
    demand = criterion(0).replace("coverage_line_percent", "findings_high_count").replace('"percent"', '"findings"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    folder = project.folder / "reports"
    folder.mkdir()
    scan = '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Scanner"}}, "results": []}]}'
    for half in "ab":
        (folder / f"{half}.sarif").write_text(scan)
    project.run("pull", "--quiet", "--source", "artifacts")
    (folder / "a.sarif").write_text(scan + " ")
    (folder / "b.sarif").write_text("")
    project.run("pull", "--quiet", "--source", "artifacts")
    assert project.check()[0] == NO_EVIDENCE


@pytest.mark.parametrize("left", [{"a.xml": True, "b.xml": False}, {"b.xml": False}, {"c.txt": False}])
def test_an_archive_that_holds_a_report_less_hides_no_failed_run(project: Project, left: dict[str, bool]) -> None:
    """A member that was a report and is empty now, or an archive without any report, makes the failures unknown."""
    demand = criterion(0).replace("coverage_line_percent", "tests_failed").replace('"percent"', '"tests"')
    more = '\n[sources.artifacts]\npaths = ["reports"]\n'
    project.plan(demand.replace(">=", "<=").replace("baseline = 0", "baseline = 9"), more=more)
    (project.folder / "reports").mkdir()
    good = '<testsuite name="{0}" tests="1"><testcase classname="{0}" name="t"/></testsuite>'
    codes = []
    for members in ({"a.xml": True, "b.xml": True}, left):
        with zipfile.ZipFile(project.folder / "reports" / "tests.zip", "w") as archive:
            for name, is_report in members.items():
                archive.writestr(name, good.format(name) if is_report else "")
        assert project.run("pull", "--quiet", "--source", "artifacts") == 0
        codes.append(project.check()[0])
    assert codes == [GO, NO_EVIDENCE]
