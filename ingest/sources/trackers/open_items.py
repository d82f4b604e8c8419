"""Searches as counts with items: how many are open, how old the oldest one is, and which came and went."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ingest.observation import CATALOGUE, Evidence, Item, Observation
from ingest.readers.contract import one_line
from ingest.source import Harvest, Request, SourceError
from ingest.sources.report_files.item_ledger import series_key, stored_items
from ingest.sources.settings import checked
from ingest.transport.failures import PostponedError, UnreachableError

_SECONDS = {"hours": 3600.0, "days": 86_400.0}


class Counted(NamedTuple):
    """What a search counts: the metrics of the number and of the oldest age, and the kind of its items."""

    number: str
    oldest: str
    kind: str


# Editions of what counts as open: Jira's done issues and planned work of a status page counted in the first.
_EDITIONS: Mapping[str, int] = {"jira": 2, "status_page": 2}

COUNTED: Mapping[str, Counted] = {
    "issues": Counted("issues_open_count", "issue_oldest_days", "issue"),
    "incidents": Counted("incidents_open_count", "incident_oldest_hours", "incident"),
}


class Tracked(NamedTuple):
    """One open thing as its service shows it; `opened` is None where the service states no date."""

    key: str
    title: str
    url: str
    opened: datetime | None
    label: str = ""


class Found(NamedTuple):
    """A whole answer: everything that is open, and the bytes or rows that show it."""

    items: Sequence[Tracked]
    digest: str
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """One question: the words as they are asked, the scope of its figures, and the page where a person sees it."""

    words: str
    scope: str
    counts: str
    page: str = ""

    def series(self) -> str:
        """What the ids of its items begin with: other words are another question."""
        return series_key(f"{self.counts}|{self.scope}|{self.words}")


def searches(source: str, given: Mapping[str, Any], key: str, *, required: bool = True) -> list[Search]:
    """The tables [[sources.NAME.search]]; `key` holds the words. SourceError lists all problems."""
    found: list[Search] = []
    problems: list[str] = []
    for number, table in enumerate(given["search"]):
        where = f"sources.{source}.search[{number}]"
        try:
            values = checked(where, table, {key: str, "scope": "", "counts": "issues"})
        except SourceError as problem:
            problems.append(str(problem))
            continue
        if values["counts"] not in COUNTED:
            problems.append(f"{where}.counts: must be one of {', '.join(COUNTED)}, found {values['counts']!r}")
        elif any((values["counts"], values["scope"]) == (one.counts, one.scope) for one in found):
            problems.append(f"{where}.scope: {values['scope']!r} is used twice; give each search a scope of its own")
        else:
            found.append(Search(" ".join(values[key].split()), values["scope"], values["counts"]))
    if required and not found and not problems:
        problems.append(f"sources.{source}.search: missing; write a [[sources.{source}.search]] table per search")
    if problems:
        raise SourceError("; ".join(problems))
    return found


@dataclass(slots=True)
class OpenItems:
    """The open items of one source, over its pulls.

    An item that is there at the first reading was opened when its service says so. One that joins a search later was
    opened, for that search, after the last whole reading: a label may be given long after an issue was written. An item
    that a later whole answer does not have is closed.
    """

    source: str
    request: Request
    harvest: Harvest = field(default_factory=Harvest)
    _open: dict[str, Item] = field(default_factory=dict)
    _read_at: dict[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _postponed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        request = self.request
        self._open = {item.id: item for item in stored_items(request.stored, request.project, self.source)}
        with contextlib.suppress(ValueError, TypeError):  # the first pull, or a damaged marker
            self._read_at = {str(name): str(at) for name, at in json.loads(request.marker or "{}").items()}

    def failed(self, search: Search, problem: SourceError) -> None:
        """A search without a whole answer: unknown when the service refused, untouched when it could not be reached."""
        self._asked.add(search.series())
        words = f"{search.scope or search.counts}: {problem}"
        self.harvest.warnings.append(words)
        if isinstance(problem, PostponedError | UnreachableError):
            self._postponed.append(words)
            return
        proof = self._proof(search, "", str(problem))
        for metric in COUNTED[search.counts][:2]:
            self._add(search, metric, None, proof.id, str(problem))

    def read(self, search: Search, found: Found, *, with_items: bool = True) -> None:
        """Store the number, the oldest age and the items of a whole answer; without items for a part of another one."""
        self._asked.add(search.series())
        self.harvest.warnings += found.warnings
        number, oldest, _ = COUNTED[search.counts]
        proof = self._proof(search, found.digest)
        self._add(search, number, float(len(found.items)), proof.id)
        self._add(search, oldest, *_oldest(found.items, self.request.now, CATALOGUE[oldest].unit, proof.id))
        if with_items:
            self._compare(search, {self._id(search, item): item for item in found.items})
        self._read_at[search.series()] = self.request.now.isoformat()

    def hand_over(self) -> Harvest:
        """The harvest with its marker; SourceError when no search could be asked at all."""
        if self._postponed and len(self._postponed) == len(self._asked):
            raise SourceError("; ".join(self._postponed))
        self._forget_other_searches()
        self.harvest.marker = json.dumps(self._read_at, sort_keys=True)
        self.harvest.counts["searches"] = len(self._asked)
        return self.harvest

    def _forget_other_searches(self) -> None:
        """Close what belongs to a search that is not configured any more: nobody would ever close it."""
        left = [item for key, item in self._open.items() if key.partition(":")[0] not in self._asked]
        self.harvest.items += [item._replace(closed_at=self.request.now) for item in left]
        self._read_at = {name: at for name, at in self._read_at.items() if name in self._asked}
        if left:
            self.harvest.warnings.append(f"{len(left)} items of searches that are not configured any more are closed")

    def _compare(self, search: Search, found: Mapping[str, Tracked]) -> None:
        prefix = f"{search.series()}:"
        for key, tracked in found.items():
            item = self._item(search, key, tracked)
            if self._open.get(key) != item:
                self.harvest.items.append(item)
        gone = [item for key, item in self._open.items() if key.startswith(prefix) and key not in found]
        self.harvest.items += [item._replace(closed_at=self.request.now) for item in gone]

    def _item(self, search: Search, key: str, tracked: Tracked) -> Item:
        known = self._open.get(key)
        opened = known.opened_at if known else self._opened(search, tracked)
        return Item(
            id=key,
            kind=COUNTED[search.counts].kind,
            label=one_line(tracked.label or search.scope, 60),
            text=one_line(tracked.title or tracked.key),
            path=web_address(tracked.url),
            line=None,
            scope=search.scope,
            path_class="code",
            opened_at=opened,
        )

    def _opened(self, search: Search, tracked: Tracked) -> datetime:
        """When the item began to belong to the search."""
        opened = min(tracked.opened or self.request.now, self.request.now)
        before = self._read_at.get(search.series())
        with contextlib.suppress(ValueError, TypeError):
            opened = max(opened, min(datetime.fromisoformat(before or ""), self.request.now))
        return opened.astimezone(UTC)

    def _id(self, search: Search, tracked: Tracked) -> str:
        return f"{search.series()}:{hashlib.sha256(tracked.key.encode()).hexdigest()[:20]}"

    def _proof(self, search: Search, digest: str, reason: str = "") -> Evidence:
        identity = hashlib.sha256(f"{search.series()}|{search.page}|{digest}|{reason}".encode()).hexdigest()[:20]
        proof = Evidence(f"{self.source}:{identity}", search.page, digest, self.source, excerpt=one_line(search.words))
        self.harvest.evidence.append(proof)
        return proof

    def _add(self, search: Search, metric: str, value: float | None, evidence: str, reason: str = "") -> None:
        edition = _EDITIONS.get(self.source, 1)
        definition = f"{self.source}-{edition}:{hashlib.sha256(search.words.encode()).hexdigest()[:8]}"
        now, unit = self.request.now, CATALOGUE[metric].unit
        self.harvest.observations.append(
            Observation(metric, now, value, unit, search.scope, "measured", "", evidence, definition, reason)
        )


def web_address(url: str) -> str:
    """The address where it is one of the web, else nothing: what a service sends becomes a link on a page."""
    return url if urlsplit(url).scheme in ("http", "https") and url.isprintable() else ""


def _oldest(items: Sequence[Tracked], now: datetime, unit: str, evidence: str) -> tuple[float | None, str, str]:
    """Value, evidence and reason: the age of the oldest; 0 while nothing is open, since nothing is older than that."""
    undated = sum(item.opened is None for item in items)
    if undated:
        return None, evidence, f"{undated} of {len(items)} have no date"
    ages = [(now - item.opened).total_seconds() for item in items if item.opened]
    return max([0.0, *ages]) / _SECONDS[unit], evidence, ""
