"""User-defined counters over paths and bytes: pattern matches, file shares and list lengths."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ingest.counting.literal_prefilter import required_literals
from ingest.counting.path_patterns import ExactPaths, PathPatternError, PathPatterns
from ingest.counting.slow_patterns import BUDGET_SECONDS, SlowPatternError, stoppable
from ingest.counting.syntax_family import sound
from ingest.counting.versions import COUNTER_RULES, PATH_RULES
from ingest.source import SourceError

if TYPE_CHECKING:
    import regex

_RULES = (COUNTER_RULES, PATH_RULES)
METRICS = {
    "matches": ("matches_count", "matches"),
    "file_share": ("file_share_percent", "percent"),
    "list_length": ("list_length_count", "entries"),
}
# Other people's code, programs' output and old copies do not measure this project's work.
COUNTED_CLASSES = frozenset(("code", "tests", "docs"))
_COMMENT_STARTS = (b"#", b"//", b";", b"--")


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter of tminus.toml; `inside` chooses the paths that count (a share's numerator), `of` the whole."""

    name: str
    kind: str
    inside: PathPatterns | ExactPaths
    of: PathPatterns | ExactPaths
    pattern: re.Pattern[bytes] | regex.Pattern[bytes] | None  # of `regex` where it repeats: that one can be stopped
    definition: str
    about: str  # the paths in words, for the reason of an unknown figure
    words: tuple[bytes, ...] = ()  # a file that holds none of them has no match; () looks at every file

    @property
    def metric(self) -> str:
        """Return the metric's name."""
        return METRICS[self.kind][0]

    @property
    def unit(self) -> str:
        """Return the metric's unit."""
        return METRICS[self.kind][1]

    @property
    def reads_bytes(self) -> bool:
        """Say whether files have to be read: a share needs their names alone."""
        return self.kind != "file_share"

    def count(self, content: bytes) -> int:
        """Count in one file: matches; of a list its matching lines, else those neither empty nor comment."""
        if not self._may_match(content):
            return 0
        try:
            return self._matches(content)
        except TimeoutError:
            raise SlowPatternError from None

    def _matches(self, content: bytes) -> int:
        if self.kind == "matches" and self.pattern is not None:
            return _count_matches(self.pattern, content)
        lines = [line.strip() for line in content.splitlines()]
        if self.pattern is None:
            return sum(1 for line in lines if line and not line.startswith(_COMMENT_STARTS))
        return _count_lines(self.pattern, lines)

    def _may_match(self, content: bytes) -> bool:
        """A plain search for the literals of the pattern, before the pattern itself."""
        return not self.words or any(word in content for word in self.words)

    def figure(self, total: int, members: int, whole: int) -> tuple[float | None, str]:
        """Return (value, reason) from summed counts, files inside and files of the whole; no file is unknown, not 0."""
        if self.kind == "file_share":
            return (100.0 * members / whole, "") if whole else (None, f"no file matches {self.about}")
        return (float(total), "") if members else (None, f"no file matches {self.about}")


def _count_matches(pattern: re.Pattern[bytes] | regex.Pattern[bytes], content: bytes) -> int:
    if isinstance(pattern, re.Pattern):
        return sum(1 for _ in pattern.finditer(content))
    return sum(1 for _ in pattern.finditer(content, timeout=BUDGET_SECONDS))


def _count_lines(pattern: re.Pattern[bytes] | regex.Pattern[bytes], lines: Sequence[bytes]) -> int:
    """How many lines match; the budget is that of all lines together."""
    if isinstance(pattern, re.Pattern):
        return sum(map(bool, map(pattern.search, lines)))
    end = time.monotonic() + BUDGET_SECONDS
    return sum(bool(pattern.search(line, timeout=max(end - time.monotonic(), 0.001))) for line in lines)


def parse_counters(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Counter, ...]:
    """Read the [counters.*] tables, ordered by name; SourceError names the table and what is wrong in it."""
    return tuple(_parse_counter(name, tables[name]) for name in sorted(tables))


def _parse_counter(name: str, table: Mapping[str, Any]) -> Counter:
    kind = table.get("kind")
    if kind not in METRICS:
        raise SourceError(f"counters.{name}.kind is {kind!r}: must be one of {', '.join(METRICS)}")
    paths = _globs(name, table, "file" if kind == "list_length" else "paths")
    # What a share leaves out of its part still belongs to the whole.
    part = [path for path in paths if not path.startswith("!")]
    of = [*_globs(name, table, "of"), *part] if kind == "file_share" else paths
    pattern = _compile(name, table.get("pattern"), required=kind == "matches")
    about = ", ".join(_globs(name, table, "of") if kind == "file_share" else paths)
    digest = sha256(
        json.dumps([_RULES, kind, table.get("pattern"), paths, of], ensure_ascii=False).encode()
    ).hexdigest()
    return Counter(
        name,
        kind,
        _chosen_paths(name, kind, paths),
        _chosen_paths(name, kind, of),
        _stoppable(name, pattern),
        f"{COUNTER_RULES}:{digest[:12]}",
        about,
        required_literals(pattern) if pattern is not None else (),
    )


def _globs(name: str, table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key)
    globs = [value] if isinstance(value, str) else value
    if not isinstance(globs, Sequence) or not globs or not all(isinstance(glob, str) and glob for glob in globs):
        raise SourceError(f"counters.{name}.{key} is {value!r}: must be a path pattern or a list of them")
    return list(globs)


def _chosen_paths(name: str, kind: str, patterns: Sequence[str]) -> PathPatterns | ExactPaths:
    """A list_length names one file; other kinds have path patterns."""
    try:
        return ExactPaths(patterns) if kind == "list_length" else PathPatterns(patterns)
    except PathPatternError as problem:
        raise SourceError(f"counters.{name}: {problem}") from None


def _compile(name: str, pattern: Any, *, required: bool) -> re.Pattern[bytes] | None:
    """The pattern in the dialect of Python's `re`."""
    if pattern is None and not required:
        return None
    try:
        return re.compile(sound(pattern.encode()), re.MULTILINE) if isinstance(pattern, str) else _refuse(name, pattern)
    except re.error as problem:
        raise SourceError(f"counters.{name}.pattern {pattern!r} is not a regular expression: {problem}") from None


def _stoppable(name: str, pattern: re.Pattern[bytes] | None) -> re.Pattern[bytes] | regex.Pattern[bytes] | None:
    try:
        return None if pattern is None else stoppable(pattern)
    except ValueError as problem:
        raise SourceError(f"counters.{name}.pattern cannot be searched within a time limit: {problem}") from None


def _refuse(name: str, pattern: Any) -> re.Pattern[bytes]:
    raise SourceError(f"counters.{name}.pattern is {pattern!r}: must be a regular expression in quotes")
