"""One route as the code declares it, and what shows that its handler is a stub."""

from __future__ import annotations

import re
from typing import NamedTuple

_STUB = re.compile(
    r"\b501\b|HTTP_501\w*|not[ _-]?(?:yet[ _-]?)?implemented|NotImplemented(?:Error|Exception)?"
    r"|\b(?:TODO|FIXME|XXX|HACK|STUB)\b",
    re.IGNORECASE,
)
MAX_HANDLER = 8000


class Route(NamedTuple):
    """One route. `stub` says why it is none that counts; `mounted` is False where its prefix was not found."""

    method: str  # GET ... or * for any
    path: str
    path_of_file: str
    line: int
    stub: str
    mounted: bool = True


def stub_reason(handler: str) -> str:
    """What in the handler says that it is a stub; empty when nothing does."""
    found = _STUB.search(handler[:MAX_HANDLER])
    return f"says {found[0]}" if found else ""


def line_of(body: str, at: int) -> int:
    """Line number of a position."""
    return body.count("\n", 0, at) + 1


def join(prefix: str, path: str) -> str:
    """Two parts of a URL path."""
    return "/" + "/".join(part for part in f"{prefix}/{path}".split("/") if part)
