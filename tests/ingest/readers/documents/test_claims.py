"""Readiness claims: what counts as one, from which commit it counts, and that it is never reported twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.documents.claims import read_claims
from ingest.sources.documents.claims import Claims
from tests.testing.document_pulls import Pulls
from tests.testing.repositories import DAY, START, add_commits, git


def reported(text, path="a.md"):
    return [claim.word or claim.value for claim in read_claims(text.encode(), path)]


CLAIMS = {
    "**Current Readiness:** 23% | **Target Readiness:** >90%": [23],
    "- **📊 Overall Readiness Score: 25/100** (Unacceptable for production)": [25],
    "### **OVERALL PRODUCTION READINESS SCORE: 68/100**": [68],
    "**OVERALL READINESS SCORE**: **78/100** (Conditional Approval)": [78],
    "### **OVERALL PRODUCTION READINESS SCORE: 97%** ✅": [97],
    "The system has achieved **88/100 production readiness** with optimizations:": [88],
    "The transformation from 35/100 to 68/100 production readiness represents progress": [68],
    "- **Production Readiness**: 60% → 98%": [98],
    "## MISSION: 89.3% → 95% PRODUCTION READINESS": [95],
    "**Production Readiness**: 35/100 (Target: 25/100 - EXCEEDED)": [35],
    "**Overall Production Readiness Score**: **45%** (Up from original 23%, below minimum 70%)": [45],
    "│  85% PRODUCTION READY ████████ │": [85],
    "**Overall Score**: 68/100 (GOOD - Ready for production with minor fixes)": [68],
    "**App is PRODUCTION READY** with an overall score of **92/100**.": [92],
    "**READINESS SCORE: 9/10**": [90],
    "Release readiness is at 80 %": [80],
    "- **Deployment Readiness:** ❌ **F (0/100)**": [0],
    "**DEPLOYMENT RECOMMENDATION: ❌ BLOCKED**": ["BLOCKED"],
    "### ❌ **NO-GO FOR PRODUCTION**": ["NO-GO"],
    "## 🚀 GO/NO-GO Decision: GO": ["GO"],
    "FINAL VERDICT: CONDITIONAL GO FOR STAGING": ["CONDITIONAL GO"],
    "The system is **CONDITIONALLY APPROVED** for staging deployment": ["CONDITIONAL APPROVED"],
    "- **Production deployment**: BLOCKED until tests are restored": ["BLOCKED"],
}


@pytest.mark.parametrize("line", CLAIMS, ids=lambda line: line[:40])
def test_a_readiness_claim_is_read_with_its_figure_or_word(line):
    """Percent, x/100, x/10 and the four words are read as the document means them."""
    assert reported(line) == CLAIMS[line]


NO_CLAIMS = [
    "**Target Readiness:** >90%",
    "- [ ] **Target Deployment Readiness**: 95%+",
    "**Target**: 95/100 Production Readiness",
    "**Expected readiness**: 80%",
    "- **Infrastructure Readiness**: 40% (missing database)",
    "### **SECURITY READINESS SCORE: 91/100** PRODUCTION-READY",
    "| **Security Gate** | 91/100 | PASS | Production Ready |",
    "Security compliance: 91% production-ready with hardened containers",
    "Test coverage is 95%.",
    "- **Developer Confidence**: >95% confidence in deployment readiness",
    "**Confidence Level**: **97%** - Exceeds all production readiness criteria",
    "# 80% smaller container images ready for deployment",
    "A robust test suite ready for production deployment with 94.8% success rate",
    "Readiness probe: failureThreshold 10/10",
    "**>90%**: Full production readiness, immediate deployment",
    "IMMEDIATE ACTION: fix security (48 hours) → 100% production readiness",
    "## GO/NO-GO DECISION FRAMEWORK",
    "### **GO Criteria (All Must Be Met)**",
    "GO if production readiness holds",
    "None algorithm bypass **BLOCKED**",
    "APPROVED = 'approved',",
    "### RECOMMENDATION: APPROVED FOR PHASE 3",
    "**DATABASE PRODUCTION READINESS: APPROVED**",
    "we go to production",
]


@pytest.mark.parametrize("line", NO_CLAIMS, ids=lambda line: line[:40])
def test_wishes_parts_and_other_figures_are_no_claim(line):
    """Targets, thresholds, single parts, confidence and rules are left out."""
    assert reported(line) == []


def test_a_table_row_gives_the_column_of_today():
    """Targets and former values in the neighbouring columns are not the claim."""
    table = "# Staging readiness\n\n| Area | Score | Target | State |\n|---|---|---|---|\n"
    assert reported(table + "| Docs | 68/100 | 80/100 | x |\n| **OVERALL** | **25/100** | **85/100** | ❌ |\n") == [25]
    before_after = "| Metric | Before | After |\n|---|---|---|\n| **Production Readiness** | 0% | 85% |\n"
    assert reported(before_after) == [85]
    assert reported("| Metric | Target | Achieved |\n|--|--|--|\n| Production Readiness | 95% | **97%** |\n") == [97]
    assert reported("# Coverage\n\n| Area | Score |\n|--|--|\n| OVERALL | 25/100 |\n") == []


def test_json_reports_claim_by_their_keys():
    """A readiness key with a figure is a claim; other keys are not."""
    text = '{\n "production_readiness": "85%_with_blockers",\n "readiness_score": 70,\n "readinessProbe": 5\n}'
    assert reported(text, "report.json") == [70]
    assert reported('{"overall_readiness_percent": "64%"}', "report.json") == [64]


@pytest.mark.parametrize(
    "data", [b"", b"\x00readiness: 50%", b"readiness " * 300_000, b"\xff\xfe production readiness 50%", b"|" * 5000]
)
def test_hostile_bytes_give_no_claim_and_no_trouble(data):
    """Binary, endless and broken input is passed over."""
    assert read_claims(data, "a.md") == [] or all(0 <= (c.value or 0) <= 100 for c in read_claims(data, "a.md"))


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_figures_within_0_and_100(text):
    """Whatever is around the words, a claim is a percentage or a word."""
    for claim in read_claims(f"production readiness {text}".encode("utf-8", "replace"), "a.md"):
        assert claim.word or 0 <= claim.value <= 100


def test_a_claim_is_from_the_commit_that_brought_its_words(repository):
    """Later commits that leave the line alone, or move it, do not repeat it; a changed figure is a new claim."""
    tips = [
        add_commits(repository, [files], start=START + number * DAY)
        for number, files in enumerate(
            [
                {"a.md": b"# A\n\nProduction readiness: 40%\n"},
                {"other.py": b"x = 1\n"},
                {"a.md": b"# A\n\nNew words.\n\nProduction readiness: 40%\n"},
                {
                    "a.md": b"# A\n\nNew words.\n\nProduction readiness: 60%\n",
                    "b.md": b"Verdict: NO-GO for production\n",
                },
                {"docs/a.md": b"# A\n\nNew words.\n\nProduction readiness: 60%\n", "a.md": None},
            ]
        )
    ]
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    assert pulls.shown_text() == [
        (40, "a.md", 3, tips[0]),
        (60, "a.md", 5, tips[3]),
        ("says NO-GO", "b.md", 1, tips[3]),
    ]
    left = [(o.scope, o.reason, o.commit) for o in pulls.observations if o.metric == "claim_removed"]
    assert left == [("a.md", "", tips[3]), ("a.md", "docs/a.md", tips[4])]
    first = pulls.observations[0]
    assert (first.metric, first.kind, first.scope, first.unit) == (
        "readiness_claim_percent",
        "claimed",
        "a.md",
        "percent",
    )
    assert first.observed_at == datetime.fromtimestamp(START, UTC)
    evidence = pulls.evidence[first.evidence]
    assert (evidence.locator, evidence.excerpt) == ("a.md:3", "Production readiness: 40%")


def test_vendored_generated_and_copied_documents_claim_nothing(repository):
    """Other people's readiness is not ours, and a backup folder repeats earlier claims."""
    text = b"Production readiness: 40%\n"
    paths = ["node_modules/x/a.md", "docs-env/lib/site-packages/a.md", "site/search/search_index.json", "old.bak/a.md"]
    add_commits(repository, [dict.fromkeys(paths, text) | {"a.md": text, "data.json": b'{"readiness": 50}\n'}])
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    assert [path for _, path, _, _ in pulls.shown_text()] == ["a.md"]


def test_named_files_narrow_the_search(repository):
    """With `files` only those are read, whatever their ending."""
    add_commits(repository, [{"a.md": b"Readiness: 40%\n", "status/b.log": b"Readiness: 50%\n"}])
    pulls = Pulls(Claims(), repository, files=["status/*.log"])
    pulls.pull()
    assert [(value, path) for value, path, _, _ in pulls.shown_text()] == [(50, "status/b.log")]


def test_secrets_in_a_claimed_line_are_not_stored(repository):
    """The excerpt is redacted before it is kept."""
    add_commits(repository, [{"a.md": b"Production readiness: 40%, token ghp_" + b"a1B2" * 10 + b"\n"}])
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    (evidence,) = pulls.evidence.values()
    assert "ghp_" not in evidence.excerpt and "[redacted]" in evidence.excerpt


def test_pulling_in_pieces_equals_pulling_once(repository):
    """Every cut of the history gives the same claims with the same evidence."""
    history = [
        {f"doc{n % 3}.md": f"# T\n\nReadiness: {n * 7 % 100}%\n\nVerdict: {'GO' if n % 2 else 'NO-GO'}\n".encode()}
        for n in range(12)
    ]
    pieces = Pulls(Claims(), repository)
    for number, files in enumerate(history):
        add_commits(repository, [files], start=START + number * DAY)
        if number % 4 == 3:
            pieces.pull()
    whole = Pulls(Claims(), repository)
    whole.pull()
    assert pieces.observations == whole.observations and pieces.evidence == whole.evidence
    again = whole.pull()
    assert again.observations == [] and not again.rewritten and again.marker == whole.marker


def test_a_rewritten_history_is_read_again(repository):
    """After a force-push the harvest says that it replaces everything, and only the new history counts."""
    first = add_commits(repository, [{"a.md": b"Readiness: 10%\n"}])
    add_commits(repository, [{"a.md": b"Readiness: 20%\n"}], start=START + DAY)
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    git(repository, "update-ref", "refs/heads/main", first)
    add_commits(repository, [{"a.md": b"Readiness: 30%\n"}], start=START + 2 * DAY)
    harvest = pulls.pull()
    assert harvest.rewritten and "read again" in harvest.warnings[0]
    assert pulls.values("readiness_claim_percent", "a.md") == [10, 30]


def test_odd_dates_follow_the_latest_plausible_one(repository):
    """A commit dated 1970 or 2099 counts from the latest plausible date before it."""
    dates = [START, 10, START + DAY, 4_070_908_800]
    add_commits(repository, [{"a.md": f"Readiness: {n}%\n".encode()} for n in range(4)], dates=dates)
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    seconds = [int(o.observed_at.timestamp()) for o in pulls.observations if o.metric != "claim_removed"]
    assert seconds == [START, START, START + DAY, START + DAY]


def test_an_empty_repository_has_no_claims(repository):
    """Nothing to read is a warning, not a failure."""
    assert "no commit yet" in Pulls(Claims(), repository).pull().warnings[0]
