"""`tminus check --baseline` in real repositories: branches, merges, shallow clones, and plans that the change edits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import junitparser
import pytest

from app.command_line.parser import main
from tests.testing.change import Project, project

__all__ = ["project"]


def test_a_branch_that_adds_markers_fails(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A new marker in code is worse than main, and its place is named; the same branch without it passes."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1  # TODO one\ny = 2  # FIXME two\n"})
    answer = project.check(capsys)
    assert answer["ratchet"]["exit_code"] == 1
    assert [(m["path"], m["line"], m["label"]) for m in answer["ratchet"]["opened"]] == [("src/a.py", 2, "FIXME")]

    project.commit({"src/a.py": "x = 1  # TODO one\n"})
    assert project.check(capsys)["ratchet"]["exit_code"] == 0


def test_main_that_went_on_is_not_held_against_the_change(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What main closes after the branch began is no loss of the branch: the base is where it began."""
    project.branch("feature")
    project.commit({"src/b.py": "z = 3\n"})
    project.run("checkout", "-q", "main")
    project.commit({"src/a.py": "x = 1\n"})
    project.run("checkout", "-q", "feature")
    answer = project.check(capsys)["ratchet"]
    assert (answer["exit_code"], answer["base_is_named_commit"]) == (0, False)


def test_coverage_of_the_change_is_compared_with_that_of_main(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lower coverage fails with 1; no coverage of the change at all ends with 3, unless it is accepted by name."""
    project.record("coverage_line_percent", 80)
    project.branch("feature")
    project.commit({"src/b.py": "z = 3\n"})
    assert project.outcome(capsys, "coverage") == ("not_comparable", 3)
    assert project.outcome(capsys, "coverage", "--accept", "coverage") == ("not_comparable", 0)
    project.record("coverage_line_percent", 79)
    assert project.outcome(capsys, "coverage") == ("worse", 1)


def test_another_branch_does_not_speak_for_this_one(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A good figure of a sibling branch is passed over, although it is the newest."""
    project.record("coverage_line_percent", 80)
    project.branch("feature")
    project.commit({"src/b.py": "z = 3\n"})
    project.record("coverage_line_percent", 60)
    project.run("checkout", "-q", "main")
    project.branch("sibling")
    project.commit({"src/c.py": "z = 3\n"})
    project.record("coverage_line_percent", 99)
    project.run("checkout", "-q", "feature")
    assert project.outcome(capsys, "coverage") == ("worse", 1)


def test_a_change_cannot_hide_markers_behind_attributes(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Declaring the code vendored changes the counting rule: the two counts are not compared, and that is no pass."""
    project.branch("feature")
    project.commit({".gitattributes": "src/** linguist-vendored\n", "src/a.py": "# TODO 1\n# TODO 2\n# TODO 3\n"})
    assert project.outcome(capsys, "todo-markers") == ("not_comparable", 3)


def test_a_change_cannot_drop_a_criterion(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A criterion that the change takes out of the plan is named, and the exit code is 3."""
    project.branch("feature")
    first, rest = project.plan.read_text().split("[[gate.criterion]]", 1)
    project.commit({"tminus.toml": first + "[[gate.criterion]]" + rest.split("[[gate.criterion]]", 1)[1]})
    project.record("coverage_line_percent", 80)
    assert project.outcome(capsys, "todo-markers") == ("not_comparable", 3)


def test_a_renamed_criterion_is_still_compared(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Giving the criterion another id hides nothing: its metric is compared all the same."""
    project.branch("feature")
    text = project.plan.read_text().replace('id = "todo-markers"', 'id = "renamed"')
    project.commit({"tminus.toml": text, "src/a.py": "# TODO 1\n# TODO 2\n# TODO 3\n"})
    assert project.outcome(capsys, "renamed") == ("worse", 1)


def test_a_shallow_clone_of_a_merge_is_enough(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two commits deep, as a pull request is checked out: the merge is compared with its first parent."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1  # TODO one\ny = 2  # TODO two\n"})
    project.run("checkout", "-q", "main")
    project.run("merge", "-q", "--no-ff", "-m", "merge", "feature")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=2", f"file://{project.path}", str(clone)], check=True)
    copy = Project(clone)
    assert main(["pull", "--config", str(copy.plan), "--quiet"]) == 0
    answer = copy.check(capsys, "HEAD^1")
    assert answer["ratchet"]["exit_code"] == 1
    assert len(answer["ratchet"]["opened"]) == 1


def test_a_base_that_is_not_in_the_clone_says_how_to_fetch_it(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clone of one commit: exit code 2, and the command that brings the base."""
    base = project.run("rev-parse", "HEAD").strip()
    project.commit({"src/b.py": "z = 3\n"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{project.path}", str(clone)], check=True)
    assert main(["check", "--config", str(clone / "tminus.toml"), "--baseline", base]) == 2
    assert f"git fetch --depth=1 origin {base}" in capsys.readouterr().err


def test_results_are_written_for_every_ci(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary is appended, JUnit holds one failure, both forms of annotations name file and line."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1  # TODO one\ny = 2  # TODO a, b: 50%\n"})
    out = project.path.parent
    (out / "summary.md").write_text("before\n")
    arguments = ["check", "--config", str(project.plan), "--baseline", "main", "--summary", str(out / "summary.md")]
    arguments += ["--junit", str(out / "junit.xml"), "--annotations"]
    capsys.readouterr()
    assert main([*arguments, "github"]) == 1
    printed = capsys.readouterr().out
    assert "::warning file=src/a.py,line=2,title=new TODO::a, b: 50%25\n" in printed
    assert "::error file=tminus.toml,line=" in printed
    assert main([*arguments, "gitlab", "--annotations-file", str(out / "quality.json")]) == 1

    summary = (out / "summary.md").read_text()
    assert summary.startswith("before\n## ")
    assert summary.count("worse than main") == 2
    report = junitparser.JUnitXml.fromfile(str(out / "junit.xml"))
    assert report.failures == 1
    issues = json.loads((out / "quality.json").read_text())
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issues[0])
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {"path": "src/a.py", "lines": {"begin": 2}} in [issue["location"] for issue in issues]


def test_a_folder_that_cannot_be_written_is_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A summary in a folder that does not exist: one line, exit code 2."""
    assert main(["check", "--config", str(project.plan), "--summary", str(project.path / "no" / "s.md")]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--accept", "x"], ["--gate", "g", "--baseline", "main"], ["--annotations-file", "f"]]
)
def test_options_that_do_not_belong_together_are_refused(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """An option without the one that it belongs to ends with 2."""
    assert main(["check", "--config", str(project.plan), *arguments]) == 2
    assert capsys.readouterr().err.startswith("tminus check: --")
