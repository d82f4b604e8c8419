"""Threads of one process take turns at one file: many may read at once, whoever writes is alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


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
