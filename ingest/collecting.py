"""Asks the sources of a pull one after the other; those of a long history in processes beside the pull.

The sources of the repository (its history, its tree, checklists, claims) need minutes of a processor on a long history.
Then one process reads the history, and as soon as it has the log, another one follows tree and documents in it. Both
leave the processors to whoever reads pages. What they bring is handed over in the order of the sources, so that a pull
stores the same rows in the same order, whichever way they were read.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ingest.beside import Beside, can_start
from ingest.config import Config
from ingest.source import Harvest, LongHistoryError, OtherRepositoryError, Request, SharedLog, SourceError
from ingest.source_table import load_source
from ingest.warehouse.append import Prepared, prepare
from ingest.warehouse.door import open_warehouse

Progress = Callable[[int, int | None, str], None]
# What reads nothing but the repository, the history first: its log serves the others.
_OF_REPOSITORY = ("git", "tree", "checklist", "claims")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of a source brought, cleaned and ready to be stored, or why it failed."""

    name: str
    project: str
    started_at: datetime
    rows: Prepared
    marker: str  # empty: as it was
    error: str = ""
    is_quiet: bool = False  # there is nothing to store but the run itself
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CollectTask:
    """Sources to ask, in order, with the marker of each. A process beside the pull gets one, with its role."""

    config: Config
    names: Sequence[str]
    markers: Mapping[str, str]
    now: datetime
    defers: bool = False  # a long history is read in another process
    goes_ahead: bool = False  # once the log is there, another process reads the sources that follow
    log: tuple[tuple[object, ...], Any] | None = None  # of the commits, where it was read already


@dataclass(frozen=True, slots=True)
class _Heard:
    """A report of progress on its way to the pull."""

    name: str
    step: tuple[int, int | None, str]


class Collector(AbstractContextManager["Collector"]):
    """Collects the outcome of one source after the other, with the warehouse closed; ends the processes it started."""

    def __init__(self, task: CollectTask, progress: Callable[[str], Progress]) -> None:
        self._task = task
        self._progress = progress
        self._stored = open_warehouse(task.config.warehouse, task.config.name, task.config.lake).rows
        self._shared_log = SharedLog()
        if task.log is not None:
            self._shared_log.keep(*task.log)
        if task.goes_ahead:
            self._shared_log.on_kept = self._go_ahead
        self._defers = task.defers and can_start()
        self._running = ExitStack()
        self._beside: Beside | None = None
        self._read_beside: Sequence[str] = ()

    def __exit__(self, *problem: Any) -> None:
        """Leave no process behind."""
        self._running.__exit__(*problem)

    def collect(self, name: str) -> Outcome:
        """Ask one source. A failure keeps the old marker, so the next pull reads it again."""
        return self._collect(name, self._progress(name))

    def _collect(self, name: str, progress: Progress) -> Outcome:
        if name in self._read_beside and self._beside is not None:
            return self._brought(name, self._beside, progress)
        try:
            return observe(name, replace(self._request(name), progress=progress))
        except LongHistoryError:
            self._defers = False
            self._start(name, goes_ahead=True)
            return self._collect(name, progress)

    def _start(self, first: str, *, goes_ahead: bool = False) -> None:
        """Read the sources of the repository from `first` on in a process of its own, where one can be started."""
        names = [name for name in self._task.names[self._task.names.index(first) :] if name in _OF_REPOSITORY]
        log = (self._shared_log.key, self._shared_log.log) if self._shared_log.key else None
        task = replace(self._task, names=names, defers=False, goes_ahead=goes_ahead, log=log)
        try:
            beside = Beside("ingest.collecting:collect_beside", task)
        except OSError:  # no process can be started: all is read here, one source after the other
            return
        self._beside, self._read_beside = self._running.enter_context(beside), names

    def _go_ahead(self) -> None:
        """The log is there: what follows the source that read it needs nothing else of it."""
        self._shared_log.on_kept = None
        if len(self._task.names) > 1:
            self._start(self._task.names[1])

    def _brought(self, name: str, beside: Beside, progress: Progress) -> Outcome:
        """Wait for what the other process has found; where it was stopped, the sources after this one are read here."""
        for body in beside.messages():
            message = pickle.loads(body)  # noqa: S301 - from our own process
            if isinstance(message, _Heard):
                progress(*message.step)
            elif message.name == name:
                outcome: Outcome = message
                return outcome
        self._beside = None
        request = replace(self._request(name), progress=progress)
        if not (signal := beside.killed_by()):  # an interpreter that does not find us, for one
            return observe(name, request)
        why = f"the process that reads {name} was stopped (signal {signal}): pull again"
        return _failed(name, request, f"{why}; if it happens again, see whether memory runs out")

    def _request(self, name: str) -> Request:
        config = self._task.config
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
            marker=self._task.markers.get(name, ""),
            now=self._task.now,
            stored=self._stored,
            payloads=config.warehouse.parent / "payloads",
            shared_log=self._shared_log,
            defers=self._defers,
        )


def collect_beside(task: CollectTask, send: Callable[[bytes], None]) -> None:
    """Collect in this process, for the one that started it: `send` gets pickled outcomes, and progress between them."""

    def progress(name: str) -> Progress:
        return lambda *step: send(pickle.dumps(_Heard(name, step)))

    with Collector(task, progress) as collector:
        for name in task.names:
            send(pickle.dumps(collector.collect(name), pickle.HIGHEST_PROTOCOL))


def observe(name: str, request: Request) -> Outcome:
    """Collect from one source in this process; LongHistoryError where `request.defers`, or OtherRepositoryError."""
    try:
        harvest = load_source(name).observe(request)
    except (LongHistoryError, OtherRepositoryError):
        raise
    except SourceError as problem:
        return _failed(name, request, str(problem))
    except Exception as problem:  # a failing source never blocks the others
        message = " ".join(str(problem).split())
        return _failed(name, request, f"source {name!r} failed: {type(problem).__name__}: {message}")
    return outcome_of(name, request, harvest)


def outcome_of(name: str, request: Request, harvest: Harvest) -> Outcome:
    """What a source handed over, without credentials and as tables."""
    h = harvest
    stored = (h.observations, h.commits, h.items, h.changed_items, h.extra, h.samples, h.deployments)
    return Outcome(
        name=name,
        project=request.project,
        started_at=request.now,
        rows=prepare(harvest),
        # A marker may be long (the open boxes of every checklist): it is written again only when it changed.
        marker="" if h.marker == request.marker else h.marker,
        is_quiet=not (any(stored) or h.rewritten),
        counts=h.counts,
        warnings=[_clean(warning) for warning in h.warnings],
    )


def _failed(name: str, request: Request, why: str) -> Outcome:
    return replace(outcome_of(name, request, Harvest(marker=request.marker)), error=_clean(why))


def _clean(message: str) -> str:
    """Messages of a source are shown, logged and stored: the address that a library quotes may hold a token."""
    from ingest.redaction import redact_text

    return redact_text(message)
