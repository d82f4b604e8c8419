"""One series and one threshold: evidence enough? moving at all? then the odds by each day."""

from __future__ import annotations

import math

import pandas as pd

from models.arrays import Floats
from models.forecast.drivers import comparable_words, drivers_of, number, odds_words
from models.reference_class.predict import GRID, comparable, crossing_odds, staying_odds
from models.series.curve import CrossingForecast, Outcome, make_curve, refused
from models.series.history import MIN_OBSERVATIONS, MIN_SPAN_DAYS, Direction, Seen, see, stops_short

NEEDED_WITHIN_WEEKS = 26
PACE_WEEKS = 13
RECENT_DAYS = 182
SLIM = 0.10  # odds within the horizon below which no date is given, however well it moves
FAIR = 0.80  # odds within the horizon above which a history that stands still is given a date all the same


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

    Reads no row after `origin` (default: the last row). `baseline` is where the way began (default: the first value).
    Unit and offset of the metric do not matter, nor do repeated rows; only the last value of a day counts.
    """
    if direction not in ("higher", "lower"):
        raise ValueError(f"direction must be 'higher' or 'lower', not {direction!r}")
    if not math.isfinite(threshold) or horizon_days < 1:
        raise ValueError(
            f"need a finite threshold and a horizon of at least 1 day, not {threshold!r} and {horizon_days!r}"
        )
    seen = see(history, threshold=threshold, direction=direction, origin=origin, baseline=baseline)
    return crossing_of(seen, horizon_days=horizon_days, seed=seed)


def crossing_of(seen: Seen, *, horizon_days: int, seed: int) -> CrossingForecast:
    """`forecast_crossing` for a history that was cut and measured already."""
    if seen.count < MIN_OBSERVATIONS or seen.span < MIN_SPAN_DAYS:
        return refused(_thin(seen), seen.origin, horizon_days)
    days, odds = curve_of(seen, horizon_days, seed)
    outcome, because = _verdict(seen, float(odds[-1]), horizon_days)
    pace, needed = paces(seen)
    drivers = drivers_of(seen, pace, needed)
    if seen.holding_days < 0:
        drivers += (comparable_words(*comparable(seen)),)
    return CrossingForecast(outcome, because, seen.origin, horizon_days, days, odds, drivers, pace, needed)


def curve_of(seen: Seen, horizon_days: int, seed: int) -> tuple[Floats, Floats]:
    """Days and odds from day 0 to the horizon."""
    odds = staying_odds(seen) if seen.holding_days >= 0 else crossing_odds(seen, seed)
    return make_curve(GRID, odds, horizon_days)


def paces(seen: Seen) -> tuple[float, float]:
    """Metric units per week over the last 13 weeks, and those that would reach the threshold in 26."""
    days = min(7.0 * PACE_WEEKS, seen.span)
    pace = (seen.now - float(seen.at(-days))) * seen.way / (days / 7)
    return pace, max(0.0, 1 - seen.now) * seen.way / NEEDED_WITHIN_WEEKS


def _thin(seen: Seen) -> str:
    missing = max(0, MIN_OBSERVATIONS - seen.count)
    weeks = max(0, math.ceil((MIN_SPAN_DAYS - seen.span) / 7))
    wanted = [f"{missing} more observation{'s' * (missing != 1)}"] * bool(missing)
    wanted += [f"{weeks} more week{'s' * (weeks != 1)} of history"] * bool(weeks)
    have = f"{seen.count} observation{'s' * (seen.count != 1)} over {seen.span:.0f} days"
    return f"measure {' and '.join(wanted)}: {have} say too little about a pace"


def _verdict(seen: Seen, odds: float, horizon_days: int) -> tuple[Outcome, str]:
    """By rule (no net gain in half a year, nor in its latter half) and by odds: either refuses a date."""
    if seen.holding_days >= 0:
        return "dated", f"it stands at the threshold already, for {seen.holding_days:.0f} days; it can still fall back"
    window = min(RECENT_DAYS, seen.span)
    # A turn for the better counts from the turn: a quarter of steady gains is a pace, whatever went before it.
    gain = max(seen.now - float(seen.at(-days)) for days in (window, window / 2))
    within = f"{odds_words(odds)} within {horizon_days / 30.4:.0f} months"
    if gain <= 1e-9 and odds < FAIR:
        moved = "has not moved" if abs(gain) <= 1e-9 else f"went {number(abs(gain * seen.way))} the wrong way"
        return "not_at_this_rate", f"it {moved} in the last {window / 7:.0f} weeks: {within}"
    if stops_short(seen) and odds < FAIR:
        return "not_at_this_rate", f"it has stopped just below the threshold: {within}"
    if odds < SLIM:
        return "not_at_this_rate", f"too much is left for the pace seen: {within}"
    return "dated", f"it moves toward the threshold: {within}"
