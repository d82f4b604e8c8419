"""The shown parts of a movement sum to the shown change, on every surface."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.tables.movement import part_rows
from app.reports.writing import render
from app.steps.review import review
from app.wording.movement import movement_parts, rounded_to_sum, total_points
from app.wording.numbers import points
from app.workspace import WEEK
from tests.testing.sample import sample_in


@given(st.lists(st.floats(-60, 60), min_size=1, max_size=20))
def test_rounded_parts_sum_to_the_rounded_total(values: list[float]) -> None:
    """Whatever the parts, their tenths sum to the total in tenths, and none is off by more than a tenth."""
    total = math.fsum(values)
    shown = rounded_to_sum(values, total)

    assert round(sum(shown) * 10) == round(total * 10)
    assert all(abs(a - b) <= 0.1 + 1e-9 for a, b in zip(values, shown, strict=True))


def amount(label: str) -> float:
    """The number that a reader sees; "+<0.1" and "±0" count as nothing."""
    return 0.0 if "<" in label or "±" in label else float(label.replace("−", "-"))


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The review of the sample; two blockers are open and cap its readiness."""
    workspace = sample_in(tmp_path_factory.mktemp("demo"))
    return dict(review(workspace, workspace.now() - WEEK, workspace.now()))


def test_every_surface_sums_alike(reviewed: dict[str, Any]) -> None:
    """Page, Markdown, HTML and JSON of one review: the parts, the cap of open blockers among them, give the change."""
    moved = reviewed["moved"]
    readiness, change = moved["readiness"], round(moved["readiness"]["change"], 1)
    exact = math.fsum(readiness[key] for key in ("gains", "losses", "lost_evidence", "plan_edits", "cap"))
    markdown = render(reviewed, "markdown").split("## What moved")[1].split("\n## ")[0]
    html = render(reviewed, "html").split("What moved</h2>")[1].split("</table>")[0]
    in_markdown = re.findall(r"(?m)^\| ([+−±][^|]*) \|", markdown)
    in_html = re.findall(r"<tr>\s*<td data-label=.points.[^>]*>([+−±][^<]*(?:&lt;[^<]*)?)</td>", html)

    assert readiness["cap"] < -0.05
    assert exact == pytest.approx(readiness["change"], abs=1e-6)
    for labels in (list(part_rows(moved)["label"]), list(part_rows(moved, 3)["label"]), in_markdown, in_html):
        assert sum(map(amount, labels)) == pytest.approx(change)
    assert len(in_markdown) == len(in_html) == len(movement_parts(moved))
    assert f"| **{points(total_points(moved))}** | **readiness, the sum** |" in markdown
    assert "Cap of open blockers" in markdown


@pytest.mark.parametrize(("edits", "shown"), [(3, 3), (4, 1)])
def test_many_edits_of_the_plan_are_one_bar_of_the_page(edits: int, shown: int) -> None:
    """A new criterion takes weight from every other: the page shows one bar for all, the written review each."""
    rows = [{"title": f"c{k}", "points": -1.25} for k in range(edits)]
    same = {"id": "a", "title": "Same name", "points": 1.0}, {"id": "b", "title": "Same name", "points": -2.0}
    readiness = {"change": -1.25 * edits - 1.0, "cap": 0.0}
    moved: Any = {"criteria": [*same], "lost_evidence": [], "plan_edits": rows, "readiness": readiness}
    on_page, in_review = movement_parts(moved, 6), movement_parts(moved)

    assert (len(on_page), len(in_review)) == (shown + 2, edits + 2)
    assert [part.criterion for part in on_page[:2]] == ["b", "a"]  # criteria of one title are two bars
    for parts in (on_page, in_review):
        assert sum(part.shown for part in parts) == pytest.approx(round(readiness["change"], 1))


def test_the_written_review_has_decisions_and_conditions(reviewed: dict[str, Any]) -> None:
    """Decisions come with owner, state and evidence; conditions with who vouches until when."""
    page = render(reviewed, "markdown")
    assert "overdue by 7 days" in page.split("## Decisions")[1].split("\n## ")[0]
    assert "attested by M. Lindqvist (simulated)" in page.split("## Conditions")[1].split("\n## ")[0]
    assert page.split("\n\n")[2].startswith("**Odds of GO by 31 Mar 2026, the promised day: ")
