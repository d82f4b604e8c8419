"""`tminus explain --json`: where points come from, and the cheapest path to the target."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.status import CriterionAnswer, ReadinessAnswer
from app.answers.types.values import Moment, ReasonValue


class MoveAnswer(TypedDict):
    """One step of the cheapest path to the target."""

    criterion: str
    title: str
    gate: str
    what: str  # what has to be done
    points: float  # what it adds
    readiness: float  # readiness after this step and those before it
    proof: str  # the measurement that proves it
    blocker: bool
    reason: ReasonValue  # `what` as values


class OpenMarker(TypedDict):
    """A marker in the code that is still open."""

    label: str
    text: str
    path: str
    line: int | None
    opened_at: Moment
    opened_commit: str
    author: str
    merged_by: str  # the author of the merge that brought it
    url: str  # the line on the forge; empty where the forge is unknown


class UncoveredFile(TypedDict):
    """A file with lines or branches that no test runs, as the newest coverage report that names it counts them."""

    path: str
    words: str  # "38 of 50 lines are not covered, 1 of 2 branches"
    missed: int  # lines that are not covered, of `lines`
    lines: int
    missed_branches: int
    branches: int  # 0: the report counts none
    commit: str  # that was measured first with these counts
    url: str  # the file on the forge at that commit; empty where it is unknown


class UncoveredFiles(TypedDict):
    """The files that are not covered whole, the most uncovered lines (or branches) first."""

    files: list[UncoveredFile]
    left_out: int  # how many more there are


class PlanNote(TypedDict):
    """What the plan says of a criterion."""

    why: str
    fix: str
    max_age_days: float
    owner: str  # who is to see to it; empty where the plan names nobody


class ExplainAnswer(TypedDict):
    """A criterion, or all of them, with the reasons."""

    schema: Literal["tminus.explain/1"]
    at: Moment
    readiness: ReadinessAnswer
    criterion: str | None  # null: all of them
    criteria: list[CriterionAnswer]
    path: list[MoveAnswer]
    open: list[OpenMarker] | None  # oldest first; null: the criterion counts no markers
    uncovered: UncoveredFiles | None  # null: it is not about coverage, or no report names single files
    plans: dict[str, PlanNote]  # by the id of the criterion
