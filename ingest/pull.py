"""Run the sources since their last markers; the last rows of a source are stored with its marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from ingest.collecting import Collector, CollectTask, Outcome, outcome_of
from ingest.config import Config
from ingest.source import Harvest, Request, ignore_progress
from ingest.source_table import chosen_sources
from ingest.warehouse.append import AppendStep, append, begin_run, forget_superseded, record_run
from ingest.warehouse.complete_state import complete_state_kept
from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.pull_state import announced

if TYPE_CHECKING:
    import duckdb

_LET_IN_SECONDS = 0.03  # between two steps: a waiting reader gets its turn


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source brought, or why it could not."""

    source: str
    ok: bool
    rows_added: int = 0
    error: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PullReport:
    """One pull: a report a source, in the order they ran."""

    started_at: datetime
    sources: tuple[SourceReport, ...]
    notes: tuple[str, ...] = ()  # of the whole store, not of one source

    @property
    def rows_added(self) -> int:
        """Observations that were new, over all sources."""
        return sum(report.rows_added for report in self.sources)


def pull(
    config: Config,
    *,
    now: datetime | None = None,
    only: Sequence[str] = (),
    progress: Callable[[str], Callable[[int, int | None, str], None]] = lambda _source: ignore_progress,
) -> PullReport:
    """Ask every source that is built in, configured or named in `only` for what is new; a failing one stops no other.

    A source with something new is stored at once; those without are noted together at the end, in one transaction.
    """
    moment = now or datetime.now(UTC)
    warehouse = open_warehouse(config.warehouse, config.name, config.lake)
    with warehouse.pulling():
        return _pull_into(warehouse, config, moment, only, progress)


def _pull_into(
    warehouse: Warehouse,
    config: Config,
    moment: datetime,
    only: Sequence[str],
    progress: Callable[[str], Callable[[int, int | None, str], None]],
) -> PullReport:
    reports: dict[str, SourceReport] = {}
    quiet: list[Outcome] = []
    names = chosen_sources(config, only)
    markers = dict(warehouse.rows("markers", config.name))
    task = CollectTask(config, names, markers, moment, defers=True)
    with (
        announced(config.warehouse) as state,
        complete_state_kept(warehouse, state) as keep_state,
        Collector(task, progress) as collector,
    ):
        for number, name in enumerate(names):
            state.report(number, len(names), name)
            outcome = collector.collect(name)
            if outcome.is_quiet:
                quiet.append(outcome)
                reports[name] = _report(outcome)
            else:
                keep_state()  # nothing is written on into a damaged file
                reports[name] = _store(warehouse, [outcome])[0]
        if quiet:
            _store(warehouse, quiet)
    return PullReport(moment, tuple(reports.values()))


def _report(outcome: Outcome, added: int = 0) -> SourceReport:
    return SourceReport(outcome.name, not outcome.error, added, outcome.error, outcome.counts, tuple(outcome.warnings))


def _store(warehouse: Warehouse, outcomes: Sequence[Outcome]) -> list[SourceReport]:
    """Store each outcome in short transactions; the runs of quiet sources go into the last one together."""
    small = [outcome for outcome in outcomes if len(outcome.rows.steps) == 1]
    reports = [_store_in_steps(warehouse, outcome) for outcome in outcomes if len(outcome.rows.steps) > 1]
    if small:
        reports += warehouse.write(
            lambda connection: [_finish(connection, outcome, begin_run(connection), 0) for outcome in small]
        )
    return reports


def _store_in_steps(warehouse: Warehouse, outcome: Outcome) -> SourceReport:
    """Many rows: a transaction a step, readers and other writers in between; the marker comes with the last rows.

    Killed in between, the rows that are there are no harm: the next pull reads from the old marker and finds them.
    """
    added, run, rows = 0, 0, outcome.rows
    while len(rows.steps) > rows.last_together:
        run, new = warehouse.write(partial(_store_step, outcome, run))
        added += new
        del rows.steps[0]  # only now: a lake may have run the step twice, and kept it once
        sleep(_LET_IN_SECONDS)
    return warehouse.write(lambda connection: _finish(connection, outcome, run or begin_run(connection), added))


def _store_step(outcome: Outcome, run: int, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Store the first step; the number of the run, and how many observations were new."""
    run = run or begin_run(connection)
    return run, _append(connection, outcome, run, outcome.rows.steps[0])


def _append(connection: duckdb.DuckDBPyConnection, outcome: Outcome, run: int, step: AppendStep) -> int:
    project, source, now = outcome.project, outcome.name, outcome.started_at
    return append(connection, project, source, run, now, step, rewritten=outcome.rows.rewritten)


def _finish(connection: duckdb.DuckDBPyConnection, outcome: Outcome, run: int, before: int) -> SourceReport:
    """The steps that are left, with the row of the run and its marker."""
    if outcome.rows.rewritten:
        forget_superseded(connection, outcome.project, outcome.name)
    added = before + sum(_append(connection, outcome, run, step) for step in outcome.rows.steps)
    record_run(connection, _run_row(run, outcome, added))
    return _report(outcome, added)


def store_harvest(warehouse: Warehouse, name: str, harvest: Harvest, now: datetime) -> SourceReport:
    """Store a harvest that no pull asked for: a figure recorded by hand, a sample."""
    request = Request(warehouse.project, Path(), Path(), {}, "", now, warehouse.rows)
    return _store(warehouse, [outcome_of(name, request, harvest)])[0]


def _run_row(run: int, outcome: Outcome, added: int) -> dict[str, Any]:
    return {
        "id": run,
        "project": outcome.project,
        "source": outcome.name,
        "started_at": outcome.started_at,
        "finished_at": datetime.now(UTC),
        "status": "failed" if outcome.error else "ok",
        "error": outcome.error,
        "marker": outcome.marker,
        "replaces": outcome.rows.rewritten,
        "rows_added": added,
        "counts": outcome.counts,
        "warnings": outcome.warnings,
    }
