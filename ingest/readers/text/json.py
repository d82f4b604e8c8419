"""JSON that may come from anywhere: strict numbers, bounded depth and size, shape known from the first bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from ingest.readers.contract import ReadError

MAX_BYTES = 160 * 1024 * 1024
MAX_PATHS = 600
MOST_CHECKED = 8 * 1024 * 1024  # characters in which a repeated key is looked for: no summary is larger
LONGEST_LINE = 1000
DEPTH = 4
# A string without an end is one token too: else each of its quotes would be searched to the end again.
_TOKEN = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?\Z)|[{}\[\],:]', re.DOTALL)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NO_LOG = re.compile(rb"\s*(?:[<{]|\[\s*[\[{\"])")  # a log may well begin with [WARNING]
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

Path = tuple[str, ...]


def decode(data: bytes) -> str:
    """Text of a file by its byte order mark, else UTF-8; a stray byte is replaced, not fatal."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode("utf-8", "replace")


@lru_cache(maxsize=2)
def plain_text(head: bytes) -> str:
    """The beginning of a log without its colours; empty for XML and JSON, which need no search for lines."""
    return "" if _NO_LOG.match(head) else log_text(head)


def log_text(data: bytes) -> str:
    """The lines of a log without colours, empty ones and endless ones: what is searched line by line stays linear."""
    lines = ANSI.sub("", decode(data)).splitlines()
    return "\n".join(line for line in lines if 0 < len(line) <= LONGEST_LINE and not line.isspace())


def load_json(data: bytes) -> Any:
    """The document; NaN, endless numbers, bottomless nesting and a key that an object has twice are refused."""
    if len(data) > MAX_BYTES:
        raise ReadError(f"JSON of {len(data):,} bytes: larger than {MAX_BYTES:,}, not read")
    text = decode(data)
    if not text.strip():
        raise ReadError("the file is empty")
    try:
        pairs = _without_repeats if len(text) <= MOST_CHECKED else None
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=pairs)
    except ReadError:
        raise
    except RecursionError:
        raise ReadError("JSON is nested too deeply: refused") from None
    except ValueError as problem:
        raise ReadError(f"JSON is damaged or cut off: {str(problem)[:120]}") from problem


def load_object(data: bytes) -> dict[str, Any]:
    """The document, which must be an object."""
    document = load_json(data)
    if not isinstance(document, dict):
        raise ReadError(f"expected a JSON object, found {type(document).__name__}")
    return document


def json_lines(data: bytes) -> tuple[list[dict[str, Any]], int]:
    """The objects of a file of JSON lines, and how many lines were none (log text between them, a cut last line)."""
    rows: list[dict[str, Any]] = []
    bad = 0
    for line in decode(data).splitlines():
        if not line.strip():
            continue
        row = _line(line)
        if row is None:
            bad += 1
        else:
            rows.append(row)
    return rows, bad


def _line(line: str) -> dict[str, Any] | None:
    start = line.find("{")
    if start < 0:
        return None
    try:
        row = json.loads(line[start:], parse_constant=_refuse, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError, ReadError):
        return None
    return row if isinstance(row, dict) else None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of a key that is written twice with two values nobody can say which one is meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        for key, value in pairs:
            if found[key] != value:
                raise ReadError(f"the key {key[:40]!r} is written twice with different values: refused")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ReadError(f"{constant} is not a JSON number: refused")


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one: damaged inner parts lose themselves, not the file."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of an array."""
    return (entry for entry in sequence(value) if isinstance(entry, dict))


def text(value: Any) -> str:
    """The value when it is text, else an empty one."""
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=4)
def paths_of(head: bytes) -> frozenset[Path]:
    """Key paths of a JSON text down to four levels, arrays as "[]"; works on a beginning that is cut anywhere."""
    body = decode(head).lstrip()
    if not body.startswith(("{", "[")):
        return frozenset()
    return frozenset(_walk(body))


@lru_cache(maxsize=4)
def _masked(head: bytes) -> frozenset[Path]:
    """The paths with any key in the first, the second, or the first and third place."""
    paths = paths_of(head)
    first = {("*", *path[1:]) for path in paths if len(path) > 1}
    second = {(path[0], "*", *path[2:]) for path in paths if len(path) > 2}
    third = {(*path[:2], "*", *path[3:]) for path in first if len(path) > 3}
    return frozenset(first | second | third)


def has(head: bytes, *keys: str) -> bool:
    """Whether the document has the key path; "*" means any key (first, second, or first and third place)."""
    return keys in (_masked(head) if "*" in keys else paths_of(head))


def has_all(head: bytes, *keys: str) -> bool:
    """Whether all the keys are at the top of the document."""
    found = paths_of(head)
    return all((key,) in found for key in keys)


def _walk(body: str) -> set[Path]:
    path: list[str] = []  # one entry a level: the key under way, or "[]"
    arrays: list[bool] = []
    pending = ""
    found: set[Path] = set()
    for token in _TOKEN.finditer(body):
        sign = token[0][0]
        if sign == '"':
            pending = token[1]
        elif sign == ":":
            if arrays and not arrays[-1] and len(arrays) <= DEPTH:
                path[-1] = pending
                found.add(tuple(path))
        elif sign in "{[":
            arrays.append(sign == "[")
            if len(arrays) <= DEPTH:
                path.append("[]" if sign == "[" else "")
        elif sign in "}]" and arrays:
            if len(arrays) <= DEPTH:
                path.pop()
            arrays.pop()
            if not arrays or len(found) > MAX_PATHS:
                break
    return found
