"""Lines of a document whose words became no part of the plan: kept as notes, so that an import loses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest.readers.documents.checklist_model import Checklist
from ingest.readers.documents.document_text import plain

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"https?://[^\s)>\]|]+")
_RULER = re.compile(r"^[\s|:=+*_-]*$")
_BOX_MARK = re.compile(r"^\W*\[[ xX]\]\s*")


def lines_left_over(document: Checklist, mapping: Mapping[str, Any]) -> list[str]:
    """Every line with a word or an address that is nowhere in the plan, as "line 12: words"."""
    texts = "\n".join(_texts(mapping))
    kept = set(_WORD.findall(texts.lower()))
    left = []
    for number, line in enumerate(document.lines, 1):
        if _RULER.match(line) or line.lstrip().startswith(("```", "~~~")):
            continue
        words = set(_WORD.findall(_BOX_MARK.sub("", plain(line)).lower()))
        addresses = [address for address in _ADDRESS.findall(line) if address not in texts]
        if addresses or not words <= kept:
            left.append(f"line {number}: {line.strip() if addresses else plain(line)}")
    return left


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, date):
        yield value.isoformat()
