"""Patterns of users that may take for ever: the search of such a one has a time budget.

Python's own search cannot be stopped. That of `regex` takes a time limit, in a thread and on every system.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

BUDGET_SECONDS = 3.0  # of one counter in one file; a good pattern takes milliseconds


class SlowPatternError(Exception):
    """A counter's pattern takes longer than its budget in one file."""


def repeats(pattern: re.Pattern[bytes]) -> bool:
    """Whether a part of the pattern may repeat or be left out; True also where nobody can say.

    Only then the time of a search is not known beforehand: thirty optional letters in a row are enough.
    """
    try:
        tree = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]
        return "REPEAT" in repr(tree.data)
    except Exception:  # as above
        return True


def stoppable(pattern: re.Pattern[bytes]) -> re.Pattern[bytes] | regex.Pattern[bytes]:
    """The pattern itself, or the same one of `regex` where a part of it repeats; ValueError where that refuses it."""
    if not repeats(pattern):
        return pattern
    import regex

    try:
        return regex.compile(pattern.pattern, regex.MULTILINE)
    except regex.error as problem:
        raise ValueError(str(problem)) from None
