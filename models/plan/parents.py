"""Criteria that are the AND of others: what a plan may say about them, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Mapping

from models.plan.plan import Criterion, Plan
from models.plan.tables import TableReader


def children_of(plan: Plan) -> dict[str, tuple[Criterion, ...]]:
    """The direct children of each parent, in the order of the plan."""
    found: dict[str, list[Criterion]] = {}
    for criterion in plan.criteria:
        if criterion.parent:
            found.setdefault(criterion.parent, []).append(criterion)
    return {parent: tuple(children) for parent, children in found.items()}


def check_parents(plan: Plan, reader: TableReader) -> None:
    """Note a parent that does not exist, is in another gate, demands something itself, or is its own ancestor."""
    by_id = {criterion.id: criterion for criterion in plan.criteria}
    parents = plan.parents
    for i, gate in enumerate(plan.gates):
        inside = {criterion.id: None for criterion in gate.criteria}
        for j, criterion in enumerate(gate.criteria):
            path = f"gate[{i}].criterion[{j}]"
            if criterion.parent and criterion.parent not in inside:
                reader.known(criterion.parent, list(inside), f"{path}.parent", f"criterion of gate {gate.id}")
            if _is_own_ancestor(criterion, by_id):
                reader.problem(
                    f"{path}.parent", f'"{criterion.id}" is below itself; a parent must be above its children'
                )
            if criterion.id in parents:
                _check_parent(criterion, path, reader)


def _check_parent(parent: Criterion, path: str, reader: TableReader) -> None:
    """A parent holds when all its children hold; a figure or a word of its own could contradict them."""
    for key, found in (("metric", parent.metric), ("not_applicable", parent.not_applicable)):
        if found:
            reader.problem(f"{path}.{key}", "has children, which alone decide; give it to a child")
    if parent.attested is not None:
        reader.problem(f"{path}.attested", "has children, which alone decide; attest the children")


def _is_own_ancestor(criterion: Criterion, by_id: Mapping[str, Criterion]) -> bool:
    above, steps = criterion.parent, 0
    while above and above in by_id and steps <= len(by_id):
        if above == criterion.id:
            return True
        above, steps = by_id[above].parent, steps + 1
    return False
