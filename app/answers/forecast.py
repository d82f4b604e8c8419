"""The JSON of everything about the date: the forecast, what-if, goal, slip, claimed timelines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from app.answers.status import finite, rows_of
from app.wording.next_steps import how_to_measure
from app.wording.reasons import named

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.asked import Imagined
    from models.forecast import CrossingForecast, JointForecast
    from models.forecast.measured import MeasuredPart
    from models.forecast.slip import Slip
    from models.forecast.what_if import GoalPlan
    from models.plan.plan import Criterion, Plan

TIMELINE = "timeline_claim_days"
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95)
# The days after the origin at which the odds are told: weekly at first, then ever wider.
ODDS_DAYS = (7, 14, 21, 28, 42, 56, 84, 112, 140, 182, 273, 365, 547, 730)


def titles_of(plan: Plan) -> dict[str, str]:
    """What the models name by id, as people call it: criteria by title, rules that name nothing by their text."""
    rules = {f"rule {rule.id}": f"what the rule “{rule.text or rule.id}” is judged by" for rule in plan.rules}
    return {**rules, **{criterion.id: criterion.title for criterion in plan.criteria}}


def forecast_answer(
    joint: JointForecast, plan: Plan, track_record: Mapping[str, Any], zone: tzinfo | None = UTC
) -> dict[str, Any]:
    """`tminus forecast --json`: the joint event first, then readiness alone and each criterion; days are of `zone`."""
    from models.forecast.measured import measured_part

    go = crossing_answer(joint.go, zone)
    titles = titles_of(plan)
    because = named(joint.because, titles)
    promised = promised_answer(joint, plan, joint.origin.astimezone(zone or UTC))
    told = {c.id: {"id": c.id, "title": c.title, "metric": c.metric, "unit": c.unit} for c in plan.criteria}
    measured = measured_answer(measured_part(joint), zone)
    return {
        "schema": "tminus.forecast/1",
        "origin": joint.origin.isoformat(),
        "target": joint.target,
        "horizon_days": joint.horizon_days,
        "outcome": joint.outcome,
        "because": because,
        "quantiles": go["quantiles"],
        "probability_by": go["probability_by"],
        "go": {**go, "outcome": joint.outcome, "because": because, "promised": promised},
        "promised": promised,
        "readiness": _named_crossing(joint.readiness, titles, zone),
        "measured": measured,
        "missing": list(joint.missing),
        "needed_for_go": needed_for_go(joint, plan),
        "criteria": [{**told[name], **crossing_answer(part, zone)} for name, part in joint.criteria.items()],
        "track_record": dict(track_record),
    }


def promised_answer(joint: JointForecast, plan: Plan, at: datetime) -> dict[str, Any] | None:
    """The odds of GO by the promised day; None where nothing is promised.

    `probability` is None where there is not enough evidence, and where the day has passed: then GO held or it did not.
    """
    if plan.promised is None:
        return None
    days = (plan.promised - at.date()).days
    known = joint.outcome != "not_enough_evidence" and 0 <= days <= joint.horizon_days
    odds = float(joint.go.probability_by(days)) if known else None
    return {"date": plan.promised.isoformat(), "days": days, "probability": odds}


def measured_answer(part: MeasuredPart, zone: tzinfo | None = UTC) -> dict[str, Any]:
    """The joint event of the measured criteria alone, in the keys of `go`; `weight` is their percent of all points."""
    return {**crossing_answer(part.forecast, zone), "weight": part.weight, "criteria": list(part.criteria)}


def needed_for_go(joint: JointForecast, plan: Plan) -> list[dict[str, str]]:
    """What GO lacks evidence for: id, title, metric and the step that would measure it."""
    titles, known = titles_of(plan), {criterion.id: criterion for criterion in plan.criteria}
    return [
        {
            "id": name,
            "title": titles.get(name, name),
            "metric": known[name].metric if name in known else "",
            "next": _measuring_step(known.get(name), is_short=name in joint.criteria),
        }
        for name in joint.missing
    ]


def _measuring_step(criterion: Criterion | None, *, is_short: bool) -> str:
    """The command or report that brings the evidence; "" for a rule that no criterion answers."""
    if criterion is None:
        return ""
    if is_short:
        return "keep measuring it: its history is too short for a pace"
    fields = {"metric": criterion.metric, "scope": criterion.scope}
    return criterion.fix or how_to_measure(fields)


def _named_crossing(crossing: CrossingForecast, titles: Mapping[str, str], zone: tzinfo | None) -> dict[str, Any]:
    return {**crossing_answer(crossing, zone), "because": named(crossing.because, titles)}


def crossing_answer(crossing: CrossingForecast, zone: tzinfo | None = UTC) -> dict[str, Any]:
    """One crossing forecast: outcome, dated quantiles (null: not within the horizon, or no date is given), odds."""
    origin = crossing.origin.astimezone(zone or UTC).date()
    return {
        "outcome": crossing.outcome,
        "because": crossing.because,
        "quantiles": {f"p{round(q * 100)}": _date(crossing, q, origin) for q in QUANTILES},
        "probability_by": _odds(crossing, origin),
        "pace_seen": finite(crossing.pace_seen),
        "pace_needed": finite(crossing.pace_needed),
        "drivers": list(crossing.drivers),
    }


def _date(crossing: CrossingForecast, quantile: float, origin: date) -> str | None:
    if crossing.outcome != "dated":
        return None
    days = crossing.quantile(quantile)
    if math.isinf(days):
        return None
    return _after(origin, math.ceil(days))


def _odds(crossing: CrossingForecast, origin: date) -> list[dict[str, Any]]:
    if crossing.outcome == "not_enough_evidence":
        return []
    return [
        {"date": _after(origin, days), "probability": float(crossing.probability_by(days))}
        for days in ODDS_DAYS
        if days <= crossing.horizon_days
    ]


def _after(origin: date, days: int) -> str:
    return (origin + timedelta(days=days)).isoformat()


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


def what_if_answer(
    before: JointForecast, after: JointForecast, imagined: Imagined, plan: Plan, zone: tzinfo | None
) -> dict[str, Any]:
    """What is imagined, and the forecast under it; the forecast as things go stands beside it in the answer."""
    titles = titles_of(plan)
    because = named(after.because, titles)
    changes: list[dict[str, Any]] = [
        {"change": "pace", "criterion": name, "title": titles[name], "factor": factor}
        for name, factor in imagined.pace.items()
    ]
    changes += [{"change": "drop", "criterion": name, "title": titles[name]} for name in imagined.drop]
    if imagined.freeze_weeks:
        changes.append({"change": "freeze", "weeks": imagined.freeze_weeks})
    stuck = [titles[name] for name in imagined.pace if _is_still(before.criteria[name])]
    return {
        "changes": changes,
        "outcome": after.outcome,
        "because": because,
        "go": {**crossing_answer(after.go, zone), "outcome": after.outcome, "because": because},
        "readiness": _named_crossing(after.readiness, titles, zone),
        "missing": list(after.missing),
        "standing_still": stuck,
    }


def _is_still(crossing: CrossingForecast) -> bool:
    """Whether it does not move toward its threshold: a multiple of such a pace says little."""
    seen, needed = crossing.pace_seen, crossing.pace_needed
    return needed != 0 and seen * needed <= 0


def goal_answer(plan: GoalPlan, by: date, titles: Mapping[str, str]) -> dict[str, Any]:
    """The cheapest pace changes for the day and odds asked for, or the best there is and what is late then."""
    return {
        "by": by.isoformat(),
        "asked": plan.asked,
        "reached": plan.reached,
        "probability_now": finite(plan.now),
        "probability": finite(plan.probability),
        "paces": [{"criterion": k, "title": titles.get(k, k), "factor": v} for k, v in plan.pace.items()],
        "late": [{"criterion": k, "title": titles.get(k, k), "share": v} for k, v in plan.late.items()],
        "because": named(plan.because, titles),
    }


def slip_answer(slip: Slip, since: datetime, *, is_kept: bool) -> dict[str, Any]:
    """How the date moved since an earlier forecast: parts that sum exactly to the change."""
    day = slip.unit == "days"
    return {
        "since": since.isoformat(),
        "basis": "kept" if is_kept else "recomputed",
        "unit": slip.unit,
        "level": slip.level,
        "before": _moment_or_odds(slip.before, is_day=day),
        "after": _moment_or_odds(slip.after, is_day=day),
        "change": slip.change,
        "odds_by": slip.odds_by.date().isoformat(),
        "causes": [{"cause": name, "change": change} for name, change in slip.causes.items()],
        "because": slip.because,
    }


def _moment_or_odds(value: float | None, *, is_day: bool) -> str | float | None:
    if value is None:
        return None
    return date.fromordinal(int(value)).isoformat() if is_day else value / 100


def timelines_answer(claims: pd.DataFrame, zone: tzinfo | None) -> list[dict[str, Any]]:
    """Claimed timelines with their places, oldest first: the sentence, and the last day that it allows."""
    rows = claims[(claims["metric"] == TIMELINE) & claims["value"].notna()]
    return [
        {
            "at": row.observed_at.tz_convert(zone or UTC).isoformat(),
            "says": row.reason.removeprefix("says "),
            "days": float(row.value),
            "by": _after(row.observed_at.tz_convert(zone or UTC).date(), round(row.value)),
            "text": row.text,
            "path": row.path,
            "line": None if math.isnan(row.line) else int(row.line),
            "commit": row.commit,
            "author": row.author,
        }
        for row in rows_of(rows)
    ]
