"""The file that says "a pull is running": which source, how many are done. It is void when its process is dead.

A running pull holds a lock of the operating system on the file. The lock ends with the process, also by SIGKILL or a
power cut, so what a dead pull left is recognised by trying the lock.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ingest.warehouse.turnstile import HAS_LOCKS, try_lock

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class RunningPull:
    """How far a pull has got. `done` of `total` sources are stored; `source` is read now.

    `before`: the version of the evidence before the first row of the pull, once it is about to write; a copy of that
    state is then beside the file (`complete_state`). Empty: nothing is written yet, or no copy exists. `process`: the
    process id of the pull.
    """

    done: int = 0
    total: int = 0
    source: str = ""
    before: tuple[int, ...] = ()
    process: int = 0


class PullState:
    """Written by the pull that runs; without a handle (another pull runs, a read-only folder) nothing is written."""

    def __init__(self, path: Path, handle: int | None) -> None:
        self._path = path
        self._handle = handle
        self._state = RunningPull(process=os.getpid())
        self._width = 0  # of the longest text so far: a shorter one covers it

    @property
    def is_announced(self) -> bool:
        """Whether readers can see that this pull runs."""
        return self._handle is not None

    def report(self, done: int, total: int, source: str) -> None:
        """Note the progress."""
        self._write(replace(self._state, done=done, total=total, source=source))

    def note_before(self, version: tuple[int, ...]) -> None:
        """Note which state was the last complete one; from now on rows may be written."""
        self._write(replace(self._state, before=version))

    def end(self) -> None:
        """Say that the pull is done."""
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _write(self, state: RunningPull) -> None:
        self._state = state
        if self._handle is None:
            return
        text = json.dumps(asdict(state)).encode()
        self._width = max(self._width, len(text))
        os.pwrite(self._handle, text.ljust(self._width), 0)  # in one step: a reader never finds half of it


def state_path(warehouse: Path) -> Path:
    """Where the state of a pull into this warehouse is."""
    return warehouse.with_name(f"{warehouse.name}.pull")


@contextmanager
def announced(warehouse: Path) -> Iterator[PullState]:
    """Say for the length of the block that a pull is running."""
    path = state_path(warehouse)
    state = PullState(path, _open(path))
    try:
        yield state
    finally:
        state.end()


def _open(path: Path) -> int | None:
    if not HAS_LOCKS:  # without such locks a dead pull could not be recognised
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    if try_lock(handle, exclusive=True):
        return handle
    os.close(handle)
    return None


def running_pull(warehouse: Path) -> RunningPull | None:
    """The pull that is running into this warehouse, or None; what a killed pull left counts as none."""
    try:
        handle = os.open(state_path(warehouse), os.O_RDONLY)
    except OSError:
        return None
    try:
        if try_lock(handle, exclusive=False):
            return None
        return _parsed(os.pread(handle, _LONGEST, 0))
    finally:
        os.close(handle)


def _parsed(text: bytes) -> RunningPull:
    try:
        found = json.loads(text)
        return RunningPull(**{**found, "before": tuple(found.get("before", ()))})
    except (ValueError, TypeError, AttributeError):  # written by another version, or not yet
        return RunningPull()
