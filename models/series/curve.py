"""The result of a forecast: the odds of a crossing by each day, the dates that follow, or a refusal with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.reasons.forecast import DriverReason, ForecastReason

Outcome = Literal["dated", "holds", "not_at_this_rate", "not_enough_evidence"]
DATED: tuple[Outcome, ...] = ("dated", "holds")

# A history of a few months cannot separate 99.5% from certainty, so a forecast does not either.
SUREST = 0.995
UNLIKELIEST = 0.005
# The event: reaches the threshold and stays there this long (or to the end of what is known).
HOLD_DAYS = 28


@dataclass(frozen=True, eq=False)
class CrossingForecast:
    """Odds of reaching a threshold and staying there, seen from `origin`.

    `days` and `odds` are the curve: P(crossed within days); between two of its points the hazard is constant. One
    whose outcome is neither "dated" nor "holds" keeps its curve (nan throughout where evidence is missing) but never
    gives a date. "holds": the event is there at the origin, and the odds of day 0 are those that it stays.
    """

    outcome: Outcome
    because: ForecastReason
    origin: pd.Timestamp
    horizon_days: int
    days: Floats = field(repr=False)
    odds: Floats = field(repr=False)
    drivers: tuple[DriverReason, ...] = ()
    pace_seen: float = math.nan  # metric units per week over the last 13 weeks, in the metric's own sign
    pace_needed: float = math.nan  # metric units per week that reach the threshold in 26 weeks

    @overload
    def probability_by(self, days: float) -> float: ...
    @overload
    def probability_by(self, days: npt.ArrayLike) -> Floats: ...
    def probability_by(self, days: npt.ArrayLike) -> float | Floats:
        """P(crossed within `days` of the origin); past the horizon: the odds at the horizon, a lower bound."""
        asked = np.asarray(days, dtype=np.float64)
        found = np.exp(np.interp(asked, self.days, np.log1p(-self.odds)))
        clipped = np.clip(1 - found, UNLIKELIEST, SUREST)
        return float(clipped) if asked.ndim == 0 else clipped

    def quantile(self, p: float) -> float:
        """Days after the origin by which the odds reach `p`; infinite beyond the horizon and for every refusal."""
        if self.outcome not in DATED or not p <= self.odds[-1]:
            return math.inf
        k = int(np.searchsorted(self.odds, p))
        if k == 0:
            return float(self.days[0])
        survival = np.log1p(-self.odds[k - 1 : k + 1])
        share = (survival[0] - math.log1p(-p)) / (survival[0] - survival[1])
        return float(self.days[k - 1] + share * (self.days[k] - self.days[k - 1]))

    def interval(self, level: float) -> tuple[float, float]:
        """The central prediction interval in days after the origin: `interval(0.8)` is 10% to 90%."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def date(self, p: float) -> pd.Timestamp | None:
        """The day by which the odds reach `p`, or None beyond the horizon."""
        days = self.quantile(p)
        return None if math.isinf(days) else self.origin + pd.Timedelta(days=math.ceil(days))

    def with_drivers(self, *more: DriverReason) -> CrossingForecast:
        """The same forecast with more drivers."""
        return replace(self, drivers=(*self.drivers, *more))


def make_curve(days: npt.ArrayLike, odds: npt.ArrayLike, horizon_days: int) -> tuple[Floats, Floats]:
    """A curve from day 0 to exactly the horizon: cut or carried on at its last hazard; never falling or certain."""
    grid, raw = np.asarray(days, np.float64), np.asarray(odds, np.float64)
    if grid[0] > 0:
        grid, raw = np.r_[0.0, grid], np.r_[0.0, raw]
    log_survival = np.log1p(-np.clip(np.maximum.accumulate(raw), 0.0, SUREST))
    last_hazard = (log_survival[-1] - log_survival[-2]) / (grid[-1] - grid[-2])
    at_horizon = np.interp(horizon_days, grid, log_survival)
    if horizon_days > grid[-1]:
        at_horizon = log_survival[-1] + last_hazard * (horizon_days - grid[-1])
    inside = grid < horizon_days
    survival = np.exp(np.r_[log_survival[inside], at_horizon])
    return np.r_[grid[inside], float(horizon_days)], np.clip(1 - survival, UNLIKELIEST, SUREST)


def refused(because: ForecastReason, origin: pd.Timestamp, horizon_days: int) -> CrossingForecast:
    """A refusal: too little evidence, so neither odds (nan) nor a date."""
    days = np.array([0.0, float(horizon_days)])
    return CrossingForecast("not_enough_evidence", because, origin, horizon_days, days, np.full(2, math.nan))


# Today, then evenly over log-days from one week to two years.
GRID: Floats = np.concatenate([[0.0], np.geomspace(7.0, 728.0, 24)])
