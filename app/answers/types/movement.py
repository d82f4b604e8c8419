"""`tminus moved --json`: what changed readiness, and which commits changed it."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Moment, ReasonValue


class CommitAnswer(TypedDict):
    """A commit and what it did to a criterion."""

    commit: str
    author: str
    merged_by: str  # the author of the merge that brought it
    date: Moment
    subject: str
    delta: float | None  # in the unit of the criterion; null: the grade allows no number
    points: float | None
    grade: str
    url: str  # the commit on its forge; empty where the forge is unknown


class SpanAnswer(TypedDict):
    """The change between two measurements that follow each other."""

    since: str  # commit of the earlier one; empty where it is unknown
    until: str
    delta: float
    points: float
    grade: str


class CriterionMoveAnswer(TypedDict):
    """How one criterion moved."""

    id: str
    title: str
    unit: str
    before: float | None
    after: float | None
    points: float
    grade: str  # exact, within A..B (n commits), near C, or not comparable
    because: str
    reason: ReasonValue  # the same as values
    commits: list[CommitAnswer]
    spans: list[SpanAnswer]


class ItemAnswer(TypedDict):
    """A marker, finding, test or checklist box that was opened or closed."""

    id: str
    kind: str
    label: str
    text: str
    path: str
    line: int | None
    scope: str
    path_class: str
    at: Moment
    commit: str
    author: str
    merged_by: str
    url: str  # the line on the forge, or the commit that removed it; empty where the forge is unknown


class ItemsAnswer(TypedDict):
    """What was opened and closed in the window."""

    opened: list[ItemAnswer]
    closed: list[ItemAnswer]


class SumAnswer(TypedDict):
    """All that one person, or one folder, moved in the window."""

    name: str
    points: float  # those that the diff of a commit proves
    commits: int
    opened: int
    closed: int


class LostEvidenceAnswer(TypedDict):
    """A criterion that was known before and is not now."""

    id: str
    title: str
    state: str
    before: float | None
    because: str
    reason: ReasonValue
    points: float


class PlanEditAnswer(TypedDict):
    """One edit of the plan; only criteria carry points."""

    what: str
    id: str
    title: str
    because: str
    reason: ReasonValue
    points: float


class ReadinessMove(TypedDict):
    """The change of readiness and its parts, in points of 100."""

    before: float | None
    after: float | None
    change: float | None
    gains: float | None
    losses: float | None
    cap: float | None  # what the cap of open blockers added or took
    lost_evidence: float | None
    plan_edits: float | None
    capped_before: list[str]  # ids of the open blockers that held readiness down
    capped_after: list[str]
    capped_by: list[str]  # titles of those of now or, where none is open any more, of those before


class MovedAnswer(TypedDict):
    """What moved between two moments."""

    schema: Literal["tminus.moved/1"]
    since: Moment
    until: Moment
    readiness: ReadinessMove
    criteria: list[CriterionMoveAnswer]
    items: ItemsAnswer
    lost_evidence: list[LostEvidenceAnswer]
    plan_edits: list[PlanEditAnswer]
    residual: float | None  # what floating point leaves over
    by_author: list[SumAnswer]  # who wrote the changes
    by_merger: list[SumAnswer]  # who merged what others wrote: the same changes again
    by_folder: list[SumAnswer]  # items of code, two folders deep
    project: str
    simulated: bool
