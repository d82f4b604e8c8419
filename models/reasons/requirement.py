"""What a criterion asks for, as a value that every reason about it carries."""

from __future__ import annotations

from dataclasses import dataclass

from models.plan.plan import Comparator


@dataclass(frozen=True, slots=True)
class Requirement:
    """`comparator` and `threshold` in `unit`."""

    comparator: Comparator
    threshold: float
    unit: str
