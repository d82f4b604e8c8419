"""Which projects come first in a list, and which criteria hold most projects back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORST_FIRST = ("unreadable", "NO-GO", "CONDITIONAL GO", "GO")


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the place of a project in the list. `readiness` and `odds` are None where they are unknown."""

    name: str
    verdict: str  # one of WORST_FIRST
    readiness: float | None
    odds: float | None


@dataclass(frozen=True, slots=True)
class OpenCriterion:
    """A criterion that a project has not met. `subject` is its metric, or its title where it has none."""

    project: str
    subject: str
    is_measured: bool


@dataclass(frozen=True, slots=True)
class HoldingBack:
    """One subject, and the projects it holds back: those where it fails, and those where it is not known."""

    subject: str
    failing: tuple[str, ...]
    unknown: tuple[str, ...]


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """By verdict, then the lowest odds, then the lowest readiness, then the name; what is unknown comes first."""
    return sorted(standings, key=_place)


def _place(standing: Standing) -> tuple[int, float, float, str]:
    odds, readiness = (-1.0 if value is None else value for value in (standing.odds, standing.readiness))
    return WORST_FIRST.index(standing.verdict), odds, readiness, standing.name


def held_back_by(open_criteria: Sequence[OpenCriterion]) -> list[HoldingBack]:
    """The subjects by the number of projects in which they are open; among equals, those that fail more often first."""
    failing: dict[str, set[str]] = defaultdict(set)
    unknown: dict[str, set[str]] = defaultdict(set)
    for part in open_criteria:
        (failing if part.is_measured else unknown)[part.subject].add(part.project)
    subjects = sorted({part.subject for part in open_criteria})
    rows = [
        HoldingBack(name, tuple(sorted(failing[name])), tuple(sorted(unknown[name] - failing[name])))
        for name in subjects
    ]
    return sorted(rows, key=lambda row: (-len(row.failing) - len(row.unknown), -len(row.failing)))
