"""What an edit of the plan changed in what is asked of a system that runs already."""

from __future__ import annotations

from collections.abc import Iterator

from models.plan.plan import Criterion, Plan
from models.readiness.attainment import demand_of
from models.reasons.rollout import PlanEdit


def edits_between(before: Plan, after: Plan, critical_level: int) -> tuple[PlanEdit, ...]:
    """The changes of stages and of running and promotion gates; what is new changed nothing that was asked."""
    return (*_of_stages(before, after), *_of_criteria(before, after, critical_level))


def _of_stages(before: Plan, after: Plan) -> Iterator[PlanEdit]:
    now = {stage.id: stage.soak for stage in after.stages}
    for stage in before.stages:
        if stage.id in now and now[stage.id] != stage.soak:
            yield PlanEdit("soak", stage.title, stage.soak, now[stage.id])


def _of_criteria(before: Plan, after: Plan, critical_level: int) -> Iterator[PlanEdit]:
    now = _later(after)
    for name, criterion in _later(before).items():
        other = now.get(name)
        if (
            other is None
            or demand_of(other) != demand_of(criterion)
            or other.not_applicable != criterion.not_applicable
        ):
            asked = None if other is None or other.not_applicable else demand_of(other)
            yield PlanEdit("demand", criterion.title, demand_of(criterion), asked)
        elif _restarts(other, critical_level) != _restarts(criterion, critical_level):
            was = _restarts(criterion, critical_level)
            yield PlanEdit("restart", criterion.title, was, not was)


def _later(plan: Plan) -> dict[str, Criterion]:
    return {c.id: c for gate in plan.gates if gate.kind != "deploy" for c in gate.criteria}


def _restarts(criterion: Criterion, critical_level: int) -> bool:
    return criterion.blocker or criterion.level == critical_level
