"""Possessive groups match rightly on every Python, also before 3.11.5, whose engine loses its place in them."""

from __future__ import annotations

import random
import re

import pytest

from ingest.counting.comment_syntax import FAMILIES
from ingest.counting.counters import parse_counters
from ingest.counting.markers import find_markers
from ingest.counting.syntax_family import sound, with_atomic_groups

IS_RIGHT = re.search(rb"(?:a|b(?!c))*+bc", b"abc") is not None
SIGNS = [
    "/*",
    "*/",
    "*",
    "/",
    "//",
    "#",
    "--",
    "'",
    '"',
    '"""',
    "`",
    "\\",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "TODO",
    "x",
    "\n",
]


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (rb"(?:a|b)*+c", rb"(?>(?:a|b)*)c"),
        (rb"(?:a(?:b|c)++)?+", rb"(?>(?:a(?>(?:b|c)+))?)"),
        (rb"(?P<n>a|b){2,3}+", rb"(?>(?P<n>a|b){2,3})"),
        (rb"[)*+]++(?:\)*+|[^\]()*+])+x?+", rb"[)*+]++(?:\)*+|[^\]()*+])+x?+"),
    ],
)
def test_only_possessive_groups_are_written_as_atomic_ones(pattern: bytes, written: bytes) -> None:
    """A sign after one character, in a class or behind a backslash stays as it is."""
    assert with_atomic_groups(pattern) == written


def test_this_python_finds_what_follows_a_vain_attempt() -> None:
    """The alternative that fails gives back what it took."""
    assert re.search(sound(rb"(?:a|b(?!c))*+bc"), b"abc")
    assert [hit.label for hit in find_markers(b"/* TODO */ int x; /* FIXME\n */", "c")] == ["TODO", "FIXME"]


def test_a_pattern_of_the_plan_is_matched_rightly_too() -> None:
    """A counter whose pattern has a possessive group counts every match."""
    table = {"kind": "matches", "paths": ["**"], "pattern": r"/\*(?:[^*]|\*(?!/))*+\*/"}
    (counter,) = parse_counters({"comments": table})
    assert counter.count(b"/* a * b */ x /**/") == 2


@pytest.mark.skipif(not IS_RIGHT, reason="this Python matches possessive groups wrongly: nothing to compare with")
@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.pattern])
def test_an_atomic_group_finds_what_a_possessive_one_finds(name: str) -> None:
    """The patterns of every family of languages, on texts of their signs."""
    pattern, chance = FAMILIES[name].pattern, random.Random(name)
    possessive, atomic = (re.compile(one, re.S | re.M) for one in (pattern, with_atomic_groups(pattern)))
    for _ in range(200):
        text = "".join(chance.choices(SIGNS, k=chance.randint(2, 14))).encode()
        both = [[(match.span(), match.lastgroup) for match in one.finditer(text)] for one in (possessive, atomic)]
        assert both[0] == both[1], text
