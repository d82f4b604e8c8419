"""The marks around everything that T-minus writes into a document, and the way back to what people wrote.

- `<!-- tminus -->new<!-- was: old -->`: a value that was replaced;
- `<!-- tminus -->words<!-- /tminus -->`: a remark that was added;
- `<!-- tminus box: [x] [ ] -->` at the end of a line: what its box was, and what was written;
- the lines between `<!-- tminus:begin -->` and `<!-- tminus:end -->`: added as a whole.

Without the marks the document is the one that people wrote, byte for byte.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "<!-- tminus -->", "<!-- /tminus -->"
BEGIN, END = "<!-- tminus:begin -->", "<!-- tminus:end -->"
KEEP, KEEP_END = "<!-- tminus:keep -->", "<!-- tminus:/keep -->"
_REPLACED = re.compile(r"<!-- tminus -->(?:(?!<!-- tminus -->)[^\n])*?<!-- was: ([^\n]*?) ?-->")
_ADDED = re.compile(r" ?<!-- tminus -->(?:(?!<!-- (?:tminus|was))[^\n])*?<!-- /tminus -->")
_BOX_MARK = re.compile(r" ?<!-- tminus box: \[(?P<was>.)\] \[(?P<wrote>.)\] -->")
_BOX = re.compile(r"^(?P<before>[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)(?P<tick>[^\]])(?P<after>\].*)$", re.DOTALL)
_BLOCK = re.compile(r"(?:^|(?<=\n))<!-- tminus:begin -->[ \t]*\r?\n.*?<!-- tminus:end -->[ \t]*(?:\r?\n|$)", re.DOTALL)


def restored(text: str) -> str:
    """The document as people wrote it. A box that somebody ticked or cleared after T-minus stays as it is."""
    if "<!-- tminus" not in text:
        return text
    plain = _BLOCK.sub("", text)
    plain = _ADDED.sub("", _REPLACED.sub(lambda found: _shown(found[1]), plain))
    return "".join(_without_box_mark(line) for line in plain.splitlines(keepends=True))


def _without_box_mark(line: str) -> str:
    mark = _BOX_MARK.search(line)
    if mark is None:
        return line
    bare = line[: mark.start()] + line[mark.end() :]
    box = _BOX.match(bare)
    if box is None or box["tick"] != mark["wrote"]:
        return bare
    return f"{box['before']}{mark['was']}{box['after']}"


def may_hide(text: str) -> bool:
    """Whether a text can be kept inside a comment and found again."""
    return "--" not in text and "\n" not in text and not text.endswith(" ")


def replaced(old: str, new: str) -> str:
    """The new value, with the old one kept in a comment; the same value is left as it is."""
    return old if new == old or not may_hide(old) else f"{OPEN}{new}<!-- was: {_hidden(old)} -->"


def _hidden(text: str) -> str:
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def _shown(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def remark(words: str) -> str:
    """Words to add behind a line."""
    return f" {OPEN}{safe(words)}{CLOSE}"


def safe(words: str) -> str:
    """Words of evidence that cannot end a comment, a cell or a line."""
    return words.replace("<!--", "").replace("-->", "").replace("|", "/").replace("\n", " ").replace("\r", " ")


def boxed(line: str, ticked: bool) -> str:
    """The line with its box ticked or cleared; `line` has no line end. What the box was is kept behind it."""
    box = _BOX.match(line)
    if box is None or (box["tick"] != " ") == ticked:
        return line
    wrote = "x" if ticked else " "
    return f"{box['before']}{wrote}{box['after']} <!-- tminus box: [{box['tick']}] [{wrote}] -->"


def is_box(line: str) -> bool:
    """Whether the line is a task box that can be ticked."""
    return bool(_BOX.match(line))
