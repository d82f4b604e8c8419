"""Where the points of a criterion come from, and the cheapest path to the target."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.answers import status as answers
from app.answers.movement import open_items
from app.steps.assess import assess
from app.workspace import UsageError, Workspace, from_one_state


def open_of(workspace: Workspace, criterion: dict[str, Any], at: datetime) -> list[dict[str, Any]] | None:
    """The markers that the criterion counts, oldest first; None for a criterion that counts no items."""
    if criterion["metric"] != "todo_count":
        return None
    return open_items(workspace.warehouse.query("items", since=at, until=at), criterion["scope"])


@from_one_state
def explain(workspace: Workspace, at: datetime, criterion: str | None = None) -> dict[str, Any]:
    """Where a criterion's points come from; without one, the arithmetic of the whole and the path to the target."""
    found = assess(workspace, at)
    answer = answers.status_answer(found)
    every = [c for gate in answer["gates"] for c in gate["criteria"]]
    chosen = [c for c in every if criterion in (None, c["id"])]
    if not chosen:
        raise UsageError(f"there is no criterion {criterion!r}: the plan has {', '.join(c['id'] for c in every)}")
    return {
        "schema": "tminus.explain/1",
        "at": answer["at"],
        "readiness": answer["readiness"],
        "criterion": criterion,
        "criteria": chosen,
        "path": path_of(found),
        "open": open_of(workspace, chosen[0], found.at) if criterion else None,
        "plans": {c.id: {"why": c.why, "fix": c.fix, "max_age_days": c.max_age_days} for c in found.plan.criteria},
    }


def path_of(found: answers.Assessment) -> list[dict[str, Any]]:
    """The cheapest path from an assessment to the target."""
    from models.readiness.score import path_to_target

    return answers.path_answer(path_to_target(found.readiness))
