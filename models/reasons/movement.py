"""Why a criterion moved or cannot be compared, what an edit of the plan changed, and how a change is attributed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from models.plan.plan import Attestation
from models.reasons.criterion import CriterionReason
from models.reasons.kinds import ReasonBase, ReasonKind


@dataclass(frozen=True, slots=True)
class FirstMeasured(ReasonBase):
    """There was no value before the window, so there is no difference."""

    kind: ClassVar[ReasonKind] = ReasonKind.FIRST_MEASURED


@dataclass(frozen=True, slots=True)
class NoLongerMeasured(ReasonBase):
    """There is no value at the end of the window."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_LONGER_MEASURED


@dataclass(frozen=True, slots=True)
class SourceChanged(ReasonBase):
    """The two values were measured differently: `what` differs. "" where it is not recorded."""

    kind: ClassVar[ReasonKind] = ReasonKind.SOURCE_CHANGED
    what: Literal["definition", "tool", "kind", "unit"]
    before: str
    after: str


NotComparable = FirstMeasured | NoLongerMeasured | SourceChanged
MoveReason = CriterionReason | NotComparable


class GradeKind(StrEnum):
    """How sure it is which commits made a change."""

    EXACT = "exact"  # read from the commit's own diff
    WITHIN = "within"  # one or more of the commits between two measured ones
    NEAR = "near"  # found around a commit, or on a day
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Grade:
    """`first`, `last` and `commits` bound a WITHIN; `last` (or `day`, where no commit is known) places a NEAR.

    Commits are whole hashes.
    """

    kind: GradeKind
    first: str = ""
    last: str = ""
    commits: int = 0
    day: date | None = None


PlanValue = str | float | bool | date | tuple[str, ...] | Attestation | None
EXACT, NOT_COMPARABLE = Grade(GradeKind.EXACT), Grade(GradeKind.NOT_COMPARABLE)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the plan that changed; None or "" where it was not given."""

    field: str
    before: PlanValue
    after: PlanValue


@dataclass(frozen=True, slots=True)
class Worth(ReasonBase):
    """An added or removed criterion is worth this many of the 100 points."""

    kind: ClassVar[ReasonKind] = ReasonKind.WORTH
    points: float


@dataclass(frozen=True, slots=True)
class WorthChanged(ReasonBase):
    """The points of a criterion changed because other weights did."""

    kind: ClassVar[ReasonKind] = ReasonKind.WORTH_CHANGED
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class FieldsChanged(ReasonBase):
    """The fields of a criterion, gate, rule or waiver that changed."""

    kind: ClassVar[ReasonKind] = ReasonKind.FIELDS_CHANGED
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class TargetChanged(ReasonBase):
    """The readiness target changed."""

    kind: ClassVar[ReasonKind] = ReasonKind.TARGET_CHANGED
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class PlanEntry(ReasonBase):
    """An added or removed gate or rule; `text` is the plan's."""

    kind: ClassVar[ReasonKind] = ReasonKind.ENTRY
    text: str


@dataclass(frozen=True, slots=True)
class WaiverEntry(ReasonBase):
    """An added or removed waiver; `why` is the plan's text."""

    kind: ClassVar[ReasonKind] = ReasonKind.WAIVER_ENTRY
    owner: str
    expires: date
    why: str


EditReason = Worth | WorthChanged | FieldsChanged | TargetChanged | PlanEntry | WaiverEntry
