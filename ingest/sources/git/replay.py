"""Replays a history, oldest commit first, into observations, items and commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.counting.counters import COUNTED_CLASSES, Counter
from ingest.counting.markers import Hit
from ingest.counting.path_classes import Attributes, classify, component_of
from ingest.counting.syntax_by_name import has_comments
from ingest.observation import Commit, Evidence, Observation
from ingest.sources.git.blob_requests import BlobScan
from ingest.sources.git.blob_scanner import NO_MARKERS, Markers
from ingest.sources.git.commit_clock import CommitClock, moment_of
from ingest.sources.git.log import CommitLog
from ingest.sources.git.marker_tracking import FileChange, MarkerBook, Moment
from ingest.sources.git.merged_authors import MergedSides

_METRIC = "todo_count"
_LABEL_SCOPES = tuple(f"marker:{label}" for label in ("TODO", "FIXME", "HACK", "XXX"))


_NO_CODE = "no line of code in the tree"
_EMPTY_BLOBS = (
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)


def _cannot_be_read(paths: list[str]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"missing or damaged in the clone, so not counted: {min(paths)}{more}"


class Place(NamedTuple):
    """What the rules say of one path; `shares` are the counters it belongs to: (index, inside, of)."""

    path: str
    component: str
    path_class: str
    shares: tuple[tuple[int, bool, bool], ...]
    is_source: bool  # code with a comment syntax: a tree without such a file has no line of code

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes of todo_count in which the file's markers count."""
        if self.path_class == "code":
            return ("", self.component, *_LABEL_SCOPES)
        return (f"class:{self.path_class}",)


@dataclass(slots=True)
class SeriesState:
    """The state of the series between two pulls; stored in the marker as JSON."""

    position: int = 0
    latest: int | None = None
    scopes: dict[str, int | None] = field(default_factory=dict)  # the last value written, by scope of todo_count
    counters: dict[str, list[int]] = field(default_factory=dict)  # name -> hits, files inside, files of the whole
    written: dict[str, Any] = field(default_factory=dict)  # name -> the last figure written
    source_files: int = 0
    unreadable: dict[str, list[list[str]]] = field(default_factory=dict)  # path -> [scopes, names of counters]


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
    _unread: set[int] = field(default_factory=set)  # blobs that are missing or damaged
    _empty: int = -1

    def run(self, history: CommitLog, scan: BlobScan, clock: CommitClock, sides: MergedSides) -> None:
        """Replay all commits of the history."""
        self._places = [None] * len(history.paths)
        self._seen = bytearray(len(history.paths))
        self._unread = {history.blobs[oid] for oid in scan.found.missing if oid in history.blobs}
        self._empty = next((history.blobs[oid] for oid in _EMPTY_BLOBS if oid in history.blobs), -1)
        for commit, changes in history.oldest_first():
            at = clock.observed_at(commit.seconds)
            moment = Moment(commit.sha, at, commit.author)
            born = self._count_files(history, scan, changes)
            self._note_unreadable(history, scan, changes)
            self.book.apply(moment, self._marker_changes(history, scan, changes))
            self._write(moment, born)
            author, merged_by = sides.authors_of(commit)
            when = moment_of(commit.seconds)
            self.commits.append(Commit(commit.sha, self.state.position, when, author, commit.subject, merged_by))
            self.state.position += 1
        self.state.latest = clock.latest

    def _place(self, history: CommitLog, path: int) -> Place:
        place = self._places[path]
        if place is None:
            name = history.paths[path]
            path_class = classify(name, self.environments, self.attributes)
            place = self._places[path] = Place(
                *(name, component_of(name), path_class, self._shares(name, path_class)),
                is_source=path_class == "code" and has_comments(name),
            )
        return place

    def _shares(self, name: str, path_class: str) -> tuple[tuple[int, bool, bool], ...]:
        found = []
        for number, counter in enumerate(self.counters):
            if path_class in COUNTED_CLASSES or counter.kind == "list_length":
                inside, of = bool(counter.inside.match(name)), bool(counter.of.match(name))
                if inside or of:
                    found.append((number, inside, of))
        return tuple(found)

    def _count_files(self, history: CommitLog, scan: BlobScan, changes: list[tuple[int, int, int]]) -> set[str]:
        """Update the counters; return the scopes of files that are seen for the first time."""
        born: set[str] = set()
        for old, new, path in changes:
            place = self._places[path] or self._place(history, path)
            if new and not self._seen[path]:
                self._seen[path] = 1
                born.add(place.component if place.path_class == "code" else f"class:{place.path_class}")
            if place.is_source:
                self.state.source_files += (new not in (0, self._empty)) - (old not in (0, self._empty))
            for number, inside, of in place.shares:
                sums = self.state.counters[self.counters[number].name]
                step = bool(new) - bool(old)
                sums[2] += step if of else 0
                if inside:
                    sums[1] += step
                    sums[0] += scan.counts.get((new, number), 0) - scan.counts.get((old, number), 0)
        return born

    def _counters_reading(self, place: Place) -> list[str]:
        """The counters that read the bytes of the file."""
        reading = (self.counters[number] for number, inside, _ in place.shares if inside)
        return [counter.name for counter in reading if counter.reads_bytes]

    def _note_unreadable(self, history: CommitLog, scan: BlobScan, changes: list[tuple[int, int, int]]) -> None:
        """Keep the files of the tree whose bytes git cannot give, with the figures that are unknown by them."""
        if not self._unread and not self.state.unreadable:
            return
        for _, new, path in changes:
            place = self._places[path] or self._place(history, path)
            self.state.unreadable.pop(place.path, None)
            if new in self._unread:
                scopes = place.scopes() if scan.family(path) != "none" else ()
                self.state.unreadable[place.path] = [list(scopes), self._counters_reading(place)]

    def _carried(self, history: CommitLog, blob: int, changes: list[tuple[int, int, int]]) -> tuple[Hit, ...] | None:
        """Return the markers of an unreadable file that only changed its path in this commit."""
        for old, new, path in changes:
            if old == blob and not new:
                kept = self.book.open.get(history.paths[path], ())
                return tuple(Hit(marker.label, marker.text, marker.line) for marker in kept)
        return None

    def _marker_changes(
        self, history: CommitLog, scan: BlobScan, changes: list[tuple[int, int, int]]
    ) -> Iterable[FileChange]:
        """Yield the files of a commit that hold markers, or held some."""
        markers, open_now = scan.markers, self.book.open
        for _, new, path in changes:
            name = history.paths[path]
            found = markers.get((new, scan.family(path)), NO_MARKERS) if new else NO_MARKERS
            if new in self._unread:
                carried = self._carried(history, new, changes)
                if carried is None:
                    continue  # what is open there stays open: nobody knows otherwise
                found = Markers(carried, generated=False)
            if found.hits or name in open_now:
                place = self._place(history, path)
                generated = found.generated and place.path_class in {"code", "tests"}
                yield FileChange(name, found.hits, place.component, "generated" if generated else place.path_class)

    def _write(self, moment: Moment, born: set[str]) -> None:
        """Write the commit's figures: the total always, every other scope when its value changed or it is new."""
        evidence = f"git:{moment.sha}"
        self.evidence.append(Evidence(evidence, evidence, tool="git", tool_version=self.tool_version))
        written, totals = self.state.scopes, self.book.totals
        if not written:
            born |= set(_LABEL_SCOPES)
        unknown = self._unknown(born)
        self._write_markers(moment, evidence, "", totals[""], unknown.get("", ""))
        turned = {scope for scope, value in written.items() if (value is None) != (scope in unknown)}
        for scope in sorted((born | self.book.touched | turned | unknown.keys()) - {""}):
            value = None if scope in unknown else totals[scope]
            if scope not in written or written[scope] != value:
                self._write_markers(moment, evidence, scope, totals[scope], unknown.get(scope, ""))
        self.book.touched.clear()
        for counter in self.counters:
            self._write_counter(moment, evidence, counter)

    def _unknown(self, born: set[str]) -> dict[str, str]:
        """Return the scopes of todo_count that have no figure after this commit, each with the reason."""
        found: dict[str, str] = {}
        if not self.state.source_files and not self.book.totals[""]:
            of_code = {"", *born, *self.state.scopes}
            found = dict.fromkeys((scope for scope in of_code if not scope.startswith("class:")), _NO_CODE)
        paths: dict[str, list[str]] = {}
        for path, (scopes, _) in self.state.unreadable.items():
            for scope in scopes:
                paths.setdefault(scope, []).append(path)
        return found | {scope: _cannot_be_read(inside) for scope, inside in paths.items()}

    def _write_markers(self, moment: Moment, evidence: str, scope: str, count: int, reason: str) -> None:
        value = None if reason else float(count)
        self.state.scopes[scope] = None if reason else count
        self.observations.append(
            Observation(
                *(_METRIC, moment.at, value, "markers", scope, "measured", moment.sha, evidence, self.definition),
                reason,
            )
        )

    def _write_counter(self, moment: Moment, evidence: str, counter: Counter) -> None:
        value, reason = counter.figure(*self.state.counters[counter.name])
        if unread := [path for path, (_, names) in self.state.unreadable.items() if counter.name in names]:
            value, reason = None, _cannot_be_read(unread)
        if counter.name in self.state.written and self.state.written[counter.name] == value:
            return
        self.state.written[counter.name] = value
        self.observations.append(
            Observation(
                *(counter.metric, moment.at, value, counter.unit, counter.name, "measured", moment.sha, evidence),
                *(counter.definition, reason),
            )
        )
