"""The JSON that other programs read: one function an answer, each with its schema name and version."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from models.decision import Decision
    from models.forecast import CrossingForecast, JointForecast
    from models.movement import Movement
    from models.plan import Plan
    from models.readiness import CriterionScore, GateScore, Move, Readiness

QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95)
# The days after the origin at which the odds are told: weekly at first, then ever wider.
ODDS_DAYS = (7, 14, 21, 28, 42, 56, 84, 112, 140, 182, 273, 365, 547, 730)


def status_answer(readiness: Readiness, decision: Decision, claims: pd.DataFrame, at: datetime) -> dict[str, Any]:
    """`tminus status --json`; moments are told in the zone of `at`."""
    return {
        "schema": "tminus.status/1",
        "at": at.isoformat(),
        "readiness": {
            "value": _number(readiness.value),
            "known_weight": readiness.known_weight,
            "target": readiness.target,
            "uncapped": _number(readiness.uncapped),
            "capped_because": list(readiness.capped_because),
            "attested_points": readiness.attested_points,
        },
        "decision": {
            "verdict": decision.verdict,
            "rules": [
                {"id": r.id, "kind": r.kind, "text": r.text, "holds": r.holds, "because": r.because}
                for r in decision.rules
            ],
        },
        "gates": [_gate(gate) for gate in readiness.gates],
        "claims": claims_answer(claims, at.tzinfo),
    }


def _gate(gate: GateScore) -> dict[str, Any]:
    return {
        "id": gate.gate.id,
        "title": gate.gate.title,
        "status": gate.status,
        "completion": _number(gate.completion),
        "points": gate.points,
        "points_possible": gate.points_possible,
        "claim": gate.gate.claim,
        "criteria": [_criterion(score) for score in gate.criteria],
    }


def _criterion(score: CriterionScore) -> dict[str, Any]:
    criterion = score.criterion
    return {
        "id": criterion.id,
        "title": criterion.title,
        "metric": criterion.metric,
        "scope": criterion.scope,
        "value": _number(score.value),
        "unit": criterion.unit,
        "comparator": criterion.comparator,
        "threshold": criterion.threshold,
        "baseline": _number(score.baseline),
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
        "evidence": evidence_answer(score),
    }


def evidence_answer(score: CriterionScore) -> dict[str, Any]:
    """Where a criterion's figure can be checked, and how old it is."""
    found = score.evidence
    return {
        "kind": found.kind if found else "none",
        "locator": found.locator if found else "",
        "commit": found.commit if found else "",
        "observed_at": score.observed_at.isoformat() if score.observed_at is not None else None,
        "age_days": _number(score.age_days),
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
            "value": _number(row.value),
            "unit": row.unit,
            "says": row.reason,
            "text": row.text,
            "path": row.path,
            "line": None if math.isnan(row.line) else int(row.line),
            "commit": row.commit,
            "author": row.author,
        }
        for row in rows_of(claims)
    ]


def forecast_answer(joint: JointForecast, plan: Plan, track_record: Mapping[str, Any]) -> dict[str, Any]:
    """`tminus forecast --json`: the joint event first, then readiness alone and each criterion."""
    go = crossing_answer(joint.go)
    told = {c.id: {"id": c.id, "title": c.title, "metric": c.metric, "unit": c.unit} for c in plan.criteria}
    return {
        "schema": "tminus.forecast/1",
        "origin": joint.origin.isoformat(),
        "target": joint.target,
        "horizon_days": joint.horizon_days,
        "outcome": joint.outcome,
        "because": joint.because,
        "quantiles": go["quantiles"],
        "probability_by": go["probability_by"],
        "go": {**go, "outcome": joint.outcome, "because": joint.because},
        "readiness": crossing_answer(joint.readiness),
        "missing": list(joint.missing),
        "criteria": [{**told[name], **crossing_answer(part)} for name, part in joint.criteria.items()],
        "track_record": dict(track_record),
    }


def crossing_answer(crossing: CrossingForecast) -> dict[str, Any]:
    """One crossing forecast: outcome, dated quantiles (null: not within the horizon, or no date is given), odds."""
    return {
        "outcome": crossing.outcome,
        "because": crossing.because,
        "quantiles": {f"p{round(q * 100)}": _date(crossing, q) for q in QUANTILES},
        "probability_by": _odds(crossing),
        "pace_seen": _number(crossing.pace_seen),
        "pace_needed": _number(crossing.pace_needed),
        "drivers": list(crossing.drivers),
    }


def _date(crossing: CrossingForecast, quantile: float) -> str | None:
    if crossing.outcome != "dated":
        return None
    days = crossing.quantile(quantile)
    if math.isinf(days):
        return None
    return _after(crossing.origin, math.ceil(days))


def _odds(crossing: CrossingForecast) -> list[dict[str, Any]]:
    if crossing.outcome == "not_enough_evidence":
        return []
    return [
        {"date": _after(crossing.origin, days), "probability": float(crossing.probability_by(days))}
        for days in ODDS_DAYS
        if days <= crossing.horizon_days
    ]


def _after(origin: datetime, days: int) -> str:
    return (origin + timedelta(days=days)).date().isoformat()


def moved_answer(movement: Movement, plan: Plan) -> dict[str, Any]:
    """`tminus moved --json`, with the titles and units of the plan."""
    told = {c.id: {"title": c.title, "unit": c.unit} for c in plan.criteria}
    found = movement.to_json()
    criteria = [{**told.get(c["id"], {"title": c["id"], "unit": ""}), **c} for c in found["criteria"]]
    return {"schema": "tminus.moved/1", **found, "criteria": criteria}


def file_forecast_answer(crossing: CrossingForecast, threshold: float, direction: str, file: str) -> dict[str, Any]:
    """`tminus forecast --csv FILE --json`: one series, no plan."""
    answer = crossing_answer(crossing)
    return {
        "schema": "tminus.forecast/1",
        "file": file,
        "threshold": threshold,
        "direction": direction,
        "origin": crossing.origin.isoformat(),
        "target": threshold,
        "horizon_days": crossing.horizon_days,
        **answer,
        "go": answer,
        "criteria": [],
        "track_record": {},
    }


def path_answer(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """The cheapest path to the target, in order."""
    return [asdict(move) for move in moves]


def series_answer(frame: pd.DataFrame) -> dict[str, Any]:
    """`tminus series --json`: the points of one metric; `definition` is the one of the newest point."""
    newest = frame.iloc[-1]
    return {
        "schema": "tminus.series/1",
        "metric": str(newest["metric"]),
        "unit": str(newest["unit"]),
        "definition": str(newest["definition"]),
        "points": [
            {
                "observed_at": row.observed_at.isoformat(),
                "value": _number(row.value),
                "commit": row.commit,
                "scope": row.scope,
                "kind": row.kind,
                "reason": row.reason,
                "definition": row.definition,
                "locator": row.locator,
            }
            for row in rows_of(frame)
        ],
    }


def read_answer(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`tminus read --json`: what each file yields."""
    return {"schema": "tminus.read/1", "files": [dict(file) for file in files]}


def _number(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: both are null, and the state beside them says which."""
    return None if value is None or not math.isfinite(value) else float(value)
