"""A series, a threshold and an origin -> the date of the crossing with its odds, or a stated refusal."""

from __future__ import annotations

from models.forecast.crossing import forecast_crossing
from models.forecast.joint import CriterionHistory, JointForecast, forecast_readiness
from models.series.curve import HOLD_DAYS, CrossingForecast, Outcome
from models.series.history import Direction

# Stored with every forecast that was shown: scores are kept apart by the version that made it.
MODEL_VERSION = "reference-3"

__all__ = [
    "HOLD_DAYS",
    "MODEL_VERSION",
    "CriterionHistory",
    "CrossingForecast",
    "Direction",
    "JointForecast",
    "Outcome",
    "forecast_crossing",
    "forecast_readiness",
]
