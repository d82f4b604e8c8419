"""Scans what `git cat-file --batch` answers: the markers of each blob and the hits of each counter.

Runs in a thread for a few blobs and in a process of its own for many (`work`), so it imports no more than it needs.
"""

from __future__ import annotations

import marshal
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from ingest.counting.markers import Hit, find_markers, looks_generated
from ingest.counting.slow_patterns import SlowPatternError

if TYPE_CHECKING:
    from ingest.counting.counters import Counter

LARGEST_BYTES = 5_000_000  # a larger file is data, whatever its name
# The last two words come back from the request: the blob's number and how it is read.
ANSWER = "%(objectname) %(objecttype) %(objectsize) %(rest)"
_ANSWER_WORDS = 5
SLOW = "slow pattern "  # how the scanning process names the counter and the blob
_BINARY_WITHIN = 8000
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DRAIN_BYTES = 1 << 20
_BUFFER_BYTES = 1 << 18


class ScanRule(NamedTuple):
    """How a path's bytes are read: as which comment family, and by which counters (their indexes)."""

    family: str
    counters: tuple[int, ...]

    @property
    def is_needed(self) -> bool:
        """Say whether the bytes can matter at all."""
        return self.family != "none" or bool(self.counters)

    def key(self) -> bytes:
        """Write the reading as one word of a request."""
        return f"{self.family}/{','.join(map(str, self.counters))}".encode()

    @classmethod
    def parse(cls, key: bytes) -> ScanRule:
        """Read the word of a request."""
        family, _, counters = key.decode().partition("/")
        return cls(family, tuple(int(number) for number in counters.split(",") if number))


class Markers(NamedTuple):
    """The markers of one blob, and whether the file says that a program wrote it."""

    hits: tuple[Hit, ...]
    generated: bool


NO_MARKERS = Markers((), False)


class ScanResult(NamedTuple):
    """What a scan found, by blob and family or counter, and how much it read."""

    markers: dict[tuple[int, str], Markers]
    counts: dict[tuple[int, int], int]
    missing: set[bytes]
    large: int = 0
    binary: int = 0
    read: int = 0
    read_bytes: int = 0

    def joined(self, other: ScanResult) -> ScanResult:
        """Return both scans as one."""
        sums = (one + two for one, two in zip(self[3:], other[3:], strict=True))
        markers, counts = {**self.markers, **other.markers}, {**self.counts, **other.counts}
        return ScanResult(markers, counts, self.missing | other.missing, *sums)


class Scanner:
    """Reads answers to their end."""

    def __init__(self, counters: Sequence[Counter], largest_bytes: int = LARGEST_BYTES) -> None:
        self.counters = counters
        self.largest_bytes = largest_bytes
        self._markers: dict[tuple[int, str], Markers] = {}
        self._counts: dict[tuple[int, int], int] = {}
        self._texts: dict[str, str] = {}

    def scan(self, answers: IO[bytes]) -> ScanResult:
        """Return what the answers hold."""
        readline, read = answers.readline, answers.read
        readings: dict[bytes, ScanRule] = {}
        missing: set[bytes] = set()
        large = binary = seen = seen_bytes = 0
        while (header := readline()).endswith(b"\n"):
            seen += 1
            words = header.split()
            if len(words) != _ANSWER_WORDS:
                missing.add(words[0])
                continue
            size, key = int(words[2]), words[4]
            seen_bytes += size
            if size > self.largest_bytes:
                if left := _drain(answers, size + 1):
                    seen -= bool(left)
                    break
                large += 1
                continue
            content = read(size + 1)
            if len(content) <= size:  # git stopped within the file: a damaged object
                seen -= 1
                break
            if content.startswith(_UTF16_MARKS):
                content = content[:-1].decode("utf-16", "replace").encode("utf-8", "replace") + b"\n"
            if content.find(b"\0", 0, _BINARY_WITHIN) >= 0:
                binary += 1
                continue
            reading = readings.get(key) or readings.setdefault(key, ScanRule.parse(key))
            self._keep(int(words[3]), reading, content[:-1] if reading.counters else content)
        return ScanResult(self._markers, self._counts, missing, large, binary, seen, seen_bytes)

    def _keep(self, blob: int, reading: ScanRule, content: bytes) -> None:
        if reading.family != "none" and (hits := find_markers(content, reading.family)):
            self._markers[blob, reading.family] = Markers(self._shared(hits), looks_generated(content, reading.family))
        for number in reading.counters:
            if (blob, number) not in self._counts and (count := self._count(blob, number, content)):
                self._counts[blob, number] = count

    def _count(self, blob: int, number: int, content: bytes) -> int:
        """Count within the budget of one file; the error names the counter and the blob."""
        try:
            return self.counters[number].count(content)
        except SlowPatternError:
            raise SlowPatternError(f"{SLOW}{number}/{blob}") from None

    def _shared(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Keep one copy of a text that thousands of versions of a file repeat."""
        share = self._texts.setdefault
        return tuple(Hit(label, share(text, text), line) for label, text, line in hits)


def _drain(stream: IO[bytes], size: int) -> int:
    """Skip bytes; return how many of them did not come."""
    while size > 0 and (chunk := stream.read(min(size, _DRAIN_BYTES))):
        size -= len(chunk)
    return size


def work(task: str) -> None:
    """Scan standard input as a process of its own; write the result, or what went wrong in words."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    gc.disable()
    counters, largest_bytes = pickle.loads(bytes.fromhex(task))  # noqa: S301 - from our own process
    answer: Any
    try:
        with open(0, "rb", buffering=_BUFFER_BYTES, closefd=False) as answers:
            answer = _plain(Scanner(counters, largest_bytes).scan(answers))
    except SlowPatternError as problem:
        answer = str(problem)
    except BaseException as problem:  # reported to the process that waits, in one line
        answer = f"{type(problem).__name__}: {problem}"
    try:
        sys.stdout.buffer.write(marshal.dumps(answer))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody waits any more
        os._exit(1)


def _plain(found: ScanResult) -> list[Any]:
    """Write what was found in types that every Python process shares."""
    markers = [
        (blob, family, [tuple(hit) for hit in hits], generated)
        for (blob, family), (hits, generated) in found.markers.items()
    ]
    return [markers, found.counts, found.missing, *found[3:]]


def load(answer: bytes) -> ScanResult | str:
    """Read what `work` wrote: what was found, or what went wrong."""
    plain = marshal.loads(answer)  # noqa: S302 - from our own process
    if isinstance(plain, str):
        return plain
    markers = {
        (blob, family): Markers(tuple(Hit(*hit) for hit in hits), generated)
        for blob, family, hits, generated in plain[0]
    }
    return ScanResult(markers, *plain[1:])
