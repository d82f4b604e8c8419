"""Addresses in the JSON answers, and the words of people instead of ids."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.answers.blockers import criteria_of
from app.steps.assess import open_workspace, status
from app.steps.evidence.doctor import examine_evidence
from app.steps.explain import explain
from app.steps.movement import moved
from app.wording.status import cap_words
from app.workspace import Workspace
from tests.testing.dashboard_workspace import build


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A plan of three gates with half a year of evidence, on a forge that is named in tminus.toml."""
    path = build(tmp_path_factory.mktemp("linked"))
    path.write_text(path.read_text().replace("[project]", '[project]\nforge = "https://gitlab.com/a/b"', 1))
    return open_workspace(path)


def test_commits_items_and_markers_carry_their_address(workspace: Workspace) -> None:
    """`url` of a commit is its page; of an item its line, or the commit that removed it; of a marker its line."""
    now = workspace.now()
    found = moved(workspace, now - timedelta(weeks=13), now)
    commits = [commit for move in found["criteria"] for commit in move["commits"]]
    markers = explain(workspace, now, "todo-markers")["open"] or []

    assert commits
    assert all(c["url"] == f"https://gitlab.com/a/b/-/commit/{c['commit']}" for c in commits)
    assert all("/-/commit/" in item["url"] for item in found["items"]["closed"])
    assert markers
    assert all(m["url"].endswith(f"/{m['path']}#L{m['line']}") for m in markers)


def test_without_a_forge_there_is_no_address(tmp_path: Path) -> None:
    """A repository whose forge is unknown gives empty addresses, not wrong ones."""
    plain = open_workspace(build(tmp_path, "thin"))
    found = moved(plain, plain.now() - timedelta(weeks=13), plain.now())

    assert {commit["url"] for move in found["criteria"] for commit in move["commits"]} <= {""}
    assert {item["url"] for side in found["items"].values() for item in side} <= {""}


def test_the_cap_names_titles(workspace: Workspace) -> None:
    """The blockers that cap readiness are named by their titles; their ids stay for other programs."""
    now = workspace.now()
    readiness = dict(moved(workspace, now - timedelta(weeks=13), now)["readiness"])
    readiness |= {"capped_by": ["Test coverage"], "capped_after": ["test-coverage"], "change": 1.0, "cap": -2.0}

    assert "(Test coverage)" in cap_words(readiness)


def test_doctor_warns_of_points_at_stake_only_where_none_are_earned(tmp_path: Path) -> None:
    """A criterion that a person attests earns its points: it is a note, not a warning of points at stake."""
    path = build(tmp_path, "thin")
    attested = 'attested = { by = "Kim", on = 2025-11-01, expires = 2026-03-01 }\n  title = "Load time"'
    path.write_text(path.read_text().replace('title = "Load time"', attested, 1))
    workspace = open_workspace(path)
    answer = status(workspace, workspace.now())
    found = [row for row in examine_evidence(answer) if row["what"].startswith("load-time:")]

    assert criteria_of(answer)["load-time"]["points"] > 0
    assert [row["level"] for row in found] == ["note"]
    assert "points rest on a person's word" in found[0]["what"]
