"""Timelines that documents claimed, beside the odds by the evidence of their day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.answers import forecast as answers_forecast
from app.steps.assess import assess
from app.steps.forecast_question import Forecasted, forecasted
from app.workspace import Workspace, from_one_state, moment

if TYPE_CHECKING:
    from app.answers.status import Assessment


def newest_timelines(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each document its last claimed timeline; the newest of them, newest first."""
    last = {claim["path"]: dict(claim) for claim in sorted(told, key=lambda claim: claim["at"])}
    return sorted(last.values(), key=lambda claim: claim["at"], reverse=True)[:MOST_TIMELINES]


def timeline_judged(claim: Mapping[str, Any], then: Forecasted, end: Assessment | None) -> dict[str, Any]:
    """A claimed timeline beside the odds that the evidence of its day gives, and how things stood when it was over.

    `probability` is None where the evidence could not say; `came` and `readiness` where the day is still to come.
    """
    known = then.joint.outcome != "not_enough_evidence"
    stood = None if end is None or math.isnan(end.readiness.value) else float(end.readiness.value)
    return {
        **claim,
        "probability": float(then.joint.go.probability_by(claim["days"])) if known else None,
        "because": then.joint.because,
        "missing": list(then.joint.missing),
        "came": None if end is None else end.decision.rules_hold,
        "readiness": stood,
    }


MOST_TIMELINES = 6


@from_one_state
def timelines(workspace: Workspace, at: datetime) -> list[dict[str, Any]]:
    """The timelines that documents claimed, newest first, each with the odds by the evidence of its day."""
    claims = workspace.warehouse.query("claims", until=at)
    told = newest_timelines(answers_forecast.timelines_answer(claims, workspace.zone))
    days = {day: forecasted(workspace, min(moment(workspace, day), at)) for day in {c["at"][:10] for c in told}}
    ends = {c["by"]: moment(workspace, c["by"]) for c in told}
    stood = {day: assess(workspace, end) for day, end in ends.items() if end <= at}
    return [timeline_judged(claim, days[claim["at"][:10]], stood.get(claim["by"])) for claim in told]
