"""Checklists that were written into fenced code, where a renderer shows the boxes as they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from ingest.readers.documents.checklist_model import Code, Entry, Listing, Section
from ingest.readers.documents.document_text import plain

# In a fence of another language the boxes are of a template or a program.
_LANGUAGES = frozenset({"", "text", "txt", "plain", "plaintext", "yaml", "yml"})
_BOX = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?(?P<box>[☐⬜◻□🔲▢☑🗹☒✔✓]\ufe0f?|\[[ xX✓✔✅]\])[ \t]*(?=[^\s(\[:])(?P<words>.+)$"
)
_TICKED = re.compile(r"[xX✓✔✅☑🗹☒]")
_INDENT = re.compile(r"^[ \t>]*")
_TAB = 4


def open_checklists(sections: Sequence[Section]) -> None:
    """Read the boxes of fences as lists, in a document that has more of them there than outside.

    Elsewhere a fence with boxes is an example or a template. At least half of its lines are boxes.
    """
    found = {id(block): listing for section in sections for block in section.codes if (listing := _listing(block))}
    inside = _boxes(chain.from_iterable(listing.entries for listing in found.values()))
    if inside > _boxes(chain.from_iterable(section.entries for section in sections)):
        for section in sections:
            section.blocks = [found.get(id(block), block) for block in section.blocks]


def _boxes(entries: Iterable[Entry]) -> int:
    return sum(1 for entry in entries for _ in entry.boxes())


def _listing(code: Code) -> Listing | None:
    lines = [(at, line) for at, line in code.lines if line.strip()]
    boxes = sum(1 for _, line in lines if _BOX.match(line))
    if code.language.lower() not in _LANGUAGES or boxes < 2 or 2 * boxes < len(lines):
        return None
    return Listing(_entries(lines), code.line, code.end, is_code=True)


def _entries(lines: Sequence[tuple[int, str]]) -> tuple[Entry, ...]:
    """Each line with what is indented more below it."""
    entries: list[Entry] = []
    place = 0
    while place < len(lines):
        at, line = lines[place]
        end = place + 1
        while end < len(lines) and _indent(lines[end][1]) > _indent(line):
            end += 1
        children = _entries(lines[place + 1 : end])
        box = _BOX.match(line)
        text = plain(box["words"] if box else line.strip(" \t>"))
        ticked = None if box is None else bool(_TICKED.search(box["box"]))
        entries.append(Entry(text, at, children[-1].end if children else at, ticked, children))
        place = end
    return tuple(entries)


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return len(found.group().expandtabs(_TAB)) if found else 0
