"""Bytes of a document -> lines of text: encodings, double-encoded text repaired (original kept), marks stripped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.readers.documents.marks import restored

# markdown-it needs 1.2 s for a million characters, ftfy five times that; a longer checklist is a mistake, and reported.
MOST_CHARACTERS = 300_000
MOST_LINES = 20_000
MOST_LINE = 20_000  # characters
MOST_INDENT = 48  # columns: 24 levels of nesting; deeper ones would exhaust the parser's recursion
MOST_QUOTES = 6
MOST_REPAIRED = 60_000  # characters of damaged lines; no real document comes near

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTES = re.compile(rf"(?:[ \t]*>){{{MOST_QUOTES + 1},}}")
# Windows code pages have no letter for the bytes 81 8D 8E 8F 90 9D: double encoding drops them, and ftfy then guesses
# wrong. Each entry puts the dropped byte back where one sign is by far the likeliest; (sequence, repaired sequence).
_NOT_CONTINUED = "(?![\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])"
_DROPPED_BYTES = tuple(
    (re.compile(pattern + _NOT_CONTINUED), repaired)
    for pattern, repaired in (
        ("âŒ", "â\x9dŒ"),  # cross mark
        ("ï¸", "ï¸\x8f"),  # variation selector: the second half of the warning sign
        ("ğŸ¯", "ğŸ\x8e¯"),  # direct hit
        ("ğŸª", "ğŸ\x8eª"),  # circus tent
        ("ğŸ”", "ğŸ”\x8d"),  # magnifying glass
        ("ğŸ", "ğŸ\x8f\x81"),  # chequered flag
    )
)
_TAGS = (
    "a|abbr|b|blockquote|br|center|code|dd|details|div|dl|dt|em|font|h[1-6]|hr|i|img|input|ins|kbd|label|li|mark|"
    "ol|p|pre|script|small|span|strong|style|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"</?(?:{_TAGS})\b[^<>]{{0,300}}>|<!--.{{0,2000}}?-->", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
_EMPHASIS = re.compile(r"(?<!\\)\*{1,3}|(?<![\w\\])_{1,3}(?=\S)|(?<=[^\s\\])_{1,3}(?!\w)|`+")
_STRUCK_TAG = re.compile(r"</?(?:del|s|strike)\b[^<>]{0,300}>", re.IGNORECASE)
_STRUCK = re.compile(r"~~.*?~~")
_LEADING_SIGNS = re.compile(r"^(?:(?!~~)[^\w<>≤≥=(\[\"'$#@%/+-])+")


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded document: `lines` as read (repaired), `original` as the file had them, and what was done to it."""

    lines: tuple[str, ...]
    original: tuple[str, ...]
    repaired_lines: int
    unread_from: int | None  # 1-based line after which the document was too long to read
    warnings: tuple[str, ...]


def decode(data: bytes) -> Text:
    """Decode and repair; never raises, whatever the bytes are."""
    raw, warnings = _decode_bytes(data)
    if "\x00" in raw:
        warnings.append(f"{raw.count(chr(0))} NUL characters were left out")
        raw = raw.replace("\x00", "")
    raw = restored(raw)  # what T-minus has written is no claim of the document
    original = tuple(_LINE_END.split(raw))
    kept = _fitting(original)
    if kept < len(original):
        warnings.append(f"lines {kept + 1} to {len(original)} were not read: the document is longer than a checklist")
    readable = _repair_all(original[:kept])
    repaired = sum(new != old for new, old in zip(readable, original, strict=False))
    lines = tuple(_tame(line) for line in readable)
    warnings += _shortened(readable)
    if repaired:
        warnings.append(f"{repaired} lines were double-encoded and repaired; the original words are kept")
    return Text(lines, original, repaired, kept + 1 if kept < len(original) else None, tuple(warnings))


def editable(data: bytes) -> tuple[list[str], str]:
    """The lines of a document with their ends, without T-minus' marks and with damage repaired; and its encoding.

    ValueError: the bytes are no text.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    raw, _ = _decode_bytes(data)
    if "\x00" in raw:
        raise ValueError(f"it holds {raw.count(chr(0))} NUL characters, so it is not text")
    parts = re.split(r"(\r\n|\r|\n)", restored(raw))
    lines, ends = parts[::2], [*parts[1::2], ""]
    kept = _fitting(tuple(lines))
    readable = _repair_all(tuple(lines[:kept])) + lines[kept:]
    return [line + end for line, end in zip(readable, ends, strict=True)], encoding


def _repair_all(lines: tuple[str, ...]) -> list[str]:
    """Repair line by line until the allowance is spent: a hostile file may consist of nothing but damage."""
    known: dict[str, str] = {}
    spent = 0
    readable = []
    for line in lines:
        if not line.isascii() and line not in known and spent < MOST_REPAIRED:
            known[line] = repair(line)
            spent += len(line) if known[line] != line else len(line) // 8
        readable.append(known.get(line, line))
    return readable


def _shortened(lines: list[str]) -> list[str]:
    """Say where the text was cut or flattened to keep the parser alive."""
    warnings = []
    if long_lines := sum(len(line) > MOST_LINE for line in lines):
        warnings.append(f"{long_lines} lines are longer than {MOST_LINE:,} characters: their ends were not read")
    if deep := sum(_indent(line) > MOST_INDENT for line in lines):
        warnings.append(
            f"{deep} lines are indented beyond {MOST_INDENT} columns: they were read as if at {MOST_INDENT}"
        )
    return warnings


def _indent(line: str) -> int:
    body = line.lstrip(" \t")
    return len(line[: len(line) - len(body)].expandtabs(4)) if body and len(body) < len(line) else 0


def repair(line: str) -> str:
    """Undo double encoding in one line; a line that has none comes back as it is."""
    if line.isascii() or len(line) > MOST_LINE:
        return line
    import ftfy
    from ftfy.badness import is_bad

    if not is_bad(line) and not any(pattern.search(line) for pattern, _ in _DROPPED_BYTES):
        return line
    restored = line
    for pattern, repaired in _DROPPED_BYTES:
        restored = pattern.sub(repaired, restored)
    fixed = ftfy.fix_encoding(restored)
    # Bytes put back in vain (a line that only looked double-encoded) must not stay behind.
    return fixed if not re.search("[\x80-\x9f]", fixed) else ftfy.fix_encoding(line)


def plain(markdown: str) -> str:
    """What a reader sees of one line of Markdown: no marks, no tags, one space between words.

    Struck-out text stays between two pairs of tildes, because it no longer counts; `without_struck` drops it.
    """
    text = _LINK.sub(r"\1", _TAG.sub(" ", _STRUCK_TAG.sub("~~", markdown)))
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!|<>-])", r"\1", _EMPHASIS.sub("", text))
    return " ".join(text.split())


def without_struck(text: str) -> str:
    """The text without what its author has struck out: it demands and claims nothing."""
    return " ".join(_STRUCK.sub(" ", text).split()) if "~~" in text else text


def without_signs(text: str) -> str:
    """Drop the emoji and bullets before the first word."""
    return _LEADING_SIGNS.sub("", text)


def _decode_bytes(data: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding.removesuffix("-sig"), "replace"), []
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), ["the file is not UTF-8: read as Windows-1252"]


def _fitting(lines: tuple[str, ...]) -> int:
    """Count the lines that fit into the reading limit."""
    total = 0
    for number, line in enumerate(lines):
        total += min(len(line), MOST_LINE) + 1
        if total > MOST_CHARACTERS or number >= MOST_LINES:
            return number
    return len(lines)


def _tame(line: str) -> str:
    """Keep nesting and length within what the parser can bear."""
    short = line[:MOST_LINE]
    if _indent(short) > MOST_INDENT:
        short = " " * MOST_INDENT + short.lstrip(" \t")
    return _QUOTES.sub("> " * MOST_QUOTES, short) if short.count(">") > MOST_QUOTES else short
