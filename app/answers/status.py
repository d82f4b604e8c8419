"""The JSON that other programs read: one function an answer, each with its schema name and version."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from models.plan.plan import Plan
    from models.readiness.decision import Condition, Decision
    from models.readiness.score import CriterionScore, GateScore, Move, Readiness


@dataclass(frozen=True, slots=True)
class Assessment:
    """Readiness, the decision and the claims beside them, at one moment."""

    project: str
    at: datetime
    plan: Plan
    readiness: Readiness
    decision: Decision
    claims: pd.DataFrame
    has_simulated: bool
    next_plan_from: datetime | None  # an edit of the plan that is not in force yet takes effect then
    commits_behind: Mapping[str, int | None]  # of each criterion's evidence, behind the candidate; None: unknown
    not_of_candidate: frozenset[str]  # criteria whose evidence is too old, or too new, for the candidate


def status_answer(found: Assessment) -> dict[str, Any]:
    """`tminus status --json`; moments are told in the zone of the assessment's."""
    readiness = found.readiness
    return {
        "schema": "tminus.status/1",
        "at": found.at.isoformat(),
        "readiness": {
            "value": finite(readiness.value),
            "known_weight": readiness.known_weight,
            "target": readiness.target,
            "uncapped": finite(readiness.uncapped),
            "capped_because": list(readiness.capped_because),
            "attested_points": readiness.attested_points,
        },
        "decision": {
            "verdict": found.decision.verdict,
            "candidate": found.decision.candidate or None,
            "conditions": [_condition(condition) for condition in found.decision.conditions],
            "rules": [
                {"id": r.id, "kind": r.kind, "text": r.text, "holds": r.holds, "because": r.because}
                for r in found.decision.rules
            ],
        },
        "next_plan_from": _in_zone(found.next_plan_from, found.at.tzinfo),
        "gates": [_gate(gate, found.commits_behind) for gate in readiness.gates],
        "claims": claims_answer(found.claims, found.at.tzinfo),
        "project": found.project,
        "simulated": found.has_simulated,
    }


def _in_zone(moment: datetime | None, zone: tzinfo | None) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat()


def _condition(condition: Condition) -> dict[str, Any]:
    expires = condition.expires.isoformat() if condition.expires else None
    return {**asdict(condition), "expires": expires}


def _gate(gate: GateScore, behind: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        "id": gate.gate.id,
        "title": gate.gate.title,
        "status": gate.status,
        "completion": finite(gate.completion),
        "points": gate.points,
        "points_possible": gate.points_possible,
        "claim": gate.gate.claim,
        "criteria": [_criterion(score, behind.get(score.criterion.id)) for score in gate.criteria],
    }


def _criterion(score: CriterionScore, behind: int | None) -> dict[str, Any]:
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
        "because": score.because,
        "attested": score.is_attested,
        "blocker": criterion.blocker,
        "weight": criterion.weight,
        "points": score.points,
        "points_possible": score.points_possible,
        "claim": criterion.claim,
        "fix": criterion.fix,
        "evidence": {**evidence_answer(score), "commits_behind": behind},
    }


def evidence_answer(score: CriterionScore) -> dict[str, Any]:
    """Where a criterion's figure can be checked, and how old it is."""
    found = score.evidence
    return {
        "kind": found.kind if found else "none",
        "locator": found.locator if found else "",
        "commit": found.commit if found else "",
        "observed_at": score.observed_at.isoformat() if score.observed_at is not None else None,
        "age_days": finite(score.age_days),
        "sha256": found.sha256 if found else "",
        "source": found.source if found else "",
        "tool": found.tool if found else "",
    }


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame by column name; the type stubs of pandas know nothing of the columns."""
    yield from frame.itertuples(index=False)


def claims_answer(claims: pd.DataFrame, zone: tzinfo | None = UTC) -> list[dict[str, Any]]:
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
            "stands": not row.removed_at,
            "removed_at": row.removed_at or None,
            "removed_commit": row.removed_commit,
            "moved_to": row.moved_to,
        }
        for row in rows_of(claims)
    ]


def path_answer(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """The cheapest path to the target, in order; sums without their noise: 90.00000000000001 is 90."""
    return [{**asdict(move), "points": round(move.points, 9), "readiness": round(move.readiness, 9)} for move in moves]


def finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: both are null, and the state beside them says which."""
    return None if value is None or not math.isfinite(value) else float(value)
