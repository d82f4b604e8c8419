"""GO or NO-GO, with every rule that was asked and what it answered."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from models.plan.plan import Criterion, Plan, RuleKind
from models.readiness.attainment import figure
from models.readiness.scores import CriterionScore, GateScore, Readiness


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """`holds` reads the same for both kinds: True is good. For a no-go rule it means that the rule does not fire.

    None: there is not enough evidence, or the rule names nothing to judge it by.
    """

    id: str
    kind: RuleKind
    text: str
    holds: bool | None
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """GO only when every rule holds: a rule that nobody can answer is not a pass."""

    verdict: Literal["GO", "NO-GO"]
    rules: tuple[RuleOutcome, ...]

    @property
    def standing_against(self) -> tuple[RuleOutcome, ...]:
        """The rules that forbid GO, broken ones first."""
        against = [rule for rule in self.rules if rule.holds is not True]
        return tuple(sorted(against, key=lambda rule: rule.holds is None))


def decide(readiness: Readiness, plan: Plan) -> Decision:
    """Ask every rule of the plan and the two that every plan has: readiness at the target, all blockers hold."""
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
    """Rules that name no criterion: they keep GO out of reach until somebody says what they are judged by."""
    return tuple(rule.id for rule in plan.rules if not rule.needs)


_Answer = tuple[bool | None, str]


def _readiness_rule(readiness: Readiness) -> RuleOutcome:
    text = f"readiness is at least {figure(readiness.target)}"
    if math.isnan(readiness.value):
        return RuleOutcome("readiness", "go", text, None, "no criterion of the plan applies")
    because = f"readiness is {figure(readiness.value, readiness.target)}"
    if readiness.capped_because:
        titles = {score.criterion.id: score.criterion.title for score in readiness.criteria}
        because += f", held there by {', '.join(titles[blocker] for blocker in readiness.capped_because)}"
    return RuleOutcome("readiness", "go", text, readiness.value >= readiness.target, because)


def _blocker_rule(readiness: Readiness) -> RuleOutcome:
    text = "every blocker holds"
    blockers = [s for s in readiness.criteria if s.criterion.blocker and s.state != "not_applicable"]
    if not blockers:
        return RuleOutcome("blockers", "go", text, True, "the plan has no blockers")
    holds, because = _all([_of_criterion(score) for score in blockers])
    return RuleOutcome("blockers", "go", text, holds, because)


def _of_criterion(score: CriterionScore) -> _Answer:
    holds = True if score.state == "not_applicable" else score.holds
    return holds, f"{score.criterion.title}: {score.because}"


def _of_gate(gate: GateScore) -> _Answer:
    if gate.status == "not_applicable":
        return True, f"nothing of gate {gate.gate.title} applies"
    holds = {"passing": True, "failing": False}.get(gate.status)
    _, because = _all([_of_criterion(score) for score in gate.criteria])
    return holds, f"gate {gate.gate.title} is {gate.status}; {because}"


def _all(answers: Iterable[_Answer]) -> _Answer:
    """False beats unknown beats true; the words are those of the answers that decided."""
    found = list(answers)
    if not found:
        return None, "names no criterion, so there is nothing to judge it by"
    verdicts = [holds for holds, _ in found]
    verdict = False if False in verdicts else None if None in verdicts else True
    return verdict, "; ".join(words for holds, words in found if holds is verdict)
