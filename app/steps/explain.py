"""Where the points of a criterion come from, and the cheapest path to the target."""

from __future__ import annotations

from datetime import datetime

from app.answers import status as answers
from app.answers.blockers import criteria_of
from app.answers.movement import open_items
from app.answers.types.explain import ExplainAnswer, MoveAnswer, OpenMarker
from app.answers.types.status import CriterionAnswer
from app.steps.assess import assess, plan_known_at
from app.steps.forge import places_of
from app.workspace import UsageError, Workspace, consistent_read, no_criterion


def open_of(workspace: Workspace, criterion: CriterionAnswer, at: datetime) -> list[OpenMarker] | None:
    """The markers that the criterion counts, oldest first; None for a criterion that counts no items."""
    if criterion["metric"] != "todo_count":
        return None
    ask = workspace.warehouse.query
    return open_items(ask("items", since=at, until=at), criterion["scope"], places_of(workspace, ask("commits")))


@consistent_read
def explain(workspace: Workspace, at: datetime, criterion: str | None = None) -> ExplainAnswer:
    """Where a criterion's points come from; without one, the arithmetic of the whole and the path to the target."""
    assessment = assess(workspace, at)
    answer = answers.status_answer(assessment)
    every = criteria_of(answer) | (_later(workspace, at) if criterion else {})
    chosen = [c for name, c in every.items() if criterion in (None, name)]
    if not chosen:
        raise UsageError(no_criterion(criterion or "", every))
    return {
        "schema": "tminus.explain/1",
        "at": answer["at"],
        "readiness": answer["readiness"],
        "criterion": criterion,
        "criteria": chosen,
        "path": path_of(assessment),
        "open": open_of(workspace, chosen[0], assessment.at) if criterion else None,
        "plans": {
            c.id: {"why": c.why, "fix": c.fix, "max_age_days": c.max_age_days, "owner": c.owner}
            for c in plan_known_at(workspace, at).criteria
        },
    }


def _later(workspace: Workspace, at: datetime) -> dict[str, CriterionAnswer]:
    """The criteria that are judged after the deployment; they earn no points of the readiness."""
    from app.steps.production.rollout import later_gates

    return {c["id"]: c for gate in later_gates(workspace, at) for c in gate["criteria"]}


def path_of(assessment: answers.Assessment) -> list[MoveAnswer]:
    """The cheapest path from an assessment to the target."""
    from models.readiness.score import path_to_target

    return answers.path_answer(path_to_target(assessment.readiness), assessment.plan)
