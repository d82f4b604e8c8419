"""Lines of documents that hold nothing: the versions of a document have nearly all of their lines in common."""

from __future__ import annotations

import re
from collections.abc import Callable

_MOST_LINES = 400_000  # about 40 MB of prose; a repository with more starts again


class LineMemory:
    """Answers for each version of a document whether any of its lines may hold something; each line is judged once.

    `may_hold` gets one line as bytes, without its line end, and must not depend on any other line.
    """

    def __init__(self, may_hold: Callable[[bytes], bool], most_lines: int = _MOST_LINES) -> None:
        self._may_hold = may_hold
        self._most_lines = most_lines
        self._empty: set[bytes] = set()
        self._held: set[bytes] = set()

    def may_hold(self, document: bytes) -> bool:
        """Whether a line of the document may hold something."""
        one_ending = re.sub(rb"\r\n?", b"\n", document) if b"\r" in document else document
        lines = set(one_ending.removeprefix(b"\xef\xbb\xbf").split(b"\n")) - self._empty
        if not self._held.isdisjoint(lines):
            return True
        return any(self._is_held(line) for line in lines)

    def _is_held(self, line: bytes) -> bool:
        if len(self._empty) + len(self._held) >= self._most_lines:
            self._empty.clear()
            self._held.clear()
        is_held = self._may_hold(line)
        (self._held if is_held else self._empty).add(line)
        return is_held
