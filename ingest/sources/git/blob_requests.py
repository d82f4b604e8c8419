"""Chooses the blobs that have to be read, each once in each way, and keeps what was found in them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.counting.counters import Counter
from ingest.counting.syntax_by_name import family_of
from ingest.sources.git.blob_scanner import Markers, ScanResult, ScanRule


class BlobScan:
    """Knows what was asked of which blob, and what was found."""

    def __init__(self, counters: Sequence[Counter]) -> None:
        self.counters = counters
        self.markers: dict[tuple[int, str], Markers] = {}
        self.counts: dict[tuple[int, int], int] = {}
        self.found = ScanResult(self.markers, self.counts, set())
        self.asked = 0
        self._readings: list[ScanRule] = []
        self._keys: list[bytes] = []
        self._of_path: dict[int, int] = {}
        self._known: dict[ScanRule, int] = {}
        self._asked = bytearray(1)  # blob -> reading + 1 it was first asked with; 0: not asked
        self._asked_again: set[tuple[int, int]] = set()

    def reading_of(self, path: str) -> int:
        """Return the number of the reading that the path asks for."""
        wanted: tuple[int, ...] = ()
        if self.counters:
            numbered = enumerate(self.counters)
            wanted = tuple(n for n, counter in numbered if counter.reads_bytes and counter.inside.match(path))
        reading = ScanRule(family_of(path), wanted)
        if reading not in self._known:
            self._known[reading] = len(self._readings)
            self._readings.append(reading)
            self._keys.append(reading.key())
        return self._known[reading]

    def family(self, path: int) -> str:
        """Return the family that the path's blobs were read as."""
        return self._readings[self._of_path[path]].family

    def request(self, oid: bytes, blob: int, path: int, name: str) -> bytes:
        """Return the line that asks git for a blob; b"" when it was asked already in the way this path wants."""
        number = self._of_path.get(path)
        if number is None:
            number = self._of_path[path] = self.reading_of(name)
        if not self._is_new(blob, number):
            return b""
        self.asked += 1
        return b"%b %d %b\n" % (oid, blob, self._keys[number])

    def _is_new(self, blob: int, number: int) -> bool:
        if blob >= len(self._asked):
            self._asked.extend(bytes(blob - len(self._asked) + 1024))
        first = self._asked[blob]
        mark = min(number + 1, 255)
        if (first == mark and mark < 255) or not self._readings[number].is_needed:
            return False
        if first == 0:
            self._asked[blob] = mark
            if mark == 255:
                self._asked_again.add((blob, number))
            return True
        if (blob, number) in self._asked_again:
            return False
        self._asked_again.add((blob, number))
        return True

    def take(self, found: ScanResult) -> None:
        """Keep what a scan found."""
        self.found, self.markers, self.counts = found, found.markers, found.counts
