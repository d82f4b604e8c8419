"""A turnstile before the warehouse file: readers pass it one by one, a writer who waits closes it.

DuckDB locks the file for as long as somebody has it open. With a few busy readers somebody always has, and a writer
that only tries again never finds a free moment. So whoever reads passes the turnstile before opening the file, and
whoever writes closes it, waits until those inside have left, and opens it afterwards. The lock is one of the
operating system on a file beside the warehouse: it ends with the process that holds it, however that ends.

Threads of one process take turns by `ReadWriteLock`: many may read at once, whoever writes is alone.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Condition

# Not on Windows: there writers try again until they find a free moment.
HAS_LOCKS = find_spec("fcntl") is not None

_PAUSE_SECONDS = (0.002, 0.01)


def turnstile_path(warehouse: Path) -> Path:
    """The file that carries the lock."""
    return warehouse.with_name(f"{warehouse.name}.turnstile")


def pass_through(warehouse: Path, patience: float) -> None:
    """Wait until no writer has closed the turnstile, at most `patience` seconds; DuckDB's own lock decides then."""
    path = turnstile_path(warehouse)
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # nobody has written since this file exists
        return
    try:
        _locked(handle, exclusive=False, patience=patience)
    finally:
        os.close(handle)  # gives the lock back at once


@contextmanager
def closed(warehouse: Path, patience: float) -> Iterator[None]:
    """Keep new readers and other writers out during the block; after `patience` seconds go on without."""
    try:
        handle = os.open(turnstile_path(warehouse), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # the folder cannot be written: opening the warehouse says so
        yield
        return
    try:
        _locked(handle, exclusive=True, patience=patience)
        yield
    finally:
        os.close(handle)


def try_lock(handle: int, *, exclusive: bool) -> bool:
    """Take the lock of an open file without waiting; True when it was free (or the system has no such locks)."""
    if not HAS_LOCKS:
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _locked(handle: int, *, exclusive: bool, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not try_lock(handle, exclusive=exclusive):
        if time.monotonic() > deadline:
            return False
        time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 - jitter, no secret
    return True


class ReadWriteLock:
    """A lock for many readers or one writer. Readers come in while a writer waits: each of them reads only briefly."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._readers = 0
        self._is_writing = False

    @contextmanager
    def read(self) -> Iterator[None]:
        """Read beside other readers, while nobody writes."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_writing)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Be the only one. Whoever reads must not ask for this: it would wait for itself."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_writing and not self._readers)
            self._is_writing = True
        try:
            yield
        finally:
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()
