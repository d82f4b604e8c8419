"""What moved between two moments, and which commits moved it."""

from __future__ import annotations

from datetime import datetime

from app.answers.movement import moved_answer
from app.answers.types.movement import MovedAnswer
from app.steps.assess import observations, plan_at, plans_in_force
from app.steps.forge import places_of
from app.workspace import Workspace, consistent_read


@consistent_read
def moved(workspace: Workspace, since: datetime, until: datetime) -> MovedAnswer:
    """The answer of `tminus moved`: what changed between two moments, and which commits changed it."""
    from models.frames import COMMITS, ITEMS, check_frame
    from models.movement.movement import movement

    ask = workspace.warehouse.query
    commits = check_frame(ask("commits"), COMMITS, "commits")
    items = check_frame(ask("items", since=since, until=until), ITEMS, "items")
    seen = observations(workspace, until)
    plans = plans_in_force(workspace)
    explained = movement(seen, commits, items, plans, since, until)
    simulated = bool(((seen["kind"] == "simulated") & (seen["observed_at"] > since)).any())
    plan = plan_at(plans, until)
    places = places_of(workspace, commits)
    return moved_answer(explained, plan, since, until, workspace.config.name, places, simulated=simulated)
