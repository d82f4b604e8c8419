"""Where each key of a TOML text is: line and column of tables, keys, and elements of lists.

tomllib gives values without their places, and tomlkit keeps none that can be asked for. This scanner reads only texts
that tomllib has accepted, so it needs no errors of its own; a property test compares the two.
"""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[\d+\])$")
_ERROR_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class Place(NamedTuple):
    """Counted from 1, in characters."""

    line: int
    column: int


def toml_places(text: str) -> dict[str, Place]:
    """The place of every path of a valid TOML text: `gate[0].criterion[2].threshold`, `rule[1].needs[0]`."""
    return _Scanner(text.replace("\r\n", "\n")).scan()


def place_of(path: str, places: dict[str, Place]) -> Place:
    """The place of a path, else of the nearest table that would hold it; the first line where nothing does."""
    while path:
        if path in places:
            return places[path]
        shorter = _LAST_STEP.sub("", path)
        path = path.rpartition(".")[0] if shorter == path else shorter
    return Place(1, 1)


def error_place(problem: Exception, content: bytes) -> tuple[Place, str]:
    """Where a text stops being TOML, and why: of the error that reading it as UTF-8 or as TOML raised."""
    if isinstance(problem, UnicodeDecodeError):
        before = content[: problem.start]
        start = before.rfind(b"\n") + 1
        return Place(before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1), "not UTF-8"
    message = str(problem)
    found = _ERROR_PLACE.search(message)
    words = _ERROR_PLACE.sub("", message).strip() or type(problem).__name__
    if found and found.group(1):
        return Place(int(found.group(1)), int(found.group(2))), words
    lines = content.decode("utf-8", "replace").splitlines() or [""]
    return Place(len(lines), len(lines[-1]) + 1), words


class _Scanner:
    """Walks over a valid text and notes where things begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[str, Place] = {}
        self._tables: dict[str, int] = {}  # path of an array of tables -> how many so far
        self._line = 1
        self._line_start = 0
        self._counted = 0

    def scan(self) -> dict[str, Place]:
        prefix = ""
        self._skip(_BLANK)
        while self._at < len(self._text):
            prefix = self._header() if self._text[self._at] == "[" else self._pair(prefix)
            self._skip(_BLANK)
        return self._places

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _place(self, offset: int) -> Place:
        """Offsets are asked for in rising order."""
        last = self._text.rfind("\n", self._counted, offset)
        if last >= 0:
            self._line += self._text.count("\n", self._counted, offset)
            self._line_start = last + 1
        self._counted = offset
        return Place(self._line, offset - self._line_start + 1)

    def _header(self) -> str:
        begin, is_array = self._at, self._text.startswith("[[", self._at)
        place = self._place(begin)
        self._at += 2 if is_array else 1
        keys = self._keys()
        self._at += 2 if is_array else 1
        path = ""
        for number, key in enumerate(keys):
            path = f"{path}.{key}" if path else key
            if is_array and number == len(keys) - 1:
                self._places.setdefault(path, place)
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = f"{path}[{self._tables[path] - 1}]"
            self._places.setdefault(path, place)
        return path

    def _keys(self) -> list[str]:
        """The parts of a dotted key, up to what follows it."""
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _key(self) -> str:
        begin = self._at
        if self._text[begin] in "\"'":
            self._string()
            return str(tomllib.loads(f"key = {self._text[begin : self._at]}")["key"])
        self._skip(_BARE_KEY)
        return self._text[begin : self._at]

    def _pair(self, prefix: str) -> str:
        """One `key = value`; returns the prefix, for what follows."""
        place = self._place(self._at)
        path = prefix
        for key in self._keys():
            path = f"{path}.{key}" if path else key
            self._places.setdefault(path, place)
        self._at += 1  # the sign
        self._skip(_SPACE)
        self._value(path)
        return prefix

    def _value(self, path: str) -> None:
        sign = self._text[self._at]
        if sign in "\"'":
            self._string()
        elif sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline(path)
        else:
            self._skip(_BARE_VALUE)

    def _string(self) -> None:
        sign = self._text[self._at]
        mark = sign * 3 if self._text.startswith(sign * 3, self._at) else sign
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if sign == '"' and self._text[self._at] == "\\" else 1
        self._at += len(mark)
        while len(mark) == 3 and self._text.startswith(sign, self._at):
            self._at += 1  # up to two quotes of the value lie before the closing three

    def _array(self, path: str) -> None:
        self._at += 1
        number = 0
        while self._next_is_not("]"):
            self._places.setdefault(f"{path}[{number}]", self._place(self._at))
            self._value(f"{path}[{number}]")
            number += 1
        self._at += 1

    def _inline(self, path: str) -> None:
        self._at += 1
        while self._next_is_not("}"):
            self._pair(path)
        self._at += 1

    def _next_is_not(self, end: str) -> bool:
        """Go to the next element; False at the end of the list or table."""
        self._skip(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_BLANK)
        return not self._text.startswith(end, self._at)
