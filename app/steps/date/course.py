"""The course of the date: the forecast of GO as it was, or would have been, made week by week."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from app.answers.forecast import crossing_answer, promised_answer
from app.answers.types.forecast import GoAnswer
from app.answers.types.meeting import CourseAnswer, CoursePoint
from app.steps.assess import observations, plan_at, plans_in_force
from app.steps.date.course_store import CourseStore, course_store
from app.steps.date.question import forecast_from
from app.workspace import WEEK, Workspace, consistent_read
from models.series.known_then import is_known_at, row_hashes

if TYPE_CHECKING:
    import pandas as pd

    from models.plan.plan import Plan

WEEKS = 12
HORIZON_DAYS = 730


class Course:
    """What the points of a course share: the observations, the plans and the kept forecasts, read once."""

    def __init__(self, workspace: Workspace, until: datetime) -> None:
        self._project, self._zone = workspace.config.name, workspace.zone
        self._until = until.astimezone(workspace.zone)
        self._seen = observations(workspace, until)
        self._plans = plans_in_force(workspace)
        self._kept = _kept_by_day(workspace)
        self._store: CourseStore = course_store(workspace)

    def moments(self, weeks: int = WEEKS) -> list[datetime]:
        """The ends of the weeks up to the end in the team's zone, oldest first; none before the first observation."""
        end = self._until
        if self._seen.empty:
            return [end]
        first = self._seen["observed_at"].min().to_pydatetime()
        return [end - WEEK * k for k in range(weeks, -1, -1) if end - WEEK * k >= first]

    def point(self, moment: datetime, horizon_days: int = HORIZON_DAYS) -> CoursePoint:
        """The dates of GO as they were, or would have been, forecast at a moment."""
        moment = moment.astimezone(self._zone)
        plan = plan_at(self._plans, moment)
        shown = _kept_near(self._kept, moment.date())
        if shown is not None:
            return _point(shown, moment, plan, is_kept=True)
        is_known = is_known_at(self._seen, moment)
        rows = f"{is_known.sum()} {int(self._hashes[is_known].sum())}"
        key = _key(rows, repr(plan), moment.isoformat(), str(horizon_days))
        found = self._store.find(key)
        if found is None:
            answer = _computed(self._project, self._seen[is_known], plan, moment, horizon_days)
            found = _point(answer, moment, plan, is_kept=False)
            self._store.keep(key, found)
        return found

    @cached_property
    def _hashes(self) -> np.ndarray[Any, Any]:
        return row_hashes(self._seen)


@consistent_read
def open_course(workspace: Workspace, until: datetime) -> Course:
    """Read what the points up to `until` need."""
    return Course(workspace, until)


def course(workspace: Workspace, until: datetime, weeks: int = WEEKS, horizon_days: int = HORIZON_DAYS) -> CourseAnswer:
    """The dates of GO at the end of each week up to `until`: kept where a forecast was shown, else computed.

    A computed point reads only what was known on its day (`known_at`), with the plan then in force.
    """
    opened = open_course(workspace, until)
    points = [opened.point(moment, horizon_days) for moment in opened.moments(weeks)]
    return {"schema": "tminus.course/1", "project": workspace.config.name, "points": points}


def _key(*parts: str) -> str:
    """Everything that a computed point depends on, the model's version with it."""
    from models.forecast import MODEL_VERSION

    return hashlib.sha256("\0".join([*parts, MODEL_VERSION]).encode()).hexdigest()[:32]


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


def _computed(project: str, known: pd.DataFrame, plan: Plan, moment: datetime, horizon_days: int) -> GoAnswer:
    from app.steps.assess import assess_known

    made = forecast_from(assess_known(project, known, plan, moment), known, horizon_days)
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
