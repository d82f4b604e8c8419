"""The task boxes of a Markdown document, line by line: fast enough to read every version of every document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.readers.documents.document_text import plain, repair

_BOX = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX✓✔✅])\][ \t\xa0]+(\S.*)$")
_ANY_BOX = re.compile("\\[[ xX]\\]|\\[(?:✓|✔|✅)\\]".encode())
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$")
_MOST_TEXT = 300


class Box(NamedTuple):
    line: int
    text: str
    checked: bool


def read_boxes(data: bytes) -> list[Box]:
    """Every box outside fenced code, nested or not, in order."""
    if not _ANY_BOX.search(data) or b"\0" in data[:8000]:
        return []
    boxes = []
    for number, line in _outside_fences(data.decode("utf-8", "replace")):
        if "[" in line[:200] and (box := _BOX.match(line[:4000])):
            boxes.append(Box(number, plain(repair(box.group(2)))[:_MOST_TEXT], box.group(1) != " "))
    return boxes


def _outside_fences(body: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that are not in fenced code."""
    fence = ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", body), 1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip(" \t>").startswith(fence) and not mark.group(2).strip():
            fence = ""
        elif not fence:
            yield number, line
