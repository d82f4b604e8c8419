"""The titles that people know, for the ids that reasons carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.wording.text import listing

if TYPE_CHECKING:
    from models.plan.plan import Plan

MOST_NAMED = 6  # a longer list is cut: five names, then how many more


@dataclass(frozen=True)
class Names:
    """Titles of criteria (and of rules that name none, as "rule <id>") and of gates, by id; an unknown id stays."""

    criteria: Mapping[str, str] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    informed: Mapping[int, str] = field(default_factory=dict)  # who is informed, by escalation level

    def criterion(self, identity: str) -> str:
        """The title of a criterion."""
        return self.criteria.get(identity, identity)

    def gate(self, identity: str) -> str:
        """The title of a gate."""
        return self.gates.get(identity, identity)

    def stage(self, identity: str) -> str:
        """The title of a stage."""
        return self.stages.get(identity, identity)

    def any(self, identity: str) -> str:
        """The title of a criterion or gate: the two share one set of ids."""
        return self.criteria.get(identity) or self.gate(identity)

    def listed(self, ids: Iterable[str]) -> str:
        """The titles of several criteria: "A, B and 3 more"."""
        return listing([self.criterion(identity) for identity in ids], MOST_NAMED)


def names_of(plan: Plan) -> Names:
    """The titles of a plan."""
    rules = {f"rule {rule.id}": f"rule “{rule.text or rule.id}” (it names no criterion)" for rule in plan.rules}
    criteria = {criterion.id: criterion.title for criterion in plan.criteria}
    stages = {stage.id: stage.title for stage in plan.stages}
    informed = {escalation.level: escalation.who for escalation in plan.escalations}
    return Names({**rules, **criteria}, {gate.id: gate.title for gate in plan.gates}, stages, informed)
