"""Sentences for the reasons of the models: criterion states, rules, and the path to the target.

A reason reads as a clause (no capital, no full stop), so that a title can stand before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from app.wording.names import Names
from app.wording.numbers import demand, distance, number, number_beside, quantity
from app.wording.text import count, day, listing, span
from app.wording.windows.sentences import span_of, window_text
from models.reasons.criterion import (
    Attested,
    ChildrenDecide,
    ClaimedFigure,
    Compared,
    CriterionReason,
    NeverMeasured,
    NotApplicable,
    Stale,
    UnitMismatch,
    ValueUnknown,
    Waived,
)
from models.reasons.decision import (
    AddMeasurement,
    AllOfCandidate,
    AttestedShare,
    ChangeValue,
    CommitReason,
    CriterionDecides,
    GateDecides,
    GateNotApplicable,
    GateNotDue,
    GuardReason,
    LastStage,
    LaterReason,
    Measure,
    Misdated,
    NamesNoCriterion,
    NoBlockers,
    NothingApplies,
    NothingDemanded,
    NothingMeasured,
    NotOfCandidate,
    NotYetDeployed,
    OffBranch,
    OpenIncidents,
    Overtaken,
    PathReason,
    ProofByAttestation,
    ProofByMetric,
    ReadinessCompared,
    RolledBack,
    RuleReason,
    RunningVerdict,
    SimulatedValues,
    UnreadCommits,
)
from models.reasons.requirement import Requirement


def criterion_text(reason: CriterionReason) -> str:
    """Why a criterion is in its state."""
    if isinstance(reason, Waived):
        waiver = f"waived by {reason.owner} until {day(reason.expires)}: {reason.why}"
        return f"{waiver}; without the waiver: {criterion_text(reason.underlying)}"
    match reason:
        case NotApplicable() | ValueUnknown() | UnitMismatch():
            return _without_value(reason)
        case Stale():
            return _stale(reason)
        case Compared():
            return _compared(reason)
        case NeverMeasured():
            return _never_measured(reason)
        case Attested() | ChildrenDecide():
            return _attested(reason) if isinstance(reason, Attested) else _children(reason)
        case _:
            return window_text(reason)


def _without_value(reason: NotApplicable | ValueUnknown | UnitMismatch) -> str:
    if isinstance(reason, NotApplicable):
        return f"not applicable: {reason.why}"
    if isinstance(reason, ValueUnknown):
        return f"no value: {reason.why}" if reason.why else "the source gave no value"
    return f"measured in {reason.measured}, but the plan asks for {reason.asked}: the two cannot be compared"


def claim_text(claim: ClaimedFigure) -> str:
    """What is claimed, with its place."""
    figure = "" if claim.value is None else quantity(claim.value, claim.unit)
    words = claim.quote or figure or claim.note or "recorded as claimed"
    return f"{words} ({claim.place})" if claim.place else words


def _compared(reason: Compared) -> str:
    asked = reason.demand
    text = f"{_quantity(reason.value, asked)}, {'meets' if reason.meets else 'needs'} {_demand(asked)}"
    text += " (simulated)" if reason.simulated else ""
    return f"{text}; within the tolerance of {distance(reason.tolerance, asked.unit)}" if reason.tolerance else text


def _stale(reason: Stale) -> str:
    measured = f"{_quantity(reason.value, reason.demand)} was measured {_age(reason.age_days)} ago"
    return f"{measured}; values older than {age_limit(reason.max_age_days)} do not count"


def _never_measured(reason: NeverMeasured) -> str:
    parts = [f"no value of {reason.metric} yet" if reason.metric else "nothing measures it"]
    if reason.expired_on is not None:
        parts.append(f"the attestation by {reason.expired_by} expired on {day(reason.expired_on)}")
    if reason.rejected_by:
        parts.append(f"attested by {reason.rejected_by}, but a blocker must be measured (or set attestable = true)")
    if reason.claim is not None:
        parts.append(f"claimed: {claim_text(reason.claim)}")
    return "; ".join(parts)


def _attested(reason: Attested) -> str:
    attested = f"attested by {reason.by} until {day(reason.expires)}, not measured"
    if reason.value is None:
        return attested
    return f"{_quantity(reason.value, reason.demand)}, {attested}; needs {_demand(reason.demand)}"


def _children(reason: ChildrenDecide) -> str:
    if not reason.count:
        return "none of its parts applies"
    holding = reason.count - len(reason.failing) - len(reason.unknown)
    parts = [f"{holding} of {count(reason.count, 'part')} {'holds' if holding == 1 else 'hold'}"]
    parts += [f"failing: {listing(list(reason.failing))}"] if reason.failing else []
    parts += [f"unknown: {listing(list(reason.unknown))}"] if reason.unknown else []
    return "; ".join(parts)


def _age(days: float) -> str:
    """Whole days, below one day hours or minutes."""
    return count(int(days), "day") if days >= 1 else span_of(24 * days)


def age_limit(days: float) -> str:
    """How old evidence may be: days, from two years on years, below one day hours or minutes."""
    if days >= 730:
        return span(days)
    if 0 < days < 1:
        return span_of(24 * days)
    return count(int(days), "day") if days == int(days) else f"{number(days)} days"


def _quantity(value: float, asked: Requirement) -> str:
    return quantity(value, asked.unit, asked.threshold)


def _demand(asked: Requirement) -> str:
    return demand(asked.comparator, asked.threshold, asked.unit)


def rule_text(identity: str, text: str, limit: float) -> str:
    """A rule: the plan's text, or that of the rules that every plan has, with the number that they are about."""
    if text:
        return text
    own = {
        "readiness": f"readiness is at least {number(limit)}",
        "blockers": "every blocker holds",
        "demands": "the plan demands something",
        "measured": "every value is measured, none simulated",
        "attested": f"at most {number(limit)}% of the points are attested",
        "candidate": f"evidence is at most {number(limit)} commits behind the candidate",
        "overtaken": "figures are of the newest commit that was measured",
        "off_branch": "figures are of commits of the branch",
        "misdated": "no figure is dated by a wrong clock",
        "unread_commits": "every commit of the branch is read",
        "deployed": "something is deployed",
        "running": "the running gates hold",
        "stages": "the last stage of the rollout runs",
        "incidents": "no critical incident is open",
    }
    return own.get(identity, identity)


def rule_reasons_text(reasons: Iterable[RuleReason], names: Names) -> str:
    """Why a rule has its outcome: everything that decided it; what was never measured comes last, by its titles."""
    listed = list(reasons)
    unmeasured = [reason.criterion for reason in listed if isinstance(reason, CriterionDecides) and _is_unknown(reason)]
    parts = [
        rule_reason_text(reason, names)
        for reason in listed
        if not (isinstance(reason, CriterionDecides) and _is_unknown(reason))
    ]
    return "; ".join([*parts, f"nothing measures {names.listed(unmeasured)}"] if unmeasured else parts)


def _is_unknown(reason: CriterionDecides) -> bool:
    """Whether nothing more is known than that its metric was never measured."""
    because = reason.reason
    return isinstance(because, NeverMeasured) and because == NeverMeasured(because.metric) and bool(because.metric)


def rule_reason_text(reason: RuleReason, names: Names) -> str:
    """One reason of a rule's outcome."""
    match reason:
        case NothingApplies():
            return "no criterion of the plan applies"
        case ReadinessCompared(value, target, capped_by):
            scored = f"readiness is {number_beside(value, target)} of 100, target {number(target)}"
            return f"{scored}, capped by open blockers: {names.listed(capped_by)}" if capped_by else scored
        case NoBlockers():
            return "the plan has no blockers"
        case NamesNoCriterion():
            return "it names no criterion, so it cannot be judged"
        case CriterionDecides(criterion, because):
            return f"{names.criterion(criterion)}: {criterion_text(because)}"
        case GateDecides(gate, status, criteria):
            return f"gate {names.gate(gate)} is {status}: {rule_reasons_text(criteria, names)}"
        case GateNotApplicable(gate):
            return f"no criterion of gate {names.gate(gate)} applies"
        case _:
            return _guard_text(reason, names)


def _guard_text(reason: GuardReason | LaterReason, names: Names) -> str:
    match reason:
        case NothingDemanded():
            return "its target is 0, and it has neither a blocker nor a rule: name what GO needs"
        case NothingMeasured():
            return "no criterion has a fresh measured value"
        case SimulatedValues(criteria):
            return f"simulated: {names.listed(criteria)}"
        case AttestedShare(points, limit):
            return f"{number_beside(points, limit)}% of the points are attested"
        case NotOfCandidate() | AllOfCandidate() | Overtaken() | OffBranch() | Misdated() | UnreadCommits():
            return _commits_text(reason, names)
        case _:
            return _later_text(reason, names)


def _commits_text(reason: CommitReason, names: Names) -> str:
    match reason:
        case NotOfCandidate(criteria):
            return f"not measured on the candidate: {names.listed(criteria)}"
        case AllOfCandidate():
            return "all evidence is of the candidate"
        case Overtaken(criteria):
            return (
                f"an older commit was measured after a newer one: {names.listed(criteria)}; measure the newest commit"
            )
        case OffBranch(criteria):
            return (
                f"measured on a commit that is not on the branch: {names.listed(criteria)}; measure the newest commit"
            )
        case Misdated(criteria):
            return (
                f"a clock was wrong, so the newest figure is not known: {names.listed(criteria)}; "
                "correct the clock of this machine or of the one that measured, then measure again"
            )
        case UnreadCommits(commits):
            return _unread_text(commits)


def _unread_text(commits: int | None) -> str:
    if commits is None:
        return (
            "the clone cannot say which commits came after the candidate (unreadable, shallow, or its branch was moved"
            " back): repair or fetch it, then `tminus pull`"
        )
    verb = "is" if commits == 1 else "are"
    return f"{count(commits, 'newer commit')} {verb} not read yet: `tminus pull` reads what is new"


def _later_text(reason: LaterReason, names: Names) -> str:
    match reason:
        case GateNotDue(gate, hours):
            return f"gate {names.gate(gate)} is judged in {span_of(hours)}"
        case RunningVerdict(verdict):
            return f"the verdict of the running gates is {verdict}"
        case LastStage(stage, is_reached):
            return f"{names.stage(stage)} {'runs' if is_reached else 'has not begun'}"
        case OpenIncidents(incidents):
            return f"critical incidents are open: {listing(list(incidents), 4)}"
        case NotYetDeployed():
            return "nothing is deployed yet"
        case RolledBack():
            return "the rollout was rolled back, so there is nothing to promote"
        case _:
            assert_never(reason)


def path_text(reason: PathReason, names: Names) -> str:
    """A step of the path to the target, or what proves that it is done."""
    match reason:
        case AddMeasurement(criterion):
            return f"connect a measurement of {names.criterion(criterion)}, or have a named person attest it"
        case ChangeValue(criterion, value, asked):
            return f"bring {names.criterion(criterion)} from {_quantity(value, asked)} to {_demand(asked)}"
        case Measure(criterion, asked, again):
            return f"measure {names.criterion(criterion)}{' again' if again else ''} and show {_demand(asked)}"
        case ProofByMetric(metric, scope, asked, max_age_days):
            where = f" of {scope}" if scope else ""
            age = "" if max_age_days is None else f", at most {age_limit(max_age_days)} old"
            return f"{metric}{where} {_demand(asked)}{age}"
        case ProofByAttestation():
            return "a metric for it in the plan, or attested = { by, on, expires }"
        case _:
            assert_never(reason)
