"""What a change does: the ratchet of `tminus check --baseline`, and `tminus pr-comment --json`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from app.answers.types.values import Comparator, Day, Moment, Outcome, Percent, ReasonValue

RatchetOutcome = Literal["better", "same", "tolerated", "worse", "new", "not_measured", "not_comparable"]


class ComparedAnswer(TypedDict):
    """One criterion at both ends of a change."""

    id: str
    title: str
    metric: str
    scope: str
    unit: str
    comparator: Comparator
    threshold: float
    before: float | None  # in `unit`; null: unknown
    after: float | None
    change: float | None  # after minus before; null: the two have no difference
    tolerance: float  # how much worse the plan of the base lets it get, in `unit`
    outcome: RatchetOutcome
    accepted: bool  # named by --accept: it does not decide the exit code
    because: str  # why the two are not compared; empty where they are
    reason: ReasonValue | None  # the same as values
    proposed_threshold: float | None  # a stricter threshold that the improved value meets
    line: int | None  # line of the criterion in tminus.toml


class RatchetAnswer(TypedDict):
    """No worse than the base: every criterion of the deploy gates, like with like."""

    baseline: str  # as it was named
    base: str  # the commit where the change began
    head: str
    base_is_named_commit: bool  # false: the named revision has gone on since the change began
    criteria: list[ComparedAnswer]
    opened: list[MarkerAnswer]  # markers in code that the change adds
    closed: list[MarkerAnswer]
    notes: list[str]
    exit_code: Literal[0, 1, 3]  # 0 nothing is worse, 1 something is worse, 3 something cannot be compared


class MarkerAnswer(TypedDict):
    """A TODO, FIXME, HACK or XXX."""

    label: str
    text: str
    path: str
    line: int | None
    path_class: str  # code, tests, docs, vendored, generated, backup


class MovedCriterion(TypedDict):
    """A criterion whose value or points the change moves."""

    id: str
    title: str
    unit: str
    before: float | None
    after: float | None
    change: float | None  # null: the two cannot be compared
    points: float
    because: str  # why the two cannot be compared; empty where they can
    reason: ReasonValue | None


class ReadinessChange(TypedDict):
    """Readiness under the plan of the base, and under that of the change."""

    before: Percent | None
    after: Percent | None
    change: float | None
    plan_edits: float  # points of the change that come from editing the plan, at the same evidence


class PlanEditLine(TypedDict):
    """One edit of the plan in the change."""

    id: str
    says: str
    points: float


class DateMove(TypedDict):
    """When GO is reached, as of the base and with the change merged on the day of the answer."""

    outcome_before: Outcome
    outcome_after: Outcome
    before: Day | None  # even odds
    after: Day | None
    days: int | None  # after minus before; negative: earlier
    interval_before: list[Day | None]  # 10% and 90%; null: beyond the horizon
    interval_after: list[Day | None]
    odds_within: int  # days of the horizon
    odds_before: float | None  # of GO within the horizon
    odds_after: float | None
    because: str  # why there is no date; empty where there is one


class ChangeAnswer(TypedDict):
    """What a change moves."""

    schema: Literal["tminus.change/1"]
    at: Moment
    project: str
    base: str
    head: str
    baseline: str
    base_is_named_commit: bool
    readiness: ReadinessChange
    criteria: list[MovedCriterion]
    plan_edits: list[PlanEditLine]
    not_compared: list[MovedCriterion]  # neither counted as moved nor as unmoved
    date: DateMove
    opened: list[MarkerAnswer]
    closed: list[MarkerAnswer]
    notes: list[str]
    simulated: bool
    sent: NotRequired[str]  # address of the comment, with --send
