"""The weekly review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.answers import status as answers
from app.steps.explain import path_of
from app.steps.forecast import forecast_of
from app.steps.forecast_question import Forecasted, forecasted
from app.steps.movement import moved
from app.steps.slip import slip
from app.workspace import Workspace, from_one_state


@from_one_state
def review(workspace: Workspace, since: datetime, until: datetime, now: Forecasted | None = None) -> dict[str, Any]:
    """The weekly review: status, movement and forecast of now (made here unless given) beside those of `since`."""
    now, before = now or forecasted(workspace, until), forecasted(workspace, since)
    return {
        "schema": "tminus.review/1",
        "project": workspace.config.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "before": answers.status_answer(before.found),
        "status": answers.status_answer(now.found),
        "moved": moved(workspace, since, until),
        "forecast": forecast_of(workspace, now),
        "forecast_before": forecast_of(workspace, before),
        "slip": slip(workspace, now, since, before),
        "path": path_of(now.found),
    }
