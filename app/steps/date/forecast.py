"""The questions about the date: what a forecast is asked, what-if, goal, slip, claimed timelines, track record.

Frames and assessments in, models' answers out; app/steps/assess.py fetches the frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from app.answers import forecast as answers_forecast
from app.answers.asked import Asked
from app.answers.types.forecast import (
    AsidesAnswer,
    ForecastAnswer,
    JointForecastAnswer,
    MethodRecord,
    OwnRecord,
    TrackRecord,
)
from app.steps.assess import assess, observations, plans_in_force
from app.steps.date.kept import is_timely, keep_forecast
from app.steps.date.question import Forecasted, forecasted
from app.steps.date.slip import slip
from app.steps.date.timelines import timelines
from app.steps.date.what_if import forecast_under
from app.workspace import Workspace, consistent_read, parse_as_of
from ingest.warehouse.database import WarehouseError

if TYPE_CHECKING:
    import pandas as pd

    from models.forecast import JointForecast
    from models.forecast.what_if import GoalPlan
    from models.plan.plan import Plan


def day_after(at: datetime, day: date) -> int:
    """How many days after the team's day of `at` a day is."""
    return (day - at.date()).days


def goal_of(joint: JointForecast, at: datetime, by: date, odds: float) -> GoalPlan:
    """The cheapest pace changes for GO by a day of the team."""
    import pandas as pd

    from models.forecast.what_if import goal_seek

    return goal_seek(joint, joint.origin + pd.Timedelta(days=day_after(at, by)), odds)


def score_kept(
    kept: pd.DataFrame, now: Forecasted, seen: pd.DataFrame, plans: Sequence[tuple[datetime, Plan]]
) -> OwnRecord:
    """How this project's kept forecasts came out: of GO, of readiness, and of each criterion."""
    from models.evaluation.track_record import criterion_course, score_shown, verdict_courses

    courses = {}
    if len(kept):
        at, first = now.assessment.at, kept["origin"].min().to_pydatetime()
        courses = {part.id: criterion_course(part, at) for part in now.question.parts}
        courses |= verdict_courses(seen, plans, first, at)
    return cast(OwnRecord, score_shown(kept, courses, now.assessment.at))


def reference_record() -> dict[str, MethodRecord]:
    """How the method and its baselines did on other projects' efforts."""
    from models.reference_class.predict import scores

    return {
        method: {
            "brier": score["brier"],
            "calibration_error": score["calibration_error"],
            "coverage_80": score["coverage_80"],
            "cases": score["cases"],
            "crossings": score["crossings"],
        }
        for method, score in scores().items()
    }


def forecast(
    workspace: Workspace, at: datetime, horizon_days: int = 730, *, keep: bool = True, asked: Asked | None = None
) -> ForecastAnswer:
    """The answer of `tminus forecast`, and of what was asked beside it; kept, to be scored when its day comes.

    Where the warehouse cannot be written (read-only, or locked for long), the answer says that it is not kept.
    """
    answer = _answered(workspace, at, horizon_days, asked)
    if keep and is_timely(workspace, at):
        try:
            keep_forecast(workspace, answer)
        except WarehouseError as problem:
            answer["not_kept"] = str(problem)
    return answer


@consistent_read
def _answered(workspace: Workspace, at: datetime, horizon_days: int, asked: Asked | None) -> ForecastAnswer:
    now = forecasted(workspace, at, horizon_days)
    beside = asides(workspace, now, asked) if asked else AsidesAnswer()
    return {**forecast_of(workspace, now), "timelines": timelines(workspace, at), **beside}


@consistent_read
def forecast_of(workspace: Workspace, now: Forecasted) -> JointForecastAnswer:
    """The plain answer: the joint event, its parts, and the track record."""
    record: TrackRecord = {"own": own_record(workspace, now), "reference": reference_record()}
    held = _held_when_promised(workspace, now)
    return answers_forecast.forecast_answer(now.joint, now.assessment, record, held=held)


def _held_when_promised(workspace: Workspace, now: Forecasted) -> bool | None:
    """Whether GO held at the end of the promised day; None where none is promised or it has not passed."""
    promised, at = now.assessment.plan.promised, now.assessment.at
    if promised is None or promised >= at.astimezone(workspace.zone).date():
        return None
    then = assess(workspace, parse_as_of(workspace, promised.isoformat()))
    if math.isnan(then.readiness.value):
        return None
    return then.decision.rules_hold and then.readiness.value >= then.plan.target


def asides(workspace: Workspace, now: Forecasted, asked: Asked) -> AsidesAnswer:
    """What-if, goal and slip, as far as they were asked; a goal is sought under the scenario."""
    answer = AsidesAnswer()
    joint, assessment = now.joint, now.assessment
    if asked.scenario:
        joint = forecast_under(asked.scenario, now)
        zone = assessment.at.tzinfo
        answer["what_if"] = answers_forecast.what_if_answer(now.joint, joint, asked.scenario, assessment.plan, zone)
    if asked.goal:
        by, odds = asked.goal.by, asked.goal.odds
        answer["goal"] = answers_forecast.goal_answer(goal_of(joint, assessment.at, by, odds), by, assessment.plan)
    if asked.since:
        answer["slip"] = slip(workspace, now, asked.since)
    return answer


def levers(now: Forecasted) -> list[str]:
    """The criteria whose pace a scenario can change with an effect: those that do not hold yet."""
    from models.forecast.what_if import open_criteria

    return list(open_criteria(now.joint))


def own_record(workspace: Workspace, now: Forecasted) -> OwnRecord:
    """How this project's kept forecasts came out up to now."""
    kept = workspace.warehouse.query("forecasts")
    kept = kept[kept["origin"] < now.joint.origin]
    seen = observations(workspace, now.assessment.at) if len(kept) else kept
    record = score_kept(kept, now, seen, plans_in_force(workspace))
    if (deployed_at := _first_to_users(workspace, now.assessment.at)) is not None:
        from models.evaluation.deployment_record import score_deployment

        day = deployed_at.astimezone(workspace.zone).date()
        record["deployment"] = score_deployment(kept, deployed_at, day)
    return record


def _first_to_users(workspace: Workspace, at: datetime) -> datetime | None:
    """When it was first deployed to users: to a stage that has some, or with no stages at all."""
    from app.steps.production.state import deployments_until

    without_users = {stage.id for stage in workspace.plan.stages if stage.users == 0}
    events = (e for e in deployments_until(workspace, at) if e.kind == "deploy" and e.stage not in without_users)
    return next((event.at for event in events), None)
