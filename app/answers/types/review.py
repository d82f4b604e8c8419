"""`tminus review --json`: the weekly review."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.explain import MoveAnswer
from app.answers.types.forecast import JointForecastAnswer, SlipAnswer
from app.answers.types.meeting import DecisionEntry
from app.answers.types.movement import MovedAnswer
from app.answers.types.process import MessageEntry
from app.answers.types.status import StatusAnswer
from app.answers.types.values import Moment


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
    path: list[MoveAnswer]
    decisions: list[DecisionEntry]  # open at the end of the window, or closed in it; overdue ones first
    overdue_messages: list[MessageEntry]  # around the deployment, at the end of the window
