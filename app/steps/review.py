"""The weekly review."""

from __future__ import annotations

from datetime import datetime

from app.answers import status as answers
from app.answers.types.meeting import DecisionEntry
from app.answers.types.movement import MovedAnswer
from app.answers.types.review import ReviewAnswer
from app.steps.date.forecast import forecast_of
from app.steps.date.question import Forecasted, forecasted
from app.steps.date.slip import slip
from app.steps.explain import path_of
from app.steps.meeting import decisions
from app.steps.messages import messages, overdue
from app.steps.movement import moved
from app.workspace import Workspace, consistent_read


@consistent_read
def review(
    workspace: Workspace,
    since: datetime,
    until: datetime,
    now: Forecasted | None = None,
    known: MovedAnswer | None = None,
) -> ReviewAnswer:
    """The weekly review: status, movement and forecast of now beside those of `since`.

    `now`, the forecast, and `known`, the movement of the same window, are made here unless they are given.
    """
    now, before = now or forecasted(workspace, until), forecasted(workspace, since)
    return {
        "schema": "tminus.review/1",
        "project": workspace.config.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "before": answers.status_answer(before.assessment),
        "status": answers.status_answer(now.assessment),
        "moved": known or moved(workspace, since, until),
        "forecast": forecast_of(workspace, now),
        "forecast_before": forecast_of(workspace, before),
        "slip": slip(workspace, now, since, before),
        "path": path_of(now.assessment),
        "decisions": due_for_review(workspace, since, until),
        "overdue_messages": overdue(messages(workspace, until.astimezone(workspace.zone))),
    }


def due_for_review(workspace: Workspace, since: datetime, until: datetime) -> list[DecisionEntry]:
    """The decisions that are open at the end of the window, and those that were closed in it."""
    made = decisions(workspace, until.astimezone(workspace.zone))["decisions"]
    return [d for d in made if d["outcome"] == "open" or datetime.fromisoformat(d["changed_at"]) > since]
