"""The words a pattern needs are looked for first, and never cost a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.counting.comment_syntax import FAMILIES
from ingest.counting.literal_prefilter import required_literals
from ingest.counting.syntax_family import Family, compiled
from ingest.plan_drafting.language_counters import LANGUAGE_COUNTERS

PATTERNS = sorted({counter.pattern for counters in LANGUAGE_COUNTERS.values() for counter in counters})
MORE = [
    r"a|b",
    r"abc|abcd?",
    r"(?:foo|ba+r)baz",
    r"(foo)?bar",
    r"x*",
    r"(?i)todo",
    r"\d+ of \d+",
    r"(?i:ab)cde",
    r"fo{2,}o",
]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (rb"eslint-disable", (b"eslint-disable",)),
        (rb"\bNOLINT|#\s*pragma\s+(?:GCC|clang)\s+diagnostic\s+ignored", (b"NOLINT", b"diagnostic")),
        (rb"#\s*noqa\b", (b"noqa",)),
        (rb"(?i)todo", ()),
        (rb"a|bcd", ()),
        (rb"x*", ()),
    ],
)
def test_words_are_found(pattern: bytes, words: tuple[bytes, ...]) -> None:
    """The longest word of each alternative is required; short and uncertain ones are not."""
    assert required_literals(re.compile(pattern)) == words


@pytest.mark.parametrize("text", [*PATTERNS, *MORE])
def test_no_match_lacks_the_words(text: str) -> None:
    """Whatever a pattern matches holds at least one of its required words."""
    pattern = re.compile(text.encode(), re.MULTILINE)
    words = required_literals(pattern)

    @settings(max_examples=40)
    @given(st.from_regex(pattern))
    def holds_one(found: bytes) -> None:
        assert any(word in found for word in words)

    if words:
        holds_one()


_SIGNS = b"' \" # /* */ // -- <!-- --> {# #} ` | > <<E E =begin =end % (* *) {- -} ; x \\ r R $ @"
PIECES = [*_SIGNS.split(), b"\n", b" "]


_BEGINNINGS = [
    b"'",
    b'"',
    b"#",
    b"/*",
    b"*/",
    b"//",
    b"--",
    b"<!--",
    b"-->",
    b"{#",
    b"#}",
    b"`",
    b"|",
    b">",
    b"<<E",
    b"\n",
]
_MORE = [b"E", b"=begin", b"=end", b"%", b"(*", b"*)", b"{-", b"-}", b";", b" ", b"x", b"\\", b"r", b"R", b"$", b"@"]
PARSED = [family for family in FAMILIES.values() if family.pattern]
TEXTS = st.lists(st.sampled_from([*_BEGINNINGS, *_MORE]), max_size=14)


@settings(max_examples=60)
@given(TEXTS)
def test_looking_for_first_bytes_finds_the_tokens_of_the_pattern_itself(pieces: list[bytes]) -> None:
    """In any text the search that looks for the first byte of a token finds what a search with the pattern finds."""
    for family in PARSED:
        compare_searches(family, b"".join(pieces))


def compare_searches(family: Family, text: bytes) -> None:
    assert family.search is not None
    pattern = compiled(family.pattern)
    at = 0
    while True:
        plain, found = pattern.search(text, at, len(text)), family.search(text, at, len(text))
        assert (plain and (plain.span(), plain.lastgroup)) == (found and (found.span(), found.lastgroup)), family.name
        if plain is None or plain.end() >= len(text):
            break
        at = max(plain.end(), plain.start() + 1)
