"""`tminus forecast --json`: the date with its odds, what-if, goal, slip, claimed timelines, track record."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

from app.answers.types.values import Day, Direction, Moment, Odds, Outcome, ReasonValue

Cause: TypeAlias = Literal[
    "model change", "plan edits", "new evidence", "lost evidence", "waiting", "regressions", "progress"
]


class QuantilesAnswer(TypedDict):
    """The day by which it is reached with 10% to 95% odds; null: beyond the horizon, or no date is given."""

    p10: Day | None
    p25: Day | None
    p50: Day | None
    p75: Day | None
    p80: Day | None
    p90: Day | None
    p95: Day | None


class OddsBy(TypedDict):
    """The odds that it is reached by a day."""

    date: Day
    probability: Odds


class DatesAnswer(TypedDict):
    """The dates of one event with their odds, or why it has none."""

    outcome: Outcome
    because: str  # why there is this outcome
    reason: ReasonValue  # the same as values
    quantiles: QuantilesAnswer
    probability_by: list[OddsBy]  # empty where there is not enough evidence


class CrossingAnswer(DatesAnswer):
    """When one series, or one event, reaches its threshold."""

    pace_seen: float | None  # change per week over the last 13 weeks, in the unit of the series
    pace_needed: float | None  # change per week that reaches the threshold in 26 weeks
    drivers: list[str]
    driver_reasons: list[ReasonValue]  # the same as values


class PromisedAnswer(TypedDict):
    """The odds of GO by the day that the plan promises."""

    date: Day
    days: int  # from the origin; negative: it has passed
    probability: float | None  # null: not enough evidence, the day has passed, or it is beyond the horizon
    held: bool | None  # whether GO held on the day; null: the day is still to come, or nothing measured says so


class WeakestAnswer(TypedDict):
    """The criterion that is the least sure to go on holding."""

    id: str
    title: str
    stays: float | None  # odds that it holds for 28 more days


class HoldingAnswer(TypedDict):
    """Where GO holds now: for how long, and the odds that it stays."""

    days: float
    stays: float | None  # odds that GO holds for 28 more days
    weakest: WeakestAnswer | None


class GoAnswer(CrossingAnswer):
    """The forecast of GO."""

    promised: PromisedAnswer | None


class MeasuredAnswer(CrossingAnswer):
    """The joint event of the measured criteria alone: a date where GO has none."""

    weight: float  # percent of all points that these criteria can earn
    criteria: list[str]


class NeededForGo(TypedDict):
    """A criterion, or a rule, that GO lacks evidence for."""

    id: str
    title: str
    metric: str
    next: str  # the command or report that measures it; empty for a rule


class CriterionForecast(CrossingAnswer):
    """The forecast of one criterion of the plan."""

    id: str
    title: str
    metric: str
    unit: str


class DatesRecord(TypedDict):
    """Dates that earlier forecasts gave, and how many came true."""

    of: Literal["go", "criteria"]
    level: float  # the odds with which the dates were given
    given: int
    due: int  # how many of them have passed
    came: int  # how many of those that have passed came true


class VersionRecord(TypedDict):
    """How the kept forecasts of one version of the model came out."""

    forecasts_kept: int
    scored: int
    days_scored: int
    brier: float | None
    too_sure_by: float | None  # mean forecast minus observed frequency; above 0: overconfident
    dates: list[DatesRecord]
    model: str  # the version


class DeploymentRecord(TypedDict):
    """The kept forecasts of GO beside the day of the first deployment to users."""

    deployed_on: Day
    forecasts: int  # of GO, made before that day
    dated: int  # of them with a 50% date
    median_error_days: float | None  # the 50% date minus the day of the deployment
    came_by: dict[str, float | None]  # p50, p80: the share of the dates by which it was deployed


class OwnRecord(VersionRecord):
    """How the forecasts of this project that were kept came out: of the present version, and of earlier ones."""

    earlier: list[VersionRecord]
    deployment: NotRequired[DeploymentRecord]  # absent before the first deployment to users


class MethodRecord(TypedDict):
    """How a method did on the efforts of other projects."""

    brier: float
    calibration_error: float
    coverage_80: float  # share of true dates inside the 80% interval
    cases: int
    crossings: int


@final
class TrackRecord(TypedDict):
    """How good such forecasts have been."""

    own: OwnRecord
    reference: dict[str, MethodRecord]  # by method; this program's own method first


@final
class NoTrackRecord(TypedDict):
    """A series from a file has no track record."""


class ChangeAnswer(TypedDict):
    """One change of a what-if."""

    change: Literal["pace", "drop", "freeze"]
    criterion: NotRequired[str]
    title: NotRequired[str]
    factor: NotRequired[float]  # multiple of the present pace
    weeks: NotRequired[float]  # length of the freeze


class WhatIfAnswer(TypedDict):
    """With --what-if: the forecast under the changes, on the same draws."""

    changes: list[ChangeAnswer]
    outcome: Outcome
    because: str
    reason: ReasonValue
    go: CrossingAnswer
    readiness: CrossingAnswer
    missing: list[str]  # what GO needs and nothing measures
    standing_still: list[str]  # titles of criteria that do not move toward their threshold now


class GoalPace(TypedDict):
    """A change of pace that a goal needs."""

    criterion: str
    title: str
    factor: float


class GoalLate(TypedDict):
    """A criterion that is still open in the draws that miss the goal."""

    criterion: str
    title: str
    share: float


class GoalAnswer(TypedDict):
    """With --by: the cheapest changes of pace for that day and odds, or the best there is and what is late then."""

    by: Day
    asked: float
    reached: bool
    probability_now: float | None
    probability: float | None
    paces: list[GoalPace]
    late: list[GoalLate]
    because: str
    reason: ReasonValue


class CauseAnswer(TypedDict):
    """One cause of a moved date."""

    cause: Cause
    change: float


class SlipAnswer(TypedDict):
    """With --since: how the date moved. The causes sum to `change`."""

    since: Moment
    basis: Literal["kept", "recomputed"]  # kept: the forecast that was shown then
    unit: Literal["days", "points", "none"]  # days: later is positive; points: percentage points, likelier is positive
    level: float | None  # the odds of the dates that are compared
    before: Day | float | None
    after: Day | float | None
    change: float | None
    odds_by: Day
    causes: list[CauseAnswer]
    because: str
    reasons: list[ReasonValue]


class TimelineClaim(TypedDict):
    """A timeline that a document claimed."""

    at: Moment
    says: str
    days: float
    by: Day  # the last day that the claim allows
    text: str
    path: str
    line: int | None
    commit: str
    author: str


class TimelineAnswer(TimelineClaim):
    """A claimed timeline beside the odds by the evidence of its day, and how it ended."""

    probability: float | None  # null: the evidence of that day was not enough
    because: str
    missing: list[str]
    came: bool | None  # whether GO held on the day; null: the day is still to come
    readiness: float | None  # readiness on that day


class JointForecastAnswer(DatesAnswer):
    """GO as one event (its dates are at the top), readiness alone, and each criterion."""

    schema: Literal["tminus.forecast/1"]
    origin: Moment
    target: float
    horizon_days: int
    go: GoAnswer
    promised: PromisedAnswer | None  # null: the plan promises no day
    readiness: CrossingAnswer
    holding: HoldingAnswer | None  # null: GO does not hold now
    measured: MeasuredAnswer  # the measured criteria alone
    attested_until: Day | None  # when the first attestation ends that the forecast takes as given
    waived_until: NotRequired[Day | None]  # when the first waiver ends; reviews frozen before it was known lack it
    missing: list[str]  # what GO needs and nothing measures
    needed_for_go: list[NeededForGo]  # the same, with what measures it
    criteria: list[CriterionForecast]
    track_record: TrackRecord
    project: str
    simulated: bool
    not_kept: NotRequired[str]  # why it is not kept, so that it will not be scored


class AsidesAnswer(TypedDict):
    """What was asked beside the date."""

    what_if: NotRequired[WhatIfAnswer]
    goal: NotRequired[GoalAnswer]
    slip: NotRequired[SlipAnswer]


class ChangedForecast(JointForecastAnswer):
    """A forecast with the same forecast under the changes of a what-if."""

    what_if: WhatIfAnswer


@final
class ForecastAnswer(JointForecastAnswer, AsidesAnswer):
    """When every GO rule holds and readiness reaches its target."""

    timelines: NotRequired[list[TimelineAnswer]]  # the last of each document, newest first


@final
class FileForecastAnswer(CrossingAnswer):
    """With --csv: the forecast of one series from a file, without a plan."""

    schema: Literal["tminus.forecast/1"]
    file: str
    threshold: float
    direction: Direction
    origin: Moment
    target: float  # equals the threshold
    horizon_days: int
    go: CrossingAnswer
    criteria: list[CriterionForecast]  # empty
    track_record: NoTrackRecord
