"""The answers of `tminus pull` and `tminus reread`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.answers.types.collect import PullAnswer, RereadAnswer, RereadChange, SourceAnswer

if TYPE_CHECKING:
    from ingest.pull import PullReport, SourceReport
    from ingest.rereading.reread import FigureDifference, RereadReport


def pull_answer(report: PullReport) -> PullAnswer:
    """`tminus pull --json`."""
    return {
        "schema": "tminus.pull/1",
        "started_at": report.started_at.isoformat(),
        "rows_added": report.rows_added,
        "notes": list(report.notes),
        "sources": [_source(source) for source in report.sources],
    }


def _source(source: SourceReport) -> SourceAnswer:
    return {
        "source": source.source,
        "ok": source.ok,
        "rows_added": source.rows_added,
        "error": source.error,
        "counts": dict(source.counts),
        "warnings": list(source.warnings),
    }


def reread_answer(report: RereadReport) -> RereadAnswer:
    """`tminus reread --json`."""
    return {
        "schema": "tminus.reread/1",
        "payloads": report.payloads,
        "passed_over": report.passed_over,
        "stored": report.stored,
        "confirmed": report.confirmed,
        "changes": [_change(change) for change in report.changes],
        "problems": list(report.problems),
    }


def _change(change: FigureDifference) -> RereadChange:
    return {
        "source": change.source,
        "locator": change.locator,
        "metric": change.metric,
        "scope": change.scope,
        "observed_at": change.observed_at.isoformat(),
        "before": change.before,
        "after": change.after,
        "is_new": change.is_new,
        "definition": change.definition,
    }
