"""Routes in the code, as far as they can be read without running it: which are real and which are stubs."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.api.route import Route
from ingest.readers.api.routes_js import javascript_routes
from ingest.readers.api.routes_py import python_routes

_JAVASCRIPT = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
MAX_FILE = 2 * 1024 * 1024
LONGEST_LINE = 2000


def find_routes(files: Mapping[str, bytes]) -> list[Route]:
    """Routes of Express, Fastify, Next.js, FastAPI, Flask and Django among the files (path -> content)."""
    decoded = {path.replace("\\", "/"): data.decode("utf-8", "replace") for path, data in files.items()}
    known = {path: body for path, body in decoded.items() if _is_written_by_hand(body)}
    scripts = {path: body for path, body in known.items() if path.endswith(_JAVASCRIPT) and not _is_test(path)}
    pythons = {path: body for path, body in known.items() if path.endswith(".py") and not _is_test(path)}
    return [*javascript_routes(scripts), *python_routes(pythons)]


def _is_written_by_hand(body: str) -> bool:
    """Minified and generated code is left out: its endless lines hold no routes that somebody wrote."""
    return len(body) <= MAX_FILE and all(len(line) <= LONGEST_LINE for line in body.splitlines())


def _is_test(path: str) -> bool:
    parts = path.split("/")
    if {"tests", "test", "__tests__", "node_modules", "__mocks__", "fixtures"} & set(parts[:-1]):
        return True
    return ".test." in parts[-1] or ".spec." in parts[-1] or parts[-1].startswith("test_")
