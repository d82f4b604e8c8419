"""The picture of the course of the date: gaps stay gaps, and its words name only what it shows."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import pytest

from app.dashboard.charts_course import course_chart, promised_odds_chart
from app.dashboard.palette import on_dark
from app.dashboard.tables.course import course_about, course_rows, course_table
from app.reports.pictures import course_pictures
from app.wording.slip import course_alt


def point(day: str, p50: str | None, *, basis: str = "computed", outcome: str = "dated", **more: Any) -> Any:
    empty = {"p25": None, "p75": None, "p80": None, "promised": None, "promised_odds": None}
    return {"day": day, "basis": basis, "outcome": outcome, "p50": p50, **empty, **more}


DATED = {"p25": "2026-01-10", "p75": "2026-09-01", "p80": "2026-10-01", "promised": "2026-03-31", "promised_odds": 0.3}
POINTS = [
    point("2025-10-31", None, outcome="not_enough_evidence"),
    point("2025-11-07", "2026-04-01", basis="kept", **DATED),
    point("2025-11-14", None, outcome="not_at_this_rate", promised="2026-03-31", promised_odds=0.05),
    point("2025-11-21", "2026-05-01", **DATED),
]
SHAPES = {"nothing": POINTS[:1], "one": POINTS[3:], "no 80%": [point("2025-11-21", "2026-05-01")], "all": POINTS}


@pytest.mark.parametrize("points", SHAPES.values(), ids=SHAPES.keys())
def test_the_chart_keeps_to_the_schema(points: Any) -> None:
    """With dates or without, with a promised day or without: the picture is valid, light and dark."""
    rows = course_rows(points)
    if rows["p50"].notna().any():
        spec = course_chart(rows).build(rows).to_dict()
        alt.Chart.from_dict(on_dark(spec), validate=True)
        assert "#1F5A8C" not in json.dumps(on_dark(spec))
    if rows["chance"].notna().any():
        alt.Chart.from_dict(promised_odds_chart(rows).build(rows).to_dict(), validate=True)


def test_no_line_crosses_a_week_without_a_date() -> None:
    """Two dated weeks with a gap between them belong to different runs."""
    rows = course_rows(POINTS)
    dated = rows[rows["p50"].notna()]
    assert dated["run"].nunique() == 2
    assert list(rows["gap"]) == ["no date: not enough evidence", "", "no date: not at this rate", ""]


def test_the_words_name_only_what_is_there() -> None:
    """Kept and computed points, gaps and the promised day are explained where the picture has them."""
    everything = course_about(POINTS)
    assert all(word in everything for word in ("80%", "promised", "no date", "Dot", "Square", "Band"))
    bare = course_about(SHAPES["no 80%"])
    assert not any(word in bare for word in ("80%", "promised", "no date", "Dot", "Band"))
    assert "on 7 Nov 2025 1 Apr 2026" in course_alt(POINTS)
    assert "2 weeks without" in course_alt(POINTS)


MOVED = [
    point("2025-11-07", "2026-04-01", **DATED),
    point("2025-11-14", "2026-04-11", **{**DATED, "promised": "2026-06-30", "promised_odds": 0.7}),
]


def test_a_moved_promise_is_marked_and_named() -> None:
    """Where the promised day was moved the course has a mark, and its words name both days; else neither."""
    rows = course_rows(MOVED)
    assert "diamond" in json.dumps(course_chart(rows).build(rows).to_dict())
    sentence = "The promised day was moved from 31 Mar 2026 to 30 Jun 2026 in the week to 14 Nov 2025."
    pictures = course_pictures(MOVED, [])
    assert all(sentence in picture.svg for picture in pictures if picture.name == "course")
    assert sentence in course_alt(MOVED) and "it was moved" in course_about(MOVED)
    stays = course_rows(POINTS)
    assert "diamond" not in json.dumps(course_chart(stays).build(stays).to_dict())
    assert "moved" not in course_alt(POINTS) + course_about(POINTS)


def test_the_odds_are_on_the_ground_of_their_likelihood() -> None:
    """The picture of the odds names what is likely, uncertain and unlikely."""
    [odds] = [picture.svg for picture in course_pictures(MOVED, []) if picture.name == "promised-odds"]
    assert all(f">{word}</text>" in odds for word in ("likely", "uncertain", "unlikely"))


def test_the_table_has_the_newest_first_with_its_basis() -> None:
    """Each row says whether the forecast was shown then or is computed now."""
    table = course_table(POINTS)
    assert table["Made on"].iloc[0] == "21 Nov 2025"
    assert table["Promised, odds"].iloc[0] == "31 Mar 2026, 30%"
    assert list(table["Basis"])[2] == "shown then"
