"""Tokens that one pattern cannot describe: heredocs, nested template literals, YAML block scalars, C++ raw strings.

Each function gets (content, match, end of the text) and returns where the token ends and which comments lie in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.counting.syntax_family import sound

Span = tuple[int, int]
Token = tuple[int, list[Span]]

_TEMPLATE_PART = re.compile(rb"\\.|`|\$\{", re.S)
# What matters inside ${...}: strings, comments, regular expressions, templates and braces.
_EXPRESSION_PART = re.compile(
    sound(
        rb"\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+'|(?P<c>/\*.*?\*/|//[^\n]*+)"
        rb"|[=(,:!&|?\[][ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/|[`{}]"
    ),
    re.S,
)
_TEXT = -1


def template(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """Follow a template literal of JavaScript through the templates inside its expressions."""
    comments: list[Span] = []
    open_braces = [_TEXT]  # of each level: in the text of a template, or how many braces its expression has open
    at = match.end()
    while open_braces:
        part = (_TEMPLATE_PART if open_braces[-1] == _TEXT else _EXPRESSION_PART).search(content, at, end)
        if part is None:
            return (match.end(), []) if len(open_braces) == 1 else (end, comments)
        at = part.end()
        if part.lastgroup is not None:
            comments.append(part.span())
        _follow(part.group(), open_braces)
    return at, comments


def _follow(sign: bytes, open_braces: list[int]) -> None:
    """Enter or leave a level of a template literal."""
    in_text = open_braces[-1] == _TEXT
    if sign == b"`" and in_text:
        open_braces.pop()
    elif sign == b"`":
        open_braces.append(_TEXT)
    elif sign == b"${" and in_text:
        open_braces.append(0)
    elif sign == b"{":
        open_braces[-1] += 1
    elif sign == b"}" and not in_text:
        if open_braces[-1]:
            open_braces[-1] -= 1
        else:
            open_braces.pop()


_HEREDOC_LINE = (
    rb"\\.|\"(?:[^\"\\\n]++|\\.)*+\"|'[^'\n]*+'|(?P<c>%b)"
    rb"|%b[ \t]*(?P<q>[\"'`\\]?)(?P<w>[A-Za-z_]\w*)(?P=q)?"
)
_HASH_LINE = re.compile(sound(_HEREDOC_LINE % (rb"(?<=[\s;])#[^\n]*+", rb"(?<!<)<<(?!<)[~-]?")), re.S)
_SLASH_LINE = re.compile(sound(_HEREDOC_LINE % (rb"//[^\n]*+|#[^\n]*+", rb"<<[<-]?")), re.S)


def heredoc(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """Skip the text of here-documents of a shell, Ruby or Perl; the rest of the line that opens them is code."""
    return _heredoc(content, match, end, _HASH_LINE)


def slash_heredoc(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """Skip the text of here-documents of PHP or HCL, where two slashes begin a comment too."""
    return _heredoc(content, match, end, _SLASH_LINE)


def _heredoc(content: bytes, match: re.Match[bytes], end: int, line: re.Pattern[bytes]) -> Token:
    stop = content.find(b"\n", match.end(), end)
    if stop < 0:
        return match.end(), []
    parts = list(line.finditer(content, match.start(), stop))
    comments = [part.span() for part in parts if part.lastgroup == "c"]
    at = stop
    for word in (part["w"] for part in parts if part["w"]):
        closing = re.compile(rb"^[ \t]*%b\b" % re.escape(word), re.M).search(content, at, end)
        if closing is None:
            return (match.end(), []) if at == stop else (at, comments)
        at = closing.end()
    return at, comments


_SCALAR_KEY = re.compile(rb"[ ]*(?:- +)*")


def block_scalar(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """Skip the text of a YAML block scalar: all lines that are deeper than its key."""
    sign = match.start("scalar")
    line = content.rfind(b"\n", 0, sign) + 1
    key = _SCALAR_KEY.match(content, line, sign)
    assert key is not None  # it also matches nothing
    indent = len(key.group())
    if key.end() >= sign and indent:  # a list entry of its own: deeper than its last dash
        indent = content.rfind(b"-", line, sign) - line
    elif content.startswith(b"---", line) or key.end() >= sign:
        indent = -1
    header_end = content.find(b"\n", sign, end)
    comment = content.find(b" #", sign, header_end if header_end >= 0 else end)
    comments = [(comment + 1, header_end if header_end >= 0 else end)] if comment >= 0 else []
    return _end_of_deeper_lines(content, header_end, end, indent), comments


def _end_of_deeper_lines(content: bytes, at: int, end: int, indent: int) -> int:
    """Where the first line begins that is not deeper than `indent`; empty lines belong to the block."""
    while 0 <= at < end:
        following = content.find(b"\n", at + 1, end)
        text = content[at + 1 : following if following >= 0 else end]
        if text.strip() and len(text) - len(text.lstrip(b" ")) <= indent:
            return at
        at = following
    return end


def raw_string(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """Skip a raw string of C++ to the delimiter it names, R"name( ... )name"."""
    stop = content.find(b")" + match["delimiter"] + b'"', match.end(), end)
    return (match.end() if stop < 0 else stop + 2 + len(match["delimiter"])), []


_OPENING_TAG = re.compile(
    rb"(?<![\w$)\]])<(?!script\b|style\b|template\b)[A-Za-z][\w.:-]*(?:\s[^<>]*)?(?<!/)>\s*\Z", re.I
)
_TAG_WITHIN = 400


def slash_line(content: bytes, match: re.Match[bytes], end: int) -> Token:
    """A comment to the end of the line; behind the opening tag of an element of JSX it is the element's text."""
    start, stop = match.span()
    is_text = _OPENING_TAG.search(content, max(0, start - _TAG_WITHIN), start) is not None
    return stop, [] if is_text else [(start, stop)]


SPECIAL: dict[str, Callable[[bytes, re.Match[bytes], int], Token]] = {
    "template": template,
    "heredoc": heredoc,
    "slash_heredoc": slash_heredoc,
    "scalar": block_scalar,
    "raw": raw_string,
    "slash_line": slash_line,
}
