"""What a comment family is, and the pieces of which the patterns of many families are built."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from ingest.counting.literal_prefilter import first_bytes

# Content, where to begin, where to end: the first token there.
Search = Callable[[bytes, int, int], "re.Match[bytes] | None"]


@dataclass(frozen=True, slots=True)
class Family:
    """How comments of a kind of file are found: a tokeniser of strings, comments and islands of other languages.

    A match whose last group is c0, c1 ... is a comment. The group names of `special_tokens.SPECIAL` need more than a
    pattern. Groups named i_FAMILY hold text of another family; `s_script`, `s_style` and `s_template` hold text whose
    family the attributes of the tag before it decide.

    `openers` are the signs with which a token begins that can span lines; None: read every line. A `sign`, where there
    is one, is on the line of every comment, before its words, except in files that have the sign `block`. `rest` names
    the family that reads what no token holds. `prose`: the whole text is written for people, all of it counts.
    `continues`: a backslash at the end of a line joins the next line to it. `ends`: nothing counts from its first match
    on (`__END__`).
    """

    name: str
    pattern: bytes = b""
    openers: tuple[bytes, ...] | None = ()
    sign: bytes = b""
    block: bytes = b""
    prose: bool = False
    rest: str = ""
    continues: bool = False
    ends: bytes = b""
    languages: Mapping[str, str] = field(default_factory=dict)

    @property
    def search(self) -> Search | None:
        """Return the search for the next token, made when it is first needed; None where nothing is a comment."""
        return _searcher(self.pattern) if self.pattern else None


# Python before 3.11.5 goes on at the wrong place where a possessive group has tried an alternative in vain.
_REPEATS_GROUPS_RIGHTLY = re.search(rb"(?:a|b(?!c))*+bc", b"abc") is not None
_PIECE = re.compile(
    rb"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()|(?P<close>\)(?P<times>[*+?]|\{(?:\d+,?\d*|,\d+)\})?(?P<keep>\+)?)|.",
    re.S,
)


def sound(pattern: bytes) -> bytes:
    """Return the pattern as this Python matches it rightly."""
    return pattern if _REPEATS_GROUPS_RIGHTLY else with_atomic_groups(pattern)


def with_atomic_groups(pattern: bytes) -> bytes:
    """Return the pattern with each possessive group written as an atomic one: (?:a|b)*+ as (?>(?:a|b)*)."""
    written = bytearray()
    opened: list[int] = []
    for piece in _PIECE.finditer(pattern):
        if piece["open"]:
            opened.append(len(written))
        begin = opened.pop() if piece["close"] and opened else None
        if begin is not None and piece["times"] and piece["keep"]:
            written[begin:begin] = b"(?>"
            written += piece.group()[:-1] + b")"
        else:
            written += piece.group()
    return bytes(written)


@cache
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Return the pattern, compiled once: ^ and $ match at lines, a dot matches any byte."""
    return re.compile(sound(pattern), re.S | re.M)


@cache
def _searcher(pattern: bytes) -> Search:
    """Return the search for a pattern; where few bytes can begin a match, it looks for those first."""
    whole = compiled(pattern)
    begins = first_bytes(whole)
    if begins is None:
        return whole.search
    find, match = begins.search, whole.match

    def search(content: bytes, at: int, limit: int) -> re.Match[bytes] | None:
        while byte := find(content, at, limit):
            at = byte.start()
            if token := match(content, at, limit):
                return token
            at += 1
        return None

    return search


def family(
    name: str,
    *tokens: bytes,
    openers: tuple[bytes, ...] | None = None,
    sign: bytes = b"",
    block: bytes = b"",
    rest: str = "",
    continues: bool = False,
    ends: bytes = b"",
) -> Family:
    """Build a family from its tokens; `(?P<c>` marks a comment and gets a number of its own."""
    numbered = [token.replace(b"(?P<c>", b"(?P<c%d>" % number) for number, token in enumerate(tokens)]
    return Family(name, b"|".join(numbered), openers, sign, block, False, rest, continues, ends)


def nested(begin: bytes, stop: bytes, depth: int = 6) -> bytes:
    """Return the pattern of a block comment that may hold others of its kind, up to a depth nobody exceeds."""
    first = re.escape(bytes(dict.fromkeys((begin[0], stop[0]))))
    begin, stop = re.escape(begin), re.escape(stop)
    body = rb"(?:[^%b]++|(?!%b).)*+" % (first, stop)
    for _ in range(depth):
        body = rb"(?:[^%b]++|%b%b(?:%b|\Z)|(?!%b).)*+" % (first, begin, body, stop, stop)
    return rb"(?P<c>%b%b(?:%b|\Z))" % (begin, body, stop)


def until(begin: bytes, stop: bytes) -> bytes:
    """Return the pattern of a comment between two signs; without the second one it runs to the end."""
    return rb"(?P<c>%b.*?(?:%b|\Z))" % (begin, stop)


def indented(begin: bytes) -> bytes:
    """Return the pattern of a comment that takes in all deeper lines below it (Haml, Slim, Pug, Sass)."""
    name = b"n%d" % (sum(begin) % 997)
    return rb"(?P<c>^(?P<%b>[ \t]*+)%b[^\n]*+(?:\n(?:(?P=%b)[ \t]++[^\n]*+|[ \t]*+(?=\n|\Z)))*+)" % (name, begin, name)


DOUBLE = rb'"(?:[^"\\\n]++|\\\r\n|\\.)*+"'
SINGLE = rb"'(?:[^'\\\n]++|\\\r\n|\\.)*+'"
PLAIN_DOUBLE = rb'"[^"\n]*+"'
PLAIN_SINGLE = rb"'[^'\n]*+'"
LONG_DOUBLE = rb'"(?:[^"\\]++|\\.)*+"'
LONG_SINGLE = rb"'(?:[^'\\]++|\\.)*+'"
CHARACTER = rb"'(?:\\[^'\n]++|[^'\\\n]|\\')'"
BLOCK = rb"(?P<c>/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))"
LINE = rb"(?P<c>//[^\n]*+)"
JOINED_LINE = rb"(?P<c>//(?:\\\r?\n|[^\n])*+)"
HASH = rb"(?P<c>#[^\n]*+)"
# A dollar, an ampersand or a letter before the sign makes it something else ($#, &#39;, C#, page.html#top).
WORD_HASH = rb"(?P<c>#(?<![^\s;,(){}\[\]|&]#)[^\n]*+)"
DASHES = rb"(?P<c>--[^\n]*+)"
SEMICOLON = rb"(?P<c>;[^\n]*+)"
PERCENT = rb"(?P<c>%[^\n]*+)"
MARKUP = rb"(?P<c><!--.*?(?:-->|\Z))"
TEXT_BLOCK = rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
QUOTED_BLOCK = rb"'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
BACKTICK = rb"`[^`]*+`"
NESTED_C = nested(b"/*", b"*/")
TRIPLES = (b'"""', b"'''")
