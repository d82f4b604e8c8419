"""Decisions of the review meeting, frozen reviews, and the course of the date over the weeks."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Day, Moment, Outcome


class DecideAnswer(TypedDict):
    """A decision was written, closed or carried over."""

    schema: Literal["tminus.decide/1"]
    id: str


class SinceAnswer(TypedDict):
    """The value of a criterion when a decision was made, and now."""

    criterion: str
    before: float | None
    after: float | None
    unit: str


class DecisionEntry(TypedDict):
    """One decision with the evidence since."""

    id: str
    text: str
    owner: str
    due: Day | None
    criterion: str  # empty: of no single criterion
    outcome: Literal["open", "done", "dropped"]
    decided_at: Moment
    decided_by: str
    changed_at: Moment
    carried: int  # how often it was carried over
    is_overdue: bool
    notes: list[str]
    since: SinceAnswer | None


class DecisionsAnswer(TypedDict):
    """The decisions made by a time, overdue ones first."""

    schema: Literal["tminus.decisions/1"]
    at: Moment
    project: str
    decisions: list[DecisionEntry]


class FrozenAnswer(TypedDict):
    """A review was frozen."""

    schema: Literal["tminus.frozen/1"]
    day: Day
    sha256: str


class FrozenReview(TypedDict):
    """A frozen review without its files."""

    day: Day
    frozen_at: Moment
    since: Moment
    until: Moment
    frozen_by: str
    sha256: str


class FrozenReviewsAnswer(TypedDict):
    """The frozen reviews, newest first."""

    schema: Literal["tminus.frozen_reviews/1"]
    reviews: list[FrozenReview]


class LastMoveAnswer(TypedDict):
    """The newest measurement of a criterion that differs from the one before it, with the commit that it is of."""

    date: Day
    before: float
    after: float
    commit: str
    author: str
    subject: str
    url: str  # the commit on its forge; empty where the forge is unknown


class NextItem(TypedDict):
    """One concrete thing to do next: a marker, a failing test, a finding, a file, or a part with its value."""

    words: str
    path: str
    line: int | None
    url: str
    since: Day | None
    value: float | None  # of a part, in `unit`
    unit: str


class StuckAnswer(TypedDict):
    """A blocker that is open: since when, what moved it last, who sees to it, what is next."""

    id: str
    first: Day | None  # its first figure; null: never measured
    since: Day | None  # the first figure after the last one that held
    last_move: LastMoveAnswer | None
    owner: str  # of the plan; empty where it names nobody
    next: list[NextItem]


class CoursePoint(TypedDict):
    """The dates of GO as they were forecast at the end of one week."""

    day: Day
    basis: Literal["kept", "computed"]  # kept: a forecast was shown then
    outcome: Outcome
    p25: Day | None
    p50: Day | None
    p75: Day | None
    p80: Day | None
    promised: Day | None
    promised_odds: float | None


class CourseAnswer(TypedDict):
    """The course of the date, week by week."""

    schema: Literal["tminus.course/1"]
    project: str
    points: list[CoursePoint]
