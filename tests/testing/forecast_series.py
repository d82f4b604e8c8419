"""Histories of every kind that the forecast documentation promises an answer for."""

from __future__ import annotations

import numpy as np
import pandas as pd

START = pd.Timestamp("2025-01-01", tz="UTC")
THRESHOLD = 10.0


def weekly(values: list[float]) -> pd.Series:
    """One value a week."""
    return pd.Series(values, index=pd.date_range(START, periods=len(values), freq="7D"), dtype=float)


def kinds() -> dict[str, pd.Series]:
    """Kind of series, as named in docs/forecast.md -> a burn-down toward 10."""
    weeks = range(40)
    return {
        "steady": weekly([100.0 - 2 * week for week in weeks]),
        "flat": weekly([100.0] * 40),
        "falling": weekly([100.0 + week for week in weeks]),
        "three points": weekly([100.0, 90.0, 80.0]),
        "a burst of one day": pd.Series(
            np.linspace(100, 80, 30), index=pd.date_range(START, periods=30, freq="20min"), dtype=float
        ),
        "single jump": weekly([100.0 if week < 30 else 40.0 for week in weeks]),
        "saw-tooth": weekly([60.0 + 20 * (week % 8) / 8 for week in weeks]),
        "already there": weekly([100.0 - 3 * week if week < 30 else 8.0 for week in weeks]),
        "just arrived": weekly([100.0 - 2 * week for week in range(39)] + [9.0]),
        "oscillating": weekly([12.0 if week % 2 == 0 else 9.0 for week in range(39)]),
        "stalled at 95%": weekly([max(14.5, 100.0 - 5 * week) for week in weeks]),
        "deadline sprint": weekly([100.0 - 0.5 * week if week < 34 else 83.0 - 10 * (week - 33) for week in weeks]),
        "weeks missing": weekly([100.0 - 2 * week for week in weeks]).drop(
            pd.date_range(START, periods=40, freq="7D")[[*range(8, 14), *range(22, 31)]]
        ),
        "stopped just below": weekly([max(12.0, 100.0 - 8 * week) for week in weeks]),
    }
