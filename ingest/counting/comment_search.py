"""Which of a text's marker words lie in a comment, by the rules of a family."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.counting.comment_syntax import family_named, language_of
from ingest.counting.marker_words import Span
from ingest.counting.special_tokens import SPECIAL
from ingest.counting.syntax_family import TRIPLES, Family, compiled

Found = tuple[Span, int]  # a word, and where its comment ends
_MAY_BEGIN_TOKEN = re.compile(rb"[\"'#]")  # in the families whose only openers are triple quotes


class Token(NamedTuple):
    """A string, comment or island: where it is, the comments in it, and the island's (family, start, end)."""

    start: int
    end: int
    comments: Sequence[Span]
    island: tuple[str, int, int] | None = None


def _before(words: Sequence[Span], end: int) -> list[Span]:
    return [word for word in words if word[1] <= end]


def _end_of_code(content: bytes, sign: bytes, start: int, end: int) -> int:
    """Where the sign is behind which a file holds no code any more (`__END__`), else its end."""
    match = compiled(sign).search(content, start, end)
    return match.start() if match else end


def _behind_sign(content: bytes, words: Sequence[Span], sign: bytes) -> list[Span]:
    """The words behind a comment sign on their own line; all of them where the language has no such sign."""
    if not sign:
        return list(words)
    return [word for word in words if content.find(sign, content.rfind(b"\n", 0, word[0]) + 1, word[0]) >= 0]


def commented(content: bytes, words: Sequence[Span], family: Family, start: int, end: int) -> Iterator[Found]:
    """Yield (word, end of its comment) of those words between `start` and `end` that lie in a comment."""
    if family.prose:
        yield from ((word, end) for word in words)
        return
    if family.ends:
        end = _end_of_code(content, family.ends, start, end)
        words = _before(words, end)
    if not (family.block and family.block in content):
        words = _behind_sign(content, words, family.sign)
    if words and family.pattern:
        read = _read_all if family.openers is None else _read_some
        yield from read(content, words, family, start, end)


def _read_all(content: bytes, words: Sequence[Span], family: Family, start: int, end: int) -> Iterator[Found]:
    """Split everything up to the last word into tokens; what none of them holds goes to the family of the rest."""
    rest: list[Span] = []
    at, last, position = 0, words[-1][0], start
    while position <= last and (token := _next_token(content, family, position, end, end)):
        before = bisect_left(words, (token.start, 0), at)
        after = bisect_left(words, (token.end, 0), before)
        rest += words[at:before]
        yield from _inside(content, words[before:after], token)
        at, position = after, max(token.end, position + 1)
    rest += words[at:]
    if family.rest and rest:
        yield from commented(content, rest, family_named(family.rest), start, end)


def _inside(content: bytes, words: Sequence[Span], token: Token) -> Iterator[Found]:
    """Yield the words of one token that lie in its comments, or in comments of its island."""
    if token.island and words:
        name, start, end = token.island
        inner = [word for word in words if start <= word[0] and word[1] <= end]
        yield from commented(content, inner, family_named(name), start, end)
        return
    for word in words:
        if stop := _comment_end(token, word):
            yield word, stop


def _comment_end(token: Token, word: Span) -> int:
    """The end of the token's comment that holds the word, 0 when none does."""
    return next((stop for begin, stop in token.comments if begin <= word[0] and word[1] <= stop), 0)


def _next_target(openers: dict[bytes, int], content: bytes, position: int, last: int, word: int) -> int:
    """The next point of interest: the word, or an opener before it. Moves openers that are behind `position`."""
    target = word
    for opener, place in openers.items():
        next_place = place
        if 0 <= place < position:
            next_place = openers[opener] = content.find(opener, position, last)
        if 0 <= next_place < target:
            target = next_place
    return target


def _read_some(content: bytes, words: Sequence[Span], family: Family, start: int, end: int) -> Iterator[Found]:
    """Walk from one point of interest to the next: a word, or the opening of something that can span lines.

    Only the lines of those points are split into tokens (9 x faster than all lines), which is exact as long as
    `family.openers` names all that can span lines.
    """
    signs = family.openers or ()
    last = words[-1][0]  # what begins behind the last word is no matter
    openers = {opener: content.find(opener, start, last) for opener in signs}
    position, at = start, 0
    while at < len(words):
        target = _next_target(openers, content, position, last, words[at][0])
        line = _line_of(content, position, target, family)
        if signs is TRIPLES and target < words[at][0] and (after := _end_of_triple(content, line, target, end)):
            position, at = after, bisect_left(words, (after, 0), at)
            continue
        token = _token_over(content, family, line, target, end, is_word=target == words[at][0])
        position = target + 1
        if token is not None and token.start <= target:
            position = token.end
            after = bisect_left(words, (position, 0), at)
            yield from _inside(content, words[at:after], token)
            at = after
        elif target == words[at][0]:
            at += 1


def _line_of(content: bytes, position: int, target: int, family: Family) -> int:
    """Return where the line of `target` begins, with the lines that a backslash joins to it; not before `position`."""
    line = content.rfind(b"\n", position, target) + 1
    while family.continues and line > position + 2 and content[line - 3 : line - 1].rstrip(b"\r")[-1:] == b"\\":
        line = content.rfind(b"\n", position, line - 1) + 1
    return max(position, line)


def _line_end(content: bytes, target: int, end: int, family: Family) -> int:
    """Return where the line of `target` ends, with the lines that a backslash joins to it."""
    stop = content.find(b"\n", target, end)
    while family.continues and stop > 0 and content[stop - 2 : stop].rstrip(b"\r")[-1:] == b"\\":
        stop = content.find(b"\n", stop + 1, end)
    return end if stop < 0 else stop


def _token_over(content: bytes, family: Family, line: int, target: int, end: int, *, is_word: bool) -> Token | None:
    """Return the first token of the line that reaches beyond `target`."""
    limit = end
    if is_word:  # what spans lines has an opener, met before: this line decides, with those that it is joined to
        limit = _line_end(content, target, end, family)
    while token := _next_token(content, family, line, limit, end):
        if token.end > target:
            return token
        line = max(token.end, line + 1)
    return None


def _next_token(content: bytes, family: Family, at: int, limit: int, end: int) -> Token | None:
    """Return the first token that begins at or behind `at`; `end` is where the text ends, for tokens beyond `limit`."""
    search = family.search
    assert search is not None
    match = search(content, at, limit)
    if match is None:
        return None
    start, stop = match.span()
    group = match.lastgroup
    if group is None:
        return Token(start, stop, ())
    if group[0] == "c" and group[1:].isdigit():
        return Token(start, stop, (match.span(group),))
    if special := SPECIAL.get(group):
        return Token(start, *special(content, match, end))
    if group[:2] == "i_":
        return Token(start, stop, (), (group[2:].rstrip("0123456789"), *match.span(group)))
    if group[:2] == "s_":
        return Token(start, stop, (), (language_of(group[2:], match[f"a_{group[2:]}"]), *match.span(group)))
    return Token(start, stop, ())


def _end_of_triple(content: bytes, line: int, target: int, end: int) -> int:
    """Find where the triple-quoted string at `target` ends (3 x faster than the tokeniser); 0: unclear."""
    if _MAY_BEGIN_TOKEN.search(content, line, target):
        return 0
    stop = content.find(content[target : target + 3], target + 3, end)
    return 0 if stop < 0 or content.find(b"\\", target, stop) >= 0 else stop + 3
