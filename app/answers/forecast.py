"""The JSON of everything about the date: the forecast, what-if, goal, slip, claimed timelines."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, cast

from app.answers.reasons import reason_value, reason_values
from app.answers.status import finite, rows_of
from app.answers.types.forecast import (
    Cause,
    ChangeAnswer,
    CriterionForecast,
    CrossingAnswer,
    FileForecastAnswer,
    GoalAnswer,
    HoldingAnswer,
    JointForecastAnswer,
    MeasuredAnswer,
    NeededForGo,
    OddsBy,
    PromisedAnswer,
    SlipAnswer,
    TimelineClaim,
    TrackRecord,
    WhatIfAnswer,
)
from app.answers.types.values import Direction
from app.wording.forecast_reasons import driver_text, forecast_text, goal_text, slip_reasons_text
from app.wording.names import Names, names_of
from app.wording.next_steps import how_to_measure
from models.reasons.forecast import StoppedJustShort, StoppedShort

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.asked import Scenario
    from app.answers.status import Assessment
    from models.forecast import CrossingForecast, JointForecast
    from models.forecast.measured import MeasuredPart
    from models.forecast.slip import Slip
    from models.forecast.what_if import GoalPlan
    from models.plan.plan import Criterion, Plan

TIMELINE = "timeline_claim_days"
# The days after the origin for which the odds are listed: weekly at first, then further apart.
ODDS_DAYS = (7, 14, 21, 28, 42, 56, 84, 112, 140, 182, 273, 365, 547, 730)


def forecast_answer(
    joint: JointForecast, assessment: Assessment, track_record: TrackRecord, *, held: bool | None = None
) -> JointForecastAnswer:
    """`tminus forecast --json`: GO, readiness alone, each criterion; days use the assessment's time zone.

    `held`: whether GO held on the promised day, where that has passed.
    """
    from models.forecast.measured import measured_part

    plan, zone = assessment.plan, assessment.at.tzinfo
    names = names_of(plan)
    go = crossing_answer(joint.go, zone, names)
    promised = promised_answer(joint, plan, joint.origin.astimezone(zone or UTC), held)
    criteria = {criterion.id: criterion for criterion in plan.criteria}
    return {
        "schema": "tminus.forecast/1",
        "origin": joint.origin.isoformat(),
        "target": joint.target,
        "horizon_days": joint.horizon_days,
        "outcome": joint.outcome,
        "because": go["because"],
        "reason": go["reason"],
        "quantiles": go["quantiles"],
        "probability_by": go["probability_by"],
        "go": {**go, "promised": promised},
        "promised": promised,
        "readiness": crossing_answer(joint.readiness, zone, names),
        "holding": _holding_answer(joint, names),
        "measured": _measured_answer(measured_part(joint), zone, names),
        "attested_until": _attested_until(assessment),
        "waived_until": _waived_until(assessment),
        "missing": list(joint.missing),
        "needed_for_go": [_needed_for_go(name, criteria.get(name), joint, names) for name in joint.missing],
        "criteria": [_criterion_forecast(criteria[name], part, zone, names) for name, part in joint.criteria.items()],
        "track_record": track_record,
        "project": assessment.project,
        "simulated": assessment.has_simulated,
    }


def _attested_until(assessment: Assessment) -> str | None:
    """When the first attestation ends that the forecast takes as given."""
    attested = (s.criterion.attested for s in assessment.readiness.criteria if s.is_attested)
    return min((found.expires.isoformat() for found in attested if found is not None), default=None)


def _waived_until(assessment: Assessment) -> str | None:
    """When the first waiver ends that the forecast takes as given."""
    waived = (s.waiver for s in assessment.readiness.criteria if s.state == "waived")
    return min((waiver.expires.isoformat() for waiver in waived if waiver is not None), default=None)


def _holding_answer(joint: JointForecast, names: Names) -> HoldingAnswer | None:
    """Where GO holds now: for how many days, the odds that it stays 28 more, and which criterion is the least sure."""
    held = joint.holding
    if held is None:
        return None
    return {
        "days": held.days,
        "stays": finite(held.stays),
        "weakest": {"id": held.weakest, "title": names.criterion(held.weakest), "stays": finite(held.weakest_stays)}
        if held.weakest
        else None,
    }


def _measured_answer(part: MeasuredPart, zone: tzinfo | None, names: Names) -> MeasuredAnswer:
    return {**crossing_answer(part.forecast, zone, names), "weight": part.weight, "criteria": list(part.criteria)}


def _needed_for_go(name: str, criterion: Criterion | None, joint: JointForecast, names: Names) -> NeededForGo:
    """What GO lacks evidence for, with the step that measures it; a rule that no criterion answers has no step."""
    step = ""
    if name in joint.criteria:
        step = "keep measuring it: its history is too short for a pace"
    elif criterion is not None:
        step = criterion.fix or how_to_measure(criterion.metric, criterion.scope)
    return {
        "id": name,
        "title": names.criterion(name),
        "metric": criterion.metric if criterion else "",
        "next": step,
    }


def promised_answer(joint: JointForecast, plan: Plan, at: datetime, held: bool | None = None) -> PromisedAnswer | None:
    """The odds of GO by the promised day; None where nothing is promised.

    `probability` is None where there is not enough evidence, and where the day has passed: then GO held or it did not.
    """
    if plan.promised is None:
        return None
    days = (plan.promised - at.date()).days
    known = joint.outcome != "not_enough_evidence" and 0 <= days <= joint.horizon_days
    odds = float(joint.go.probability_by(days)) if known else None
    return {"date": plan.promised.isoformat(), "days": days, "probability": odds, "held": held if days < 0 else None}


def _criterion_forecast(
    criterion: Criterion, crossing: CrossingForecast, zone: tzinfo | None, names: Names
) -> CriterionForecast:
    return {
        "id": criterion.id,
        "title": criterion.title,
        "metric": criterion.metric,
        "unit": criterion.unit,
        **crossing_answer(crossing, zone, names, criterion.unit),
    }


def crossing_answer(
    crossing: CrossingForecast, zone: tzinfo | None = UTC, names: Names | None = None, unit: str = ""
) -> CrossingAnswer:
    """One crossing forecast: outcome, dated quantiles (null: not within the horizon, or no date is given), odds.

    Values in its sentences are in `unit`.
    """
    names = names or Names()
    origin = crossing.origin.astimezone(zone or UTC).date()
    is_known = isinstance(crossing.because, StoppedShort)  # then no driver repeats it
    drivers = [driver for driver in crossing.drivers if not (is_known and isinstance(driver, StoppedJustShort))]
    return {
        "outcome": crossing.outcome,
        "because": forecast_text(crossing.because, names, unit),
        "reason": reason_value(crossing.because),
        "quantiles": {
            "p10": _date(crossing, 0.10, origin),
            "p25": _date(crossing, 0.25, origin),
            "p50": _date(crossing, 0.50, origin),
            "p75": _date(crossing, 0.75, origin),
            "p80": _date(crossing, 0.80, origin),
            "p90": _date(crossing, 0.90, origin),
            "p95": _date(crossing, 0.95, origin),
        },
        "probability_by": _odds(crossing, origin),
        "pace_seen": finite(crossing.pace_seen),
        "pace_needed": finite(crossing.pace_needed),
        "drivers": [driver_text(driver, names, unit) for driver in drivers],
        "driver_reasons": reason_values(drivers),
    }


def _date(crossing: CrossingForecast, quantile: float, origin: date) -> str | None:
    if crossing.outcome not in ("dated", "holds"):
        return None
    days = crossing.quantile(quantile)
    if math.isinf(days):
        return None
    return _after(origin, math.ceil(days))


def _odds(crossing: CrossingForecast, origin: date) -> list[OddsBy]:
    if crossing.outcome == "not_enough_evidence":
        return []
    return [
        {"date": _after(origin, days), "probability": float(crossing.probability_by(days))}
        for days in ODDS_DAYS
        if days <= crossing.horizon_days
    ]


def _after(origin: date, days: int) -> str:
    return (origin + timedelta(days=days)).isoformat()


def file_forecast_answer(
    crossing: CrossingForecast, threshold: float, direction: Direction, file: str
) -> FileForecastAnswer:
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
    before: JointForecast, after: JointForecast, scenario: Scenario, plan: Plan, zone: tzinfo | None
) -> WhatIfAnswer:
    """The changes of a scenario, and the forecast under them."""
    names = names_of(plan)
    titles, go = names.criteria, crossing_answer(after.go, zone, names)
    changes: list[ChangeAnswer] = [
        {"change": "pace", "criterion": name, "title": titles[name], "factor": factor}
        for name, factor in scenario.pace.items()
    ]
    changes += [{"change": "drop", "criterion": name, "title": titles[name]} for name in scenario.drop]
    if scenario.freeze_weeks:
        changes.append({"change": "freeze", "weeks": scenario.freeze_weeks})
    stuck = [titles[name] for name in scenario.pace if _is_still(before.criteria[name])]
    return {
        "changes": changes,
        "outcome": after.outcome,
        "because": go["because"],
        "reason": go["reason"],
        "go": go,
        "readiness": crossing_answer(after.readiness, zone, names),
        "missing": list(after.missing),
        "standing_still": stuck,
    }


def _is_still(crossing: CrossingForecast) -> bool:
    """Whether it does not move toward its threshold: a multiple of such a pace says little."""
    seen, needed = crossing.pace_seen, crossing.pace_needed
    return needed != 0 and seen * needed <= 0


def goal_answer(goal: GoalPlan, by: date, plan: Plan) -> GoalAnswer:
    """The cheapest pace changes for the day and odds asked for, or the best there is and what is late then."""
    names, because = names_of(plan), goal.because
    return {
        "by": by.isoformat(),
        "asked": goal.asked,
        "reached": goal.reached,
        "probability_now": finite(goal.now),
        "probability": finite(goal.probability),
        "paces": [{"criterion": k, "title": names.criterion(k), "factor": v} for k, v in goal.pace.items()],
        "late": [{"criterion": k, "title": names.criterion(k), "share": v} for k, v in goal.late.items()],
        "because": goal_text(because, names),
        "reason": reason_value(because),
    }


def slip_answer(slip: Slip, since: datetime, *, is_kept: bool) -> SlipAnswer:
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
        "causes": [{"cause": cast(Cause, cause), "change": change} for cause, change in slip.causes.items()],
        "because": slip_reasons_text(slip.because),
        "reasons": reason_values(slip.because),
    }


def _moment_or_odds(value: float | None, *, is_day: bool) -> str | float | None:
    if value is None:
        return None
    return date.fromordinal(int(value)).isoformat() if is_day else value / 100


def timelines_answer(claims: pd.DataFrame, zone: tzinfo | None) -> list[TimelineClaim]:
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
