"""Replays a history, oldest commit first, into observations, items and commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.counting.counters import COUNTED_CLASSES, Counter
from ingest.counting.path_classes import Attributes, classify, component_of
from ingest.observation import Commit, Evidence, Observation
from ingest.sources.git.blob_requests import BlobScan
from ingest.sources.git.blob_scanner import NO_MARKERS
from ingest.sources.git.commit_clock import CommitClock, moment_of
from ingest.sources.git.log import History
from ingest.sources.git.marker_tracking import FileChange, MarkerBook, Moment

_METRIC = "todo_count"
_LABEL_SCOPES = tuple(f"marker:{label}" for label in ("TODO", "FIXME", "HACK", "XXX"))


class Place(NamedTuple):
    """What the rules say of one path; `shares` are the counters it belongs to: (index, inside, of)."""

    path: str
    component: str
    path_class: str
    shares: tuple[tuple[int, bool, bool], ...]


@dataclass(slots=True)
class SeriesState:
    """Where the series stand between two pulls; stored in the marker as JSON."""

    position: int = 0
    latest: int | None = None
    scopes: dict[str, int] = field(default_factory=dict)  # the last value told, by scope of todo_count
    counters: dict[str, list[int]] = field(default_factory=dict)  # name -> hits, files inside, files of the whole
    told: dict[str, Any] = field(default_factory=dict)  # name -> the last figure told


@dataclass(slots=True)
class Replay:
    """Walks the commits and writes down what changed."""

    state: SeriesState
    book: MarkerBook
    counters: Sequence[Counter]
    definition: str
    tool_version: str
    environments: Sequence[str]
    attributes: Attributes | None
    observations: list[Observation] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    _places: list[Place | None] = field(default_factory=list)
    _seen: bytearray = field(default_factory=bytearray)

    def run(self, history: History, scan: BlobScan, clock: CommitClock) -> None:
        """Replay all commits of the history."""
        self._places = [None] * len(history.paths)
        self._seen = bytearray(len(history.paths))
        for commit, changes in history.oldest_first():
            at = clock.observed_at(commit.seconds)
            moment = Moment(commit.sha, at, commit.author)
            born = self._count_files(history, scan, changes)
            self.book.apply(moment, self._marker_changes(history, scan, changes))
            self._tell(moment, born)
            self.commits.append(
                Commit(commit.sha, self.state.position, moment_of(commit.seconds), commit.author, commit.subject)
            )
            self.state.position += 1
        self.state.latest = clock.latest

    def _place(self, history: History, path: int) -> Place:
        place = self._places[path]
        if place is None:
            name = history.paths[path]
            path_class = classify(name, self.environments, self.attributes)
            place = self._places[path] = Place(name, component_of(name), path_class, self._shares(name, path_class))
        return place

    def _shares(self, name: str, path_class: str) -> tuple[tuple[int, bool, bool], ...]:
        found = []
        for number, counter in enumerate(self.counters):
            if path_class in COUNTED_CLASSES or counter.kind == "list_length":
                inside, of = bool(counter.inside.match(name)), bool(counter.of.match(name))
                if inside or of:
                    found.append((number, inside, of))
        return tuple(found)

    def _count_files(self, history: History, scan: BlobScan, changes: list[tuple[int, int, int]]) -> set[str]:
        """Update the counters; return the scopes of files that are seen for the first time."""
        born: set[str] = set()
        for old, new, path in changes:
            place = self._places[path] or self._place(history, path)
            if new and not self._seen[path]:
                self._seen[path] = 1
                born.add(place.component if place.path_class == "code" else f"class:{place.path_class}")
            for number, inside, of in place.shares:
                sums = self.state.counters[self.counters[number].name]
                step = bool(new) - bool(old)
                sums[2] += step if of else 0
                if inside:
                    sums[1] += step
                    sums[0] += scan.counts.get((new, number), 0) - scan.counts.get((old, number), 0)
        return born

    def _marker_changes(
        self, history: History, scan: BlobScan, changes: list[tuple[int, int, int]]
    ) -> Iterable[FileChange]:
        """Yield the files of a commit that hold markers, or held some."""
        markers, open_now = scan.markers, self.book.open
        for _, new, path in changes:
            name = history.paths[path]
            found = markers.get((new, scan.family(path)), NO_MARKERS) if new else NO_MARKERS
            if found.hits or name in open_now:
                place = self._place(history, path)
                generated = found.generated and place.path_class in {"code", "tests"}
                yield FileChange(name, found.hits, place.component, "generated" if generated else place.path_class)

    def _tell(self, moment: Moment, born: set[str]) -> None:
        """Write the commit's figures: the total always, every other scope when its value changed or it is new."""
        evidence = f"git:{moment.sha}"
        self.evidence.append(Evidence(evidence, evidence, tool="git", tool_version=self.tool_version))
        told, totals = self.state.scopes, self.book.totals
        if not told:
            born |= set(_LABEL_SCOPES)
        self._tell_markers(moment, evidence, "", totals[""])
        for scope in sorted((born | self.book.touched) - {""}):
            if told.get(scope) != totals[scope]:
                self._tell_markers(moment, evidence, scope, totals[scope])
        self.book.touched.clear()
        for counter in self.counters:
            self._tell_counter(moment, evidence, counter)

    def _tell_markers(self, moment: Moment, evidence: str, scope: str, value: int) -> None:
        self.state.scopes[scope] = value
        self.observations.append(
            Observation(
                *(_METRIC, moment.at, float(value), "markers", scope, "measured", moment.sha, evidence, self.definition)
            )
        )

    def _tell_counter(self, moment: Moment, evidence: str, counter: Counter) -> None:
        value, reason = counter.figure(*self.state.counters[counter.name])
        if counter.name in self.state.told and self.state.told[counter.name] == value:
            return
        self.state.told[counter.name] = value
        self.observations.append(
            Observation(
                *(counter.metric, moment.at, value, counter.unit, counter.name, "measured", moment.sha, evidence),
                *(counter.definition, reason),
            )
        )
