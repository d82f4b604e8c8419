"""What moved, in order of size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from app.wording.numbers import points
from app.wording.text import count

Span = TypeVar("Span", bound=Mapping[str, Any])


def biggest_first(spans: Sequence[Span]) -> list[Span]:
    """The changes of one criterion by size, the newest first among those of the same size."""
    newest_first = spans[::-1]
    return sorted(newest_first, key=lambda span: (-abs(span["delta"]), -abs(span["points"])))


def sum_words(row: Mapping[str, Any]) -> str:
    """One sum by person or folder: points, items opened and closed, commits."""
    parts = [f"{points(row['points'])} points"] if row["points"] else []
    parts += [f"{row[what]:,} {what}" for what in ("opened", "closed") if row[what]]
    return ", ".join([*parts, f"in {count(row['commits'], 'commit')}"])
