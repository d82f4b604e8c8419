"""The file that says "a pull is running": which source, how many are done. It is void when its process is dead.

A running pull holds a lock of the operating system on the file. The lock ends with the process, also by SIGKILL or a
power cut, so what a dead pull left is recognised by trying the lock.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.warehouse.turnstile import HAS_LOCKS, try_lock

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class RunningPull:
    """How far a pull has got. `done` of `total` sources are stored; `source` is read now."""

    done: int = 0
    total: int = 0
    source: str = ""


class PullState:
    """Written by the pull that runs; without a handle (another pull runs, a read-only folder) nothing is written."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def report(self, done: int, total: int, source: str) -> None:
        """Note the progress."""
        if self._handle is None:
            return
        text = json.dumps(asdict(RunningPull(done, total, source))).encode()
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text, 0)


def state_path(warehouse: Path) -> Path:
    """Where the state of a pull into this warehouse is."""
    return warehouse.with_name(f"{warehouse.name}.pull")


@contextmanager
def announced(warehouse: Path) -> Iterator[PullState]:
    """Say for the length of the block that a pull is running."""
    handle = _open(state_path(warehouse))
    try:
        yield PullState(handle)
    finally:
        if handle is not None:
            state_path(warehouse).unlink(missing_ok=True)
            os.close(handle)


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
        return RunningPull(**json.loads(text))
    except (ValueError, TypeError):  # read in the middle of a write
        return RunningPull()
