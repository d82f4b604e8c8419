"""Run the sources since their last markers; the last rows of a source are stored with its marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from ingest.config import Config
from ingest.source import ENTRY_POINT_GROUP, Harvest, Request, SharedLog, Source, SourceError, ignore_progress
from ingest.warehouse.append import Prepared, append, forget_superseded, prepare
from ingest.warehouse.database import Warehouse, begin_run, record_run
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.files import check_whole
from ingest.warehouse.pull_state import announced

if TYPE_CHECKING:
    import duckdb

_LET_IN_SECONDS = 0.03  # between two steps: a waiting reader gets its turn

# (name, "module:class", runs without being configured). Listed here; entry points only add to it.
BUILT_IN: tuple[tuple[str, str, bool], ...] = (
    ("git", "ingest.sources.git.source:GitHistory", True),
    ("tree", "ingest.sources.git.tree:Tree", True),
    ("checklist", "ingest.sources.documents.checklist:Checklists", True),
    ("claims", "ingest.sources.documents.claims:Claims", True),
    ("committed", "ingest.sources.report_files.committed:CommittedFiles", False),
    ("artifacts", "ingest.sources.report_files.artifacts:Artifacts", False),
    ("github", "ingest.sources.ci.github_actions:GitHubActions", False),
    ("gitlab", "ingest.sources.ci.gitlab_ci:GitLabCI", False),
    ("prometheus", "ingest.sources.running.prometheus:Prometheus", False),
    ("deployments", "ingest.sources.deployments.source:Deployments", False),
    ("probes", "ingest.sources.running.probes:Probes", False),
    ("github_issues", "ingest.sources.trackers.github_issues:GitHubIssues", False),
    ("jira", "ingest.sources.trackers.jira:JiraIssues", False),
    ("status_page", "ingest.sources.trackers.status_page:StatusPage", False),
    ("codecov", "ingest.sources.services.codecov:Codecov", False),
    ("sonar", "ingest.sources.services.sonar:Sonar", False),
    ("scorecard", "ingest.sources.services.scorecard:Scorecard", False),
)


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
    markers = dict(warehouse.rows("markers", config.name))
    reports: dict[str, SourceReport] = {}
    quiet: list[_Outcome] = []
    names = chosen_sources(config, only)
    shared_log = SharedLog()
    is_checked = False
    with announced(config.warehouse) as state:
        for number, name in enumerate(names):
            state.report(number, len(names), name)
            request = _request(config, warehouse, name, markers.get(name, ""), moment, progress(name))
            outcome = _observe(name, replace(request, shared_log=shared_log))
            if outcome.is_quiet:
                quiet.append(outcome)
            elif not is_checked and warehouse.exists():
                check_whole(warehouse)  # nothing is written on into a damaged file
                is_checked = True
            reports[name] = outcome.report() if outcome.is_quiet else _store(warehouse, [outcome])[0]
        if quiet:
            _store(warehouse, quiet)
    return PullReport(moment, tuple(reports.values()))


def chosen_sources(config: Config, only: Sequence[str] = ()) -> list[str]:
    """Name the sources to run, in order; raises SourceError for an unknown name."""
    built_in = {name: (where, always) for name, where, always in BUILT_IN}
    # Entry points only add sources that somebody names: where nobody does, the installed packages are not searched.
    known = built_in if built_in.keys() >= {*only, *config.sources} else available_sources()
    names = list(only) or _enabled_sources(config, known)
    for name in [*names, *config.sources]:
        if name not in known:
            raise SourceError(f"unknown source {name!r}; known are {', '.join(known)}")
    return names


def _enabled_sources(config: Config, known: Mapping[str, tuple[str, bool]]) -> list[str]:
    wanted = [name for name, (_, always) in known.items() if always or name in config.sources]
    return [name for name in wanted if _is_enabled(config, name)]


def _is_enabled(config: Config, name: str) -> bool:
    return bool(config.sources.get(name, {}).get("enabled", True))


@cache
def available_sources() -> dict[str, tuple[str, bool]]:
    """Map each source's name to (how to load it, whether it runs unasked): built-in ones first, then entry points."""
    from importlib.metadata import entry_points

    found = {name: (where, always) for name, where, always in BUILT_IN}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        found.setdefault(point.name, (point.value, False))
    return found


def load_source(name: str) -> Source:
    """Import and make the source; a broken plug-in is a SourceError that names it."""
    where = next((place for known, place, _ in BUILT_IN if known == name), "") or available_sources()[name][0]
    module, _, attribute = where.partition(":")
    try:
        source: Source = getattr(import_module(module), attribute)()
    except Exception as problem:  # a plug-in may raise anything: it must not stop the other sources
        raise SourceError(f"source {name!r} ({where}) cannot be loaded: {problem}") from problem
    return source


def _request(
    config: Config,
    warehouse: Warehouse,
    name: str,
    marker: str,
    now: datetime,
    progress: Callable[[int, int | None, str], None],
) -> Request:
    settings: dict[str, Any] = {"branch": config.branch, **config.sources.get(name, {})}
    if name == "git":
        settings["counters"] = config.counters
    if name in ("checklist", "claims") and config.documents:
        settings.setdefault("files", list(config.documents))
    return Request(
        project=config.name,
        root=config.root,
        repository=config.repository,
        settings=settings,
        marker=marker,
        now=now,
        stored=warehouse.rows,
        progress=progress,
        payloads=config.warehouse.parent / "payloads",
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    request: Request
    harvest: Harvest
    error: str = ""

    @property
    def is_quiet(self) -> bool:
        """Say whether there is nothing to store but the run itself."""
        h = self.harvest
        stored = (h.observations, h.commits, h.items, h.changed_items, h.extra, h.samples, h.deployments)
        return not (any(stored) or h.rewritten)

    def report(self, added: int = 0) -> SourceReport:
        h = self.harvest
        return SourceReport(self.name, not self.error, added, self.error, h.counts, tuple(h.warnings))


def _observe(name: str, request: Request) -> _Outcome:
    """Collect, with the warehouse closed. A failure keeps the old marker, so the next pull reads it again."""
    unread = Harvest(marker=request.marker)
    try:
        harvest = load_source(name).observe(request)
    except SourceError as problem:
        return _Outcome(name, request, unread, _clean(str(problem)))
    except Exception as problem:  # R17: a failing source never blocks the others
        message = " ".join(str(problem).split())
        return _Outcome(name, request, unread, _clean(f"source {name!r} failed: {type(problem).__name__}: {message}"))
    harvest.warnings = [_clean(warning) for warning in harvest.warnings]
    return _Outcome(name, request, harvest)


def _clean(message: str) -> str:
    """Messages of a source are shown, logged and stored: the address that a library quotes may hold a token (R18)."""
    from ingest.redaction import redact_text

    return redact_text(message)


def _store(warehouse: Warehouse, outcomes: Sequence[_Outcome]) -> list[SourceReport]:
    """Store each outcome in short transactions; the runs of quiet sources go into the last one together."""
    prepared = [(outcome, prepare(outcome.harvest)) for outcome in outcomes]
    small = [pair for pair in prepared if len(pair[1].steps) == 1]
    reports = [_store_in_steps(warehouse, *pair) for pair in prepared if len(pair[1].steps) > 1]
    if small:
        reports += warehouse.write(
            lambda connection: [_finish(connection, outcome, rows, begin_run(connection), 0) for outcome, rows in small]
        )
    return reports


def _store_in_steps(warehouse: Warehouse, outcome: _Outcome, rows: Prepared) -> SourceReport:
    """Many rows: a transaction a step, readers and other writers in between; the marker comes with the last rows.

    Killed in between, the rows that are there are no harm: the next pull reads from the old marker and finds them.
    """
    added, run = 0, 0
    while len(rows.steps) > rows.last_together:
        run, new = warehouse.write(partial(_store_step, outcome, rows, run))
        added += new
        del rows.steps[0]  # only now: a lake may have run the step twice, and kept it once
        sleep(_LET_IN_SECONDS)
    return warehouse.write(lambda connection: _finish(connection, outcome, rows, run or begin_run(connection), added))


def _store_step(outcome: _Outcome, rows: Prepared, run: int, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Store the first step; the number of the run, and how many observations were new."""
    run = run or begin_run(connection)
    request, step = outcome.request, rows.steps[0]
    return run, append(connection, request.project, outcome.name, run, request.now, step, rewritten=rows.rewritten)


def _finish(
    connection: duckdb.DuckDBPyConnection, outcome: _Outcome, rows: Prepared, run: int, before: int
) -> SourceReport:
    """The steps that are left, with the row of the run and its marker."""
    request = outcome.request
    if rows.rewritten:
        forget_superseded(connection, request.project, outcome.name)
    added = before + sum(
        append(connection, request.project, outcome.name, run, request.now, step, rewritten=rows.rewritten)
        for step in rows.steps
    )
    record_run(connection, _run_row(run, outcome, added))
    return outcome.report(added)


def store_harvest(warehouse: Warehouse, name: str, harvest: Harvest, now: datetime) -> SourceReport:
    """Store a harvest that no pull asked for: a figure recorded by hand, a sample."""
    request = Request(warehouse.project, Path(), Path(), {}, "", now, warehouse.rows)
    return _store(warehouse, [_Outcome(name, request, harvest)])[0]


def _run_row(run: int, outcome: _Outcome, added: int) -> dict[str, Any]:
    return {
        "id": run,
        "project": outcome.request.project,
        "source": outcome.name,
        "started_at": outcome.request.now,
        "finished_at": datetime.now(UTC),
        "status": "failed" if outcome.error else "ok",
        "error": outcome.error,
        # A marker may be long (the open boxes of every checklist): it is written again only when it changed.
        "marker": "" if outcome.harvest.marker == outcome.request.marker else outcome.harvest.marker,
        "replaces": outcome.harvest.rewritten,
        "rows_added": added,
        "counts": outcome.harvest.counts,
        "warnings": outcome.harvest.warnings,
    }
