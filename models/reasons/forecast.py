"""Why a forecast gives a date or refuses one, what drives the date, and why it moved.

Odds are probabilities (0 to 1), values and paces are in the metric's unit, times in days unless the name says weeks.
Criteria are named by id; "rule <id>" names a rule that names no criterion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from models.reasons.kinds import ReasonBase, ReasonKind


@dataclass(frozen=True, slots=True)
class TooLittleHistory(ReasonBase):
    """Too few observations, or over too short a time; what is missing is 0 where there is enough."""

    kind: ClassVar[ReasonKind] = ReasonKind.TOO_LITTLE_HISTORY
    observations: int
    span_days: float
    missing_observations: int
    missing_weeks: int


@dataclass(frozen=True, slots=True)
class AtThreshold(ReasonBase):
    """The threshold is met now, for `days` days without a break."""

    kind: ClassVar[ReasonKind] = ReasonKind.AT_THRESHOLD
    days: float


@dataclass(frozen=True, slots=True)
class NoProgress(ReasonBase):
    """No net gain in the last `weeks`; `lost` is the distance moved away from the threshold, 0 where nothing moved."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_PROGRESS
    lost: float
    weeks: float
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class StoppedShort(ReasonBase):
    """Progress has stopped just below the threshold."""

    kind: ClassVar[ReasonKind] = ReasonKind.STOPPED_SHORT
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class TooFar(ReasonBase):
    """The remaining distance is too long for the current pace."""

    kind: ClassVar[ReasonKind] = ReasonKind.TOO_FAR
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class Approaching(ReasonBase):
    """The value moves toward the threshold."""

    kind: ClassVar[ReasonKind] = ReasonKind.APPROACHING
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class TooFewPoints(ReasonBase):
    """The measured criteria cannot reach the target even if all of them pass; `missing` are not measured."""

    kind: ClassVar[ReasonKind] = ReasonKind.TOO_FEW_POINTS
    reachable: float
    target: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnmeasuredBlockers(ReasonBase):
    """Blockers that nothing measures hold readiness below the target."""

    kind: ClassVar[ReasonKind] = ReasonKind.UNMEASURED_BLOCKERS
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiredUnmeasured(ReasonBase):
    """GO needs criteria that are not measured (`unmeasured`) or have too little history (`short`)."""

    kind: ClassVar[ReasonKind] = ReasonKind.REQUIRED_UNMEASURED
    unmeasured: tuple[str, ...]
    short: tuple[str, ...]
    needed_observations: int
    needed_weeks: int


@dataclass(frozen=True, slots=True)
class ReadinessOdds(ReasonBase):
    """The odds that readiness reaches `target` within the horizon."""

    kind: ClassVar[ReasonKind] = ReasonKind.READINESS_ODDS
    target: float
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class GoOdds(ReasonBase):
    """The odds of GO within the horizon."""

    kind: ClassVar[ReasonKind] = ReasonKind.GO_ODDS
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class CriteriaStuck(ReasonBase):
    """Required criteria that do not reach their thresholds at the current pace; the odds are those of GO."""

    kind: ClassVar[ReasonKind] = ReasonKind.CRITERIA_STUCK
    criteria: tuple[str, ...]
    odds: float
    horizon_days: int


@dataclass(frozen=True, slots=True)
class HoldsNow(ReasonBase):
    """The event holds at the origin; `odds` are those that it stays for `days` more.

    GO names for how long it has held and the criterion that is the least sure to stay; readiness alone does not.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.HOLDS_NOW
    odds: float
    days: int
    held_days: float | None = None
    weakest: str = ""
    weakest_odds: float | None = None


@dataclass(frozen=True, slots=True)
class RestsOnAttestation(ReasonBase):
    """More points are attested by named persons than the plan allows, or nothing at all is measured.

    `attested` and `limit` are points of 100.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.RESTS_ON_ATTESTATION
    attested: float
    limit: float
    is_measured: bool


CrossingReason = TooLittleHistory | AtThreshold | NoProgress | StoppedShort | TooFar | Approaching
JointReason = (
    TooFewPoints
    | UnmeasuredBlockers
    | RequiredUnmeasured
    | ReadinessOdds
    | GoOdds
    | CriteriaStuck
    | HoldsNow
    | RestsOnAttestation
)
ForecastReason = CrossingReason | JointReason


@dataclass(frozen=True, slots=True)
class HeldFor(ReasonBase):
    """The threshold has been met for `days` days without a break."""

    kind: ClassVar[ReasonKind] = ReasonKind.HELD_FOR
    threshold: float
    days: float


@dataclass(frozen=True, slots=True)
class Pace(ReasonBase):
    """Signed pace per week over the last `over_weeks`, and the pace that reaches the threshold in `within_weeks`."""

    kind: ClassVar[ReasonKind] = ReasonKind.PACE
    pace: float
    over_weeks: float
    needed: float
    within_weeks: int


@dataclass(frozen=True, slots=True)
class DistanceLeft(ReasonBase):
    """The distance to the threshold, of the whole distance from baseline to threshold; `share` may exceed 1."""

    kind: ClassVar[ReasonKind] = ReasonKind.DISTANCE_LEFT
    left: float
    whole: float
    share: float


@dataclass(frozen=True, slots=True)
class Stalled(ReasonBase):
    """Days since the last gain."""

    kind: ClassVar[ReasonKind] = ReasonKind.STALLED
    days: float


@dataclass(frozen=True, slots=True)
class StoppedJustShort(ReasonBase):
    """It stopped just below the threshold: how most efforts that never arrive end."""

    kind: ClassVar[ReasonKind] = ReasonKind.STOPPED_JUST_SHORT


@dataclass(frozen=True, slots=True)
class SingleStep(ReasonBase):
    """One step made this share of all gains, so the pace is a weak guide."""

    kind: ClassVar[ReasonKind] = ReasonKind.SINGLE_STEP
    share: float


@dataclass(frozen=True, slots=True)
class ComparableMoments(ReasonBase):
    """What became of similar moments in other projects: `share` (each project counts once) crossed within a year."""

    kind: ClassVar[ReasonKind] = ReasonKind.COMPARABLE_MOMENTS
    moments: int
    projects: int
    share: float


@dataclass(frozen=True, slots=True)
class LastToArrive(ReasonBase):
    """The criterion that is most often the last to arrive, and in what share of the draws that reach GO."""

    kind: ClassVar[ReasonKind] = ReasonKind.LAST_TO_ARRIVE
    criterion: str
    share: float


DriverReason = (
    HeldFor | Pace | DistanceLeft | Stalled | StoppedJustShort | SingleStep | ComparableMoments | LastToArrive
)


@dataclass(frozen=True, slots=True)
class PaceChange:
    """One pace that a goal needs: `factor` times the current one."""

    criterion: str
    factor: float


@dataclass(frozen=True, slots=True)
class GoalReached(ReasonBase):
    """The pace changes that reach the goal, and the odds with them."""

    kind: ClassVar[ReasonKind] = ReasonKind.GOAL_REACHED
    paces: tuple[PaceChange, ...]
    odds: float


@dataclass(frozen=True, slots=True)
class GoalOutOfReach(ReasonBase):
    """No pace up to `fastest` times the current ones reaches the goal; `odds` are the highest found."""

    kind: ClassVar[ReasonKind] = ReasonKind.GOAL_OUT_OF_REACH
    paces: tuple[PaceChange, ...]
    odds: float
    fastest: float


GoalReason = GoalReached | GoalOutOfReach


@dataclass(frozen=True, slots=True)
class HeldBothTimes(ReasonBase):
    """GO held at both moments."""

    kind: ClassVar[ReasonKind] = ReasonKind.HELD_BOTH_TIMES


@dataclass(frozen=True, slots=True)
class NoCommonDate(ReasonBase):
    """The two forecasts have no date at the same odds, so the odds by one day are compared."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_COMMON_DATE


@dataclass(frozen=True, slots=True)
class NoOddsToCompare(ReasonBase):
    """One forecast gives no odds of GO."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_ODDS_TO_COMPARE
    side: Literal["before", "now"]


@dataclass(frozen=True, slots=True)
class LargestCause(ReasonBase):
    """The cause that moved the answer most: days later, or percentage points of odds up."""

    kind: ClassVar[ReasonKind] = ReasonKind.LARGEST_CAUSE
    cause: str
    change: float
    unit: Literal["days", "points"]


@dataclass(frozen=True, slots=True)
class CauseNotSeparable(ReasonBase):
    """The effect of this cause is contained in that of the next one."""

    kind: ClassVar[ReasonKind] = ReasonKind.CAUSE_NOT_SEPARABLE
    cause: str


SlipReason = HeldBothTimes | NoCommonDate | NoOddsToCompare | LargestCause | CauseNotSeparable
