"""Feeds requests to `git cat-file --batch` and has the answers scanned, in a process of its own when there are many.

The log, git's file reader and the scan then run side by side: Python scans as long as git reads, and one process could
not do that and follow the log.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import threading
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import ingest
from ingest.counting.slow_patterns import BUDGET_SECONDS, SlowPatternError
from ingest.source import SourceError
from ingest.sources.git import blob_scanner as git_scan
from ingest.sources.git.blob_requests import BlobScan
from ingest.sources.git.blob_scanner import Scanner, ScanResult, load
from ingest.transport.git_repo import GitRepository, lower_priority

# Requests that are sorted by path before git gets them: it rebuilds the versions of one file a third faster in a row.
# Fewer are scanned in this process: starting another one pays from here on.
WINDOW = 5000
_MOST_DAMAGED = 100  # more unreadable objects than this are a broken clone, not a few damaged files
_BOOT = "import sys; sys.path[:0] = sys.argv[2:]; from ingest.sources.git.blob_scanner import work; work(sys.argv[1])"
_by_path = itemgetter(0)


class BlobReader(contextlib.AbstractContextManager["BlobReader"]):
    """Collects requests, sends them a window at a time, and returns what the scan found at the end."""

    def __init__(self, repository: GitRepository, scan: BlobScan) -> None:
        self._repository = repository
        self._scan = scan
        self._window: list[tuple[int, bytes]] = []
        self._sent: list[bytes] = []  # the answers come in this order: it names the file at which git stopped
        self._running = contextlib.ExitStack()
        self._requests: IO[bytes] | None = None
        self._worker: _Worker | _Thread | None = None
        self._counts = any(counter.pattern is not None for counter in scan.counters)
        self._names: dict[int, str] = {}  # of the blobs, where a slow pattern may have to name one

    def __exit__(self, *problem: Any) -> bool | None:
        """Stop whatever still runs."""
        return self._running.__exit__(*problem)

    def ask(self, oid: bytes, blob: int, path: int, name: str) -> None:
        """Request a blob unless it was read already in the way this path asks for."""
        if line := self._scan.request(oid, blob, path, name):
            self._window.append((path, line))
            if self._counts:
                self._names[blob] = name
            if len(self._window) == WINDOW:
                self._send(_Worker if _can_start_python() else _Thread)

    def finish(self) -> None:
        """Send what is left and wait for the scan."""
        if self._window:
            self._send(_Thread)
        if self._requests is None or self._worker is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        found = self._result(self._worker)
        self._close(is_whole=found.read == len(self._sent))
        for _ in range(_MOST_DAMAGED):
            if found.read >= len(self._sent):
                break
            found = self._read_on(found)
        if found.read != self._scan.asked:
            raise SourceError(f"git answered {found.read} of {self._scan.asked} blobs: try `git fsck`")
        self._scan.take(found)

    def _read_on(self, found: ScanResult) -> ScanResult:
        """Note the file version at which git stopped as unreadable, and read those behind it."""
        damaged = self._sent[found.read].split(b" ", 1)[0]
        found = found.joined(ScanResult({}, {}, {damaged}, read=1))
        rest = self._sent[found.read :]
        if not rest:
            return found
        self._requests, answers = self._running.enter_context(self._repository.blobs(git_scan.ANSWER))
        how = _Thread
        worker = how(answers, self._scan, self._repository.path)
        self._running.enter_context(worker)
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(b"".join(rest))
            self._requests.close()
        more = self._result(worker)
        self._close(is_whole=more.read == len(rest))
        return found.joined(more)

    def _close(self, *, is_whole: bool) -> None:
        """End git; that it complained matters only where an answer is not explained by a damaged file."""
        if is_whole:
            self._running.close()
            return
        with contextlib.suppress(SourceError):
            self._running.close()

    def _send(self, how: type[_Worker | _Thread]) -> None:
        if self._requests is None:
            self._requests, answers = self._running.enter_context(self._repository.blobs(git_scan.ANSWER))
            self._worker = how(answers, self._scan, self._repository.path)
            self._running.enter_context(self._worker)
        self._window.sort(key=_by_path)
        lines = [line for _, line in self._window]
        self._window.clear()
        self._sent += lines
        try:
            self._requests.write(b"".join(lines))
        except BrokenPipeError:  # a scan that failed says so here; a damaged file is found when all is sent
            if self._worker is not None:
                self._result(self._worker)

    def _result(self, worker: _Worker | _Thread) -> ScanResult:
        """What the scan found; a pattern that was too slow is named with its file."""
        try:
            return worker.result()
        except (SourceError, SlowPatternError) as problem:
            _, is_slow, place = str(problem).partition(git_scan.SLOW)
            if not is_slow:
                raise
            counter, _, blob = place.partition("/")
            name = self._names.get(int(blob), "a file")
            raise SourceError(
                f"counters.{self._scan.counters[int(counter)].name}.pattern takes more than "
                f"{BUDGET_SECONDS:g} s in {name}: write it without a repeat inside a repeat, as (a+)+ is"
            ) from None


def _folders(scan: BlobScan) -> list[str]:
    """Where the scanning process finds this package, and the library of the patterns that can be stopped."""
    folders = [str(Path(ingest.__file__).resolve().parents[1])]
    if any(type(counter.pattern).__module__ != "re" for counter in scan.counters if counter.pattern is not None):
        import regex

        folders.append(str(Path(regex.__file__).resolve().parents[1]))
    return folders


def _can_start_python() -> bool:
    """Say whether there is an interpreter to start: a frozen application would start itself again."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class _Thread(contextlib.AbstractContextManager["_Thread"]):
    """Scans in this process."""

    def __init__(self, answers: IO[bytes], scan: BlobScan, path: Path) -> None:
        self._answers = answers
        self._scanner = Scanner(scan.counters, git_scan.LARGEST_BYTES)
        self._found: ScanResult | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._guarded, daemon=True)
        self._thread.start()

    def __exit__(self, *problem: Any) -> None:
        """Leave the thread: git's end ends it."""

    def _guarded(self) -> None:
        try:
            self._found = self._scanner.scan(self._answers)
        except BaseException as problem:
            self._failure = problem
            self._answers.close()  # git stops, and so does the thread that feeds it

    def result(self) -> ScanResult:
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        assert self._found is not None
        return self._found


class _Worker(contextlib.AbstractContextManager["_Worker"]):
    """Scans in a process that reads git's answers directly and hands over what it found when they end."""

    def __init__(self, answers: IO[bytes], scan: BlobScan, path: Path) -> None:
        self._path = path
        task = pickle.dumps((tuple(scan.counters), git_scan.LARGEST_BYTES)).hex()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, task, *_folders(scan)],
                stdin=answers,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as problem:
            raise SourceError(
                f"cannot start Python at {sys.executable!r} to read file versions of {path}: {problem.strerror}"
            ) from problem
        lower_priority(self._process.pid)
        answers.close()  # the worker's end of the pipe is the only one, so git notices when the worker is gone

    def __exit__(self, *problem: Any) -> None:
        """Leave no process behind."""
        if self._process.poll() is None:
            self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def result(self) -> ScanResult:
        assert self._process.stdout is not None
        answer = self._process.stdout.read()
        code = self._process.wait()
        if code or not answer:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise SourceError(
                f"the process that reads file versions of {self._path} was stopped ({how}): pull again;"
                " if it happens again, see whether memory runs out"
            )
        found = load(answer)
        if isinstance(found, str):
            raise SourceError(f"reading file versions of {self._path} failed: {found}")
        return found
