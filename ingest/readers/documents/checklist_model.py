"""What a Markdown checklist consists of: sections, boxes, tables, fields, code; every part knows its lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Entry:
    """One list item. `checked` is None for a bullet that is not a task box. Lines are 1-based, `end` included."""

    text: str
    line: int
    end: int
    checked: bool | None = None
    children: tuple[Entry, ...] = ()

    def boxes(self) -> Iterator[Entry]:
        """This entry and everything below it that is a task box, top down."""
        if self.checked is not None:
            yield self
        for child in self.children:
            yield from child.boxes()


@dataclass(frozen=True, slots=True)
class Listing:
    """List items; with `is_code` they are lines of a fence, which nothing is written into."""

    entries: tuple[Entry, ...]
    line: int
    end: int
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int
    end: int
    is_code: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced or indented block; `lines` pairs the line number with the text."""

    language: str
    lines: tuple[tuple[int, str], ...]
    line: int
    end: int
    is_code: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled statement such as `**Status:** BLOCKED`."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, line by line; `fields` are the labelled statements in it."""

    lines: tuple[str, ...]
    fields: tuple[Field, ...]
    line: int
    end: int
    is_code: ClassVar[bool] = False


Block = Listing | Table | Code | Paragraph


@dataclass(slots=True)
class Section:
    """A heading and what follows it up to the next heading of any level. The part before the first has level 0."""

    title: str
    level: int
    line: int
    end: int
    parent: Section | None = None
    blocks: list[Block] = field(default_factory=list)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Top-level list items, in order."""
        return tuple(entry for block in self.blocks if isinstance(block, Listing) for entry in block.entries)

    @property
    def boxes(self) -> tuple[Entry, ...]:
        """Outermost task boxes, in order, also below a plain bullet."""
        return tuple(box for entry in self.entries for box in _outermost_boxes(entry))

    @property
    def fields(self) -> tuple[Field, ...]:
        """Labelled statements in its paragraphs."""
        return tuple(f for block in self.blocks if isinstance(block, Paragraph) for f in block.fields)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Code))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A ticked box with an unticked one below it."""

    parent: str
    parent_line: int
    child: str
    child_line: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """A whole document. `unplaced` are line ranges that no part accounts for; `original` holds the unrepaired lines."""

    path: str
    sections: tuple[Section, ...]
    lines: tuple[str, ...]
    original: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    unplaced: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...]

    @property
    def boxes(self) -> tuple[Entry, ...]:
        """Every task box, nested ones included."""
        return tuple(box for section in self.sections for entry in section.entries for box in entry.boxes())

    @property
    def done_percent(self) -> float | None:
        """Share of ticked boxes; None when there is no box (nothing to tick is not 100%)."""
        boxes = self.boxes
        return 100 * sum(bool(box.checked) for box in boxes) / len(boxes) if boxes else None


def _outermost_boxes(entry: Entry) -> Iterator[Entry]:
    if entry.checked is not None:
        yield entry
        return
    for child in entry.children:
        yield from _outermost_boxes(child)
