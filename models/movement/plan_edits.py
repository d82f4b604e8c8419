"""The effect of an edit of the plan on readiness at unchanged evidence, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.plan.plan import Gate, Plan, Rule, Waiver
from models.readiness.scores import CriterionScore, Readiness
from models.reasons.movement import (
    EditReason,
    FieldChange,
    FieldsChanged,
    PlanEntry,
    TargetChanged,
    WaiverEntry,
    Worth,
    WorthChanged,
)

Thing = Literal["criterion", "target", "gate", "rule", "waiver"]
Action = Literal["added", "removed", "changed", "reweighted"]


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """One edit of a `thing` of the plan; only criteria carry points.

    Rules, waivers and the target act through the cap and the decision; other criteria lose or gain weight when one is
    added, which is their "reweighted".
    """

    thing: Thing
    action: Action
    id: str
    because: EditReason
    points: float


def plan_edits(old: Plan, new: Plan, before: Readiness, after: Readiness) -> tuple[PlanEdit, ...]:
    """The edits between two plans that scored the same evidence; their points sum to the change before the cap."""
    if old == new:
        return ()
    edits = [*_criterion_edits(before, after)]
    if old.target != new.target:
        edits.append(PlanEdit("target", "changed", "target", TargetChanged(old.target, new.target), 0.0))
    edits += _listed("gate", old.gates, new.gates, _gate_id, ("criteria",))
    edits += _listed("rule", old.rules, new.rules, _rule_id)
    edits += _listed("waiver", old.waivers, new.waivers, _waiver_id)
    return tuple(edits)


def _criterion_edits(before: Readiness, after: Readiness) -> list[PlanEdit]:
    then = {score.criterion.id: score for score in before.criteria}
    now = {score.criterion.id: score for score in after.criteria}
    edits = []
    for identity in dict.fromkeys([*then, *now]):
        was, score = then.get(identity), now.get(identity)
        points = (score.points if score else 0.0) - (was.points if was else 0.0)
        if edit := _criterion_edit(was, score):
            edits.append(PlanEdit("criterion", edit[0], identity, edit[1], points))
    return edits


def _criterion_edit(was: CriterionScore | None, score: CriterionScore | None) -> tuple[Action, EditReason] | None:
    if was is None or score is None:
        present = score or was
        assert present is not None
        return ("added" if was is None else "removed"), Worth(present.points_possible)
    if changes := _differences(was.criterion, score.criterion, ()):
        return "changed", FieldsChanged(changes)
    if was.points_possible != score.points_possible or was.points != score.points:
        return "reweighted", WorthChanged(was.points_possible, score.points_possible)
    return None


def _listed(
    thing: Thing, old: Sequence[Any], new: Sequence[Any], name: Callable[[Any], str], apart: tuple[str, ...] = ()
) -> list[PlanEdit]:
    then, now = {name(each): each for each in old}, {name(each): each for each in new}
    edits = []
    for identity in dict.fromkeys([*then, *now]):
        if identity not in then:
            edits.append(PlanEdit(thing, "added", identity, _about(now[identity]), 0.0))
        elif identity not in now:
            edits.append(PlanEdit(thing, "removed", identity, _about(then[identity]), 0.0))
        elif changes := _differences(then[identity], now[identity], apart):
            edits.append(PlanEdit(thing, "changed", identity, FieldsChanged(changes), 0.0))
    return edits


def _about(part: Gate | Rule | Waiver) -> EditReason:
    if isinstance(part, Waiver):
        return WaiverEntry(part.owner, part.expires, part.reason)
    return PlanEntry(part.text if isinstance(part, Rule) else part.title)


def _differences(old: Any, new: Any, apart: tuple[str, ...]) -> tuple[FieldChange, ...]:
    kept = [name for name in type(old).__dataclass_fields__ if name not in apart]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in kept]
    return tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)


def _gate_id(gate: Gate) -> str:
    return gate.id


def _rule_id(rule: Rule) -> str:
    return rule.id


def _waiver_id(waiver: Waiver) -> str:
    return waiver.criterion
