"""The verdict of the running and of the promotion gates: each kind has its own, and changes no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.plan.plan import Plan, Rule
from models.readiness.decision import (
    GoDecision,
    RuleOutcome,
    conditions_of,
    gate_answer,
    measured_rule,
    rules_of_plan,
    verdict_of,
)
from models.readiness.scores import GateScore, Readiness
from models.reasons.decision import GateNotDue, LastStage, NotYetDeployed, OpenIncidents, RolledBack, RunningVerdict
from models.rollout.events import Incident


@dataclass(frozen=True, slots=True)
class PromotionFacts:
    """What a promotion needs beside its gates.

    `running` is the decision of the running gates, None where the plan has none; `last_stage` the id of the last
    stage, empty where the plan has none.
    """

    running: GoDecision | None
    last_stage: str
    is_last_stage: bool
    incidents: tuple[Incident, ...] = ()
    is_rolled_back: bool = False  # what runs is what ran before: nothing new is there to be promoted


def decide_after_deployment(
    readiness: Readiness, plan: Plan, not_due: Mapping[str, float], commit: str, facts: PromotionFacts | None = None
) -> GoDecision:
    """GO when every gate of the kind that is due holds, and every rule about them.

    `plan` is the plan of the kind (`plan_of_kind`); `not_due` holds the hours until each gate that is judged later.
    Running gates that are not due are left out of the verdict, unless none is due; a promotion waits for all of its
    gates. `commit` is empty before the first deployment. `facts` are those of a promotion, None for running gates.
    """
    if not commit:
        return GoDecision("NO-GO", (RuleOutcome("deployed", "go", "", None, (NotYetDeployed(),)),))
    due = [gate for gate in readiness.gates if gate.gate.id not in not_due]
    later = [gate for gate in readiness.gates if gate.gate.id in not_due]
    rules = _gate_rules(due)
    if facts is not None or not due:
        rules += [_not_due_rule(gate, not_due) for gate in later]
    rules += rules_of_plan(readiness, _asked_now(plan, not_due))
    rules += _promotion_rules(facts) if facts is not None else []
    conditions = conditions_of(readiness, _ids(readiness))
    return GoDecision(verdict_of(rules, conditions), tuple(rules), conditions, commit)


def decide_gate(readiness: Readiness, gate: str, not_due: Mapping[str, float], commit: str) -> GoDecision:
    """The verdict of one gate alone, by the same rules."""
    if not commit:
        return GoDecision("NO-GO", (RuleOutcome("deployed", "go", "", None, (NotYetDeployed(),)),))
    mine = [score for score in readiness.gates if score.gate.id == gate]
    rules = [_not_due_rule(score, not_due) for score in mine] if gate in not_due else _gate_rules(mine)
    conditions = tuple(
        condition
        for condition in conditions_of(readiness, _ids(readiness))
        if any(condition.criterion == score.criterion.id for found in mine for score in found.criteria)
    )
    return GoDecision(verdict_of(rules, conditions), tuple(rules), conditions, commit)


def _ids(readiness: Readiness) -> frozenset[str]:
    return frozenset(score.criterion.id for score in readiness.criteria)


def _gate_rules(due: Sequence[GateScore]) -> list[RuleOutcome]:
    guard = measured_rule([score for gate in due for score in gate.criteria]) if due else None
    return [*map(_gate_rule, due), *([guard] if guard is not None else [])]


def _gate_rule(gate: GateScore) -> RuleOutcome:
    holds, because = gate_answer(gate)
    return RuleOutcome(gate.gate.id, "go", gate.gate.title, holds, because)


def _not_due_rule(gate: GateScore, not_due: Mapping[str, float]) -> RuleOutcome:
    because = GateNotDue(gate.gate.id, not_due[gate.gate.id])
    return RuleOutcome(gate.gate.id, "go", gate.gate.title, None, (because,))


def _asked_now(plan: Plan, not_due: Mapping[str, float]) -> Iterable[Rule]:
    """The rules of the plan about gates that are due."""
    later = {need for gate in plan.gates if gate.id in not_due for need in (gate.id, *(c.id for c in gate.criteria))}
    for rule in plan.rules:
        needs, measured = (tuple(n for n in names if n not in later) for names in (rule.needs, rule.measured))
        if needs or measured:
            yield replace(rule, needs=needs, measured=measured)


def _promotion_rules(facts: PromotionFacts) -> Iterable[RuleOutcome]:
    if facts.running is not None:
        yield _running_rule(facts.running)
    if facts.is_rolled_back:
        yield RuleOutcome("deployed", "go", "", False, (RolledBack(),))
    if facts.last_stage:
        reached = LastStage(facts.last_stage, facts.is_last_stage)
        yield RuleOutcome("stages", "go", "", facts.is_last_stage, (reached,))
    is_open = tuple(i.id for i in facts.incidents if i.is_critical and i.resolved_at is None)
    if is_open:
        yield RuleOutcome("incidents", "go", "", False, (OpenIncidents(is_open),))


def _running_rule(running: GoDecision) -> RuleOutcome:
    failed = any(rule.holds is False for rule in running.rules)
    holds = True if running.verdict != "NO-GO" else False if failed else None
    return RuleOutcome("running", "go", "", holds, (RunningVerdict(running.verdict),))
