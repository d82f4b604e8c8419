"""Why a criterion is in its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from models.reasons.kinds import ReasonBase, ReasonKind
from models.reasons.requirement import Requirement
from models.reasons.window import WindowReason


@dataclass(frozen=True, slots=True)
class ClaimedFigure:
    """What a document or a person claims of a metric; it changes no score.

    `quote` holds the words of the document, else `value` and `unit` the claimed figure, else `note` what the source
    recorded of it. `place` is where it was claimed, "" where that is not known.
    """

    quote: str = ""
    value: float | None = None
    unit: str = ""
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class NotApplicable(ReasonBase):
    """The plan excludes the criterion; `why` is the plan's text."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOT_APPLICABLE
    why: str


@dataclass(frozen=True, slots=True)
class ValueUnknown(ReasonBase):
    """The source was read but gave no value; `why` is what the source recorded, "" where it recorded nothing."""

    kind: ClassVar[ReasonKind] = ReasonKind.VALUE_UNKNOWN
    why: str


@dataclass(frozen=True, slots=True)
class UnitMismatch(ReasonBase):
    """The measured unit cannot be converted into the unit of the plan."""

    kind: ClassVar[ReasonKind] = ReasonKind.UNIT_MISMATCH
    measured: str
    asked: str


@dataclass(frozen=True, slots=True)
class Stale(ReasonBase):
    """The newest value is older than the plan allows; ages in days."""

    kind: ClassVar[ReasonKind] = ReasonKind.STALE
    value: float
    demand: Requirement
    age_days: float
    max_age_days: float


@dataclass(frozen=True, slots=True)
class Compared(ReasonBase):
    """A fresh value was compared with the threshold; `meets` is the result.

    `tolerance` (in the unit of the demand) is above 0 where the value misses the threshold by no more than that.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.COMPARED
    value: float
    demand: Requirement
    meets: bool
    simulated: bool
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class NeverMeasured(ReasonBase):
    """No value was ever measured. `metric` is "" where the plan names none.

    `expired_by` and `expired_on` name an attestation that has run out, `rejected_by` one of a blocker that the plan
    does not let people attest; `claim` is what is claimed instead.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.NEVER_MEASURED
    metric: str
    expired_by: str = ""
    expired_on: date | None = None
    rejected_by: str = ""
    claim: ClaimedFigure | None = None


@dataclass(frozen=True, slots=True)
class Attested(ReasonBase):
    """A named person attests it, nothing measures it; `value` is the attested figure, if one was given."""

    kind: ClassVar[ReasonKind] = ReasonKind.ATTESTED
    by: str
    expires: date
    value: float | None
    demand: Requirement


@dataclass(frozen=True, slots=True)
class ChildrenDecide(ReasonBase):
    """A parent is the AND of `count` children that apply; `failing` and `unknown` hold the titles of those."""

    kind: ClassVar[ReasonKind] = ReasonKind.CHILDREN_DECIDE
    count: int
    failing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waived(ReasonBase):
    """A waiver is in force; `underlying` is why it would not hold without the waiver, `why` the plan's text."""

    kind: ClassVar[ReasonKind] = ReasonKind.WAIVED
    owner: str
    expires: date
    why: str
    underlying: UnwaivedReason


UnwaivedReason = (
    NotApplicable
    | ValueUnknown
    | UnitMismatch
    | Stale
    | Compared
    | NeverMeasured
    | Attested
    | ChildrenDecide
    | WindowReason
)
CriterionReason = UnwaivedReason | Waived
