"""What a backtest scored, or why it scored nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.reasons.kinds import ReasonBase, ReasonKind


@dataclass(frozen=True, slots=True)
class NothingToScore(ReasonBase):
    """No effort has an origin to score: each needs this much history, and a week after it, before its crossing."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOTHING_TO_SCORE
    needed_weeks: int
    needed_observations: int


@dataclass(frozen=True, slots=True)
class Scored(ReasonBase):
    """How much was scored; `learned_from` efforts are among those that the shipped model was fitted on."""

    kind: ClassVar[ReasonKind] = ReasonKind.SCORED
    moments: int
    projects: int
    crossings: int
    learned_from: int


@dataclass(frozen=True, slots=True)
class NotInstalled(ReasonBase):
    """A method was left out because its package is not installed."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOT_INSTALLED
    package: str


EvaluationReason = NothingToScore | Scored | NotInstalled
