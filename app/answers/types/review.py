"""`tminus review --json`: the weekly review."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.explain import MoveAnswer
from app.answers.types.forecast import JointForecastAnswer, SlipAnswer
from app.answers.types.meeting import CoursePoint, DecisionEntry, FrozenAnswer, FrozenReviewsAnswer, StuckAnswer
from app.answers.types.movement import MovedAnswer
from app.answers.types.process import MessageEntry
from app.answers.types.rollout import DeploymentAnswer
from app.answers.types.status import StatusAnswer
from app.answers.types.values import Day, Moment


class ReviewAnswer(TypedDict):
    """Status, movement and forecast of now beside those of the last meeting."""

    schema: Literal["tminus.review/1"]
    project: str
    since: Moment
    until: Moment
    before: StatusAnswer
    status: StatusAnswer
    moved: MovedAnswer
    forecast: JointForecastAnswer
    forecast_before: JointForecastAnswer
    slip: SlipAnswer
    course: list[CoursePoint]  # the forecast of GO week by week, oldest first
    stuck: list[StuckAnswer]  # the open blockers, the furthest from its threshold first, with what is next
    path: list[MoveAnswer]
    decisions: list[DecisionEntry]  # open at the end of the window, or closed in it; overdue ones first
    deployments: list[DeploymentAnswer]  # and rollbacks up to the end of the window, oldest first
    overdue_messages: list[MessageEntry]  # around the deployment, at the end of the window


class FigureThenAndNow(TypedDict):
    """One figure of a frozen review beside what is known of the same day now, both in words."""

    figure: str
    then: str
    now: str
    is_same: bool


class ReviewComparedAnswer(TypedDict):
    """A frozen review compared with the same review from the evidence that is known now."""

    schema: Literal["tminus.review_compared/1"]
    project: str
    day: Day
    since: Moment
    until: Moment
    figures: list[FigureThenAndNow]


MeetingAnswer = ReviewAnswer | FrozenAnswer | FrozenReviewsAnswer | ReviewComparedAnswer | str
