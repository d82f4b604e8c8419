"""Commits of the main branch with the files they changed, and those files' bytes: shared by the document sources."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import IO, Any, NamedTuple

from ingest.source import Harvest, Request, SourceError
from ingest.sources.git.log import LogCommit
from ingest.sources.git.merged_authors import MergedSides
from ingest.transport.git_repo import GitRepository

LARGEST_BYTES = 2_000_000  # a larger file is data, no document
_MOST_UNREADABLE = 1000  # names of unreadable file versions kept for the next pull
_MOST_DAMAGED = 100  # more damaged file versions than this are a broken clone
_ENVIRONMENT_SIGN = "/pyvenv.cfg"


class ChangedFile(NamedTuple):
    """One file of one commit; an oid is b"" where there is no file on that side."""

    path: str
    old: bytes
    new: bytes


class CommitChanges(NamedTuple):
    """One commit with the changes that matter; `at` is the date that counts for it."""

    sha: str
    at: datetime
    author: str
    changes: list[ChangedFile]
    merge: LogCommit | None = None  # the commit itself, where it is a merge


@dataclass(slots=True)
class Cursor:
    """What a pull leaves for the next one; `state` is the source's own."""

    tip: str = ""
    shallow: str = ""
    rules: str = ""
    latest: int | None = None
    environments: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)  # file versions that were missing or damaged

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a stored cursor; an unreadable one counts as none, so that everything is read again."""
        try:
            return cls(**json.loads(text)) if text else cls()
        except (ValueError, TypeError):
            return cls()

    def dump(self) -> str:
        """Write the cursor as text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True)
class Walk:
    """New commits since the last pull, oldest first, and what the next pull needs to know."""

    repository: GitRepository
    steps: list[CommitChanges]
    cursor: Cursor
    state: dict[str, Any]
    is_continued: bool
    had_cursor: bool
    warnings: list[str]
    commits: int
    sides: MergedSides = field(default_factory=lambda: MergedSides({}))


# Decides by path and class (code, tests, docs, vendored, generated, backup) whether a file matters.
Wanted = Callable[[str, str], bool]


def start_walk(request: Request, rules: str, wanted: Wanted) -> Walk | Harvest:
    """Find what is new under these rules. Nothing new (or no commit yet) comes back as a harvest that is ready."""
    repository = GitRepository(request.repository)
    found = repository.tip(str(request.settings.get("branch") or ""))
    if found is None:
        return Harvest(marker="", warnings=[f"{request.repository} has no commit yet: nothing to read"])
    ref, tip = found
    last = Cursor.parse(request.marker)
    now = Cursor(tip, repository.shallow_mark(), rules)
    is_healed = bool(last.unreadable) and repository.has_any_of(last.unreadable)
    if not is_healed and (last.tip, last.shallow, last.rules) == (now.tip, now.shallow, now.rules):
        return Harvest(marker=request.marker, counts={"commits": 0})
    walk = None
    if not is_healed and last.latest is not None and _continues(repository, last, now):
        walk = _continued(request, repository, last, now, wanted)
    if walk is None:
        walk = _read(request, repository, Cursor(), now, wanted)
        walk.warnings += _why_read_again(ref, last, rules, is_healed=is_healed)
    walk.had_cursor = bool(last.tip)
    return walk


def _continues(repository: GitRepository, last: Cursor, now: Cursor) -> bool:
    """Whether the history goes on from where the last pull stopped, under the same rules."""
    same = bool(last.tip) and (last.shallow, last.rules) == (now.shallow, now.rules)
    return same and repository.continues(last.tip, now.tip)


def _continued(request: Request, repository: GitRepository, last: Cursor, now: Cursor, wanted: Wanted) -> Walk | None:
    """The new commits; None when a new environment folder changed the class of earlier files."""
    walk = _read(request, repository, last, now, wanted)
    if walk.cursor.environments != last.environments:
        return None
    walk.cursor.unreadable, walk.is_continued = list(last.unreadable), True
    return walk


def _why_read_again(ref: str, last: Cursor, rules: str, *, is_healed: bool) -> list[str]:
    if is_healed:
        return ["file versions that could not be read before are there now: everything was read again"]
    if last.tip and last.rules == rules:
        return [f"the history of {ref} changed behind {last.tip[:12]}: everything was read again"]
    return []


def finish(walk: Walk, harvest: Harvest) -> Harvest:
    """Put the cursor and the common figures into the harvest."""
    walk.cursor.state = walk.state
    harvest.marker = walk.cursor.dump()
    harvest.rewritten = walk.had_cursor and not walk.is_continued
    harvest.warnings += walk.warnings
    harvest.counts = {"commits": walk.commits, **harvest.counts}
    return harvest


def _read(request: Request, repository: GitRepository, last: Cursor, now: Cursor, wanted: Wanted) -> Walk:
    from ingest.counting.path_classes import LinguistAttributes, classify
    from ingest.sources.git.commit_clock import CommitClock

    history = _history(request, repository, now.tip, last.tip)
    environments = _environments(history.paths, last.environments)
    attributes = LinguistAttributes(repository.file_at(now.tip, ".gitattributes"))
    classes = [classify(path, environments, attributes if attributes.rules else None) for path in history.paths]
    matters = [wanted(path, kind) for path, kind in zip(history.paths, classes, strict=True)]
    clock = CommitClock(request.now, last.latest, _first_plausible(history, request.now))
    oids = [b"", *history.blobs]
    steps = []
    for commit, changes in history.oldest_first():
        at = clock.observed_at(commit.seconds)
        kept = [ChangedFile(history.paths[p], oids[old], oids[new]) for old, new, p in changes if matters[p]]
        steps.append(CommitChanges(commit.sha, at, commit.author, kept, commit if commit.others else None))
    cursor = Cursor(now.tip, now.shallow, now.rules, clock.latest, environments)
    sides = _sides(request, repository, history, steps, (now.tip, last.tip))
    return Walk(repository, steps, cursor, dict(last.state), False, False, [], len(steps), sides)


def _sides(
    request: Request, repository: GitRepository, history: Any, steps: Iterable[CommitChanges], ends: tuple[str, str]
) -> MergedSides:
    """Who wrote what merges brought; nothing is read where no merge brought a file that matters."""
    if not any(step.merge and step.changes for step in steps):
        return MergedSides({})
    sides: MergedSides = request.shared_log.derived(
        (repository.path, *ends), lambda: MergedSides.read(repository, history.commits, *ends)
    )
    return sides


def _history(request: Request, repository: GitRepository, tip: str, after: str) -> Any:
    """Read the raw log, unless another source of this pull just did."""
    from ingest.sources.git.log import read_log

    key = (repository.path, tip, after)
    history = request.shared_log.get(key)
    if history is None:
        with repository.log(tip, after) as stream:
            history = read_log(stream, lambda oid, blob, place, old: None)
        request.shared_log.keep(key, history)
    return history


def _environments(paths: Sequence[str], known: Sequence[str]) -> list[str]:
    from ingest.counting.path_classes import has_own_environment_name

    folders = {path.removesuffix(_ENVIRONMENT_SIGN) for path in paths if path.endswith(_ENVIRONMENT_SIGN)}
    return sorted({*known, *(folder for folder in folders if not has_own_environment_name(folder))})


def _first_plausible(history: Any, now: datetime) -> int | None:
    from ingest.sources.git.commit_clock import CommitClock

    clock = CommitClock(now)
    return next((commit.seconds for commit in reversed(history.commits) if clock.is_plausible(commit.seconds)), None)


def read_blobs(repository: GitRepository, oids: Iterable[bytes]) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield each file version once, in order; None where git has it not, or it is too large for a document."""
    yield from read_in_order(repository, list(dict.fromkeys(oid for oid in oids if oid)), LARGEST_BYTES)


def read_in_order(
    repository: GitRepository, wanted: Sequence[bytes], largest: int
) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield every file version asked for, in order; None where git cannot give it, or it is larger than `largest`."""
    for _ in range(_MOST_DAMAGED):
        read = 0
        with contextlib.suppress(_CutError):
            for answer in _read_until_cut(repository, wanted, largest):
                yield answer
                read += 1
            return
        yield wanted[read], None
        wanted = wanted[read + 1 :]
    raise SourceError(f"git stopped answering for files of {repository.path}: try `git fsck` there")


class _CutError(Exception):
    """git ended before it gave a file version: that one is damaged."""


def _read_until_cut(
    repository: GitRepository, wanted: Sequence[bytes], largest: int
) -> Iterator[tuple[bytes, bytes | None]]:
    if not wanted:
        return
    was_cut = False
    try:
        with repository.blobs() as (requests, answers):
            feeder = threading.Thread(target=_feed, args=(requests, wanted), daemon=True)
            feeder.start()
            for oid in wanted:
                try:
                    content = _answer(answers, largest)
                except _CutError:
                    was_cut = True
                    break
                yield oid, content
            feeder.join()
    except SourceError:
        if not was_cut:
            raise
    if was_cut:
        raise _CutError


def _feed(requests: IO[bytes], oids: Sequence[bytes]) -> None:
    try:
        requests.write(b"\n".join(oids) + b"\n")
        requests.close()
    except (OSError, ValueError):
        return  # git ended, or the reader left early: the reading side reports it


def _answer(answers: IO[bytes], largest: int) -> bytes | None:
    header = answers.readline()
    if not header.endswith(b"\n"):
        raise _CutError
    words = header.split()
    if len(words) != 3:
        return None
    size = int(words[2])
    if size <= largest:
        content = answers.read(size + 1)
        if len(content) <= size:
            raise _CutError
        return content[:-1]
    while size >= 0:
        chunk = len(answers.read(min(size + 1, 1 << 20)))
        if not chunk:
            raise _CutError
        size -= chunk
    return None


def versions(walk: Walk, earlier: Sequence[bytes] = ()) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield every file version that the walk's changes name, and these earlier ones, each once."""
    oids = (oid for step in walk.steps for c in step.changes for oid in (c.old, c.new))
    for oid, content in read_blobs(walk.repository, chain(earlier, oids)):
        note_unreadable(walk, oid, content)
        yield oid, content


def note_unreadable(walk: Walk, oid: bytes, content: bytes | None) -> None:
    """Keep the name of a file version that came without bytes, for the next pull to ask again."""
    if content is None and len(walk.cursor.unreadable) < _MOST_UNREADABLE:
        walk.cursor.unreadable.append(oid.decode())


def is_listed(path: str, patterns: Sequence[str]) -> bool:
    """Whether the path is one of the files or patterns that the configuration names."""
    from ingest.counting.path_patterns import PathPatternError, patterns_of

    try:
        return path in patterns or patterns_of(tuple(patterns)).match(path)
    except PathPatternError as problem:
        raise SourceError(f"the files of a source: {problem}") from None


def utc(seconds: float) -> datetime:
    """A stored moment."""
    return datetime.fromtimestamp(seconds, UTC)
