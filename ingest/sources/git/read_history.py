"""Reads a history, whole or from where the last pull stopped, and hands it over as a harvest."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import IO

from ingest.counting.counters import Counter, parse_counters
from ingest.counting.markers import MARKERS
from ingest.counting.path_classes import LinguistAttributes, has_own_environment_name
from ingest.counting.versions import COMMENT_RULES, HISTORY_RULES, PATH_RULES
from ingest.source import Harvest, LongHistoryError, Request
from ingest.sources.git.blob_reader import BlobReader
from ingest.sources.git.blob_requests import BlobScan
from ingest.sources.git.blob_scanner import LARGEST_BYTES
from ingest.sources.git.commit_clock import CommitClock
from ingest.sources.git.cursor import GitCursor, dump_cursor
from ingest.sources.git.log import CommitLog, read_log
from ingest.sources.git.marker_tracking import Marker, MarkerBook, Moment
from ingest.sources.git.merged_authors import MergedSides, name_authors
from ingest.sources.git.replay import Replay, SeriesState
from ingest.sources.git.unread_types import unread_sentence, unread_types
from ingest.transport.git_repo import GitRepository

# Commits from which on two more processes pay; below, starting them takes longer than they save.
LONG_HISTORY = 3000
_PROGRESS_EVERY = 5000
_MOST_UNREADABLE = 5000  # names of unreadable file versions kept for the next pull
_ENVIRONMENT_SIGN = "/pyvenv.cfg"
_ATTRIBUTES = ".gitattributes"


def read_history(request: Request, repository: GitRepository, last: GitCursor, now: GitCursor) -> Harvest:
    """Read what is new when the new tip continues the old one under the same rules, else everything."""
    with _no_garbage_collection():
        return _read_history(request, repository, last, now)


def read_again(request: Request, repository: GitRepository, last: GitCursor, now: GitCursor) -> Harvest:
    """Read everything: a file version that was missing or damaged can be read now."""
    harvest = read_history(request, repository, replace(last, rules=""), now)
    harvest.warnings.append("file versions that could not be read before are there now: everything was read again")
    return harvest


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python from searching a million rows for cycles that are not there: a tenth of a first pull."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_history(request: Request, repository: GitRepository, last: GitCursor, now: GitCursor) -> Harvest:
    attributes = LinguistAttributes(repository.file_at(now.tip, _ATTRIBUTES))
    counters = parse_counters(request.settings.get("counters") or {})
    if _can_continue(repository, last, now):
        history, scan = _read(request, repository, counters, now.tip, last.tip)
        environments = environments_of(history, last.environments)
        now.definition = definition_of(attributes, environments)
        if now.definition == last.definition and not _began_without_date(last):
            return _harvest(request, repository, now, last, (history, scan), attributes, environments, counters)
    history, scan = _read(request, repository, counters, now.tip)
    environments = environments_of(history, [])
    now.definition = definition_of(attributes, environments)
    harvest = _harvest(request, repository, now, GitCursor(), (history, scan), attributes, environments, counters)
    harvest.rewritten = bool(last.tip)
    if last.tip and last.rules == now.rules:
        harvest.warnings.append(f"the history of {now.ref} changed behind {last.tip[:12]}: everything was read again")
    return harvest


def definition_of(attributes: LinguistAttributes, environments: Sequence[str]) -> str:
    """Name the version of the marker rules: the product's, with the attributes and environments of this tree."""
    text = "\n".join([*MARKERS, COMMENT_RULES, HISTORY_RULES, PATH_RULES, attributes.fingerprint(), *environments])
    return f"markers-1:{sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _can_continue(repository: GitRepository, last: GitCursor, now: GitCursor) -> bool:
    same_ground = last.tip and (last.rules, last.shallow) == (now.rules, now.shallow)
    return bool(same_ground) and repository.continues(last.tip, now.tip)


def _began_without_date(last: GitCursor) -> bool:
    """Say whether no stored commit has a plausible date yet: the first one that has dates those before it."""
    return last.series.get("latest") is None


def _read(
    request: Request, repository: GitRepository, counters: Sequence[Counter], tip: str, after: str = ""
) -> tuple[CommitLog, BlobScan]:
    """Run the log and the blob reader side by side: the log names blobs, the scan reads each once."""
    if request.defers and repository.has_commits(LONG_HISTORY, tip, after):
        raise LongHistoryError
    scan = BlobScan(counters)
    with BlobReader(repository, scan) as reader:
        with repository.log(tip, after) as log:
            history = _read_log(request, log, reader)
        request.shared_log.keep((repository.path, tip, after), history)  # while the files are still being scanned
        reader.finish()
    return history, scan


def _read_log(request: Request, log: IO[bytes], reader: BlobReader) -> CommitLog:
    """Read the log, asking for the blobs it names."""
    heard = 0

    def on_change(oid: bytes, blob: int, path: int, name: str) -> None:
        nonlocal heard
        reader.ask(oid, blob, path, name)
        heard += 1
        if heard % _PROGRESS_EVERY == 0:
            request.progress(heard, None, "file changes")

    return read_log(log, on_change)


def environments_of(history: CommitLog, known: Sequence[str]) -> list[str]:
    """Return the folders in which a pyvenv.cfg was ever committed and whose names alone do not show it."""
    folders = {path.removesuffix(_ENVIRONMENT_SIGN) for path in history.paths if path.endswith(_ENVIRONMENT_SIGN)}
    return sorted({*known, *(folder for folder in folders if not has_own_environment_name(folder))})


def _series_state(last: GitCursor, counters: Sequence[Counter]) -> SeriesState:
    """The series as the last pull left them, with a place for every counter."""
    state = SeriesState(**last.series)
    for counter in counters:
        state.counters.setdefault(counter.name, [0, 0, 0])
    return state


def _harvest(
    request: Request,
    repository: GitRepository,
    now: GitCursor,
    last: GitCursor,
    read: tuple[CommitLog, BlobScan],
    attributes: LinguistAttributes,
    environments: list[str],
    counters: Sequence[Counter],
) -> Harvest:
    """Replay what was read on top of what the last pull left."""
    history, scan = read
    state = _series_state(last, counters)
    book = MarkerBook()
    fresh = set(scan.counts)
    if last.tip:
        book.restore(_stored_markers(request))
        scan.counts.update(_stored_counts(request, history, counters))
    replay = Replay(state, book, counters, now.definition, repository.version(), environments, attributes or None)
    clock = CommitClock(request.now, state.latest, _first_plausible(history, request.now))
    sides: MergedSides = request.shared_log.derived(
        (repository.path, now.tip, last.tip),
        lambda: MergedSides.read(repository, history.commits, now.tip, last.tip),
    )
    replay.run(history, scan, clock, sides)
    now.environments, now.series = environments, asdict(state)
    now.unreadable = _sample(sorted({*last.unreadable, *(oid.decode() for oid in scan.found.missing)}))
    markers = [*book.closed, *chain.from_iterable(book.open.values())]
    name_authors(repository, history, sides, markers)
    return Harvest(
        observations=replay.observations,
        evidence=replay.evidence,
        commits=replay.commits,
        items=[marker.to_item() for marker in markers if not marker.stored],
        changed_items=[marker.to_item() for marker in markers if marker.stored and marker.changed],
        extra={"blob_scan": list(_counts_to_store(history, scan, counters, fresh))},
        marker=dump_cursor(now),
        warnings=[*_warnings(scan, clock, now), *_unread(repository, now.tip)],
        counts=_counts(history, scan, book),
    )


def _sample(oids: list[str]) -> list[str]:
    """Return at most so many of them, evenly chosen: whether a clone is whole again shows on a part."""
    step = max(1, -(-len(oids) // _MOST_UNREADABLE))
    return oids[::step]


def _stored_markers(request: Request) -> Iterator[Marker]:
    """Bring back the items that the last pull left open."""
    for row in request.stored("git_open_markers", request.project):
        number, label, text, path, line, scope, path_class, at, sha, author, merged_by = row
        opened = Moment(sha, datetime.fromtimestamp(at / 1_000_000, UTC), author, merged_by)
        yield Marker(number, label, text, path, line, scope, path_class, opened, stored=True)


def _stored_counts(request: Request, history: CommitLog, counters: Sequence[Counter]) -> dict[tuple[int, int], int]:
    """Bring back what counters found in the blobs that the new commits replaced or removed."""
    numbers = {counter.definition: number for number, counter in enumerate(counters) if counter.reads_bytes}
    replaced = set(history.old)
    oids = {oid.decode(): blob for oid, blob in history.blobs.items() if blob in replaced}
    if not numbers or not oids:
        return {}
    rows = request.stored("git_blob_counts", ",".join(numbers), ",".join(oids))
    return {(oids[oid], numbers[definition]): int(hits) for oid, definition, hits in rows}


def _counts_to_store(
    history: CommitLog, scan: BlobScan, counters: Sequence[Counter], keys: set[tuple[int, int]]
) -> Iterator[tuple[str, str, str]]:
    """Yield what the next pull may need: the hits of each blob that has any."""
    if not keys:
        return
    names = {blob: oid for oid, blob in history.blobs.items()}
    for blob, number in sorted(keys):
        yield names[blob].decode(), counters[number].definition, str(scan.counts[blob, number])


def _first_plausible(history: CommitLog, now: datetime) -> int | None:
    clock = CommitClock(now)
    return next((commit.seconds for commit in reversed(history.commits) if clock.is_plausible(commit.seconds)), None)


def _counts(history: CommitLog, scan: BlobScan, book: MarkerBook) -> dict[str, int]:
    return {
        "commits": len(history.commits),
        "file_changes": len(history.new),
        "blobs": scan.found.read,
        "blob_bytes": scan.found.read_bytes,
        "blobs_missing": len(scan.found.missing),
        "blobs_too_large": scan.found.large,
        "blobs_binary": scan.found.binary,
        "markers_open_in_code": book.totals[""],
        "markers_open_elsewhere": sum(len(kept) for kept in book.open.values()) - book.totals[""],
        "markers_closed": len(book.closed),
    }


def _unread(repository: GitRepository, tip: str) -> list[str]:
    return [sentence] if (sentence := unread_sentence(unread_types(repository, tip))) else []


def _warnings(scan: BlobScan, clock: CommitClock, now: GitCursor) -> list[str]:
    """Say in words what makes these figures less than complete."""
    found = []
    if scan.found.missing:
        found.append(
            f"{len(scan.found.missing):,} of {scan.found.read:,} file versions cannot be read: they are not in the"
            " clone (a partial clone?) or damaged; the figures they belong to are unknown until they can be read;"
            " `git fetch --refetch --no-filter` brings them"
        )
    if scan.found.large:
        found.append(
            f"{scan.found.large} file versions above {LARGEST_BYTES // 1_000_000} MB were taken for data and not read"
        )
    if now.shallow:
        found.append(
            "the clone is shallow: its first commit represents all before it; `git fetch --unshallow` brings the rest"
        )
    if clock.moved:
        found.append(
            f"{clock.moved} commit{' is' if clock.moved == 1 else 's are'} dated before an earlier commit, before 1971"
            " or in the future: such figures count from the latest plausible date before them"
        )
    return found
