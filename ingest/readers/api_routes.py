"""Routes in the code, as far as they can be read without running it: which are real and which are stubs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_STUB = re.compile(
    r"\b501\b|HTTP_501\w*|not[ _-]?(?:yet[ _-]?)?implemented|NotImplemented(?:Error|Exception)?"
    r"|\b(?:TODO|FIXME|XXX|HACK|STUB)\b",
    re.IGNORECASE,
)
_JAVASCRIPT = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
MAX_FILE = 2 * 1024 * 1024
MAX_HANDLER = 8000
LONGEST_LINE = 2000


class Route(NamedTuple):
    """One route. `stub` says why it is none that counts; `mounted` is False where its prefix was not found."""

    method: str  # GET ... or * for any
    path: str
    path_of_file: str
    line: int
    stub: str
    mounted: bool = True


def find_routes(files: Mapping[str, bytes]) -> list[Route]:
    """Routes of Express, Fastify, Next.js, FastAPI, Flask and Django among the files (path -> content)."""
    # Here, since both sides build Routes.
    from ingest.readers.api_routes_js import javascript_routes
    from ingest.readers.api_routes_py import python_routes

    decoded = {path.replace("\\", "/"): data.decode("utf-8", "replace") for path, data in files.items()}
    known = {path: body for path, body in decoded.items() if _is_written_by_hand(body)}
    scripts = {path: body for path, body in known.items() if path.endswith(_JAVASCRIPT) and not _is_test(path)}
    pythons = {path: body for path, body in known.items() if path.endswith(".py") and not _is_test(path)}
    return [*javascript_routes(scripts), *python_routes(pythons)]


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


def _is_written_by_hand(body: str) -> bool:
    """Minified and generated code is left out: its endless lines hold no routes that somebody wrote."""
    return len(body) <= MAX_FILE and all(len(line) <= LONGEST_LINE for line in body.splitlines())


def _is_test(path: str) -> bool:
    parts = path.split("/")
    if {"tests", "test", "__tests__", "node_modules", "__mocks__", "fixtures"} & set(parts[:-1]):
        return True
    return ".test." in parts[-1] or ".spec." in parts[-1] or parts[-1].startswith("test_")
