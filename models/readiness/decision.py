"""GO or NO-GO, with the outcome of every rule and the reasons for it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from models.plan.plan import Criterion, Plan, RuleKind
from models.readiness.scores import CriterionScore, GateScore, Readiness
from models.reasons.decision import (
    CriterionDecides,
    GateDecides,
    GateNotApplicable,
    NamesNoCriterion,
    NoBlockers,
    NothingApplies,
    ReadinessCompared,
    RuleReason,
)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """`holds` reads the same for both kinds: True is good. For a no-go rule it means that the rule does not fire.

    None: there is not enough evidence, or the rule names nothing to judge it by. `text` is the plan's, "" for the two
    rules that every plan has: `id` is then one of RESERVED_RULES. `because` holds what decided, in the plan's order.
    """

    id: str
    kind: RuleKind
    text: str
    holds: bool | None
    because: tuple[RuleReason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """GO only when every rule holds: a rule that cannot be answered is not a pass."""

    verdict: Literal["GO", "NO-GO"]
    rules: tuple[RuleOutcome, ...]

    @property
    def blocking(self) -> tuple[RuleOutcome, ...]:
        """The rules that forbid GO, broken ones first."""
        blocking = [rule for rule in self.rules if rule.holds is not True]
        return tuple(sorted(blocking, key=lambda rule: rule.holds is None))


def decide(readiness: Readiness, plan: Plan) -> Decision:
    """Judge every rule of the plan and the two that every plan has: readiness at the target, all blockers hold."""
    criteria = {score.criterion.id: score for score in readiness.criteria}
    gates = {gate.gate.id: gate for gate in readiness.gates}
    outcomes = [_readiness_rule(readiness), _blocker_rule(readiness)]
    for rule in plan.rules:
        answers = [_of_gate(gates[need]) if need in gates else _of_criterion(criteria[need]) for need in rule.needs]
        holds, because = _all(answers)
        outcomes.append(RuleOutcome(rule.id, rule.kind, rule.text, holds, because))
    is_go = all(outcome.holds is True for outcome in outcomes)
    return Decision("GO" if is_go else "NO-GO", tuple(outcomes))


def required_criteria(plan: Plan) -> tuple[str, ...]:
    """Criteria that must hold for GO: blockers and whatever the rules name, in the order of the plan."""
    needs = {need for rule in plan.rules for need in rule.needs}
    return tuple(c.id for c in plan.criteria if not c.not_applicable and _is_required(c, needs))


def _is_required(criterion: Criterion, needs: Iterable[str]) -> bool:
    return criterion.blocker or criterion.id in needs or criterion.gate in needs


def unanswerable_rules(plan: Plan) -> tuple[str, ...]:
    """The ids of rules that name neither criterion nor gate: GO stays out of reach until the plan names some."""
    return tuple(rule.id for rule in plan.rules if not rule.needs)


_Answer = tuple[bool | None, tuple[RuleReason, ...]]


def _readiness_rule(readiness: Readiness) -> RuleOutcome:
    if math.isnan(readiness.value):
        return RuleOutcome("readiness", "go", "", None, (NothingApplies(),))
    because = ReadinessCompared(readiness.value, readiness.target, readiness.capped_because)
    return RuleOutcome("readiness", "go", "", readiness.value >= readiness.target, (because,))


def _blocker_rule(readiness: Readiness) -> RuleOutcome:
    blockers = [s for s in readiness.criteria if s.criterion.blocker and s.state != "not_applicable"]
    if not blockers:
        return RuleOutcome("blockers", "go", "", True, (NoBlockers(),))
    holds, because = _all([_of_criterion(score) for score in blockers])
    return RuleOutcome("blockers", "go", "", holds, because)


def _of_criterion(score: CriterionScore) -> _Answer:
    holds = True if score.state == "not_applicable" else score.holds
    return holds, (CriterionDecides(score.criterion.id, score.because),)


def _of_gate(gate: GateScore) -> _Answer:
    if gate.status == "not_applicable":
        return True, (GateNotApplicable(gate.gate.id),)
    holds = {"passing": True, "failing": False}.get(gate.status)
    _, because = _all([_of_criterion(score) for score in gate.criteria])
    criteria = tuple(part for part in because if isinstance(part, CriterionDecides | NamesNoCriterion))
    return holds, (GateDecides(gate.gate.id, gate.status, criteria),)


def _all(answers: Iterable[_Answer]) -> _Answer:
    """False beats unknown beats true; the reasons are those of the answers that decided."""
    every = list(answers)
    if not every:
        return None, (NamesNoCriterion(),)
    verdicts = [holds for holds, _ in every]
    verdict = False if False in verdicts else None if None in verdicts else True
    return verdict, tuple(reason for holds, because in every if holds is verdict for reason in because)
