"""Report files that are committed in the repository, read through the whole first-parent history."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NamedTuple

from ingest.counting.path_patterns import PathPatternError, PathPatterns
from ingest.observation import Evidence, Observation
from ingest.source import Harvest, Request, SourceError
from ingest.sources.git.changed_files import read_in_order
from ingest.sources.git.commit_clock import CommitClock
from ingest.sources.git.log import CommitLog, LogCommit, read_log
from ingest.sources.report_files.combine import EDITION, Combined, Origin, definition_of, report_files, store
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.sources.settings import checked
from ingest.transport.git_repo import GitRepository
from ingest.warehouse.payloads import PayloadStore

LARGEST_BYTES = 25_000_000
DELETED = "the file was deleted"
UNREADABLE = "this version of the file is missing or damaged in the clone"
NO_REPORT = "this version of the file is not a report of a known format"
TOO_LARGE = f"this version of the file has more than {LARGEST_BYTES:,} bytes"
KINDS = {DELETED: "deleted", UNREADABLE: "unreadable", NO_REPORT: "no-report", TOO_LARGE: "too-large"}
DEFAULTS = {"paths": list}
_RULES = "committed-3"


class FileVersion(NamedTuple):
    """A wanted file as a commit left it; `blob` is 0 when the commit took it away."""

    commit: LogCommit
    at: datetime
    path: str
    blob: int


@dataclass(slots=True)
class _Cursor:
    """What the next pull needs: how far, by which rules, the clock, and what each file gave last."""

    tip: str = ""
    shallow: str = ""
    rules: str = ""
    latest: int | None = None
    gives: dict[str, list[list[str]]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)  # versions that were missing or damaged

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        try:
            return cls(**json.loads(text)) if text else cls()
        except (ValueError, TypeError):
            return cls()


def _continues(repository: GitRepository, last: _Cursor, now: _Cursor) -> bool:
    """Whether the history goes on from where the last pull stopped, under the same rules."""
    same_rules = (last.shallow, last.rules) == (now.shallow, now.rules)
    return bool(last.tip) and same_rules and repository.continues(last.tip, now.tip)


def _series_of(parts: list[Combined], origin: Origin) -> list[list[str]]:
    """Metric, scope, unit and definition of what a file gives: unknown from the commit on that deletes it."""
    return [
        [figure.metric, origin.scoped(figure.scope), figure.unit, definition_of(part.reading)]
        for part in parts
        for figure in part.reading.figures
        if not figure.at
    ]


def _patterns(paths: list[str]) -> PathPatterns:
    try:
        return PathPatterns(paths)
    except PathPatternError as problem:
        raise SourceError(f"sources.committed.paths: {problem}") from None


class CommittedFiles:
    """The built-in source `committed`, configured by [sources.committed]."""

    name = "committed"

    def observe(self, request: Request) -> Harvest:
        """Read every version of the wanted files that is new since the cursor; a rewritten history is read again."""
        given = checked("sources.committed", request.settings, DEFAULTS)
        paths = list(filter(None, given["paths"]))
        if not paths:
            raise SourceError("sources.committed.paths: name at least one path or pattern, such as coverage/lcov.info")
        repository = GitRepository(request.repository)
        found = repository.tip(str(given["branch"]))
        if found is None:
            return Harvest(warnings=[f"{request.repository} has no commit yet: nothing to read"])
        last = _Cursor.parse(request.marker)
        rules = hashlib.sha256(json.dumps([_RULES, EDITION, paths]).encode()).hexdigest()[:16]
        now = _Cursor(found[1], repository.shallow_mark(), rules)
        is_healed = bool(last.unreadable) and repository.has_any_of(last.unreadable)
        if not is_healed and (last.tip, last.shallow, last.rules) == (now.tip, now.shallow, now.rules):
            return Harvest(marker=request.marker, counts={"versions": 0})
        goes_on = not is_healed and _continues(repository, last, now)
        if goes_on:
            now.latest, now.gives, now.unreadable = last.latest, last.gives, last.unreadable
            items = ItemLedger.load(request, self.name)
            return _HistoryReading(request, repository, paths, now, items).read(after=last.tip)
        reading = _HistoryReading(request, repository, paths, now, ItemLedger())
        reading.harvest.rewritten = bool(request.marker)
        return reading.read(after="")


class _HistoryReading:
    """One pass over the log and the blobs that matter."""

    def __init__(
        self, request: Request, repository: GitRepository, paths: list[str], cursor: _Cursor, items: ItemLedger
    ) -> None:
        self.request = request
        self.repository = repository
        self.cursor = cursor
        self.harvest = Harvest()
        self.payloads = PayloadStore(request.payloads)
        self.items = items
        self._wanted = _patterns(paths)
        self._exact = {path for path in paths if not any(sign in path for sign in "*?[")}
        self._passed_over: dict[str, int] = {}
        self._names: dict[int, bytes] = {}

    def read(self, after: str) -> Harvest:
        with self.repository.log(self.cursor.tip, after) as stream:
            history = read_log(stream, lambda *_: None)
        changes = list(self._changes(history))
        contents = self._contents(history, changes)
        for number, change in enumerate(changes, 1):
            self.request.progress(number, len(changes), "versions of committed files")
            self._observe(change, next(contents) if change.blob else b"")
        for _ in contents:  # its end is where git's own complaint, if there is one, is heard
            pass
        self._warn()
        if not changes and not after:
            self.harvest.warnings.append("sources.committed.paths: no file of that name was ever committed")
        self.items.hand_over(self.harvest)
        self.harvest.counts = {"versions": len(changes)}
        self.harvest.marker = json.dumps(asdict(self.cursor))
        return self.harvest

    def _warn(self) -> None:
        passed_over = sorted(self._passed_over.items(), key=lambda pair: -pair[1])
        self.harvest.warnings += [f"{times} versions of committed files {why}" for why, times in passed_over[:20]]
        speakers: dict[tuple[str, str], str] = {}
        for path, gives in sorted(self.cursor.gives.items()):
            for metric, scope, *_ in gives:
                other = speakers.setdefault((metric, scope), path)
                if other != path:
                    self.harvest.warnings.append(f"{other} and {path} both give {metric}: name one of them")
                    break

    def _changes(self, history: CommitLog) -> Iterator[FileVersion]:
        wanted = {place for place, path in enumerate(history.paths) if self._wanted.match(path)}
        clock = CommitClock(self.request.now, self.cursor.latest)
        for commit, changes in history.oldest_first():
            at = clock.observed_at(commit.seconds)
            for _, blob, place in changes:
                if place in wanted:
                    yield FileVersion(commit, at, history.paths[place], blob)
        self.cursor.latest = clock.latest

    def _contents(self, history: CommitLog, changes: list[FileVersion]) -> Iterator[bytes | None]:
        """Read each version in the order of history; None where the clone lacks the object."""
        self._names = {number: oid for oid, number in history.blobs.items()}
        order = [self._names[change.blob] for change in changes if change.blob]
        for _, content in read_in_order(self.repository, order, sys.maxsize):
            yield content

    def _pass_over(self, why: str) -> None:
        self._passed_over[why] = self._passed_over.get(why, 0) + 1

    def _observe(self, change: FileVersion, data: bytes | None) -> None:
        if not change.blob:
            self._observe_unknown(change, DELETED)
            self.cursor.gives.pop(change.path, None)
            return
        if data is None:
            self._pass_over("are missing or damaged in this clone")
            self._observe_unknown(change, UNREADABLE)
            self.cursor.unreadable.append(self._names[change.blob].decode())
            return
        if len(data) > LARGEST_BYTES:
            self._pass_over(f"have more than {LARGEST_BYTES:,} bytes")
            self._observe_unknown(change, TOO_LARGE)
            return
        files, warnings = report_files(data, change.path, lambda _: True)
        if not files:
            self._pass_over("have no known format")
            self._observe_unknown(change, NO_REPORT)
        for warning in warnings:
            self._pass_over(f"say: {warning}")
        sha = change.commit.sha
        # A file named exactly speaks for itself; of those that a pattern finds, each has its path in its scope.
        suffix = "" if change.path in self._exact else change.path
        group = f"committed:{sha}:{change.path}"
        origin = Origin("committed", change.at, sha, f"{sha}:", group, in_repository=True, suffix=suffix)
        parts = [Combined(file.reading, (file,)) for file in files]
        store(parts, origin, self.harvest, self.payloads, self.items)
        if files:
            self.cursor.gives[change.path] = _series_of(parts, origin)

    def _observe_unknown(self, change: FileVersion, reason: str) -> None:
        """What the file gave last is unknown from here on."""
        sha = change.commit.sha
        gives = self.cursor.gives.get(change.path, [])
        if not gives:
            return
        proof = Evidence(f"committed:{KINDS[reason]}:{sha}:{change.path}", f"{sha}:{change.path}", path=change.path)
        self.harvest.evidence.append(proof)
        self.harvest.observations += [
            Observation(metric, change.at, None, unit, scope, "measured", sha, proof.id, definition, reason)
            for metric, scope, unit, definition in gives
        ]
