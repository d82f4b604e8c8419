"""The days that a document or a plan names around its reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.answers.status import next_review
from app.dashboard.tables.document import document_rows
from models.plan.parsing import parse_plan

PLAN = parse_plan(
    {"gate": [{"id": "g", "criterion": [{"id": "c", "metric": "todo_count", "comparator": "<=", "threshold": 0}]}]}
)
TODAY = date(2025, 11, 21)


@pytest.mark.parametrize(
    ("named", "rhythm", "expected"),
    [
        (None, None, None),
        (None, timedelta(weeks=1), date(2025, 11, 28)),
        (date(2025, 11, 24), timedelta(weeks=1), date(2025, 11, 24)),
        (date(2025, 11, 20), timedelta(weeks=1), date(2025, 11, 28)),  # the named day is past
        (date(2025, 11, 20), None, None),
    ],
)
def test_the_next_review_is_the_named_day_or_one_rhythm_later(
    named: date | None, rhythm: timedelta | None, expected: date | None
) -> None:
    """A day in the past is no next review."""
    assert next_review(replace(PLAN, next_review=named, review_cadence=rhythm), TODAY) == expected


def test_the_gates_page_shows_the_days_of_an_imported_document_only() -> None:
    """Without a document there is nothing under its heading."""
    dates = {"notes": [], "contradictions": [], "assessed_on": "2025-09-08", "next_review": "2025-11-28"}
    assert document_rows({"path": "", **dates}).empty
    assert document_rows({"path": "a.md", **dates}).to_numpy().tolist() == [
        ["Last assessed by hand", "8 Sep 2025"],
        ["Next review", "28 Nov 2025"],
    ]
