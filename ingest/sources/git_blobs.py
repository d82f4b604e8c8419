"""Reads each blob once, while the log still runs, and keeps what it holds: markers and counter hits."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from typing import IO, NamedTuple

from ingest.counters import Counter
from ingest.lexing import Hit, find_markers, looks_generated
from ingest.lexing_families import family_of
from ingest.source import SourceError

LARGEST_BYTES = 5_000_000  # a larger file is data, whatever its name
_DRAIN_BYTES = 1 << 20
_BINARY_WITHIN = 8000


class Reading(NamedTuple):
    """How a path's bytes are read: as which comment family, and by which counters (their indexes)."""

    family: str
    counters: tuple[int, ...]

    @property
    def is_needed(self) -> bool:
        """Say whether the bytes can matter at all."""
        return self.family != "none" or bool(self.counters)


class Markers(NamedTuple):
    """The markers of one blob, and whether the file says that a program wrote it."""

    hits: tuple[Hit, ...]
    generated: bool


NO_MARKERS = Markers((), False)


class BlobScan:
    """Asks for blobs (from the thread that reads the log) and scans the answers (in a thread of its own)."""

    def __init__(self, counters: Sequence[Counter]) -> None:
        self.counters = counters
        self.markers: dict[tuple[int, str], Markers] = {}
        self.counts: dict[tuple[int, int], int] = {}
        self.missing: set[int] = set()
        self.large = self.binary = self.read = self.read_bytes = 0
        self._readings: list[Reading] = []
        self._of_path: dict[int, int] = {}
        self._known: dict[Reading, int] = {}
        self._asked = bytearray(1)  # blob -> reading + 1 it was first asked with; 0: not asked
        self._asked_again: set[tuple[int, int]] = set()
        self._queue_blob = array("I")
        self._queue_reading = array("H")
        self._texts: dict[str, str] = {}
        self._failure: BaseException | None = None

    def reading_of(self, path: str) -> int:
        """Return the number of the reading that the path asks for."""
        wanted: tuple[int, ...] = ()
        if self.counters:
            numbered = enumerate(self.counters)
            wanted = tuple(n for n, counter in numbered if counter.reads_bytes and counter.inside.match(path))
        reading = Reading(family_of(path), wanted)
        if reading not in self._known:
            self._known[reading] = len(self._readings)
            self._readings.append(reading)
        return self._known[reading]

    def family(self, path: int) -> str:
        """Return the family that the path's blobs were read as."""
        return self._readings[self._of_path[path]].family

    def ask(self, requests: IO[bytes], oid: bytes, blob: int, path: int, name: str) -> None:
        """Request a blob unless it was read already in the way this path asks for."""
        number = self._of_path.get(path)
        if number is None:
            number = self._of_path[path] = self.reading_of(name)
        if not self._is_new(blob, number):
            return
        self._queue_blob.append(blob)
        self._queue_reading.append(number)
        requests.write(oid + b"\n")

    def _is_new(self, blob: int, number: int) -> bool:
        if not self._readings[number].is_needed:
            return False
        if blob >= len(self._asked):
            self._asked.extend(bytes(blob - len(self._asked) + 1024))
        first = self._asked[blob]
        mark = min(number + 1, 255)
        if first == 0:
            self._asked[blob] = mark
            if mark == 255:
                self._asked_again.add((blob, number))
            return True
        if (first == mark and mark < 255) or (blob, number) in self._asked_again:
            return False
        self._asked_again.add((blob, number))
        return True

    def start(self, answers: IO[bytes]) -> threading.Thread:
        """Begin to scan the answers; join the thread after the last request, then call `finish`."""
        thread = threading.Thread(target=self._scan_guarded, args=(answers,), daemon=True)
        thread.start()
        return thread

    def finish(self) -> None:
        """Raise what stopped the scanning, if anything did."""
        if self._failure is not None:
            raise self._failure
        if self.read != len(self._queue_blob):
            raise SourceError(f"git answered {self.read} of {len(self._queue_blob)} blobs: try `git fsck`")

    def _scan_guarded(self, answers: IO[bytes]) -> None:
        try:
            self._scan(answers)
        except BaseException as problem:
            self._failure = problem
            answers.close()  # git stops, and so does the thread that feeds it

    def _scan(self, answers: IO[bytes]) -> None:
        readline, read = answers.readline, answers.read
        blobs, numbers, readings = self._queue_blob, self._queue_reading, self._readings
        while header := readline():
            blob, reading = blobs[self.read], readings[numbers[self.read]]
            self.read += 1
            words = header.split()
            if len(words) != 3:
                self.missing.add(blob)
                continue
            size = int(words[2])
            self.read_bytes += size
            if size > LARGEST_BYTES:
                self.large += 1
                _drain(answers, size + 1)
                continue
            content = read(size + 1)
            if content.find(b"\0", 0, _BINARY_WITHIN) >= 0:
                self.binary += 1
            else:
                self._keep(blob, reading, content[:-1] if reading.counters else content)

    def _keep(self, blob: int, reading: Reading, content: bytes) -> None:
        if reading.family != "none" and (hits := find_markers(content, reading.family)):
            self.markers[blob, reading.family] = Markers(self._shared(hits), looks_generated(content))
        for number in reading.counters:
            if (blob, number) not in self.counts and (count := self.counters[number].count(content)):
                self.counts[blob, number] = count

    def _shared(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Keep one copy of a text that thousands of versions of a file repeat."""
        share = self._texts.setdefault
        return tuple(Hit(label, share(text, text), line) for label, text, line in hits)


def _drain(stream: IO[bytes], size: int) -> None:
    while size > 0 and (chunk := stream.read(min(size, _DRAIN_BYTES))):
        size -= len(chunk)
