"""The ratchet: each figure of a change against the same figure of its base, like with like or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.plan.plan import Criterion, Plan
from models.readiness.readings import Key, ObservedValue, key_of
from models.reasons.movement import SourceChanged
from models.reasons.ratchet import (
    CriterionChanged,
    CriterionDropped,
    NoCommit,
    NoFigureAtBase,
    NoFigureOfChange,
    RatchetReason,
    SameFigure,
)
from models.units import convert

Outcome = Literal["better", "same", "tolerated", "worse", "new", "not_measured", "not_comparable"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion: values in its unit, `change` is after minus before; None where there is no difference.

    `tolerance` is how much worse the plan of the base lets it get. `proposal` is a threshold that the improved figure
    already meets, stricter than the plan's; None where there is none.
    """

    criterion: Criterion
    outcome: Outcome
    before: float | None
    after: float | None
    change: float | None
    tolerance: float
    because: RatchetReason | None = None
    proposal: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The plan and the figures in force at one end; `own` are the commits that only this end contains."""

    plan: Plan
    readings: Mapping[Key, ObservedValue]
    own: Set[str] = frozenset()


def compare(base: Side, head: Side, counted: Set[str]) -> tuple[Compared, ...]:
    """Compare every measured criterion of the deploy gates of either plan, in the order of the plan of the head.

    `counted` names the sources whose figures were counted in the trees of exactly the two commits. Where both plans
    measure a criterion, the values are compared whatever the thresholds are. The tolerance is the base's: a change
    cannot widen its own.
    """
    then = {criterion.id: criterion for criterion in _measured(base.plan)}
    now = {criterion.id: criterion for criterion in _measured(head.plan)}
    found = []
    for identity in dict.fromkeys([*now, *then]):
        was, criterion = then.get(identity), now.get(identity)
        found.append(_dropped(was, base) if criterion is None and was else _of(was, now[identity], base, head, counted))
    return tuple(found)


def _measured(plan: Plan) -> list[Criterion]:
    """The criteria that a change can move: measured, applicable, and judged before the deployment."""
    gates = (gate for gate in plan.gates if gate.kind == "deploy")
    return [c for gate in gates for c in gate.criteria if c.metric and not c.not_applicable]


def _dropped(was: Criterion, base: Side) -> Compared:
    before = _value(base.readings.get(key_of(was)), was.unit)
    return Compared(was, "not_comparable", before, None, None, base.plan.tolerance_of(was), CriterionDropped())


def _of(was: Criterion | None, criterion: Criterion, base: Side, head: Side, counted: Set[str]) -> Compared:
    tolerance = base.plan.tolerance_of(criterion)
    then, now = base.readings.get(key_of(was or criterion)), head.readings.get(key_of(criterion))
    before, after = _value(then, criterion.unit), _value(now, criterion.unit)
    apart = (_changed(was, criterion) if was else None) or _why_not(then, now, head, counted)
    if apart is not None or before is None or after is None:
        outcome = _outcome_apart(apart, now)
        return Compared(criterion, outcome, before, after, None, tolerance, apart)
    change = float(Decimal(repr(after)) - Decimal(repr(before)))
    verdict = _outcome(criterion, before, after, tolerance)
    proposal = _proposal(criterion, after) if verdict == "better" else None
    return Compared(criterion, verdict, before, after, change, tolerance, None, proposal)


def _outcome_apart(apart: RatchetReason | None, now: ObservedValue | None) -> Outcome:
    """Without a value at the base the change can be worse than nothing; otherwise nobody knows whether it is."""
    if not isinstance(apart, NoFigureAtBase):
        return "not_comparable"
    return "not_measured" if _is_unknown(now) else "new"


def _changed(was: Criterion, criterion: Criterion) -> CriterionChanged | None:
    """What the change asks for instead, where that makes the two values different things."""
    if was.metric != criterion.metric:
        return CriterionChanged("metric", was.metric, criterion.metric)
    if was.scope != criterion.scope:
        return CriterionChanged("scope", was.scope, criterion.scope)
    if was.unit != criterion.unit:
        return CriterionChanged("unit", was.unit, criterion.unit)
    if _aim(was) != _aim(criterion):
        return CriterionChanged("comparator", was.comparator, criterion.comparator)
    if was.comparator == criterion.comparator == "==" and was.threshold != criterion.threshold:
        return CriterionChanged("threshold", f"{was.threshold:g}", f"{criterion.threshold:g}")
    return None


def _aim(criterion: Criterion) -> str:
    """Higher, lower, or a value to meet."""
    return "==" if criterion.comparator == "==" else criterion.direction


def _why_not(
    then: ObservedValue | None, now: ObservedValue | None, head: Side, counted: Set[str]
) -> RatchetReason | None:
    """Why the two values have no difference; None where they have one."""
    if then is None or math.isnan(then.value):
        return NoFigureAtBase(_why(then) or (_why(now) if _is_unknown(now) else ""))
    if now is None or math.isnan(now.value):
        return NoFigureOfChange(_why(now))
    return _not_of_commits(then, now, head, counted) or _measured_differently(then, now)


def _not_of_commits(
    then: ObservedValue, now: ObservedValue, head: Side, counted: Set[str]
) -> NoCommit | SameFigure | None:
    """A value without a commit, or one of the base where one of the change belongs."""
    if not (then.commit and now.commit):
        return NoCommit(now.source if then.commit else then.source)
    is_own = now.source in counted or not head.own or now.commit in head.own
    return None if is_own else SameFigure(now.commit)


def _measured_differently(then: ObservedValue, now: ObservedValue) -> SourceChanged | None:
    pairs: tuple[tuple[Literal["definition", "tool", "kind"], str, str], ...] = (
        ("kind", then.kind, now.kind),
        ("tool", then.tool, now.tool),
        ("definition", then.definition, now.definition),
    )
    for what, one, other in pairs:
        if one != other:
            return SourceChanged(what, one, other)
    is_convertible = convert(then.value, then.unit, now.unit) is not None and bool(then.unit) == bool(now.unit)
    return None if is_convertible else SourceChanged("unit", then.unit, now.unit)


def _is_unknown(reading: ObservedValue | None) -> bool:
    return reading is None or math.isnan(reading.value)


def _why(reading: ObservedValue | None) -> str:
    return reading.reason if reading else ""


def _value(reading: ObservedValue | None, unit: str) -> float | None:
    if reading is None or math.isnan(reading.value):
        return None
    return convert(reading.value, reading.unit, unit)


def _outcome(criterion: Criterion, before: float, after: float, tolerance: float) -> Outcome:
    """On the raw values, in decimal: 80.1 to 79.6 is exactly 0.5 worse."""
    then, now, limit = (Decimal(repr(value)) for value in (before, after, tolerance))
    aim = Decimal(repr(criterion.threshold))
    if criterion.comparator == "==":
        loss = abs(now - aim) - abs(then - aim)
    else:
        loss = then - now if criterion.direction == "higher" else now - then
    if loss > 0:
        return "worse" if loss > limit else "tolerated"
    return "same" if loss == 0 else "better"


def _proposal(criterion: Criterion, after: float) -> float | None:
    """The figure itself, where it is stricter than the threshold and an inclusive comparator would still hold."""
    if criterion.comparator == ">=" and after > criterion.threshold:
        return after
    if criterion.comparator == "<=" and after < criterion.threshold:
        return after
    return None
