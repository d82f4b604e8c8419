"""Who wrote what a merge brought: the authors of the commits between a merge and its first parent.

The series follows first parents, so a line that came with a merge (a marker, a checkbox, a claim) appears in the merge
commit. Its author is the author of the merged commit that wrote it, found by following the line back from the merge
through the versions of its file; the author of the merge commit merged it.
"""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from ingest.counting.markers import find_markers
from ingest.counting.syntax_by_name import family_of
from ingest.sources.git.log import CommitLog, LogCommit
from ingest.sources.git.marker_tracking import Marker
from ingest.transport.git_repo import GitRepository

_NAMED = 2  # authors of a merge that are named; the others are counted


class _Commit(NamedTuple):
    parents: tuple[str, ...]
    author: str


# The (label, text) of every line of a kind in a file version; the path says how the bytes are read.
Finder = Callable[[bytes, str], Iterable[tuple[str, str]]]


class LineKey(NamedTuple):
    """A line of a kind as a file shows it: a marker with its word, a box, a claim."""

    path: str
    label: str
    text: str
    line: int


@dataclass(slots=True)
class MergedSides:
    """The merged commits of a stretch of history: commit -> (parents, author), and each one's merge."""

    commits: Mapping[str, _Commit]
    merge_of: dict[str, str] = field(default_factory=dict)
    sides: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, repository: GitRepository, line: Sequence[LogCommit], tip: str, after: str) -> MergedSides:
        """Read the graph of `after..tip`; `line` is its first-parent part, newest first. No merge: nothing is read."""
        merges = [commit for commit in reversed(line) if commit.others]
        if not merges:
            return cls({})
        sides = cls(dict(_graph(repository, tip, after)))
        seen = {commit.sha for commit in line}
        for merge in merges:
            sides._assign(merge, seen)
        return sides

    def _assign(self, merge: LogCommit, seen: set[str]) -> None:
        """Give a merge all commits that no earlier one brought."""
        waiting, found = deque(merge.others), []
        while waiting:
            sha = waiting.popleft()
            commit = self.commits.get(sha)
            if sha in seen or commit is None:
                continue
            seen.add(sha)
            found.append(sha)
            self.merge_of[sha] = merge.sha
            waiting.extend(commit.parents)
        self.sides[merge.sha] = found

    def authors_of(self, commit: LogCommit) -> tuple[str, str]:
        """Return (authors, merged by): of a merge the authors of its commits, most commits first, and its own."""
        side = [self.commits[sha] for sha in self.sides.get(commit.sha, ())]
        counted = Counter(one.author for one in side if len(one.parents) < 2) or Counter(one.author for one in side)
        if not counted:
            return commit.author, ""
        names = sorted(counted, key=lambda name: (-counted[name], name))
        rest = len(names) - _NAMED
        others = [f"{rest} other{'s' if rest > 1 else ''}"] if rest > 0 else []
        shown = [*names[:_NAMED], *others]
        return (" and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]), commit.author


def _graph(repository: GitRepository, tip: str, after: str) -> Iterator[tuple[str, _Commit]]:
    text = repository.read(
        "log", "--no-mailmap", "--no-show-signature", "--encoding=UTF-8", "-z", "--format=%H%x01%P%x01%an", tip,
        *([f"^{after}"] if after else []), "--",
    )  # fmt: skip
    for entry in text.split(b"\0"):
        sha, _, rest = entry.partition(b"\1")
        parents, _, author = rest.partition(b"\1")
        if sha:
            yield sha.decode(), _Commit(tuple(parents.decode().split()), author.decode("utf-8", "replace"))


class LineAuthors(contextlib.AbstractContextManager["LineAuthors"]):
    """Finds who wrote and who removed lines of a kind inside merges; starts git when it is first asked."""

    def __init__(self, repository: GitRepository, sides: MergedSides, find: Finder) -> None:
        self._repository = repository
        self._sides = sides
        self._find = find
        self._running = contextlib.ExitStack()
        self._pipes: dict[str, tuple[IO[bytes], IO[bytes]]] = {}
        self._oids: dict[tuple[str, str], bytes] = {}
        self._found: dict[tuple[bytes, str], Counter[tuple[str, str]]] = {}
        self._renames: dict[tuple[str, str], dict[str, str]] = {}

    def __exit__(self, *problem: object) -> bool | None:
        """Stop git."""
        return self._running.__exit__(None, None, None)

    def writer(self, merge: LogCommit, marker: LineKey) -> str:
        """Return the author of the merged commit that wrote the marker; the merge's own where it wrote it itself."""
        at, path = merge.sha, marker.path
        parents: Sequence[str] = merge.others
        while True:
            count = self._count(at, path, marker)
            following = self._origin(at, parents, path, marker, count)
            if following is None:
                partly = any(0 < self._count(parent, path, marker) < count for parent in parents)
                return (partly and self._blamed(merge, marker)) or self._author(at, merge)
            at, path = following
            if at not in self._sides.commits:
                return merge.author
            parents = self._sides.commits[at].parents

    def _origin(
        self, at: str, parents: Sequence[str], path: str, marker: LineKey, count: int
    ) -> tuple[str, str] | None:
        """Return the (parent, path) from which the commit took the marker; None: it wrote it."""
        for parent in parents:
            if self._count(parent, path, marker) >= count > 0:
                return parent, path
        for parent in parents:
            source = "" if self._oid(parent, path) else self._renamed(parent, at).get(path, "")
            if source and self._count(parent, source, marker) >= count > 0:
                return parent, source
        return None

    def remover(self, merge: LogCommit, marker: LineKey) -> str:
        """Return the author of the newest merged commit that removed the marker; the merge's own if none did."""
        side = set(self._sides.sides.get(merge.sha, ()))
        waiting, seen = deque(merge.others), set(merge.others)
        left = self._count(merge.sha, marker.path, marker)
        while waiting:
            sha = waiting.popleft()
            if sha not in side or self._count(sha, marker.path, marker) > left:
                continue  # the branch still has it: the merge or another branch removed it
            parents = self._sides.commits[sha].parents
            if parents and all(self._count(parent, marker.path, marker) > left for parent in parents):
                return self._author(sha, merge)
            waiting.extend(parent for parent in parents if parent not in seen)
            seen.update(parents)
        return merge.author

    def _author(self, sha: str, merge: LogCommit) -> str:
        return merge.author if sha == merge.sha else self._sides.commits[sha].author

    def _count(self, commit: str, path: str, marker: LineKey) -> int:
        """Return how many lines of this label and text the file has in the commit."""
        oid = self._oid(commit, path)
        if not oid:
            return 0
        if (oid, path) not in self._found:
            self._found[oid, path] = Counter(self._find(self._content(oid), path))
        return self._found[oid, path][marker.label, marker.text]

    def _oid(self, commit: str, path: str) -> bytes:
        """Return the file's blob in the commit; b"" where there is none."""
        if (commit, path) not in self._oids:
            name = path.encode("utf-8", "surrogateescape")
            answer = b"" if b"\n" in name else self._ask("--batch-check", commit.encode() + b":" + name)
            words = answer.split()
            is_file = len(words) == 3 and words[1] == b"blob"
            self._oids[commit, path] = words[0] if is_file else b""
        return self._oids[commit, path]

    def _content(self, oid: bytes) -> bytes:
        """Return a blob's bytes; b"" for one that is not in the clone."""
        words = self._ask("--batch", oid).split()
        if len(words) != 3:
            return b""
        return self._pipes["--batch"][1].read(int(words[2]) + 1)[:-1]

    def _ask(self, kind: str, question: bytes) -> bytes:
        if kind not in self._pipes:
            self._pipes[kind] = self._running.enter_context(self._repository.answers("cat-file", kind))
        requests, answers = self._pipes[kind]
        requests.write(question + b"\n")
        requests.flush()
        return answers.readline()

    def _renamed(self, parent: str, commit: str) -> dict[str, str]:
        """Return new path -> old path of the files that a commit renamed."""
        if (parent, commit) not in self._renames:
            text = self._repository.read(
                "diff-tree", "-r", "-M", "-z", "--name-status", "--diff-filter=R", parent, commit, "--"
            )
            words = [word.decode("utf-8", "backslashreplace") for word in text.split(b"\0")]
            self._renames[parent, commit] = dict(zip(words[2::3], words[1::3], strict=False))
        return self._renames[parent, commit]

    def _blamed(self, merge: LogCommit, marker: LineKey) -> str:
        """Ask `git blame` which of several equal markers a commit wrote."""
        line = f"-L{marker.line},{marker.line}"
        text = self._repository.read("blame", "-l", "-s", line, f"{merge.parent}..{merge.sha}", "--", marker.path)
        sha = text.split(b" ", 1)[0].lstrip(b"^").decode("ascii", "replace")
        return self._sides.commits[sha].author if sha in self._sides.commits else ""


def _markers_of(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    family = family_of(path)
    return ((hit.label, hit.text) for hit in (find_markers(content, family) if family != "none" else ()))


def name_authors(repository: GitRepository, history: CommitLog, sides: MergedSides, markers: Sequence[Marker]) -> None:
    """Name the authors of all markers that merges of this history opened or closed, and who merged them."""
    merges = {commit.sha: commit for commit in history.commits if sides.sides.get(commit.sha)}
    if not merges:
        return
    with LineAuthors(repository, sides, _markers_of) as authors:
        for marker in markers:
            if not marker.stored and (merge := merges.get(marker.opened.sha)):
                path, text, line = marker.born
                author = authors.writer(merge, LineKey(path, marker.label, text, line))
                marker.opened = marker.opened._replace(author=author, merged_by=merge.author)
            if marker.closed and (merge := merges.get(marker.closed.sha)):
                author = authors.remover(merge, LineKey(marker.path, marker.label, marker.text, marker.line))
                marker.closed = marker.closed._replace(author=author, merged_by=merge.author)
