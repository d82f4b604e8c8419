"""What moved between two moments, and which commits moved it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.answers.movement import moved_answer
from app.steps.assess import observations, plan_at, plans_in_force
from app.workspace import Workspace, from_one_state


@from_one_state
def moved(workspace: Workspace, since: datetime, until: datetime) -> dict[str, Any]:
    """The answer of `tminus moved`: what changed between two moments, and which commits changed it."""
    from models.frames import COMMITS, ITEMS, check_frame
    from models.movement.movement import movement

    ask = workspace.warehouse.query
    commits = check_frame(ask("commits"), COMMITS, "commits")
    items = check_frame(ask("items", since=since, until=until), ITEMS, "items")
    seen = observations(workspace, until)
    plans = plans_in_force(workspace)
    found = movement(seen, commits, items, plans, since, until)
    simulated = bool(((seen["kind"] == "simulated") & (seen["observed_at"] > since)).any())
    answer = moved_answer(found, plan_at(plans, until))
    window = {"since": since.isoformat(), "until": until.isoformat()}
    return {**answer, **window, "project": workspace.config.name, "simulated": simulated}
