"""The questions about the date: what a forecast is asked, what-if, goal, slip, claimed timelines, track record.

Frames and assessments in, models' answers out; app/steps/assess.py fetches the frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.answers import forecast as answers_forecast
from app.answers.asked import Asked
from app.steps import what_if as imagining
from app.steps.assess import observations, plans_in_force
from app.steps.forecast_question import Forecasted, forecasted
from app.steps.kept_forecasts import is_timely, keep_forecast
from app.steps.slip import slip
from app.steps.timelines import timelines
from app.workspace import Workspace, from_one_state

if TYPE_CHECKING:
    import pandas as pd

    from models.forecast import JointForecast
    from models.plan.plan import Plan


def day_after(at: datetime, day: date) -> int:
    """How many days after the team's day of `at` a day is."""
    return (day - at.date()).days


def goal_of(joint: JointForecast, at: datetime, by: date, odds: float) -> Any:
    """The cheapest pace changes for GO by a day of the team."""
    import pandas as pd

    from models.forecast.what_if import goal_seek

    return goal_seek(joint, joint.origin + pd.Timedelta(days=day_after(at, by)), odds)


def score_kept(
    kept: pd.DataFrame, now: Forecasted, seen: pd.DataFrame, plans: Sequence[tuple[datetime, Plan]]
) -> dict[str, Any]:
    """How this project's kept forecasts came out: of GO, of readiness, and of each criterion."""
    from models.evaluation.track_record import criterion_course, score_shown, verdict_courses

    courses = {}
    if len(kept):
        at, first = now.found.at, kept["origin"].min().to_pydatetime()
        courses = {part.id: criterion_course(part, at) for part in now.question.parts}
        courses |= verdict_courses(seen, plans, first, at)
    return score_shown(kept, courses, now.found.at)


def reference_record() -> dict[str, Any]:
    """How the method and its rivals did on other projects' efforts."""
    from models.reference_class.predict import scores

    names = ("brier", "calibration_error", "coverage_80", "cases", "crossings")
    return {method: {name: score[name] for name in names} for method, score in scores().items()}


def forecast(
    workspace: Workspace, at: datetime, horizon_days: int = 730, *, keep: bool = True, asked: Asked | None = None
) -> dict[str, Any]:
    """The answer of `tminus forecast`, and of what was asked beside it; kept, to be scored when its day comes."""
    now = forecasted(workspace, at, horizon_days)
    answer = forecast_of(workspace, now)
    answer["timelines"] = timelines(workspace, at)
    answer |= asides(workspace, now, asked) if asked else {}
    if keep and is_timely(workspace, at):
        keep_forecast(workspace, answer)
    return answer


@from_one_state
def forecast_of(workspace: Workspace, now: Forecasted) -> dict[str, Any]:
    """The plain answer: the joint event, its parts, and the track record."""
    found = now.found
    record = {"own": own_record(workspace, now), "reference": reference_record()}
    answer = answers_forecast.forecast_answer(now.joint, found.plan, record, found.at.tzinfo)
    return {**answer, "project": found.project, "simulated": found.has_simulated}


def asides(workspace: Workspace, now: Forecasted, asked: Asked) -> dict[str, Any]:
    """What-if, goal and slip, as far as they were asked; a goal is sought under what is imagined."""
    told: dict[str, Any] = {}
    joint, found = now.joint, now.found
    if asked.imagined:
        joint = imagining.imagine(asked.imagined, now)
        zone = found.at.tzinfo
        told["what_if"] = answers_forecast.what_if_answer(now.joint, joint, asked.imagined, found.plan, zone)
    if asked.goal:
        by, odds = asked.goal.by, asked.goal.odds
        titles = {c.id: c.title for c in found.plan.criteria}
        told["goal"] = answers_forecast.goal_answer(goal_of(joint, found.at, by, odds), by, titles)
    if asked.since:
        told["slip"] = slip(workspace, now, asked.since)
    return told


def levers(now: Forecasted) -> list[str]:
    """The criteria whose pace can be imagined otherwise to some effect: those that do not hold yet."""
    from models.forecast.what_if import open_criteria

    return list(open_criteria(now.joint))


def own_record(workspace: Workspace, now: Forecasted) -> dict[str, Any]:
    """How this project's kept forecasts came out up to now."""
    kept = workspace.warehouse.query("forecasts")
    kept = kept[kept["origin"] < now.joint.origin]
    seen = observations(workspace, now.found.at) if len(kept) else kept
    return score_kept(kept, now, seen, plans_in_force(workspace))
