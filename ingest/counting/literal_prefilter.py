"""Which words a text must hold for a regular expression to match at all.

Looking for a word is a hundred times faster than searching a pattern that begins with a class or a word boundary, and
nearly every file holds none of the words.
"""

from __future__ import annotations

import re
from typing import Any

SHORTEST = 3  # shorter words are in every file
MOST = 16


def required_literals(pattern: re.Pattern[bytes]) -> tuple[bytes, ...]:
    """Words of which every match holds at least one; () when there are none to be sure of."""
    if pattern.flags & re.IGNORECASE:
        return ()
    try:
        tree = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]
        words = _of_sequence(list(tree))
    except Exception:  # the parser is not public: whatever it does one day, counting must go on
        return ()
    return words if len(words) <= MOST and all(len(word) >= SHORTEST for word in words) else ()


def _of_sequence(nodes: list[Any]) -> tuple[bytes, ...]:
    """The words of the most telling part of a sequence; all parts must match."""
    candidates = [words for words in (*_runs(nodes), *(_of_node(node) for node in nodes)) if words]
    return max(candidates, key=lambda words: min(map(len, words)), default=())


def _runs(nodes: list[Any]) -> list[tuple[bytes, ...]]:
    runs, run = [], bytearray()
    for operation, value in nodes:
        if str(operation) == "LITERAL" and value < 256:
            run.append(value)
            continue
        runs.append((bytes(run),))
        run = bytearray()
    return [words for words in (*runs, (bytes(run),)) if words[0]]


def _of_node(node: tuple[Any, Any]) -> tuple[bytes, ...]:
    operation, value = str(node[0]), node[1]
    if operation == "SUBPATTERN":
        return () if value[1] & re.IGNORECASE else _of_sequence(list(value[3]))
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] >= 1:
        return _of_sequence(list(value[2]))
    if operation == "ATOMIC_GROUP":
        return _of_sequence(list(value))
    return _of_branches(value[1]) if operation == "BRANCH" else ()


def _of_branches(alternatives: Any) -> tuple[bytes, ...]:
    """The literals of all alternatives; none when one alternative has none."""
    branches = [_of_sequence(list(branch)) for branch in alternatives]
    return tuple(word for words in branches for word in words) if all(branches) else ()
