"""Verdicts where the clone, the branch or the word of people is not what a verdict may rest on."""

from __future__ import annotations

import shutil

import pytest

from app.steps.assess import open_workspace
from app.steps.candidate import unread_commits
from ingest.warehouse.database import Warehouse
from tests.app.steps.test_never_a_false_go import FAILED, GO, NO_EVIDENCE, Project, criterion, project, word
from tests.testing.repositories import git

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
