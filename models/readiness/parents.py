"""Criteria that are the AND of others: their weight, their state, and the measured criteria below them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from models.plan.parents import children_of
from models.plan.plan import Criterion, Plan
from models.readiness.scores import CriterionScore, State
from models.reasons.criterion import ChildrenDecide


@lru_cache(maxsize=256)
def weights_of(criteria: tuple[Criterion, ...]) -> Mapping[str, Fraction]:
    """Each criterion's weight in its gate, as written (0.1 is a tenth, not the nearest binary number).

    A parent has none of its own: its weight is shared out to the children that apply, by their weights.
    """
    below: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        below.setdefault(criterion.parent, []).append(criterion)
    found = {criterion.id: Fraction(0) for criterion in criteria}
    applies = _applying(criteria, below)

    def share_out(siblings: Iterable[Criterion], whole: Fraction | None) -> None:
        mine = {c: Fraction(str(c.weight)) for c in siblings if c.id in applies}
        total = sum(mine.values(), Fraction(0))
        for criterion, weight in mine.items():
            share = weight if whole is None else (whole * weight / total if total else Fraction(0))
            if criterion.id in below:
                share_out(below[criterion.id], share)
            else:
                found[criterion.id] = share

    share_out(below.get("", ()), None)
    return found


def _applying(criteria: Sequence[Criterion], below: Mapping[str, Sequence[Criterion]]) -> set[str]:
    """The criteria that count: leaves that apply, and whatever has one of them below it."""
    by_id = {criterion.id: criterion for criterion in criteria}
    found: set[str] = set()
    for criterion in criteria:
        if criterion.id in below or criterion.not_applicable:
            continue
        above: Criterion | None = criterion
        while above is not None and above.id not in found:
            found.add(above.id)
            above = by_id.get(above.parent)
    return found


def score_parent(parent: Criterion, children: Sequence[CriterionScore]) -> CriterionScore:
    """The AND of the children. A parent earns no points itself: its children have its weight."""
    counted = [child for child in children if child.state != "not_applicable"]
    failing, unknown = _titles(counted, holds=False), _titles(counted, holds=None)
    holds = False if failing else None if unknown or not counted else True
    state = _state(holds, bool(counted))
    return CriterionScore(
        criterion=parent,
        value=None,
        unit="",
        state=state,
        underlying_state=state,
        holds=holds,
        attainment=_mean_attainment(counted),
        points=0.0,
        points_possible=0.0,
        because=ChildrenDecide(len(counted), failing, unknown),
        is_parent=True,
        has_conditional_child=holds is True and any(child.is_conditional for child in counted),
    )


def _titles(children: Sequence[CriterionScore], *, holds: bool | None) -> tuple[str, ...]:
    return tuple(child.criterion.title for child in children if child.holds is holds)


def _mean_attainment(children: Sequence[CriterionScore]) -> float:
    whole = sum(child.criterion.weight for child in children)
    return sum(child.criterion.weight * child.attainment for child in children) / whole if whole else 0.0


def _state(holds: bool | None, applies: bool) -> State:
    if not applies:
        return "not_applicable"
    return "missing" if holds is None else "passing" if holds else "failing"


def leaves_below(plan: Plan, names: Iterable[str]) -> frozenset[str]:
    """The criteria without children that the named criteria consist of: themselves, or what is below them."""
    children = children_of(plan)
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in children:
            waiting += [child.id for child in children[name]]
        else:
            found.add(name)
    return frozenset(found)


def blocking_leaves(plan: Plan) -> frozenset[str]:
    """The criteria without children that a blocker is or consists of."""
    return leaves_below(plan, [criterion.id for criterion in plan.criteria if criterion.blocker])
