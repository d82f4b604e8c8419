"""The course of the date: the forecast of GO as it was, or would have been, made week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.answers.forecast import crossing_answer, promised_answer
from app.answers.types.forecast import GoAnswer
from app.answers.types.meeting import CourseAnswer, CoursePoint
from app.steps.assess import observations, plan_at, plans_in_force
from app.steps.date.question import forecast_from
from app.workspace import WEEK, Workspace, consistent_read

if TYPE_CHECKING:
    import pandas as pd

    from models.plan.plan import Plan


@consistent_read
def course(workspace: Workspace, until: datetime, weeks: int = 12, horizon_days: int = 730) -> CourseAnswer:
    """The dates of GO at the end of each week up to `until`: kept where a forecast was shown, else computed.

    A computed point reads only what was known on its day (`known_at`), with the plan then in force.
    """
    moments = course_moments(workspace, until, weeks)
    points = [course_point(workspace, moment, horizon_days) for moment in moments]
    return {"schema": "tminus.course/1", "project": workspace.config.name, "points": points}


def course_moments(workspace: Workspace, until: datetime, weeks: int = 12) -> list[datetime]:
    """The ends of the weeks up to `until` in the team's zone, oldest first; none before the first observation."""
    seen, end = observations(workspace, until), until.astimezone(workspace.zone)
    if seen.empty:
        return [end]
    first = seen["observed_at"].min().to_pydatetime()
    return [end - WEEK * k for k in range(weeks, -1, -1) if end - WEEK * k >= first]


@consistent_read
def course_point(workspace: Workspace, moment: datetime, horizon_days: int = 730) -> CoursePoint:
    """The dates of GO as they were, or would have been, forecast at a moment."""
    moment = moment.astimezone(workspace.zone)
    shown = _kept_near(_kept_by_day(workspace), moment.date())
    plan = plan_at(plans_in_force(workspace), moment)
    if shown is not None:
        return _point(shown, moment, plan, is_kept=True)
    answer = _computed(workspace, observations(workspace, moment), plan, moment, horizon_days)
    return _point(answer, moment, plan, is_kept=False)


def _kept_by_day(workspace: Workspace) -> dict[date, GoAnswer]:
    import json

    from models.evaluation.track_record import first_of_day

    kept = workspace.warehouse.query("forecasts")
    rows = first_of_day(kept[kept["subject"] == "go"])
    return {row.origin.tz_convert(workspace.zone).date(): json.loads(row.answer) for row in rows}


def _kept_near(kept: Mapping[date, GoAnswer], day: date) -> GoAnswer | None:
    """The forecast shown on the day or within six days before it, the newest first."""
    days = (day - timedelta(days=back) for back in range(7))
    return next((kept[made] for made in days if made in kept), None)


def _computed(workspace: Workspace, seen: pd.DataFrame, plan: Plan, moment: datetime, horizon_days: int) -> GoAnswer:
    from app.steps.assess import assess_known
    from models.series.known_then import known_at

    known = known_at(seen, moment)
    made = forecast_from(assess_known(workspace, known, plan, moment), known, horizon_days)
    answer = crossing_answer(made.joint.go, moment.tzinfo)
    return {**answer, "outcome": made.joint.outcome, "promised": promised_answer(made.joint, plan, moment)}


def _point(answer: GoAnswer, moment: datetime, plan: Plan, *, is_kept: bool) -> CoursePoint:
    dates = answer["quantiles"]
    promised = answer.get("promised")  # forecasts kept by earlier versions have none
    return {
        "day": moment.date().isoformat(),
        "basis": "kept" if is_kept else "computed",
        "outcome": answer["outcome"],
        "p25": dates["p25"],
        "p50": dates["p50"],
        "p75": dates["p75"],
        "p80": dates["p80"],
        "promised": plan.promised.isoformat() if plan.promised else None,
        "promised_odds": promised["probability"] if promised else None,
    }


def gaps(points: Sequence[CoursePoint]) -> list[str]:
    """The days on which no date was given."""
    return [point["day"] for point in points if point["p50"] is None]
