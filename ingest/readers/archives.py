"""Zip, tar and gzip: the artifacts inside, under one size cap; bombs and names that climb out are refused."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.readers.contract import ReadError

MAX_TOTAL = 512 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_RATIO = 200  # deflate of real reports stays below 60; 1,032 is its limit and the mark of a bomb
MAX_NESTING = 2
_TAR_BLOCK = 512
_MOST_TROUBLES = 20


def is_zip(data: bytes) -> bool:
    """A zip by its first bytes: servers send zips without their type."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_tar(data: bytes) -> bool:
    """A tar by the sign in its first header."""
    return data[257:262] == b"ustar"


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


def is_archive(data: bytes) -> bool:
    """A zip, a tar, or a gzip that holds a tar: what artifacts are packed in to keep their permissions."""
    if is_gzip(data):
        with suppress(zlib.error):
            return is_tar(zlib.decompressobj(31).decompress(data[: 64 * 1024], _TAR_BLOCK))
    return is_zip(data) or is_tar(data)


@dataclass(slots=True)
class _Room:
    """What one archive may unpack to, all that is packed inside it included."""

    size: int
    total: int = 0
    files: int = 0

    def take(self, files: int, total: int, kind: str) -> None:
        """Refuse before a byte is unpacked."""
        self.files += files
        self.total += total
        if self.files > MAX_ENTRIES:
            raise ReadError(f"{kind} with {self.files:,} entries: more than {MAX_ENTRIES:,}, refused")
        if self.total > MAX_TOTAL or self.total > MAX_RATIO * self.size + 1_000_000:
            raise ReadError(f"{kind} of {self.size:,} bytes unpacks to {self.total:,}: refused (decompression bomb)")


def entries(data: bytes, troubles: list[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of an archive, archives inside it included.

    With `troubles` an entry that is damaged or refused is a line in it, and the others are read all the same.
    """
    yield from _unpacked("", data, _Room(len(data)), 0, troubles)


def _unpacked(
    place: str, data: bytes, room: _Room, nesting: int, troubles: list[str] | None
) -> Iterator[tuple[str, bytes]]:
    found = _zip_files(data, room, troubles) if is_zip(data) else _tar_files(data, room, troubles)
    for name, content in found:
        if not is_archive(content):
            yield place + name, content
            continue
        try:
            if nesting >= MAX_NESTING:
                raise ReadError(f"archives nested deeper than {MAX_NESTING}: refused")
            yield from _unpacked(f"{place}{name}/", content, room, nesting + 1, troubles)
        except ReadError as problem:
            _note(troubles, problem, f"{place}{name}: ")


def _note(troubles: list[str] | None, problem: ReadError, place: str = "") -> None:
    if troubles is None:
        raise problem
    if len(troubles) < _MOST_TROUBLES:
        troubles.append(f"{place}{problem}")


def _zip_files(data: bytes, room: _Room, troubles: list[str] | None) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError, EOFError) as problem:
        raise ReadError(f"zip is damaged or cut off: {problem}") from problem
    _check_names("zip", [info.filename for info in listed])
    room.take(len(listed), sum(info.file_size for info in listed), "zip")
    for info in listed:
        try:
            content = _content(archive, info)
        except ReadError as problem:
            _note(troubles, problem)
            continue
        yield info.filename, content


def _tar_files(data: bytes, room: _Room, troubles: list[str] | None) -> Iterator[tuple[str, bytes]]:
    """Regular files alone: links, devices and holes (a sparse file's size costs nothing) are passed over."""
    plain = gunzip(data) if is_gzip(data) else data
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for member in archive:
                if not member.isreg() or member.issparse():
                    continue
                _check_names("tar", [member.name])
                room.take(1, member.size, "tar")
                file = archive.extractfile(member)
                content = file.read() if file else b""
                if len(content) < member.size:
                    raise ReadError(f"tar entry {member.name[:80]!r} is cut off")
                yield member.name.removeprefix("./"), content
    except (tarfile.TarError, ValueError, OSError, OverflowError, EOFError) as problem:
        _note(troubles, ReadError(f"tar is damaged or cut off: {problem}"))


def _check_names(kind: str, names: list[str]) -> None:
    for name in names:
        place = PurePosixPath(name.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in (place.parts or ("",))[0]:
            raise ReadError(f"{kind} entry {name[:80]!r} points outside the archive: refused (zip-slip)")


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
