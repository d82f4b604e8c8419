"""Runs a function in a process of its own that leaves the processors to others, and brings back what it sends.

The process ends with the one that started it, however that ends: it watches its standard input, which only its parent
holds open. What it starts itself (git, a further process) reads from a pipe of its own and ends the same way.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from importlib import import_module
from typing import IO, Any

from ingest.transport.git_repo import lower_priority

Send = Callable[[Any], None]
_BOOT = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from ingest.beside import work; work()"
_LENGTH_BYTES = 8
_ENDS_WITHIN_SECONDS = 2.0


def can_start() -> bool:
    """Say whether there is an interpreter to start: a frozen application would start itself again."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class Beside(AbstractContextManager["Beside"]):
    """A function that runs beside this process: `entry` names it as "module:function"; it takes a task and `send`.

    What it sends waits here in memory, so that it never waits for us. OSError: the process cannot be started.
    """

    def __init__(self, entry: str, task: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        lower_priority(self._process.pid)
        self._arrived: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._collect, daemon=True).start()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended already: `messages` ends at once
            for part in (sys.path, entry, task):
                pickle.dump(part, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def __exit__(self, *problem: Any) -> None:
        """Leave no process behind; one whose work is done ends by itself, so that its time is counted."""
        if not any(problem):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_ENDS_WITHIN_SECONDS)
        if self._process.poll() is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()

    def messages(self) -> Iterator[bytes]:
        """What the function sent, pickled, as it arrives; ends with the process."""
        while (message := self._arrived.get()) is not None:
            yield message

    def killed_by(self) -> int:
        """The signal that ended the process; 0: it ended by itself, because it could not begin or go on."""
        return max(0, -self._process.wait())

    def _collect(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with suppress(OSError, ValueError):  # closed by us
            while len(head := stream.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
                body = stream.read(length := int.from_bytes(head, "big"))
                if len(body) < length:
                    break
                self._arrived.put(body)
        self._arrived.put(None)


def work() -> None:
    """Run what standard input names, in the process that `Beside` has started."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    gc.disable()  # it lives for one task, whose rows hold no cycles
    orders, answers = sys.stdin.buffer, _own_output()
    entry, task = pickle.load(orders), pickle.load(orders)  # noqa: S301 - from our own process
    threading.Thread(target=_end_with_parent, args=(orders,), daemon=True).start()
    module, _, name = entry.partition(":")
    lock = threading.Lock()

    def send_raw(body: bytes) -> None:
        with lock:
            answers.write(len(body).to_bytes(_LENGTH_BYTES, "big"))
            answers.write(body)
            answers.flush()

    try:
        getattr(import_module(module), name)(task, send_raw)
    except BrokenPipeError:  # nobody waits any more
        os._exit(1)


def _own_output() -> IO[bytes]:
    """The pipe to the parent; what a library prints goes nowhere, not in between."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _end_with_parent(orders: IO[bytes]) -> None:
    while orders.read(1):
        pass
    os._exit(1)
