"""Versions of a document: a digest of what people wrote, copies beside the warehouse, those of the git history."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.readers.documents.document_text import editable
from ingest.source import TMinusError
from ingest.transport.git_repo import GitRepository

MOST_VERSIONS = 300  # of the history that are looked through
FOLDER = "documents"


def digest_of(data: bytes) -> str:
    """The same for a document before and after T-minus has written its figures into it, and repaired its encoding."""
    try:
        text = "".join(editable(data)[0])
    except ValueError:  # no text: it is compared as it is
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha256(text.rstrip("\r\n").encode("utf-8", "surrogatepass")).hexdigest()


def keep_version(folder: Path, data: bytes) -> None:
    """Keep a copy beside the warehouse; a folder that cannot be written costs only the copy."""
    with suppress(OSError):
        place = folder / FOLDER
        place.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(place / f"{digest_of(data)}.md")


def version_with(digest: str, folder: Path, repository: Path, document: Path) -> tuple[bytes | None, str]:
    """The version with the digest and where it was found; None where it is nowhere."""
    kept = folder / FOLDER / f"{digest}.md"
    with suppress(OSError):
        data = kept.read_bytes()
        if digest_of(data) == digest:
            return data, "imported version"
    for data in _of_history(repository, document):
        if digest_of(data) == digest:
            return data, "git history"
    return None, "not found"


def _of_history(repository: Path, document: Path) -> Iterator[bytes]:
    """The versions of the document in the history, the newest first."""
    try:
        path = document.resolve().relative_to(repository.resolve()).as_posix()
        git = GitRepository(repository)
        commits = git.ask("log", f"--max-count={MOST_VERSIONS}", "--format=%H", "--", path).split()
    except (TMinusError, ValueError, OSError):
        return
    for commit in commits:
        with suppress(TMinusError):
            yield git.file_at(commit, path)
