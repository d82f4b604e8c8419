"""Pages of services as they were last seen, with their ETags: what did not change need not be sent again."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from ingest.redaction import redact

_ROOM = 400  # pages; the least recently used go first
_HEAD_LIMIT = 10_000


class Page(NamedTuple):
    """A remembered page."""

    etag: str
    next_url: str
    body: bytes


class ETagCache:
    """One file a page, named by its address; without a folder it remembers nothing.

    The body is kept with the tag, so a 304 is answered with the same bytes even when the pull that saw them first was
    never stored. Nothing here is evidence: deleting the folder costs requests, never figures.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def recall(self, url: str) -> Page | None:
        """Return the page, or None when it is unknown or its file is damaged."""
        if self.folder is None:
            return None
        path = self._path(url)
        try:
            head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
            header = json.loads(head[:_HEAD_LIMIT])
            os.utime(path)
        except (OSError, EOFError, ValueError):
            return None
        return Page(header["etag"], header["next"], body) if header.get("url") == url else None

    def keep(self, url: str, etag: str, next_url: str, body: bytes) -> None:
        """Remember the page, without the credentials in it; a full disk does not stop a pull."""
        if self.folder is None:
            return
        head = json.dumps({"url": url, "etag": etag, "next": next_url}).encode()
        try:
            write_private(self._path(url), gzip.compress(head + b"\n" + redact(body)[0], 6, mtime=0))
        except OSError:
            return
        self._make_room()

    def _path(self, url: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.gz"

    def _make_room(self) -> None:
        assert self.folder is not None
        pages = list(self.folder.glob("*.gz"))
        if len(pages) > _ROOM:
            for path in sorted(pages, key=lambda p: p.stat().st_mtime)[: len(pages) - _ROOM]:
                path.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write whole or not at all, for the owner's eyes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
