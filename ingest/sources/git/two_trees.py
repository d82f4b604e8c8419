"""Counts the trees of two commits and follows the markers from one to the other, without the history between them.

It needs the objects of the two commits alone, so it works on shallow clones, for merges, and for commits that are not
on the main branch. Each tree is counted under its own rules (`.gitattributes`, environments, counters): where those
differ, so do the definitions of the figures, and nobody compares them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import IO, Any, NamedTuple

from ingest.counting.counters import Counter, parse_counters
from ingest.counting.path_classes import LinguistAttributes
from ingest.observation import Item, Observation
from ingest.source import Request, SharedLog, Source, SourceError
from ingest.sources.git.blob_reader import BlobReader
from ingest.sources.git.blob_requests import BlobScan
from ingest.sources.git.commit_clock import CommitClock
from ingest.sources.git.log import CommitLog, read_log
from ingest.sources.git.marker_tracking import MarkerBook
from ingest.sources.git.merged_authors import MergedSides
from ingest.sources.git.read_history import definition_of, environments_of
from ingest.sources.git.replay import Replay, SeriesState
from ingest.transport.git_repo import GitRepository

_ATTRIBUTES = ".gitattributes"
_TREE_OPTIONS = ("-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv")


@dataclass(slots=True)
class TwoTrees:
    """Observations of each commit by the name of their source, and the markers that the second one opens and closes."""

    base: dict[str, list[Observation]] = field(default_factory=dict)
    head: dict[str, list[Observation]] = field(default_factory=dict)
    opened: list[Item] = field(default_factory=list)
    closed: list[Item] = field(default_factory=list)
    missing: int = 0  # file versions that are not in the clone: what they hold is unknown


class _Rules(NamedTuple):
    """What decides the figures of one tree."""

    attributes: LinguistAttributes
    environments: list[str]
    counters: Sequence[Counter]
    definition: str

    def key(self) -> tuple[str, ...]:
        return (self.definition, *sorted(counter.definition for counter in self.counters))


def compare_trees(
    request: Request, base: str, head: str, base_counters: Mapping[str, Any], sources: Sequence[Source]
) -> TwoTrees:
    """Count the trees of two commits (full hashes); `base_counters` are those of the configuration at `base`.

    `sources` are those beside git that follow the files of the main branch. SourceError: a commit or its tree is not
    in the clone.
    """
    repository = GitRepository(request.repository)
    before = _one(request, repository, base, base_counters, sources)
    after = _one(request, repository, head, request.settings.get("counters") or {}, sources)
    found = TwoTrees(before.observations, after.observations, missing=max(before.missing, after.missing))
    if base != head:
        found.opened, found.closed = _markers(request, repository, (base, head), after.rules)
    return found


class _Counted(NamedTuple):
    observations: dict[str, list[Observation]]
    rules: _Rules
    missing: int


def _one(
    request: Request, repository: GitRepository, commit: str, counters: Mapping[str, Any], sources: Sequence[Source]
) -> _Counted:
    """One tree under its own rules, by the sources that count trees."""
    parsed = parse_counters(counters)
    history, scan = _read(repository, [("", commit)], parsed)
    rules = _rules(repository, history, commit, parsed)
    replay = _replay(request, repository, history, scan, rules)
    shared = SharedLog()
    shared.keep((repository.path, commit, ""), history)
    settings = {key: value for key, value in request.settings.items() if key != "counters"}
    alone = replace(request, settings={**settings, "branch": commit}, marker="", shared_log=shared)
    observed = {source.name: source.observe(alone).observations for source in sources}
    return _Counted({"git": replay.observations, **observed}, rules, len(scan.found.missing))


def _rules(repository: GitRepository, history: CommitLog, commit: str, counters: Sequence[Counter]) -> _Rules:
    attributes = LinguistAttributes(repository.file_at(commit, _ATTRIBUTES))
    environments = environments_of(history, [])
    return _Rules(attributes, environments, counters, definition_of(attributes, environments))


def _markers(
    request: Request, repository: GitRepository, pair: tuple[str, str], rules: _Rules
) -> tuple[list[Item], list[Item]]:
    """Markers that the second commit opens and closes, by its rules in both trees."""
    base, head = pair
    history, scan = _read(repository, [("", base), (base, head)], rules.counters)
    replay = _replay(request, repository, history, scan, rules)
    book = replay.book
    fresh = [marker for marker in chain.from_iterable(book.open.values()) if marker.opened.sha == head]
    return [marker.to_item() for marker in fresh], [marker.to_item() for marker in book.closed]


def _replay(request: Request, repository: GitRepository, history: CommitLog, scan: BlobScan, rules: _Rules) -> Replay:
    state = SeriesState(counters={counter.name: [0, 0, 0] for counter in rules.counters})
    attributes = rules.attributes or None
    version = repository.version()
    replay = Replay(state, MarkerBook(), rules.counters, rules.definition, version, rules.environments, attributes)
    replay.run(history, scan, CommitClock(request.now), MergedSides({}))
    return replay


def _read(
    repository: GitRepository, steps: Sequence[tuple[str, str]], counters: Sequence[Counter]
) -> tuple[CommitLog, BlobScan]:
    """The steps (from tree, to commit), oldest first, as the log of a history of just these commits."""
    scan = BlobScan(counters)
    with BlobReader(repository, scan) as reader:
        history = read_log(_stream(repository, steps), reader.ask)
        reader.finish()
    return history, scan


def _stream(repository: GitRepository, steps: Sequence[tuple[str, str]]) -> IO[bytes]:
    """The form of `git log --raw -z`, newest first: a header of five fields a commit, then its changes."""
    return io.BytesIO(b"".join(chain.from_iterable(_step(repository, *step) for step in reversed(steps))))


def _step(repository: GitRepository, parent: str, commit: str) -> Iterator[bytes]:
    described = repository.read(
        "show", "-s", "--no-mailmap", "--encoding=UTF-8", "--format=%ct%x00%an%x00%s", commit, "--"
    )
    facts = described.rstrip(b"\n").split(b"\0")
    if len(facts) != 3:
        raise SourceError(how_to_fetch(repository.path, commit))
    yield b"\0".join([b"\x01" + commit.encode(), parent.encode(), *facts]) + b"\0"
    yield repository.checked("diff-tree", *_TREE_OPTIONS, parent or repository.empty_tree(), commit, "--")


def how_to_fetch(place: object, commit: str) -> str:
    """What to do when a commit is not in the clone."""
    return (
        f"commit {commit[:12]} is not in the clone {place} (a shallow one?): "
        f"run `git fetch --depth=1 origin {commit}`, or clone with more history (fetch-depth: 0)"
    )
