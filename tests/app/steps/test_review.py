"""The weekly review: the same snapshot gives the same bytes, and foreign text stays text."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest

from app.command_line.parser import main
from app.dashboard import sentences as page_words
from app.reports import writing as report
from app.steps import review as review_steps
from app.workspace import WEEK, UsageError, Workspace
from tests.testing.sample import sample_in


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def review(workspace: Workspace) -> dict[str, object]:
    now = workspace.now()
    return review_steps.review(workspace, now - WEEK, now)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_same_snapshot_gives_the_same_bytes(workspace: Workspace, review: dict[str, object], form: str) -> None:
    """Computed twice and rendered twice, a review does not differ in one byte."""
    now = workspace.now()

    assert report.render(review, form) == report.render(review_steps.review(workspace, now - WEEK, now), form)


def test_every_part_of_the_meeting_is_there(review: dict[str, object]) -> None:
    """Verdict, moves, blockers, date, path and what nobody measures each have their place, the simulated notice too."""
    page = report.render(review, "markdown")

    assert page.startswith("# medianest: weekly review, 21 Nov 2025\n")
    assert "**NO-GO.**" in page
    assert "**simulated** sample data" in page
    for heading in ("What moved", "Blockers", "The date", "The cheapest path to 90", "Not measured"):
        assert f"\n## {heading}\n" in page
    assert "| cleared | Memory Stability |" in page
    assert "points are attested by a named person: Authentication System Secure" in page
    assert "13067242" not in page


def test_foreign_text_is_inert(review: dict[str, object]) -> None:
    """HTML, links and table signs in subjects and claims are shown as they were written, and do nothing."""
    hostile = "</td><script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil.example/z) | a | `b`"
    changed = copy.deepcopy(review)
    for criterion in changed["moved"]["criteria"]:
        criterion["title"] = criterion["grade"] = hostile
    for gate in changed["status"]["gates"]:
        for criterion in gate["criteria"]:
            criterion["title"] = criterion["fix"] = hostile
    page = report.render(changed, "html")

    assert "<script>" not in page
    assert "<img" not in page
    assert re.findall(r'href="(.{11})', page) == ["data:image/"] * page.count("href=")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_page_needs_nothing_from_elsewhere(review: dict[str, object]) -> None:
    """The HTML file asks for no script, font or picture."""
    page = report.render(review, "html")

    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, workspace: Workspace) -> None:
    """The file replaces its elder in one step, leaves nothing beside it, and an impossible place is one line."""
    target = tmp_path / "review.html"
    target.write_text("old")
    config = ["--config", str(workspace.path), "--format", "html"]

    assert main(["review", *config, "--output", str(target)]) == 0
    assert target.read_text().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["review.html"]
    with pytest.raises(UsageError, match="cannot write"):
        report.write_report(tmp_path / "none" / "review.html", "page")


def test_a_first_review_claims_no_change(review: dict[str, object]) -> None:
    """Where nothing had been measured before, there is no change to tell and nothing was cleared."""
    before = copy.deepcopy(review["before"])
    before["readiness"] |= {"value": 0.0, "known_weight": 0.0}
    for gate in before["gates"]:
        for criterion in gate["criteria"]:
            criterion |= {"state": "missing", "value": None}
    shown_text = report.render({**review, "before": before}, "markdown")

    assert "the first review: nothing had been measured by" in shown_text
    blockers = shown_text.split("## Blockers")[1].split("## The date")[0]
    assert not any(word in blockers for word in ("cleared |", "still open |", "new |"))
    assert "open, first measured |" in blockers
    assert "passes, first measured |" in blockers
    assert all(
        figure[2:] == ("first measured", "same") for figure in page_words.review_figures({**review, "before": before})
    )
