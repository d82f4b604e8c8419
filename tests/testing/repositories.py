"""Real repositories for tests: histories written with `git fast-import`, and a store that remembers harvests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.observation import Item, Observation
from ingest.source import Harvest, Request
from ingest.sources.git.source import GitHistory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = 1_700_000_000
DAY = 86_400
Files = Mapping[str, bytes | None]

_ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    # Nothing has to outlive a power cut.
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "core.fsync",
    "GIT_CONFIG_VALUE_0": "none",
    "GIT_CONFIG_KEY_1": "gc.auto",
    "GIT_CONFIG_VALUE_1": "0",
}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git in the folder and return its answer."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, capture_output=True, env=_ENVIRONMENT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "replace").strip()


def new_repository(folder: Path, *options: str) -> Path:
    """Make an empty repository whose branch is main."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    return folder


def add_commits(
    repository: Path,
    commits: Sequence[Files],
    *,
    branch: str = "main",
    start: int = START,
    dates: Sequence[int] | None = None,
    author: bytes = b"Ada",
    modes: Mapping[str, str] | None = None,
    parents: Sequence[str] = (),
) -> str:
    """Append commits (path -> bytes, None deletes); a day lies between two. Returns the new tip."""
    ref = f"refs/heads/{branch}"
    stream = bytearray()
    known = _tip(repository, ref)
    for number, files in enumerate(commits):
        seconds = dates[number] if dates else start + number * DAY
        stream += b"commit %s\nauthor %s <a@b> %d +0000\n" % (ref.encode(), author, seconds)
        stream += b"committer %s <a@b> %d +0000\ndata 6\nchange\n" % (author, seconds)
        if number == 0 and (first := [*([known] if known else []), *parents]):
            stream += b"from %s\n" % first[0].encode()
            stream += b"".join(b"merge %s\n" % parent.encode() for parent in first[1:])
        for path, content in files.items():
            stream += _file_change(path, content, (modes or {}).get(path, "100644"))
    git(repository, "fast-import", "--quiet", "--force", stdin=bytes(stream))
    return _tip(repository, ref)


def _tip(repository: Path, ref: str) -> str:
    """The commit of a branch, "" where there is none: read from its file, which saves two of three processes."""
    folder = repository / ".git" if (repository / ".git").is_dir() else repository
    if (folder / ref).is_file():
        return (folder / ref).read_text().strip()
    if (folder / "HEAD").is_file() and not (folder / "packed-refs").exists() and not (folder / "reftable").exists():
        return ""
    asked = ["git", "rev-parse", "-q", "--verify", ref]
    return subprocess.run(
        asked, cwd=repository, capture_output=True, env=_ENVIRONMENT, check=False, text=True
    ).stdout.strip()


def _file_change(path: str, content: bytes | None, mode: str) -> bytes:
    name = (
        '"'
        + "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in os.fsencode(path)
        )
        + '"'
    )
    if content is None:
        return b"D %s\n" % name.encode()
    if mode == "160000":
        return b"M %s %s %s\n" % (mode.encode(), content, name.encode())
    return b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), name.encode(), len(content), content)


class Memory:
    """A warehouse in memory: takes harvests in and answers the source's two queries."""

    def __init__(self) -> None:
        self.marker = ""
        self.observations: list[Observation] = []
        self.items: dict[str, Item] = {}
        self.commits: list[Any] = []
        self.scans: set[tuple[Any, ...]] = set()

    def pull(self, repository: Path, *, now: datetime = NOW, **settings: Any) -> Harvest:
        """Run the source once and keep what it hands over."""
        request = Request("p", repository, repository, settings, self.marker, now, self.stored)
        harvest = GitHistory().observe(request)
        if harvest.rewritten:
            self.observations, self.items, self.commits = [], {}, []
        self.observations += harvest.observations
        self.commits += harvest.commits
        self.items |= {item.id: item for item in (*harvest.items, *harvest.changed_items)}
        self.scans |= set(harvest.extra.get("blob_scan", ()))
        self.marker = harvest.marker
        return harvest

    def stored(self, name: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Answer a named query as the warehouse would."""
        if name == "git_blob_counts":
            wanted = [set(parameter.split(",")) for parameter in parameters]
            return [row for row in self.scans if row[1] in wanted[0] and row[0] in wanted[1]]
        if name == "first_commit":
            return [(commit.sha,) for commit in self.commits if commit.position == 0]
        assert name == "git_open_markers"
        rows = [
            (
                i.id,
                i.label,
                i.text,
                i.path,
                i.line,
                i.scope,
                i.path_class,
                int(i.opened_at.timestamp()) * 1_000_000,
                i.opened_commit,
                i.opened_by,
                i.opened_merged_by,
            )
            for i in self.items.values()
            if i.closed_at is None
        ]
        return sorted(rows, key=lambda row: (row[3], row[4], row[0]))

    def values(self, metric: str = "todo_count", scope: str = "") -> list[float | None]:
        """The known values of one series, in the order of commits."""
        return [o.value for o in self.observations if (o.metric, o.scope) == (metric, scope)]

    def carried(self, metric: str = "todo_count") -> list[dict[str, float | None]]:
        """By commit: every scope's value, carried forward."""
        state: dict[str, float | None] = {}
        states = []
        for commit in self.commits:
            state |= {o.scope: o.value for o in self.observations if o.metric == metric and o.commit == commit.sha}
            states.append(dict(state))
        return states

    def open_items(self) -> list[Item]:
        """Items not closed, in a fixed order."""
        return sorted((i for i in self.items.values() if i.closed_at is None), key=lambda i: (i.path, i.line or 0))


def pull_all(repository: Path, **settings: Any) -> Memory:
    """Read a repository from nothing."""
    memory = Memory()
    memory.pull(repository, **settings)
    return memory
