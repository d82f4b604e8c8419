"""One command that a person has confirmed: run, bounded in time, its last lines kept without credentials."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Literal

from ingest.redaction import redact_words
from ingest.source import TMinusError

Outcome = Literal["succeeded", "failed", "timed_out", "interrupted"]
Echo = Callable[[str], object]

KEPT_LINES = 20
_LINE = 500  # characters of a line that are kept
_BUFFER = 65_536  # characters that are redacted before they are cut to lines: a key of many lines is found whole
_GRACE = 5.0  # seconds that a command gets to end by itself
_DRAIN = 2.0  # seconds to read what a finished command has written; a program left running keeps the pipe open


class CommandError(TMinusError):
    """The command cannot be started."""


@dataclass(frozen=True, slots=True)
class CommandRun:
    """What came of a command; `exit_code` is None where it was stopped. `tail`: its last lines, redacted."""

    outcome: Outcome
    exit_code: int | None
    seconds: float
    tail: tuple[str, ...]


class RunningCommand:
    """A started command in a process group of its own; its output is read by a thread, so it never blocks."""

    def __init__(self, words: Sequence[str], folder: Path, echo: Echo, hidden: Sequence[str] = ()) -> None:
        self._hidden = [value for value in hidden if value]
        self._echo = echo
        self._text = ""
        self._lock = threading.Lock()
        self.began = time.monotonic()
        try:
            self._process = subprocess.Popen(  # a person has typed or confirmed these words
                list(words),
                cwd=folder,
                stdin=subprocess.DEVNULL,  # a question of the command is answered by "end of input", it never waits
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as problem:
            raise CommandError(f"{words[0]!r} cannot be started: {problem.strerror or problem}") from None
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def exit_code(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None when it still runs after that time."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def stop(self) -> None:
        """End the command and all that it has started: asked first, then by force."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)
            with suppress(KeyboardInterrupt):  # a second Ctrl-C: do not wait for it to end by itself
                self.wait(_GRACE)

    def result(self, outcome: Outcome) -> CommandRun:
        """What came of it, after what it has written was read."""
        seconds = time.monotonic() - self.began
        with suppress(KeyboardInterrupt):
            self._reader.join(_DRAIN)
        exit_code = self.exit_code() if outcome in ("succeeded", "failed") else None
        return CommandRun(outcome, exit_code, seconds, self._tail())

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while data := os.read(stream.fileno(), 8192):
                text = data.decode("utf-8", "replace")
                with self._lock:
                    self._text = (self._text + text)[-_BUFFER:]
                with suppress(ValueError, OSError):  # the output is closed: the command goes on
                    self._echo(text)

    def _tail(self) -> tuple[str, ...]:
        with self._lock:
            text = self._text
        for value in self._hidden:
            text = text.replace(value, "[redacted]")
        lines = [line.rstrip()[:_LINE] for line in redact_words(text.replace("\r", "\n")).split("\n")]
        return tuple(line for line in lines if line)[-KEPT_LINES:]


def shell_words(command: str) -> list[str]:
    """A command of one or more lines as arguments of a shell that stops at the first line that fails.

    CommandError: this system has no such shell.
    """
    bash, sh = shutil.which("bash"), shutil.which("sh")
    if os.name == "nt" or not (bash or sh):
        raise CommandError("running a command needs a POSIX shell (bash or sh): there is none here")
    return [bash, "-e", "-o", "pipefail", "-c", command] if bash else [str(sh), "-e", "-c", command]


def typed_words(words: Sequence[str]) -> list[str]:
    """What a person has typed as a command; one quoted text that names no program is a line for the shell."""
    is_line = len(words) == 1 and len(words[0].split()) > 1 and shutil.which(words[0]) is None
    return shell_words(words[0]) if is_line else list(words)


def run_command(
    words: Sequence[str], folder: Path, timeout: float, echo: Echo, hidden: Sequence[str] = ()
) -> CommandRun:
    """Run a command to its end, at most `timeout` seconds; Ctrl-C stops it and is an outcome, not an exception."""
    with stoppable() as stop:
        running = RunningCommand(words, folder, echo, hidden)
        try:
            stop.release()
            code = running.wait(timeout)
        except KeyboardInterrupt:
            running.stop()
            return running.result("interrupted")
        if code is None:
            running.stop()
            return running.result("timed_out")
        return running.result("succeeded" if code == 0 else "failed")


class StopSignal:
    """The handler of the signals that end a program. It waits until something is there that can be stopped."""

    def __init__(self) -> None:
        self._is_held = True
        self._has_come = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Note the signal while it is held, else interrupt."""
        self._has_come = True
        if not self._is_held:
            raise KeyboardInterrupt

    def release(self) -> None:
        """From now on a signal interrupts; so does one that has come already."""
        self._is_held = False
        if self._has_come:
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[StopSignal]:
    """Let Ctrl-C, a cancelled job and a closed terminal interrupt, once the handler that is given is released."""
    stop = StopSignal()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
