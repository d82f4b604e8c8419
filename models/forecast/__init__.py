"""A series, a threshold and an origin -> the date of the crossing with its odds, or a stated refusal.

>>> import pandas as pd
>>> from models.forecast import forecast_crossing
>>> weeks = pd.date_range("2026-01-01", periods=30, freq="7D", tz="UTC")
>>> open_markers = pd.Series([300.0 - 8 * week for week in range(30)], index=weeks)
>>> forecast = forecast_crossing(open_markers, threshold=20, direction="lower")
>>> forecast.outcome, float(round(forecast.pace_seen, 3))  # markers a week
('dated', -8.0)

Two measurements are too few for a date, and the refusal has a reason:

>>> refused = forecast_crossing(open_markers[:2], threshold=20, direction="lower")
>>> refused.outcome, bool(refused.because)
('not_enough_evidence', True)
"""

from __future__ import annotations

from models.forecast.crossing import forecast_crossing
from models.forecast.joint import CriterionHistory, JointForecast, forecast_readiness
from models.series.curve import HOLD_DAYS, CrossingForecast, Outcome
from models.series.history import Direction

# Stored with every forecast that was shown: scores are kept apart by the version that made it.
MODEL_VERSION = "reference-4"

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
