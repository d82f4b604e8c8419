"""The contract of a source: what it is asked, what it hands over, how it fails; and which sources there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ingest.observation import Commit, Deployment, Evidence, Item, Observation, SampleSeries

ENTRY_POINT_GROUP = "tminus.sources"


class TMinusError(Exception):
    """A problem in one line: what was asked, what was found, what to do."""


class SourceError(TMinusError):
    """A source that cannot be read now. The pull records it and goes on with the others."""


class OtherRepositoryError(TMinusError):
    """The project was read from another repository: nothing of this one may be mixed in, so the whole pull ends."""


class LongHistoryError(Exception):
    """So many new commits that the pull reads them in a process of its own; raised where `Request.defers` asks."""


def ignore_progress(done: int, total: int | None, what: str) -> None:
    """The progress callback of those who do not watch."""


@dataclass(slots=True)
class SharedLog:
    """The last log that a source of this pull read, for the next source that needs the same commits.

    The pull owns it and passes it to every source in the request; it ends with the pull. `key` names the commits.
    `on_kept` hears of each log that a source has read.
    """

    key: tuple[object, ...] = ()
    log: Any = None
    on_kept: Callable[[], None] | None = None
    _derived: Any = None

    def keep(self, key: tuple[object, ...], log: Any) -> None:
        """Replace the log: one is kept, because a long history is large."""
        self.key, self.log, self._derived = key, log, None
        if self.on_kept is not None:
            self.on_kept()

    def get(self, key: tuple[object, ...]) -> Any:
        """The log of these commits; None when another one was read last."""
        return self.log if self.key == key else None

    def derived(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """What `make` computes of these commits: once for all sources that read their log."""
        if self.key != key:
            return make()
        if self._derived is None:
            self._derived = make()
        return self._derived


@dataclass(frozen=True, slots=True)
class Request:
    """What one run of a source is asked for.

    `settings` is the source's own table of the configuration; `marker` is what the source handed over in its last
    successful run ("" in the first); `now` is the pull's clock, so a source reads none of its own;
    `stored(name, *parameters)` runs a named query of the warehouse (rows as tuples; cast times to text or epoch in its
    SQL) for a source that has to remember more than its marker.
    """

    project: str
    root: Path  # folder of the configuration: relative paths start here
    repository: Path
    settings: Mapping[str, Any]
    marker: str
    now: datetime
    stored: Callable[..., list[tuple[Any, ...]]]
    progress: Callable[[int, int | None, str], None] = ignore_progress
    payloads: Path | None = None  # folder of raw payloads; None: they are not kept
    shared_log: SharedLog = field(default_factory=SharedLog)
    defers: bool = False  # a long history is not read here: LongHistoryError


@dataclass(slots=True)
class Harvest:
    """What one run of a source hands over; `pull` stores it with the marker in one transaction.

    `rewritten` says that everything was read again (a force-push, or a new counting rule): the stored observations,
    commits and items of the source are superseded by the ones handed over. `changed_items` are items stored before
    whose closing became known. `samples` are all that a service took, stored once each; `deployments` what tags or an
    API show, each `external` stored once. `extra` holds rows for tables that belong to the
    source alone (see schema.sql), by table name.
    """

    observations: list[Observation] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    changed_items: list[Item] = field(default_factory=list)
    samples: list[SampleSeries] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    extra: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    marker: str = ""
    rewritten: bool = False
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class Source(Protocol):
    """Brings evidence from one place. Built-in ones are listed in BUILT_IN; others come as entry points."""

    name: str

    def observe(self, request: Request) -> Harvest:
        """Read what is new since `request.marker`; raise SourceError when the place cannot be read."""
        ...
