"""The weekly review; a frozen one beside what is known now."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from app.answers import status as answers
from app.answers.compared import figures_then_and_now
from app.answers.types.meeting import DecisionEntry
from app.answers.types.movement import MovedAnswer
from app.answers.types.review import ReviewAnswer, ReviewComparedAnswer
from app.steps.date.course import course
from app.steps.date.forecast import forecast_of
from app.steps.date.question import Forecasted, forecasted
from app.steps.date.slip import slip
from app.steps.explain import path_of
from app.steps.meeting import decisions, frozen_review
from app.steps.messages import messages, overdue
from app.steps.movement import moved
from app.steps.production.rollout import deployments
from app.steps.stuck import stuck
from app.workspace import Workspace, consistent_read


@consistent_read
def review(
    workspace: Workspace,
    since: datetime,
    until: datetime,
    now: Forecasted | None = None,
    known: MovedAnswer | None = None,
    *,
    with_course: bool = True,
) -> ReviewAnswer:
    """The weekly review: status, movement and forecast of now beside those of `since`.

    `now`, the forecast, and `known`, the movement of the same window, are made here unless they are given. A page fills
    the course of the date later; without it the list is empty.
    """
    now, before = now or forecasted(workspace, until), forecasted(workspace, since)
    status = answers.status_answer(now.assessment)
    return {
        "schema": "tminus.review/1",
        "project": workspace.config.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "before": answers.status_answer(before.assessment),
        "status": status,
        "moved": known or moved(workspace, since, until),
        "forecast": forecast_of(workspace, now),
        "forecast_before": forecast_of(workspace, before),
        "slip": slip(workspace, now, since, before),
        "course": course(workspace, until)["points"] if with_course else [],
        "stuck": stuck(workspace, until, status),
        "path": path_of(now.assessment),
        "decisions": due_for_review(workspace, since, until),
        "deployments": deployments(workspace, until.astimezone(workspace.zone)),
        "overdue_messages": overdue(messages(workspace, until.astimezone(workspace.zone))),
    }


def due_for_review(workspace: Workspace, since: datetime, until: datetime) -> list[DecisionEntry]:
    """The decisions that are open at the end of the window, and those that were closed in it."""
    made = decisions(workspace, until.astimezone(workspace.zone))["decisions"]
    return [d for d in made if d["outcome"] == "open" or datetime.fromisoformat(d["changed_at"]) > since]


def compare_frozen(workspace: Workspace, day: str | None = None) -> ReviewComparedAnswer:
    """The frozen review of a day (default: the newest) as known then, and the same window as known now."""
    then = cast(ReviewAnswer, json.loads(frozen_review(workspace, day, "json")))
    since, until = (datetime.fromisoformat(then[end]) for end in ("since", "until"))
    now = review(workspace, since.astimezone(workspace.zone), until.astimezone(workspace.zone), with_course=False)
    return {
        "schema": "tminus.review_compared/1",
        "project": workspace.config.name,
        "day": until.astimezone(workspace.zone).date().isoformat(),
        "since": then["since"],
        "until": then["until"],
        "figures": figures_then_and_now(then, now),
    }
