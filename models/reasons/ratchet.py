"""Why a figure of a change cannot be compared with the figure of its base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from models.reasons.kinds import ReasonBase, ReasonKind
from models.reasons.movement import SourceChanged


@dataclass(frozen=True, slots=True)
class NoFigureAtBase(ReasonBase):
    """The base has no value; `why` is the reason that was stored for it, "" where nothing was stored."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_FIGURE_AT_BASE
    why: str


@dataclass(frozen=True, slots=True)
class NoFigureOfChange(ReasonBase):
    """The base has a value and the change has none; `why` as stored."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_FIGURE_OF_CHANGE
    why: str


@dataclass(frozen=True, slots=True)
class SameFigure(ReasonBase):
    """The newest value of the change was measured on `commit`, which the base contains: nothing measured the change."""

    kind: ClassVar[ReasonKind] = ReasonKind.SAME_FIGURE
    commit: str


@dataclass(frozen=True, slots=True)
class NoCommit(ReasonBase):
    """The value names no commit, so it cannot be attributed to the base or to the change."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_COMMIT
    source: str


@dataclass(frozen=True, slots=True)
class CriterionDropped(ReasonBase):
    """The change takes the criterion out of the plan, or declares that it does not apply."""

    kind: ClassVar[ReasonKind] = ReasonKind.CRITERION_DROPPED


@dataclass(frozen=True, slots=True)
class CriterionChanged(ReasonBase):
    """The change lets the criterion ask for something else: `what` differs."""

    kind: ClassVar[ReasonKind] = ReasonKind.CRITERION_CHANGED
    what: Literal["metric", "scope", "comparator", "unit", "threshold"]
    before: str
    after: str


RatchetReason = (
    NoFigureAtBase | NoFigureOfChange | SameFigure | NoCommit | CriterionDropped | CriterionChanged | SourceChanged
)
