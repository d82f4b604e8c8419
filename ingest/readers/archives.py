"""Zip and gzip: the artifacts inside, under one size cap; bombs and names that climb out are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from ingest.readers.reading import ReadError

MAX_TOTAL = 512 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_RATIO = 200  # deflate of real reports stays below 60; 1,032 is its limit and the mark of a bomb
MAX_NESTING = 2


def is_zip(data: bytes) -> bool:
    """A zip by its first bytes: servers send zips without their type."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_gzip(data: bytes) -> bool:
    """A gzip by its first bytes."""
    return data[:3] == b"\x1f\x8b\x08"


def gunzip(data: bytes, limit: int = MAX_TOTAL) -> bytes:
    """The content of a gzip file of one member, up to the limit."""
    machine = zlib.decompressobj(31)
    try:
        content = machine.decompress(data, limit + 1)
    except zlib.error as problem:
        raise ReadError(f"gzip is damaged: {problem}") from problem
    if len(content) > limit or len(content) > MAX_RATIO * len(data) + 1_000_000:
        raise ReadError("gzip unpacks to far more than it holds: refused (decompression bomb)")
    if not machine.eof:
        raise ReadError("gzip is cut off")
    return content


def entries(data: bytes, nesting: int = 0) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a zip, zips inside it included."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError, EOFError) as problem:
        raise ReadError(f"zip is damaged or cut off: {problem}") from problem
    _check(listed, len(data))
    for info in listed:
        content = _content(archive, info)
        if is_zip(content):
            if nesting >= MAX_NESTING:
                raise ReadError(f"zips nested deeper than {MAX_NESTING}: refused")
            yield from ((f"{info.filename}/{name}", inner) for name, inner in entries(content, nesting + 1))
        else:
            yield info.filename, content


def _check(listed: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse before a byte is unpacked."""
    if len(listed) > MAX_ENTRIES:
        raise ReadError(f"zip with {len(listed):,} entries: more than {MAX_ENTRIES:,}, refused")
    for info in listed:
        place = PurePosixPath(info.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in (place.parts or ("",))[0]:
            raise ReadError(f"zip entry {info.filename[:80]!r} points outside the archive: refused (zip-slip)")
    total = sum(info.file_size for info in listed)
    if total > MAX_TOTAL or total > MAX_RATIO * size + 1_000_000:
        raise ReadError(f"zip of {size:,} bytes unpacks to {total:,}: refused (decompression bomb)")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The declared size is not believed: reading stops one byte behind it."""
    try:
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as problem:
        raise ReadError(f"zip entry {info.filename[:80]!r} cannot be unpacked: {problem}") from problem
    if len(content) > info.file_size:
        raise ReadError(f"zip entry {info.filename[:80]!r} holds more than it declares: refused (decompression bomb)")
    return content
