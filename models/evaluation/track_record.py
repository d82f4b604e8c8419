"""How forecasts that were shown came out: their dates and odds, scored when their days come."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.forecast import MODEL_VERSION
from models.forecast.joint import CriterionHistory
from models.plan.plan import Plan
from models.readiness.decision import decide
from models.readiness.readings import History, as_moment, plan_keys
from models.readiness.score import first_values, plan_in_force, score_readings
from models.series.history import first_crossing, progress_of, utc

# The dates that forecasts are held to, by their odds.
DATES = {"p50": 0.5, "p80": 0.8}
# A forecast of a day that was over when it was made is no forecast.
HINDSIGHT = pd.Timedelta(days=1)
MOST_MOMENTS = 180
DAY = pd.Timedelta(days=1)


class Course(NamedTuple):
    """Whether something held, day by day: days are numbers since the epoch."""

    days: Floats
    holds: Floats  # 1 or more: it holds


# What the days of a subject's forecasts are compared with: subject -> its course.
Courses = Mapping[str, Course]


def score_shown(kept: pd.DataFrame, courses: Courses, until: datetime, model: str = MODEL_VERSION) -> dict[str, Any]:
    """The track record of forecasts that were shown; only days that have come are scored.

    `kept` has subject, origin, made_at, answer (JSON) and model. Of several forecasts of one day and subject the first
    counts, so that nobody makes a day weigh more by asking often. The figures are those of `model`; the forecasts
    of other versions are scored apart, under `earlier`: one row a version.
    """
    version = kept["model"] if "model" in kept else pd.Series(model, index=kept.index)
    others = sorted(set(version) - {model})
    earlier = [{"model": name, **_scores_of(kept[version == name], courses, until)} for name in others]
    return {**_scores_of(kept[version == model], courses, until), "model": model, "earlier": earlier}


def _scores_of(kept: pd.DataFrame, courses: Courses, until: datetime) -> dict[str, Any]:
    moment = utc(pd.Timestamp(until))
    rows = first_of_day(kept)
    due = [point for row in rows for point in _due(row, courses, moment)]
    given = [date for row in rows for date in _dates(row, courses, moment)]
    misses = [point.probability - point.happened for point in due]
    return {
        "forecasts_kept": len(rows),
        "scored": len({(point.subject, point.origin) for point in due}),
        "days_scored": len(due),
        "brier": float(np.mean(np.square(misses))) if due else None,
        "too_sure_by": float(np.mean(misses)) if due else None,  # above 0: promised more than came
        "dates": [_dates_of(level, who, given) for who in ("go", "criteria") for level in DATES.values()],
    }


def first_of_day(kept: pd.DataFrame) -> list[Any]:
    """The forecasts that count, oldest first: made on the day they speak of, the first of a day and subject."""
    if kept.empty:
        return []
    timely = kept[kept["made_at"] - kept["origin"] <= HINDSIGHT]
    day = timely["origin"].dt.floor("D")
    first = timely.assign(day=day).sort_values(["origin", "made_at"]).drop_duplicates(["day", "subject"])
    return list(first.itertuples(index=False))


class _ScoredOdds(NamedTuple):
    subject: str
    origin: pd.Timestamp
    probability: float
    happened: float


class _Date(NamedTuple):
    subject: str
    level: float
    is_due: bool
    came: bool


def _due(row: Any, courses: Courses, moment: pd.Timestamp) -> Iterator[_ScoredOdds]:
    """Odds whose day has come, and what came."""
    if row.subject not in courses:
        return
    crossing = crossing_after(courses[row.subject], row.origin)
    for odds in json.loads(row.answer).get("probability_by", []):
        day = pd.Timestamp(odds["date"], tz="UTC") + DAY
        if day <= moment and math.isfinite(odds["probability"]):
            happened = float(crossing <= _number(day))
            yield _ScoredOdds(row.subject, row.origin, float(odds["probability"]), happened)


def _dates(row: Any, courses: Courses, moment: pd.Timestamp) -> Iterator[_Date]:
    """The dates that a forecast gave; what held on its day already was given none."""
    if row.subject not in courses:
        return
    crossing = crossing_after(courses[row.subject], row.origin)
    quantiles = json.loads(row.answer).get("quantiles", {})
    for key, level in DATES.items():
        day = pd.Timestamp(quantiles[key], tz="UTC") if quantiles.get(key) else None
        if day is not None and day.date() > row.origin.date():
            yield _Date(row.subject, level, day + DAY <= moment, crossing <= _number(day + DAY))


def _dates_of(level: float, who: str, given: Sequence[_Date]) -> dict[str, Any]:
    mine = [date for date in given if date.level == level and (date.subject == "go") == (who == "go")]
    mine = [date for date in mine if date.subject != "readiness"]
    due = [date for date in mine if date.is_due]
    return {"of": who, "level": level, "given": len(mine), "due": len(due), "came": sum(date.came for date in due)}


def crossing_after(course: Course, origin: datetime) -> float:
    """The first day at or after `origin` from which it held for 28 days, or to the end of what is known; else inf."""
    start = _number(utc(pd.Timestamp(origin)))
    known = np.searchsorted(course.days, start, side="right")
    days = np.maximum(course.days[max(known - 1, 0) :], start)
    return first_crossing(days, course.holds[max(known - 1, 0) :])


def _number(moment: pd.Timestamp) -> float:
    return float((moment - pd.Timestamp(0, tz="UTC")) / DAY)


def criterion_course(part: CriterionHistory, until: datetime) -> Course:
    """Whether a criterion's own threshold was met, by its measured days."""
    seen = progress_of(
        part.history,
        threshold=part.threshold,
        direction=part.direction,
        origin=pd.Timestamp(until),
        baseline=part.baseline,
    )
    return Course(seen.days + math.floor(_number(seen.origin)), seen.progress)


def verdict_courses(
    observations: pd.DataFrame, plans: Sequence[tuple[datetime, Plan]], since: datetime, until: datetime
) -> dict[str, Course]:
    """Whether GO and readiness held, under the plan then in force: the events that the joint forecast is about.

    A day apart, and further over a long time (never more than MOST_MOMENTS moments).
    """
    moments = _moments(since, until)
    plan_at = [plan_in_force(plans, at) for at in moments]
    distinct = {id(plan): plan for plan in plan_at}
    history = History(observations, plan_keys(distinct.values()))
    baselines = {name: first_values(history, plan) for name, plan in distinct.items()}
    columns = history.at(moments)
    held = np.zeros((len(moments), 2))
    for k, (at, plan) in enumerate(zip(moments, plan_at, strict=True)):
        readings = {key: found for key, column in columns.items() if (found := column[k]) is not None}
        readiness = score_readings(readings, plan, at, baselines[id(plan)])
        held[k] = decide(readiness, plan).rules_hold, readiness.value >= plan.target
    days = np.array([_number(at) for at in moments])
    return {"go": Course(days, held[:, 0]), "readiness": Course(days, held[:, 1])}


def _moments(since: datetime, until: datetime) -> pd.DatetimeIndex:
    first, last = as_moment(since), as_moment(until)
    apart = max(1, math.ceil((last - first) / DAY / MOST_MOMENTS))
    steps = pd.date_range(first, last, freq=f"{apart}D", tz="UTC")
    return steps if len(steps) and steps[-1] == last else pd.DatetimeIndex([*steps, last])
