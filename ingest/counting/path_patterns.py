"""Path patterns of tminus.toml and of .gitattributes, with the rules that git has for them (from pathspec).

In tminus.toml they are those of .gitignore: a pattern without a slash matches a name in any folder, one with a slash
starts at the top, `*` stays in one folder, `**` crosses folders, a folder includes all that is in it, `!` excludes
again, and the last pattern that matches decides.

>>> PathPatterns(["src/**/*.ts", "!*.test.ts"]).match("src/api/user.ts")
True
>>> PathPatterns(["src/**/*.ts", "!*.test.ts"]).match("src/api/user.test.ts")
False
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


class PathPatternError(ValueError):
    """A text that is not a path pattern."""


class PathPatterns:
    """The paths that a list of patterns chooses; PathPatternError for a text that is not a pattern."""

    __slots__ = ("_rules",)

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = tuple((is_included, re.compile(regex)) for regex, is_included in map(_translated, patterns))

    def match(self, path: str) -> bool:
        """Whether the last pattern that matches the path includes it."""
        is_chosen = False
        for is_included, regex in self._rules:
            if is_included is not is_chosen and regex.match(path):
                is_chosen = is_included
        return is_chosen


class ExactPaths:
    """The paths of a list, without patterns."""

    __slots__ = ("_paths",)

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)

    def match(self, path: str) -> bool:
        """Whether the path is in the list."""
        return path in self._paths


@lru_cache(maxsize=100)
def patterns_of(patterns: tuple[str, ...]) -> PathPatterns:
    """The compiled patterns, kept for the next path."""
    return PathPatterns(patterns)


def attribute_pattern(pattern: str) -> re.Pattern[str]:
    """One pattern of .gitattributes: a folder does not include the files in it, unless `/**` ends the pattern."""
    regex, _ = _translated(pattern)
    covers_below = regex == "." or pattern.endswith("/**")
    return re.compile(regex if covers_below else rf"(?:{regex})\Z")


def _translated(pattern: str) -> tuple[str, bool]:
    # Imported here: the process that reads blobs gets compiled patterns, and runs without installed packages.
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        regex, is_included = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    except ValueError as problem:
        raise PathPatternError(f"{pattern!r} is not a path pattern: {problem}") from None
    if regex is None or is_included is None:
        raise PathPatternError(f"{pattern!r} is not a path pattern (the rules are those of .gitignore)")
    return str(regex), is_included
