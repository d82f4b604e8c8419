"""GO, CONDITIONAL GO or NO-GO, with the outcome of every rule and the reasons for it."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Literal

from models.plan.plan import Criterion, Plan, Rule, RuleKind
from models.readiness.candidate import Candidate, is_misdated, is_of_candidate, is_off_branch, is_overtaken
from models.readiness.parents import leaves_below, weights_of
from models.readiness.scores import CriterionScore, GateScore, Readiness
from models.reasons.decision import (
    AllOfCandidate,
    AttestedShare,
    CriterionDecides,
    GateDecides,
    GateNotApplicable,
    Misdated,
    NamesNoCriterion,
    NoBlockers,
    NothingApplies,
    NothingDemanded,
    NothingMeasured,
    NotOfCandidate,
    OffBranch,
    Overtaken,
    ReadinessCompared,
    RuleReason,
    SimulatedValues,
    UnreadCommits,
)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """`holds` reads the same for both kinds: True is good. For a no-go rule it means that the rule does not fire.

    None: there is not enough evidence, or the rule names nothing to judge it by. `text` is the plan's, "" for the
    rules that every plan has: `id` is then one of RESERVED_RULES and `limit` the number that the rule is about (NaN: it
    has none). `because` holds what decided, in the plan's order.
    """

    id: str
    kind: RuleKind
    text: str
    holds: bool | None
    because: tuple[RuleReason, ...]
    limit: float = math.nan


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
class GoDecision:
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
    def blocking(self) -> tuple[RuleOutcome, ...]:
        """The rules that forbid GO, broken ones first."""
        blocking = [rule for rule in self.rules if rule.holds is not True]
        return tuple(sorted(blocking, key=lambda rule: rule.holds is None))


def decide(readiness: Readiness, plan: Plan, candidate: Candidate | None = None) -> GoDecision:
    """Ask every rule of the plan and those that every plan has.

    Every plan asks: readiness at the target, all blockers hold, no figure simulated, at most the plan's share of the
    points on people's word, and evidence recent enough for the candidate where the plan or the caller limits that.
    """
    about = candidate or Candidate(max_behind=plan.max_commits_behind)
    outcomes = [_readiness_rule(readiness), _blocker_rule(readiness)]
    outcomes += [rule for rule in _guards(readiness, plan, about) if rule is not None]
    outcomes += rules_of_plan(readiness, plan.rules)
    conditions = conditions_of(readiness, set(required_criteria(plan)))
    rests_on_word = readiness.value - readiness.attested_points < readiness.target
    verdict = verdict_of(outcomes, conditions)
    verdict = "CONDITIONAL GO" if verdict == "GO" and rests_on_word else verdict
    return GoDecision(verdict, tuple(outcomes), conditions, about.commit)


def with_unread(decision: GoDecision, commits: int | None) -> GoDecision:
    """The decision while so many newer commits (None: nobody knows how many) are not read: it is never GO."""
    unread = RuleOutcome("unread_commits", "go", "", None, (UnreadCommits(commits),))
    return replace(decision, verdict="NO-GO", rules=(*decision.rules, unread))


def rules_of_plan(readiness: Readiness, rules: Iterable[Rule]) -> list[RuleOutcome]:
    """The outcome of rules of the plan; each `needs` must name gates or criteria of `readiness`."""
    criteria = {score.criterion.id: score for score in readiness.criteria}
    gates = {gate.gate.id: gate for gate in readiness.gates}

    def answers(names: Iterable[str]) -> list[Answer]:
        return [gate_answer(gates[name]) if name in gates else _of_criterion(criteria[name]) for name in names]

    outcomes = []
    for rule in rules:
        parts = [*answers(rule.needs), *([_counted(answers(rule.among), rule.at_most)] if rule.among else [])]
        parts += [_measured(criteria[name]) for name in rule.measured]
        holds, because = _all(parts)
        outcomes.append(RuleOutcome(rule.id, rule.kind, rule.text, holds, because))
    return outcomes


def _counted(answers: Sequence[Answer], at_most: int) -> Answer:
    """Whether at most so many do not hold; what is unknown counts on neither side until it decides."""
    failing = [because for holds, because in answers if holds is False]
    unknown = [because for holds, because in answers if holds is None]
    if len(failing) > at_most:
        return False, tuple(chain.from_iterable(failing))
    if len(failing) + len(unknown) > at_most:
        return None, tuple(chain.from_iterable(unknown))
    return True, tuple(chain.from_iterable(because for holds, because in answers if holds is True))


def verdict_of(rules: Sequence[RuleOutcome], conditions: Sequence[Condition]) -> Verdict:
    """GO when every rule holds; CONDITIONAL GO when a condition makes some of them hold."""
    if any(rule.holds is not True for rule in rules):
        return "NO-GO"
    return "CONDITIONAL GO" if any(condition.is_required for condition in conditions) else "GO"


def conditions_of(readiness: Readiness, required: Container[str]) -> tuple[Condition, ...]:
    """Those of criteria without children, and waivers of parents; a child's condition is named once.

    `required` holds the ids that GO needs.
    """
    own = (s for s in readiness.criteria if s.is_conditional and (not s.is_parent or s.waiver is not None))
    return tuple(_condition(s, required) for s in own)


def _condition(score: CriterionScore, required: Container[str]) -> Condition:
    criterion = score.criterion
    about = (criterion.id, criterion.title, criterion.id in required)
    if score.waiver is not None:
        return Condition("waiver", *about, score.waiver.owner, score.waiver.expires, score.waiver.reason)
    if score.is_attested and criterion.attested is not None:
        return Condition("attestation", *about, criterion.attested.by, criterion.attested.expires)
    return Condition("tolerance", *about)


def _guards(readiness: Readiness, plan: Plan, candidate: Candidate) -> tuple[RuleOutcome | None, ...]:
    about_commits = (_candidate_rule, _overtaken_rule, _branch_rule, _clock_rule)
    of_commits = (rule(readiness, candidate) for rule in about_commits)
    return _demand_rule(plan), measured_rule(readiness.criteria), _attested_rule(readiness, plan), *of_commits


def _demand_rule(plan: Plan) -> RuleOutcome | None:
    """Only where whatever is measured would be GO: a target of 0, and neither blocker nor rule."""
    if plan.target > 0 or plan.rules or any(c.blocker and not c.not_applicable for c in plan.criteria):
        return None
    return RuleOutcome("demands", "go", "", None, (NothingDemanded(),))


def measured_rule(scores: Sequence[CriterionScore]) -> RuleOutcome | None:
    """Only where a value is simulated, or nothing is measured at all: such a verdict is never GO."""
    if not any(score.is_known for score in scores):
        return RuleOutcome("measured", "go", "", None, (NothingMeasured(),))
    simulated = tuple(score.criterion.id for score in scores if score.is_simulated)
    return RuleOutcome("measured", "go", "", None, (SimulatedValues(simulated),)) if simulated else None


def guards_of_gate(gate: GateScore, plan: Plan) -> tuple[RuleOutcome, ...]:
    """What forbids GO for a gate that is asked alone: nothing of it measured, or too much of it on people's word."""
    if gate.status == "not_applicable":
        return ()
    share = _attested_percent(gate)
    limit = plan.max_attested_percent
    because = (AttestedShare(share, limit),)
    attested = RuleOutcome("attested", "go", "", True if share <= limit else None, because, limit)
    return tuple(rule for rule in (measured_rule(gate.criteria), attested) if rule is not None)


def _attested_percent(gate: GateScore) -> float:
    """The share of the gate's own weights that is earned by people's word, in percent."""
    weights = weights_of(gate.gate.criteria)
    whole = sum(weights.values())
    earned = sum(weights[s.criterion.id] * Fraction(s.attainment) for s in gate.criteria if s.is_attested)
    return float(100 * earned / whole) if whole else 0.0


def _attested_rule(readiness: Readiness, plan: Plan) -> RuleOutcome | None:
    """Only where points are attested. Above the ceiling nothing has failed, but too little is measured."""
    limit = plan.max_attested_percent
    if readiness.attested_points <= 0:
        return None
    holds = True if readiness.attested_points <= limit else None
    return RuleOutcome("attested", "go", "", holds, (AttestedShare(readiness.attested_points, limit),), limit)


def _candidate_rule(readiness: Readiness, candidate: Candidate) -> RuleOutcome | None:
    if candidate.max_behind is None:
        return None
    old = tuple(s.criterion.id for s in readiness.criteria if not is_of_candidate(s, candidate))
    because: RuleReason = NotOfCandidate(old) if old else AllOfCandidate()
    return RuleOutcome("candidate", "go", "", None if old else True, (because,), candidate.max_behind)


def _overtaken_rule(readiness: Readiness, candidate: Candidate) -> RuleOutcome | None:
    """Only where an old commit was measured again after a newer one: nothing is known of the newer one since."""
    found = tuple(s.criterion.id for s in readiness.criteria if is_overtaken(s, candidate))
    return RuleOutcome("overtaken", "go", "", None, (Overtaken(found),)) if found else None


def _branch_rule(readiness: Readiness, candidate: Candidate) -> RuleOutcome | None:
    """Only where a figure was measured on a commit that the candidate does not contain."""
    found = tuple(s.criterion.id for s in readiness.criteria if is_off_branch(s, candidate))
    return RuleOutcome("off_branch", "go", "", None, (OffBranch(found),)) if found else None


def _clock_rule(readiness: Readiness, candidate: Candidate) -> RuleOutcome | None:
    """Only where a clock was wrong, so that another figure may be the newest one."""
    found = tuple(s.criterion.id for s in readiness.criteria if is_misdated(s, candidate))
    return RuleOutcome("misdated", "go", "", None, (Misdated(found),)) if found else None


def required_criteria(plan: Plan) -> tuple[str, ...]:
    """Criteria without children that must hold for GO: of blockers and of what the rules name, in plan order."""
    needs = {need for rule in plan.rules for need in (*rule.needs, *rule.measured)}
    named = leaves_below(plan, [c.id for c in plan.criteria if _is_required(c, needs)])
    return tuple(c.id for c in plan.criteria if not c.not_applicable and c.id in named)


def _is_required(criterion: Criterion, needs: Iterable[str]) -> bool:
    return criterion.blocker or criterion.id in needs or criterion.gate in needs


def unanswerable_rules(plan: Plan) -> tuple[str, ...]:
    """The ids of rules that name neither criterion nor gate: GO stays out of reach until the plan names some."""
    return tuple(rule.id for rule in plan.rules if not rule.names)


Answer = tuple[bool | None, tuple[RuleReason, ...]]


def _readiness_rule(readiness: Readiness) -> RuleOutcome:
    if math.isnan(readiness.value):
        return RuleOutcome("readiness", "go", "", None, (NothingApplies(),), readiness.target)
    because = ReadinessCompared(readiness.value, readiness.target, readiness.capped_because)
    return RuleOutcome("readiness", "go", "", readiness.value >= readiness.target, (because,), readiness.target)


def _blocker_rule(readiness: Readiness) -> RuleOutcome:
    blockers = [s for s in readiness.criteria if s.criterion.blocker and s.state != "not_applicable"]
    if not blockers:
        return RuleOutcome("blockers", "go", "", True, (NoBlockers(),))
    holds, because = _all([_of_criterion(score) for score in blockers])
    return RuleOutcome("blockers", "go", "", holds, because)


def _of_criterion(score: CriterionScore) -> Answer:
    holds = True if score.state == "not_applicable" else score.holds
    return holds, (CriterionDecides(score.criterion.id, score.because),)


def _measured(score: CriterionScore) -> Answer:
    """Whether there is a fresh figure, whatever it is; on a person's word there is none."""
    is_measured = score.state == "not_applicable" or (score.is_known and not score.is_attested)
    return True if is_measured else None, (CriterionDecides(score.criterion.id, score.because),)


def gate_answer(gate: GateScore) -> Answer:
    """Whether a gate holds, and what decides it."""
    if gate.status == "not_applicable":
        return True, (GateNotApplicable(gate.gate.id),)
    holds = {"passing": True, "conditional": True, "failing": False}.get(gate.status)
    _, because = _all([_of_criterion(score) for score in gate.criteria])
    criteria = tuple(part for part in because if isinstance(part, CriterionDecides | NamesNoCriterion))
    return holds, (GateDecides(gate.gate.id, gate.status, criteria),)


def _all(answers: Iterable[Answer]) -> Answer:
    """False beats unknown beats true; the reasons are those of the answers that decided."""
    every = list(answers)
    if not every:
        return None, (NamesNoCriterion(),)
    verdicts = [holds for holds, _ in every]
    verdict = False if False in verdicts else None if None in verdicts else True
    return verdict, tuple(reason for holds, because in every if holds is verdict for reason in because)
