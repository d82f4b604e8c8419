"""What an edit of the plan did to readiness at unchanged evidence, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.plan.plan import Gate, Plan, Rule, Waiver
from models.readiness.scores import CriterionScore, Readiness


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """One edit. `what` is "<thing> <added | removed | changed | reweighted>"; only criteria carry points.

    Rules, waivers and the target act through the cap and the decision; other criteria lose or gain weight when one is
    added, which is their "reweighted".
    """

    what: str
    id: str
    because: str
    points: float


def plan_edits(old: Plan, new: Plan, before: Readiness, after: Readiness) -> tuple[PlanEdit, ...]:
    """The edits between two plans that scored the same evidence; their points sum to the change before the cap."""
    if old == new:
        return ()
    edits = [*_criterion_edits(before, after)]
    if old.target != new.target:
        edits.append(PlanEdit("target changed", "target", f"{old.target:g} -> {new.target:g}", 0.0))
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
        what, because = _criterion_words(was, score)
        points = (score.points if score else 0.0) - (was.points if was else 0.0)
        if what:
            edits.append(PlanEdit(f"criterion {what}", identity, because, points))
    return edits


def _criterion_words(was: CriterionScore | None, score: CriterionScore | None) -> tuple[str, str]:
    if was is None or score is None:
        there = score or was
        assert there is not None
        return ("added" if was is None else "removed"), f"worth {there.points_possible:g} of 100 points"
    if because := _differences(was.criterion, score.criterion, ()):
        return "changed", because
    if was.points_possible != score.points_possible or was.points != score.points:
        return "reweighted", f"worth {was.points_possible:g} -> {score.points_possible:g} of 100 points"
    return "", ""


def _listed(
    noun: str, old: Sequence[Any], new: Sequence[Any], name: Callable[[Any], str], apart: tuple[str, ...] = ()
) -> list[PlanEdit]:
    then, now = {name(each): each for each in old}, {name(each): each for each in new}
    edits = []
    for identity in dict.fromkeys([*then, *now]):
        if identity not in then:
            edits.append(PlanEdit(f"{noun} added", identity, _about(now[identity]), 0.0))
        elif identity not in now:
            edits.append(PlanEdit(f"{noun} removed", identity, _about(then[identity]), 0.0))
        elif because := _differences(then[identity], now[identity], apart):
            edits.append(PlanEdit(f"{noun} changed", identity, because, 0.0))
    return edits


def _about(part: Gate | Rule | Waiver) -> str:
    if isinstance(part, Waiver):
        return f"{part.owner} until {part.expires}: {part.reason}"
    return part.text if isinstance(part, Rule) else part.title


def _differences(old: Any, new: Any, apart: tuple[str, ...]) -> str:
    kept = [name for name in type(old).__dataclass_fields__ if name not in apart]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in kept]
    return "; ".join(f"{name}: {_short(was)} -> {_short(now)}" for name, was, now in pairs if was != now)


def _short(found: Any) -> str:
    if isinstance(found, float):
        return f"{found:g}"
    return "none" if found is None or found == "" else str(found)


def _gate_id(gate: Gate) -> str:
    return gate.id


def _rule_id(rule: Rule) -> str:
    return rule.id


def _waiver_id(waiver: Waiver) -> str:
    return waiver.criterion
