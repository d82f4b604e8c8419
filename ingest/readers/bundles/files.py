"""Built files themselves: raw, gzip and brotli sizes of one file, and the sum over many."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from ingest.readers.bundles.stats import BROTLI, GZIP, RAW
from ingest.readers.contract import Figure, Reader, Reading, figure
from ingest.readers.text.report_paths import relative

METRICS = (RAW, GZIP, BROTLI)
SUFFIXES = (".js", ".mjs", ".cjs", ".css", ".wasm")
MAX_COMPRESSED = 16 * 1024 * 1024
BROTLI_QUALITY, GZIP_LEVEL = 11, 9  # what static hosting serves, and what size-limit measures
_TOO_LARGE = f"larger than {MAX_COMPRESSED:,} bytes: not compressed here"


def _detect(head: bytes, name: str) -> float:
    """A plain file has no shape of its own: its name is all there is, so every other reader goes first."""
    return 0.5 if name.lower().endswith(SUFFIXES) else 0.0


def read_file(data: bytes, name: str) -> Reading:
    """Sizes of one built file."""
    return Reading("built-file", "tminus", "", sizes_of([data], f"file:{relative(name).rpartition('/')[2]}"))


def sizes_of(files: Iterable[bytes], scope: str) -> tuple[Figure, ...]:
    """Summed sizes of files that are each compressed alone, as a server does; NULL where one is too large to try."""
    listed = list(files)
    raw = sum(len(data) for data in listed)
    if any(len(data) > MAX_COMPRESSED for data in listed):
        return figure(RAW, raw, scope), figure(GZIP, None, scope, _TOO_LARGE), figure(BROTLI, None, scope, _TOO_LARGE)
    zipped = sum(_gzip_size(data) for data in listed)
    return figure(RAW, raw, scope), figure(GZIP, zipped, scope), figure(BROTLI, sum(map(_brotli_size, listed)), scope)


def _gzip_size(data: bytes) -> int:
    machine = zlib.compressobj(GZIP_LEVEL, wbits=31)
    return len(machine.compress(data)) + len(machine.flush())


def _brotli_size(data: bytes) -> int:
    import brotli

    return len(brotli.compress(data, quality=BROTLI_QUALITY))


READERS = (Reader("built-file", "built file (js, css, wasm)", "any", METRICS, _detect, read_file),)
