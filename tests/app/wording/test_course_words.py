"""The words of the course of the date."""

from __future__ import annotations

import pytest

from app.answers.types.meeting import CoursePoint
from app.wording.slip import has_course


def point(day: str, p50: str | None) -> CoursePoint:
    """One week; without a date the evidence was not enough."""
    return {
        "day": day, "basis": "computed", "outcome": "dated" if p50 else "not_enough_evidence", "p25": p50, "p50": p50,
        "p75": p50, "p80": p50, "promised": None, "promised_odds": None,
    }  # fmt: skip


@pytest.mark.parametrize(("dates", "drawn"), [((), False), ((None, "2026-01-05"), False), (("2026-01-05",) * 2, True)])
def test_a_course_needs_two_dates(dates: tuple[str | None, ...], drawn: bool) -> None:
    """One date alone says nothing about its course: no picture with a single mark is drawn."""
    assert has_course([point(f"2025-11-0{k + 1}", one) for k, one in enumerate(dates)]) is drawn
