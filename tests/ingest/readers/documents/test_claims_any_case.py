"""Verdict words in any case, readiness in words, figures out of ten, and whether a claim is still there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.answers.status import claims_answer
from ingest.pull import store_harvest
from ingest.readers.documents.claims import read_claims
from ingest.readers.documents.timelines import read_timelines
from ingest.source import Request
from ingest.sources.documents.claims import Claims
from ingest.warehouse.database import Warehouse
from tests.testing.repositories import add_commits, new_repository

REPORTED = {
    "Status: Production Ready": ["READY"],
    "**Status**: ✅ Production Ready": ["READY"],
    "# Production-ready": ["READY"],
    "We are production ready.": ["READY"],
    "The system is now ready for production": ["READY"],
    "Ready for production: yes": ["READY"],
    "This project is NOT ready for production": ["NOT READY"],
    "NOT READY": ["NOT READY"],
    "Status: not ready": ["NOT READY"],
    "Not production ready": ["NOT READY"],
    "The platform is not yet production-ready": ["NOT READY"],
    "Production ready: no": ["NOT READY"],
    "Ready for production: ❌": ["NOT READY"],
    "Not production-ready yet": ["NOT READY"],
    "No longer production ready": ["NOT READY"],
    "Far from production ready": ["NOT READY"],
    "Status: READY (conditional)": ["CONDITIONAL READY"],
    "We are production ready in 3 days": [],
    "~~Production ready~~": [],
    "Verdict: ready with minor issues": ["CONDITIONAL READY"],
    "Deployment status: Ready with minor issues": ["CONDITIONAL READY"],
    "Release decision: No Go": ["NO-GO"],
    "Recommendation: no-go": ["NO-GO"],
    "verdict: conditional go": ["CONDITIONAL GO"],
    "Deployment: go": ["GO"],
    "Decision: Approved": ["APPROVED"],
    "approved for deployment": ["APPROVED"],
    "Production deployment is blocked": ["BLOCKED"],
    "Overall readiness: 8.5/10": [85],
    "Production readiness score: 8.5 / 10": [85],
    "Production readiness: 8.5 out of 10": [85],
    "Readiness: 8,5/10": [85],
    "Production readiness: 7/10": [70],
}
NOT_REPORTED = [
    "Is it ready for production?",
    "When production ready, we deploy",
    "make sure the app is ready for production",
    "[ ] Production ready",
    "Ready! Open the browser.",
    "Go is a language for production",
    "Go to production settings",
    "The approved list is blocked by status checks",
    "The database is ready for production",
    "GO in 3-5 days",
    "Decision: GO in 3-5 days",
    "Recommendation: GO within 2 weeks",
]


@pytest.mark.parametrize("line", REPORTED)
def test_a_verdict_is_read_in_any_case(line):
    """Words and figures as people write them."""
    assert [claim.word or claim.value for claim in read_claims(line.encode(), "a.md")] == REPORTED[line]


@pytest.mark.parametrize("line", NOT_REPORTED)
def test_wishes_questions_parts_and_timelines_are_no_verdict(line):
    """What judges nothing, or not the whole, or not today."""
    assert read_claims(line.encode(), "a.md") == []


@pytest.mark.parametrize("line", ["GO in 3-5 days", "Decision: GO in 3-5 days"])
def test_go_in_some_days_is_a_timeline(line):
    """Its latest end counts."""
    assert [found.days for found in read_timelines(line.encode())] == [5]


def test_a_claim_says_whether_it_is_still_there(tmp_path):
    """What a later commit took out was removed then; what moved names its new document; the rest is still there."""
    repository = new_repository(tmp_path / "shop")
    documents = [
        {
            "a.md": b"Production readiness: 40%\n",
            "b.md": b"Verdict: NO-GO\n\nfor production\n",
            "c.md": b"Status: Production Ready\n",
        },
        {"a.md": b"Production readiness: 60%\n", "docs/c.md": b"Status: Production Ready\n", "c.md": None},
    ]
    tips = [add_commits(repository, [files], start=1_700_000_000 + at * 86400) for at, files in enumerate(documents)]
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")
    now = datetime(2024, 1, 1, tzinfo=UTC)
    harvest = Claims().observe(Request("p", repository, repository, {}, "", now, lambda *_: []))
    store_harvest(warehouse, "claims", harvest, now)
    rows = claims_answer(warehouse.query("claims", until=now))
    found = {
        (row["value"] or row["says"]): (row["in_newest_commit"], row["removed_commit"], row["moved_to"]) for row in rows
    }
    assert found[40] == (False, tips[1], "")
    assert found[60] == (True, "", "")
    assert found["says NO-GO"] == (True, "", "")
    assert found["says READY"] == (False, tips[1], "docs/c.md")
