"""One series and one threshold: is there enough evidence, does it move, and the odds by each day."""

from __future__ import annotations

import math

import pandas as pd

from models.arrays import Floats
from models.forecast.drivers import NEEDED_WITHIN_WEEKS, PACE_WEEKS, comparable_of, drivers_of
from models.reasons.forecast import (
    Approaching,
    AtThreshold,
    CrossingReason,
    NoProgress,
    StoppedShort,
    TooFar,
    TooLittleHistory,
)
from models.reference_class.predict import GRID, comparable, crossing_odds, staying_odds
from models.series.curve import CrossingForecast, Outcome, make_curve, refused
from models.series.history import MIN_OBSERVATIONS, MIN_SPAN_DAYS, Direction, ProgressHistory, progress_of, stops_short

RECENT_DAYS = 182
SLIM = 0.10  # odds within the horizon below which no date is given, however well it moves
FAIR = 0.80  # odds within the horizon above which a history that does not move still gets a date


def forecast_crossing(
    history: pd.Series,
    *,
    threshold: float,
    direction: Direction,
    origin: pd.Timestamp | None = None,
    horizon_days: int = 730,
    baseline: float | None = None,
    seed: int = 0,
) -> CrossingForecast:
    """When does `history` reach `threshold` and stay there for 28 days (or to the end of what is known)?

    Reads no row after `origin` (default: the last row). `baseline` is where progress starts (default: first value).
    Unit and offset of the metric do not matter, nor do repeated rows; only the last value of a day counts.
    """
    if direction not in ("higher", "lower"):
        raise ValueError(f"direction must be 'higher' or 'lower', not {direction!r}")
    if not math.isfinite(threshold) or horizon_days < 1:
        raise ValueError(
            f"need a finite threshold and a horizon of at least 1 day, not {threshold!r} and {horizon_days!r}"
        )
    seen = progress_of(history, threshold=threshold, direction=direction, origin=origin, baseline=baseline)
    return crossing_of(seen, horizon_days=horizon_days, seed=seed)


def crossing_of(seen: ProgressHistory, *, horizon_days: int, seed: int) -> CrossingForecast:
    """`forecast_crossing` for a history that is already cut and expressed as progress."""
    if seen.count < MIN_OBSERVATIONS or seen.span < MIN_SPAN_DAYS:
        return refused(_thin(seen), seen.origin, horizon_days)
    days, odds = curve_of(seen, horizon_days, seed)
    outcome, because = _verdict(seen, float(odds[-1]), horizon_days)
    pace, needed = paces(seen)
    drivers = drivers_of(seen, pace, needed)
    if seen.holding_days < 0:
        drivers += (comparable_of(*comparable(seen)),)
    return CrossingForecast(outcome, because, seen.origin, horizon_days, days, odds, drivers, pace, needed)


def curve_of(seen: ProgressHistory, horizon_days: int, seed: int) -> tuple[Floats, Floats]:
    """Days and odds from day 0 to the horizon."""
    odds = staying_odds(seen) if seen.holding_days >= 0 else crossing_odds(seen, seed)
    return make_curve(GRID, odds, horizon_days)


def paces(seen: ProgressHistory) -> tuple[float, float]:
    """Metric units per week over the last 13 weeks, and those that would reach the threshold in 26."""
    days = min(7.0 * PACE_WEEKS, seen.span)
    pace = (seen.now - float(seen.at(-days))) * seen.distance / (days / 7)
    return pace, max(0.0, 1 - seen.now) * seen.distance / NEEDED_WITHIN_WEEKS


def _thin(seen: ProgressHistory) -> TooLittleHistory:
    return TooLittleHistory(
        observations=seen.count,
        span_days=seen.span,
        missing_observations=max(0, MIN_OBSERVATIONS - seen.count),
        missing_weeks=max(0, math.ceil((MIN_SPAN_DAYS - seen.span) / 7)),
    )


def _verdict(seen: ProgressHistory, odds: float, horizon_days: int) -> tuple[Outcome, CrossingReason]:
    """By rule (no net gain in half a year, nor in its latter half) and by odds: either refuses a date."""
    if seen.holding_days >= 0:
        return "dated", AtThreshold(seen.holding_days)
    window = min(RECENT_DAYS, seen.span)
    # A turn for the better counts from the turn: a quarter of steady gains is a pace, whatever went before it.
    gain = max(seen.now - float(seen.at(-days)) for days in (window, window / 2))
    if gain <= 1e-9 and odds < FAIR:
        lost = 0.0 if abs(gain) <= 1e-9 else abs(gain * seen.distance)
        return "not_at_this_rate", NoProgress(lost, window / 7, odds, horizon_days)
    if stops_short(seen) and odds < FAIR:
        return "not_at_this_rate", StoppedShort(odds, horizon_days)
    if odds < SLIM:
        return "not_at_this_rate", TooFar(odds, horizon_days)
    return "dated", Approaching(odds, horizon_days)
