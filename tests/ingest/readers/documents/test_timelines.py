"""Claimed timelines: what counts as one, by which day it ends, and that it is stored with its place and commit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.documents.timelines import read_timelines
from ingest.sources.documents.claims import Claims
from tests.testing.document_pulls import Pulls
from tests.testing.repositories import DAY, START, add_commits, new_repository

ON = date(2025, 9, 8)


def ends(text: str) -> list[tuple[str, int | None]]:
    """The words of each timeline, and its latest end in days from ON."""
    return [(found.words, found.days_from(ON)) for found in read_timelines(text.encode())]


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("**Estimated Time to Deployment Ready:** 4-6 weeks with dedicated remediation effort", "4-6 weeks", 42),
        ("#### **Full Production Ready Timeline: 7-10 days**", "7-10 days", 10),
        ("**Timeline:** 4-6 weeks to staging-ready", "4-6 weeks", 42),
        ("| Timeline to production | 2 to 3 months |", "2 to 3 months", 92),
        ("Estimated time to production: 10 working days", "10 working days", 14),
        ("We are production ready by Q4 2025.", "by Q4 2025", 114),
        ("Target go-live date: 31 October 2025", "by 31 October 2025", 53),
        ("Launch planned for October 31st", "by October 31st", 53),
        ("Ready for launch in January", "by January", 145),
        ("go-live: 2025-09-30", "by 2025-09-30", 22),
    ],
)
def test_a_sentence_of_duration_is_a_timeline(text: str, words: str, days: int) -> None:
    """Lengths count to their late end, days without a year are the next such day, months and quarters end last."""
    assert ends(text) == [(words, days)]


@pytest.mark.parametrize(
    "text",
    [
        "Next Review: 90 days from deployment",
        "**Timeline**: 2-3 days to resolve",
        "Keep production logs for 30 days",
        "If the audit passes, time to production: 2 weeks",
        "Estimated time to production: 900 months",
        "Ready for launch in Q7 2025",
        "Launch on 45 October",
        "The readiness probe waits 4 seconds",
    ],
)
def test_other_lengths_of_time_are_none(text: str) -> None:
    """Reviews, retention, tasks, conditions and impossible dates claim no day of readiness."""
    assert ends(text) == []


def test_a_day_that_was_over_is_no_timeline() -> None:
    """A date before the words were written has no days left."""
    assert ends("Go-live: 2024-01-15") == [("by 2024-01-15", None)]


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer(data: bytes) -> None:
    """Whatever a document holds, reading it neither fails nor promises a day before its own."""
    found = read_timelines(b"time to production ready: " + data) + read_timelines(b"launch by " + data)

    assert all((timeline.days_from(ON) or 0) >= 0 for timeline in found)


def test_it_is_stored_with_file_line_and_commit(tmp_path: Path) -> None:
    """The commit that brought the words carries them, once, however often the line moves; a day gone by is left out."""
    repository = new_repository(tmp_path / "repo")
    line = b"**Estimated Time to Deployment Ready:** 4-6 weeks\n"
    first = add_commits(repository, [{"STAGING.md": b"# Checklist\n\n" + line, "OLD.md": b"Go-live: 2019-01-01\n"}])
    add_commits(repository, [{"STAGING.md": b"# Checklist\n\nmoved down\n\n" + line}], start=START + DAY)
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    rows = [row for row in pulls.observations if row.metric == "timeline_claim_days"]

    assert [(row.value, row.unit, row.reason, row.commit, row.scope) for row in rows] == [
        (42.0, "days", "says 4-6 weeks", first, "STAGING.md")
    ]
    assert pulls.evidence[rows[0].evidence].locator == "STAGING.md:3"
