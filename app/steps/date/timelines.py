"""Timelines that documents claimed, beside the odds by the evidence of their day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.answers import forecast as answers_forecast
from app.answers.types.forecast import TimelineAnswer, TimelineClaim
from app.steps.assess import assess
from app.steps.date.question import Forecasted, forecasted
from app.wording.forecast_reasons import forecast_text
from app.wording.names import names_of
from app.workspace import Workspace, consistent_read, parse_as_of

if TYPE_CHECKING:
    from app.answers.status import Assessment


def newest_timelines(claims: Sequence[TimelineClaim]) -> list[TimelineClaim]:
    """Of each document its last claimed timeline; the newest of them, newest first."""
    last = {claim["path"]: claim for claim in sorted(claims, key=lambda claim: claim["at"])}
    return sorted(last.values(), key=lambda claim: claim["at"], reverse=True)[:MOST_TIMELINES]


def timeline_judged(claim: TimelineClaim, then: Forecasted, end: Assessment | None) -> TimelineAnswer:
    """A claimed timeline beside the odds that the evidence of its day gives, and the state when it was over.

    `probability` is None where the evidence could not say; `came` and `readiness` where the day is still to come.
    """
    known = then.joint.outcome != "not_enough_evidence"
    readiness = None if end is None or math.isnan(end.readiness.value) else float(end.readiness.value)
    return {
        **claim,
        "probability": float(then.joint.go.probability_by(claim["days"])) if known else None,
        "because": forecast_text(then.joint.because, names_of(then.assessment.plan)),
        "missing": list(then.joint.missing),
        "came": None if end is None else end.decision.rules_hold,
        "readiness": readiness,
    }


MOST_TIMELINES = 6


@consistent_read
def timelines(workspace: Workspace, at: datetime) -> list[TimelineAnswer]:
    """The timelines that documents claimed, newest first, each with the odds by the evidence of its day."""
    claims = workspace.warehouse.query("claims", until=at)
    newest = newest_timelines(answers_forecast.timelines_answer(claims, workspace.zone))
    days = {day: forecasted(workspace, min(parse_as_of(workspace, day), at)) for day in {c["at"][:10] for c in newest}}
    ends = {c["by"]: parse_as_of(workspace, c["by"]) for c in newest}
    judged = {day: assess(workspace, end) for day, end in ends.items() if end <= at}
    return [timeline_judged(claim, days[claim["at"][:10]], judged.get(claim["by"])) for claim in newest]
