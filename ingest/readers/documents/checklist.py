"""A Markdown checklist: bytes -> sections, nested task boxes, tables, code and labelled statements, no line lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ingest.readers.documents.boxes_in_code import open_checklists
from ingest.readers.documents.checklist_model import (
    Checklist,
    Code,
    Contradiction,
    Entry,
    Field,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
)
from ingest.readers.documents.document_text import decode, plain, without_signs

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_BOX = re.compile(r"^\[([ xX✓✔✅])\](?:[ \t\xa0]+|$)")
_LOOSE_BOX = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<bullet>(?:[-*+]|\d{1,9}[.)])[ \t]+)?"
    r"(?P<box>[☐⬜◻□🔲▢☑🗹☒✔✓🗷]\ufe0f?|\[[ xX✓✔✅]\])[ \t]*(?=[^\s(\[:])"
)
_FENCE = re.compile(r"^[ \t>]*(```|~~~)")
_FIELD = re.compile(r"^(?:[^\w]*)([A-Za-z][\w /&()'-]{1,48}?)\s*:\s*(?!//)(.+)$")
_MOST_NESTING = 100


def read_checklist(data: bytes, path: str = "") -> Checklist:
    """Read any Markdown document; hostile or broken input gives warnings and unplaced lines, never an exception."""
    text = decode(data)
    lines = tuple(_with_task_boxes(text.lines))
    root = _parse("\n".join(lines))
    sections = _sections(root, lines)
    open_checklists(sections)
    unplaced = _unplaced(sections, root, lines)
    if text.unread_from is not None:
        unplaced = (*unplaced, (text.unread_from, len(text.original)))
    return Checklist(
        path=path,
        sections=sections,
        lines=lines,
        original=text.original,
        contradictions=tuple(c for s in sections for e in s.entries for c in _contradictions(e)),
        unplaced=unplaced,
        warnings=text.warnings,
    )


def _with_task_boxes(lines: tuple[str, ...]) -> Iterator[str]:
    """Boxes drawn as signs, or without a dash, become task boxes; fenced code stays as it is."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark:
            fence = _next_fence(fence, mark.group(1))
        found = None if fence or mark else _LOOSE_BOX.match(line)
        if found is None or (found["bullet"] and found["box"].startswith("[")):
            yield line
            continue
        yield f"{found['indent']}{found['bullet'] or '- '}[{_tick_of(found['box'])}] {line[found.end() :]}"


def _next_fence(fence: str, sign: str) -> str:
    """The open fence behind a line with this sign; empty when the sign closes it."""
    return "" if fence == sign else fence or sign


def _tick_of(box: str) -> str:
    """The tick of a task box for a box drawn as a sign."""
    return "x" if box[0] in "☑🗹☒✔✓🗷" or box[1:2] in ("x", "X", "✓", "✔", "✅") else " "


@cache
def _parser() -> MarkdownIt:
    """Block structure only: the words inside are few and plain, and parsing them costs ten times the blocks."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTING}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _parse(text: str) -> SyntaxTreeNode:
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_parser().parse(text))


def _sections(root: SyntaxTreeNode, lines: tuple[str, ...]) -> tuple[Section, ...]:
    """Cut the document at its headings, also at those inside quotes."""
    sections = [Section("", 0, 1, len(lines))]
    for node in _flat(root):
        first, last = _lines_of(node)
        if node.type == "heading":
            sections[-1].end = first - 1
            level = int(node.tag[1:])
            title = plain(node.children[0].content) if node.children else ""
            sections.append(Section(title, level, first, len(lines), _parent(sections, level)))
        else:
            _place(sections[-1], node, first, last, lines)
    return tuple(section for section in sections if section.level or section.blocks)


def _flat(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """The blocks in order, with quotes opened up."""
    for child in node.children:
        if child.type == "blockquote":
            yield from _flat(child)
        else:
            yield child


def _parent(sections: list[Section], level: int) -> Section | None:
    above = sections[-1]
    while above is not None and above.level >= level:
        above = above.parent  # type: ignore[assignment]
    return above if above is not None and above.level else None


def _place(section: Section, node: SyntaxTreeNode, first: int, last: int, lines: tuple[str, ...]) -> None:
    if node.type in ("bullet_list", "ordered_list"):
        section.blocks.append(Listing(tuple(_entry(child) for child in node.children), first, last))
    elif node.type == "table":
        section.blocks.append(_table(node, first, last))
    elif node.type in ("fence", "code_block"):
        section.blocks.append(_code(node, first, last))
    elif node.type == "html_block":
        section.blocks.append(_paragraph(node.content, first, last))
    elif node.type == "paragraph":
        content = node.children[0].content if node.children else ""
        section.blocks.append(_paragraph(content, first, last))


def _lines_of(node: SyntaxTreeNode) -> tuple[int, int]:
    start, stop = node.map or (0, 1)
    return start + 1, max(stop, start + 1)


def _words_of(node: SyntaxTreeNode) -> list[str]:
    """The text of one block of a list item."""
    if node.type == "blockquote":
        return [part.content for part in node.walk() if part.type == "inline"]
    if node.type == "paragraph":
        return [node.children[0].content if node.children else ""]
    return [node.content or ""]


def _entry(node: SyntaxTreeNode) -> Entry:
    """One list item: its own words, its tick, and the items below it."""
    words: list[str] = []
    children: list[Entry] = []
    for child in node.children:
        if child.type in ("bullet_list", "ordered_list"):
            children.extend(_entry(item) for item in child.children)
        else:
            words += _words_of(child)
    raw = "\n".join(words)
    box = _BOX.match(raw)
    first, last = _lines_of(node)
    body = plain(raw[box.end() :] if box else raw)
    return Entry(body, first, last, None if box is None else box.group(1) != " ", tuple(children))


def _table(node: SyntaxTreeNode, first: int, last: int) -> Table:
    rows = [
        Row(tuple(plain(cell.children[0].content if cell.children else "") for cell in row.children), _lines_of(row)[0])
        for part in node.children
        for row in part.children
    ]
    return Table(rows[0].cells if rows else (), tuple(rows[1:]), first, last)


def _code(node: SyntaxTreeNode, first: int, last: int) -> Code:
    start = first + 1 if node.type == "fence" else first
    body = node.content.rstrip("\n").split("\n") if node.content.strip() else []
    language = node.info.split()[0] if node.type == "fence" and node.info.split() else ""
    return Code(language, tuple(enumerate(body, start)), first, last)


def _paragraph(content: str, first: int, last: int) -> Paragraph:
    lines = tuple(plain(line) for line in content.split("\n"))
    fields = tuple(found for number, line in enumerate(lines, first) for found in _fields(line, number))
    return Paragraph(lines, fields, first, last)


def _fields(line: str, number: int) -> Iterator[Field]:
    """`A: 1 | B: 2` holds two labelled statements."""
    for part in line.split(" | "):
        found = _FIELD.match(part[:2000])
        if found:
            yield Field(found.group(1), without_signs(found.group(2)), number)


def _contradictions(entry: Entry) -> Iterator[Contradiction]:
    if entry.checked:
        for box in entry.boxes():
            if box.checked is False:
                yield Contradiction(entry.text, entry.line, box.text, box.line)
    for child in entry.children:
        yield from _contradictions(child)


def _unplaced(
    sections: tuple[Section, ...], root: SyntaxTreeNode, lines: tuple[str, ...]
) -> tuple[tuple[int, int], ...]:
    """Line ranges with words that no heading, rule or block covers: link definitions, and what nests too deeply."""
    covered: set[int] = set()
    for section in sections:
        for block in section.blocks:
            covered.update(range(block.line, block.end + 1))
    for node in _flat(root):
        if node.type in ("heading", "hr"):
            first, last = _lines_of(node)
            covered.update(range(first, last + 1))
    loose = [n for n, line in enumerate(lines, 1) if n not in covered and line.strip(" \t>")]
    return ranges(loose)


def ranges(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    """Group ascending line numbers into (first, last) runs."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)
