"""How the forecasts of GO compare with the day on which it was deployed."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from statistics import median
from typing import Any, TypedDict

import pandas as pd

from models.evaluation.track_record import first_of_day
from models.series.history import utc

LEVELS = {"p50": 0.5, "p80": 0.8}


class DeploymentScore(TypedDict):
    """`median_error_days` is the 50% date minus the day of the deployment: above 0 the forecasts were too late."""

    deployed_on: str  # ISO day
    forecasts: int  # of GO, made before that day
    dated: int  # of them with a 50% date
    median_error_days: float | None
    came_by: dict[str, float | None]  # by level: the share of dates by which it was deployed


def score_deployment(kept: pd.DataFrame, deployed_at: datetime, day: date) -> DeploymentScore:
    """Score the kept forecasts of GO (subject, origin, made_at, answer as JSON) that were made before the deployment.

    `day` is the day of the deployment in the zone of the team. Of several forecasts of one day the first counts.
    """
    before = kept[(kept["subject"] == "go") & (kept["origin"] < utc(pd.Timestamp(deployed_at)))]
    answers = [json.loads(row.answer) for row in first_of_day(before)]
    dates = {level: [found for a in answers if (found := _day(a, level)) is not None] for level in LEVELS}
    errors = [(found - day).days for found in dates["p50"]]
    return {
        "deployed_on": day.isoformat(),
        "forecasts": len(answers),
        "dated": len(errors),
        "median_error_days": float(median(errors)) if errors else None,
        "came_by": {level: _share(dates[level], day) for level in LEVELS},
    }


def _day(answer: Any, level: str) -> date | None:
    text = (answer.get("quantiles") or {}).get(level)
    return date.fromisoformat(str(text)[:10]) if text else None


def _share(dates: list[date], day: date) -> float | None:
    share = sum(day <= found for found in dates) / len(dates) if dates else math.nan
    return None if math.isnan(share) else share
