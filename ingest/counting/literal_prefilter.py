"""What can be looked for before a regular expression: words that every match holds, bytes with which it begins.

Looking for a word is a hundred times faster than searching a pattern that begins with a class or a word boundary, and
nearly every file holds none of the words. Python's engine tries a pattern at every byte unless all of its alternatives
begin with a plain character: looking for the few bytes that can begin a match is several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

SHORTEST = 3  # shorter words are in every file
MOST = 16
MOST_FIRST_BYTES = 64  # of 256: where more bytes may begin a match, looking for them saves nothing
_ALL = frozenset(range(256))
_EMPTY_OPERATIONS = ("AT", "ASSERT", "ASSERT_NOT")  # they take no byte
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


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
    if operation in _REPEATS and value[0] >= 1:
        return _of_sequence(list(value[2]))
    if operation == "ATOMIC_GROUP":
        return _of_sequence(list(value))
    return _of_branches(value[1]) if operation == "BRANCH" else ()


def _of_branches(alternatives: Any) -> tuple[bytes, ...]:
    """The literals of all alternatives; none when one alternative has none."""
    branches = [_of_sequence(list(branch)) for branch in alternatives]
    return tuple(word for words in branches for word in words) if all(branches) else ()


def first_bytes(pattern: re.Pattern[bytes]) -> re.Pattern[bytes] | None:
    """A pattern for one byte with which every match begins; None where there are too many, or nobody can say."""
    try:
        found, may_be_empty = _first_of(re._parser.parse(pattern.pattern, pattern.flags))  # type: ignore[attr-defined]
    except Exception:  # the parser is not public: whatever it does one day, counting must go on
        return None
    if may_be_empty or not 0 < len(found) <= MOST_FIRST_BYTES:
        return None
    return re.compile(b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(found)) + b"]")


def _first_of(nodes: Iterable[Any]) -> tuple[frozenset[int], bool]:
    """The bytes that can come first, and whether the sequence can match nothing."""
    found: frozenset[int] = frozenset()
    for operation, value in nodes:
        first, may_be_empty = _first_of_node(str(operation), value)
        found |= first
        if not may_be_empty:
            return found, False
    return found, True


def _first_of_node(operation: str, value: Any) -> tuple[frozenset[int], bool]:
    if operation in _EMPTY_OPERATIONS:
        return frozenset(), True
    if operation == "SUBPATTERN":
        return (_ALL, True) if value[1] else _first_of(value[3])  # flags inside: nothing is sure
    if operation == "ATOMIC_GROUP":
        return _first_of(value)
    if operation in _REPEATS:
        first, may_be_empty = _first_of(value[2])
        return first, may_be_empty or value[0] == 0
    if operation == "BRANCH":
        return _first_of_branches(value[1])
    return _first_of_byte(operation, value), operation == "GROUPREF"


def _first_of_branches(alternatives: Iterable[Any]) -> tuple[frozenset[int], bool]:
    parts = [_first_of(part) for part in alternatives]
    return frozenset().union(*(first for first, _ in parts)), any(may_be_empty for _, may_be_empty in parts)


def _first_of_byte(operation: str, value: Any) -> frozenset[int]:
    if operation == "LITERAL":
        return frozenset({value})
    if operation == "IN" and str(value[0][0]) != "NEGATE":
        return frozenset().union(*(_of_member(str(kind), member) for kind, member in value))
    return _ALL


def _of_member(kind: str, member: Any) -> frozenset[int]:
    if kind == "LITERAL":
        return frozenset({member})
    return frozenset(range(member[0], member[1] + 1)) if kind == "RANGE" else _ALL
