"""The raw log of a repository as compact arrays: commits, and which blob each changed at which path."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from ingest.counting.tree_paths import NAMED_LINK

_CHUNK = 1 << 20
_FILE_MODES = (b"100644", b"100755", b"100664")
_LINK = b"120000"


class LogCommit(NamedTuple):
    """One commit as the log lists it, newest first; `first` and `after` bound its changes in the arrays."""

    sha: str
    parent: str
    seconds: int
    author: str
    subject: str
    first: int
    after: int
    others: tuple[str, ...] = ()  # the further parents of a merge


@dataclass(slots=True)
class CommitLog:
    """Everything in the log. Blobs and paths are small integers; blob 0 is "no file" (also a link or submodule)."""

    commits: list[LogCommit] = field(default_factory=list)
    old: array[int] = field(default_factory=lambda: array("I"))
    new: array[int] = field(default_factory=lambda: array("I"))
    path: array[int] = field(default_factory=lambda: array("I"))
    paths: list[str] = field(default_factory=list)
    blobs: dict[bytes, int] = field(default_factory=dict)

    def oldest_first(self) -> Iterator[tuple[LogCommit, list[tuple[int, int, int]]]]:
        """Yield each commit with its (old blob, new blob, path) changes, in the order of history."""
        for commit in reversed(self.commits):
            part = slice(commit.first, commit.after)
            yield commit, list(zip(self.old[part], self.new[part], self.path[part], strict=True))


def read_log(stream: IO[bytes], on_change: Callable[[bytes, int, int, str], None]) -> CommitLog:
    """Read `git log --raw -z` to its end; `on_change(oid, blob, path, name)` hears every file that came or changed."""
    history = CommitLog()
    tokens = _tokens(stream)
    paths: dict[bytes, int] = {}
    blobs, old, new, path = history.blobs, history.old, history.new, history.path
    header: list[bytes] = []
    first = 0
    for token in tokens:
        if token[:1] == b"\x01":
            if header:
                history.commits.append(_commit(header, first, len(old)))
            first = len(old)
            header = [token[1:], next(tokens), next(tokens), next(tokens), next(tokens)]
            continue
        old_mode, new_mode, old_oid, new_oid, _ = token.lstrip(b"\n:").split(b" ")
        name = next(tokens)
        place = paths.get(name)
        if place is None:
            place = paths[name] = len(history.paths)
            history.paths.append(name.decode("utf-8", "backslashreplace"))
        before = blobs.setdefault(old_oid, len(blobs) + 1) if _is_file(old_mode, name) else 0
        after = blobs.setdefault(new_oid, len(blobs) + 1) if _is_file(new_mode, name) else 0
        old.append(before)
        new.append(after)
        path.append(place)
        if after:
            on_change(new_oid, after, place, history.paths[place])
    if header:
        history.commits.append(_commit(header, first, len(old)))
    return history


def _is_file(mode: bytes, name: bytes) -> bool:
    """Say whether a path is a file; a link at the top named README or LICENSE is one too, its bytes are a path."""
    return mode in _FILE_MODES or (mode == _LINK and NAMED_LINK.fullmatch(name) is not None)


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """Split the stream at its NUL bytes."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        pieces = (rest + chunk).split(b"\0")
        rest = pieces.pop()
        yield from pieces
    if rest.strip():
        yield rest


def _commit(header: list[bytes], first: int, after: int) -> LogCommit:
    sha, parents, seconds, author, subject = header
    return LogCommit(
        sha.decode(),
        parents.partition(b" ")[0].decode(),
        int(seconds or b"0"),
        author.decode("utf-8", "replace"),
        subject.decode("utf-8", "replace"),
        first,
        after,
        tuple(parents.decode().split()[1:]),
    )
