"""The store of raw payloads: every file that gave figures is kept, so that a better reader can read history again."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.redaction import redact, redact_text
from ingest.source import TMinusError
from ingest.transport.etag_cache import write_private

CAP_BYTES = 25_000_000
_INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True)
class PayloadOrigin:
    """Where a payload came from: all that a later reading of it needs beside the bytes."""

    sha256: str  # of the bytes as they came, before redaction
    source: str
    name: str  # the file's name: a hint for readers
    locator: str  # as in its evidence
    observed_at: str  # ISO 8601
    commit: str = ""
    group: str = ""  # payloads of one group were read together: the shards of one run
    suffix: str = ""  # the end of the scope of each of its figures
    prefix: str = ""  # and what in front
    role: str = ""  # "api": it was read for the completeness of an API, not for the figures of its own


class PayloadStore:
    """Payloads by the SHA-256 of their bytes, compressed, below one folder; `index.jsonl` says what each one is.

    Credentials are taken out before anything is written. A payload above the cap is not kept: its figures stay, but
    cannot be read again. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None, cap: int = CAP_BYTES) -> None:
        self.folder = folder
        self.cap = cap
        self._known: set[str] | None = None

    def keep(self, data: bytes, source: str, name: str, locator: str, observed_at: str, **more: str) -> str:
        """Keep the bytes and note their origin, once; return why they were not kept, or ""."""
        if self.folder is None:
            return ""
        if len(data) > self.cap:
            return f"{name}: {len(data):,} bytes are more than the {self.cap:,} that are kept for a later reading"
        place, shown = redact_text(name), redact_text(locator)  # as the warehouse stores them
        origin = PayloadOrigin(hashlib.sha256(data).hexdigest(), source, place, shown, observed_at, **more)
        path = self._path(origin.sha256)
        try:
            if not path.exists():
                write_private(path, gzip.compress(redact(data)[0], 6, mtime=0))
            self._note(origin)
        except OSError as problem:
            return (
                f"{name}: cannot be kept below {self.folder} ({problem.strerror}); its figures are stored all the same"
            )
        return ""

    def read(self, sha256: str) -> bytes:
        """Return the bytes as kept: without the credentials that stood in them."""
        try:
            return gzip.decompress(self._path(sha256).read_bytes())
        except (OSError, EOFError, ValueError) as problem:
            raise TMinusError(f"payload {sha256[:12]} cannot be read ({problem}): it is left out") from None

    def clean(self) -> int:
        """Take out of what is kept the credentials that are known by now; return how many files held some."""
        cleaned = 0
        for sha256 in sorted({origin.sha256 for origin in self.origins()}):
            try:
                plain, hits = redact(self.read(sha256))
                if hits:
                    write_private(self._path(sha256), gzip.compress(plain, 6, mtime=0))
                    cleaned += 1
            except (TMinusError, OSError):  # a reading of it says so
                continue
        return cleaned

    def origins(self) -> Iterator[PayloadOrigin]:
        """Yield every origin once, in the order of the index; a half-written line (a killed pull) is passed over."""
        seen = set()
        for line in self._lines():
            origin = _origin(line)
            if origin is not None and line not in seen:
                seen.add(line)
                yield origin

    def _note(self, origin: PayloadOrigin) -> None:
        assert self.folder is not None
        if self._known is None:
            self._known = set(self._lines())
        line = json.dumps(asdict(origin), sort_keys=True)
        if line in self._known:
            return
        self._known.add(line)
        # One write of one line to a file opened for appending: two pulls at once do not mix their lines. It starts
        # with a line break, so a line that was cut off by a crash spoils itself alone.
        handle = os.open(self.folder / _INDEX, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"\n{line}".encode())
        finally:
            os.close(handle)

    def _lines(self) -> list[str]:
        if self.folder is None:
            return []
        try:
            text = (self.folder / _INDEX).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line for line in text.split("\n") if line]

    def _path(self, sha256: str) -> Path:
        assert self.folder is not None
        return self.folder / sha256[:2] / f"{sha256}.gz"


def _origin(line: str) -> PayloadOrigin | None:
    try:
        fields: dict[str, Any] = json.loads(line)
        return PayloadOrigin(**fields)
    except (ValueError, TypeError):
        return None
