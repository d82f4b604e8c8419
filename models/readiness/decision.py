"""GO, CONDITIONAL GO or NO-GO, with every rule that was asked and what it answered."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.plan.plan import Criterion, Plan, RuleKind
from models.readiness.attainment import figure
from models.readiness.candidate import Candidate, is_of_candidate
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


ConditionKind = Literal["waiver", "attestation", "tolerance"]
Verdict = Literal["GO", "CONDITIONAL GO", "NO-GO"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A criterion that holds, but not by its figure alone: by a waiver, a person's word, or the stated tolerance.

    `is_required`: GO needs the criterion. `owner` and `expires` are empty for a tolerance, which the plan grants.
    """

    kind: ConditionKind
    criterion: str
    title: str
    is_required: bool
    owner: str = ""
    expires: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """GO only when every rule holds by measurement; CONDITIONAL GO when all hold, some by a condition.

    A rule that nobody can answer is not a pass. `conditions` names every criterion that holds by a condition, whatever
    the verdict; `candidate` is the commit that the verdict is about.
    """

    verdict: Verdict
    rules: tuple[RuleOutcome, ...]
    conditions: tuple[Condition, ...] = ()
    candidate: str = ""

    @property
    def rules_hold(self) -> bool:
        """Whether the event that is forecast is there: every rule holds, by figures that may be simulated."""
        return all(rule.holds is True for rule in self.rules if rule.id != "measured")

    @property
    def standing_against(self) -> tuple[RuleOutcome, ...]:
        """The rules that forbid GO, broken ones first."""
        against = [rule for rule in self.rules if rule.holds is not True]
        return tuple(sorted(against, key=lambda rule: rule.holds is None))


def decide(readiness: Readiness, plan: Plan, candidate: Candidate | None = None) -> Decision:
    """Ask every rule of the plan and those that every plan has.

    Every plan asks: readiness at the target, all blockers hold, no figure simulated, at most the plan's share of the
    points on people's word, and evidence recent enough for the candidate where the plan or the caller limits that.
    """
    about = candidate or Candidate(max_behind=plan.max_commits_behind)
    criteria = {score.criterion.id: score for score in readiness.criteria}
    gates = {gate.gate.id: gate for gate in readiness.gates}
    outcomes = [_readiness_rule(readiness), _blocker_rule(readiness)]
    outcomes += [rule for rule in _guards(readiness, plan, about) if rule is not None]
    for rule in plan.rules:
        answers = [_of_gate(gates[need]) if need in gates else _of_criterion(criteria[need]) for need in rule.needs]
        holds, because = _all(answers)
        outcomes.append(RuleOutcome(rule.id, rule.kind, rule.text, holds, because))
    conditions = _conditions(readiness, set(required_criteria(plan)))
    return Decision(_verdict(outcomes, conditions, readiness), tuple(outcomes), conditions, about.commit)


def _verdict(rules: Sequence[RuleOutcome], conditions: Sequence[Condition], readiness: Readiness) -> Verdict:
    if any(rule.holds is not True for rule in rules):
        return "NO-GO"
    rests_on_word = readiness.value - readiness.attested_points < readiness.target
    return "CONDITIONAL GO" if rests_on_word or any(c.is_required for c in conditions) else "GO"


def _conditions(readiness: Readiness, required: Container[str]) -> tuple[Condition, ...]:
    return tuple(_condition(s, required) for s in readiness.criteria if s.is_conditional)


def _condition(score: CriterionScore, required: Container[str]) -> Condition:
    criterion = score.criterion
    about = (criterion.id, criterion.title, criterion.id in required)
    if score.waiver is not None:
        return Condition("waiver", *about, score.waiver.owner, score.waiver.expires, score.waiver.reason)
    if score.is_attested and criterion.attested is not None:
        return Condition("attestation", *about, criterion.attested.by, criterion.attested.expires)
    return Condition("tolerance", *about)


def _guards(readiness: Readiness, plan: Plan, candidate: Candidate) -> tuple[RuleOutcome | None, ...]:
    return _simulated_rule(readiness), _attested_rule(readiness, plan), _candidate_rule(readiness, candidate)


def _simulated_rule(readiness: Readiness) -> RuleOutcome | None:
    """Only where a figure is simulated: such a verdict is never GO."""
    simulated = [score.criterion.title for score in readiness.criteria if score.is_simulated]
    if not simulated:
        return None
    because = f"simulated: {', '.join(simulated)}"
    return RuleOutcome("measured", "go", "every figure is measured, none simulated", None, because)


def _attested_rule(readiness: Readiness, plan: Plan) -> RuleOutcome | None:
    """Only where points are attested. Above the ceiling nothing has failed, but too little is measured."""
    if readiness.attested_points <= 0:
        return None
    text = f"at most {figure(plan.max_attested_percent)}% of the points are attested"
    because = f"{figure(readiness.attested_points, plan.max_attested_percent)}% of the points are attested"
    holds = True if readiness.attested_points <= plan.max_attested_percent else None
    return RuleOutcome("attested", "go", text, holds, because)


def _candidate_rule(readiness: Readiness, candidate: Candidate) -> RuleOutcome | None:
    if candidate.max_behind is None:
        return None
    text = f"evidence is at most {candidate.max_behind} commits behind the candidate"
    old = [s.criterion.title for s in readiness.criteria if not is_of_candidate(s, candidate)]
    because = f"not measured on the candidate: {', '.join(old)}" if old else "every figure is of the candidate"
    return RuleOutcome("candidate", "go", text, None if old else True, because)


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
    holds = {"passing": True, "conditional": True, "failing": False}.get(gate.status)
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
