"""Scores into the answer of `tminus status`; and the helpers that all builders of answers share."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from app.answers.reasons import reason_value, reason_values
from app.answers.types.explain import MoveAnswer
from app.answers.types.status import (
    ClaimAnswer,
    ConditionAnswer,
    CriterionAnswer,
    DocumentAnswer,
    EvidenceAnswer,
    GateAnswer,
    RuleAnswer,
    StatusAnswer,
)
from app.answers.types.values import Kind
from app.wording.names import Names, names_of
from app.wording.reasons import criterion_text, path_text, rule_reasons_text, rule_text

if TYPE_CHECKING:
    import pandas as pd

    from models.plan.plan import Plan
    from models.readiness.decision import Condition, GoDecision, RuleOutcome
    from models.readiness.score import CriterionScore, GateScore, Move, Readiness


KINDS: Final[dict[str, Kind]] = {"measured": "measured", "claimed": "claimed", "simulated": "simulated"}


@dataclass(frozen=True, slots=True)
class Assessment:
    """Readiness, the decision and the claims beside them, at one moment."""

    project: str
    at: datetime
    plan: Plan
    readiness: Readiness
    decision: GoDecision
    claims: pd.DataFrame
    has_simulated: bool
    next_plan_from: datetime | None  # an edit of the plan that is not in force yet takes effect then
    commits_behind: Mapping[str, int | None]  # of each criterion's evidence, behind the candidate; None: unknown
    not_of_candidate: frozenset[str]  # criteria whose evidence is too old, or too new, for the candidate


def status_answer(assessment: Assessment) -> StatusAnswer:
    """`tminus status --json`; timestamps use the time zone of the assessment."""
    readiness = assessment.readiness
    return {
        "schema": "tminus.status/1",
        "at": assessment.at.isoformat(),
        "readiness": {
            "value": finite(readiness.value),
            "known_weight": readiness.known_weight,
            "target": readiness.target,
            "uncapped": finite(readiness.uncapped),
            "capped_because": list(readiness.capped_because),
            "attested_points": readiness.attested_points,
        },
        "decision": {
            "verdict": assessment.decision.verdict,
            "candidate": assessment.decision.candidate or None,
            "conditions": [condition_answer(condition) for condition in assessment.decision.conditions],
            "rules": [rule_answer(rule, names_of(assessment.plan)) for rule in assessment.decision.rules],
        },
        "next_plan_from": _in_zone(assessment.next_plan_from, assessment.at.tzinfo),
        "gates": gate_answers(readiness.gates, assessment),
        "document": _document(assessment.plan, assessment.at),
        "claims": claims_answer(assessment.claims, assessment.at.tzinfo),
        "project": assessment.project,
        "simulated": assessment.has_simulated,
    }


def rule_answer(rule: RuleOutcome, names: Names) -> RuleAnswer:
    """One rule of a decision."""
    return {
        "id": rule.id,
        "kind": rule.kind,
        "text": rule_text(rule.id, rule.text, rule.limit),
        "holds": rule.holds,
        "because": rule_reasons_text(rule.because, names),
        "reasons": reason_values(rule.because),
    }


def _in_zone(moment: datetime | None, zone: tzinfo | None) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat()


def condition_answer(condition: Condition) -> ConditionAnswer:
    """One condition of a decision."""
    return {
        "kind": condition.kind,
        "criterion": condition.criterion,
        "title": condition.title,
        "is_required": condition.is_required,
        "owner": condition.owner,
        "expires": condition.expires.isoformat() if condition.expires else None,
        "reason": condition.reason,
    }


def _document(plan: Plan, at: datetime) -> DocumentAnswer:
    document, following = plan.document, next_review(plan, at.date())
    return {
        "path": document.path,
        "notes": list(document.notes),
        "contradictions": list(document.contradictions),
        "assessed_on": plan.assessment_date.isoformat() if plan.assessment_date else None,
        "next_review": following.isoformat() if following else None,
    }


def next_review(plan: Plan, since: date) -> date | None:
    """The day of the next review: the one that the plan names, if it is not past, else one rhythm after `since`."""
    if plan.next_review and plan.next_review >= since:
        return plan.next_review
    return since + plan.review_cadence if plan.review_cadence else None


def gate_answers(gates: Iterable[GateScore], assessment: Assessment) -> list[GateAnswer]:
    """Gates with their criteria, each with who is informed while it fails."""
    return [gate_answer(gate, assessment.commits_behind, informed_of(assessment.plan)) for gate in gates]


def informed_of(plan: Plan) -> dict[int, str]:
    """Who is informed of a failing criterion, by its escalation level."""
    return {escalation.level: escalation.who for escalation in plan.escalations}


def gate_answer(gate: GateScore, behind: Mapping[str, int | None], informed: Mapping[int, str]) -> GateAnswer:
    """One gate with its criteria; `behind` as in `Assessment.commits_behind`."""
    return {
        "id": gate.gate.id,
        "title": gate.gate.title,
        "status": gate.status,
        "completion": finite(gate.completion),
        "points": gate.points,
        "points_possible": gate.points_possible,
        "claim": gate.gate.claim,
        "criteria": [_criterion(score, behind.get(score.criterion.id), informed) for score in gate.criteria],
    }


def _criterion(score: CriterionScore, behind: int | None, informed: Mapping[int, str]) -> CriterionAnswer:
    criterion = score.criterion
    return {
        "id": criterion.id,
        "title": criterion.title,
        "metric": criterion.metric,
        "scope": criterion.scope,
        "value": finite(score.value),
        "unit": criterion.unit,
        "comparator": criterion.comparator,
        "threshold": criterion.threshold,
        "baseline": finite(score.baseline),
        "state": score.state,
        "attainment": score.attainment,
        "because": criterion_text(score.because),
        "reason": reason_value(score.because),
        "attested": score.is_attested,
        "blocker": criterion.blocker,
        "weight": criterion.weight,
        "points": score.points,
        "points_possible": score.points_possible,
        "claim": criterion.claim,
        "fix": criterion.fix,
        "parent": criterion.parent,
        "owner": criterion.owner,
        "due": criterion.due.isoformat() if criterion.due else None,
        "risk": criterion.risk,
        "level": criterion.level,
        "informed": informed.get(criterion.level or 0, "") if score.holds is False else "",
        "evidence_link": criterion.evidence_link,
        "evidence": evidence_answer(score, behind),
    }


def evidence_answer(score: CriterionScore, behind: int | None) -> EvidenceAnswer:
    """Where the value of a criterion can be checked, and how old it is."""
    evidence = score.evidence
    return {
        "kind": KINDS[evidence.kind] if evidence else "none",
        "locator": evidence.locator if evidence else "",
        "commit": evidence.commit if evidence else "",
        "observed_at": score.observed_at.isoformat() if score.observed_at is not None else None,
        "age_days": finite(score.age_days),
        "sha256": evidence.sha256 if evidence else "",
        "source": evidence.source if evidence else "",
        "tool": evidence.tool if evidence else "",
        "commits_behind": behind,
    }


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame by column name; the type stubs of pandas do not know the columns."""
    row = namedtuple("row", map(str, frame.columns), rename=True)  # type: ignore[misc] # columns differ by frame
    yield from map(row._make, zip(*(frame[name].tolist() for name in frame.columns), strict=True))


def claims_answer(claims: pd.DataFrame, zone: tzinfo | None = UTC) -> list[ClaimAnswer]:
    """Claims with file, line, commit and author, oldest first."""
    return [
        {
            "at": row.observed_at.tz_convert(zone or UTC).isoformat(),
            "metric": row.metric,
            "value": finite(row.value),
            "unit": row.unit,
            "says": row.reason,
            "text": row.text,
            "path": row.path,
            "line": None if math.isnan(row.line) else int(row.line),
            "commit": row.commit,
            "author": row.author,
            "merged_by": row.merged_by,
            "in_newest_commit": not row.removed_at,
            "removed_at": row.removed_at or None,
            "removed_commit": row.removed_commit,
            "moved_to": row.moved_to,
        }
        for row in rows_of(claims)
    ]


def path_answer(moves: Iterable[Move], plan: Plan) -> list[MoveAnswer]:
    """The cheapest path to the target, in order; sums without floating-point noise: 90.00000000000001 is 90."""
    names = names_of(plan)
    return [
        {
            "criterion": move.criterion,
            "title": move.title,
            "gate": move.gate,
            "what": path_text(move.what, names),
            "points": round(move.points, 9),
            "readiness": round(move.readiness, 9),
            "proof": path_text(move.proof, names),
            "blocker": move.blocker,
            "reason": reason_value(move.what),
        }
        for move in moves
    ]


def finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: both are null, and the state beside them says which."""
    return None if value is None or not math.isfinite(value) else float(value)
