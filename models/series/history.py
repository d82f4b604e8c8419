"""A history as the forecaster sees it: nothing after the origin, one value a day, progress instead of units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.series.curve import HOLD_DAYS

Direction = Literal["higher", "lower"]
DAY = np.timedelta64(1, "D")
MIN_OBSERVATIONS = 6
MIN_SPAN_DAYS = 28


@dataclass(frozen=True, eq=False)
class ProgressHistory:
    """Days up to the origin (0 = its own day, negative = earlier); progress: 0 at the baseline, 1 at the threshold."""

    days: Floats
    progress: Floats
    origin: pd.Timestamp
    distance: float  # threshold - baseline in metric units, signed; progress 1 is the whole of it
    threshold: float

    @property
    def count(self) -> int:
        return len(self.days)

    @property
    def span(self) -> float:
        """Days from the first observation to the origin."""
        return abs(float(self.days[0])) if self.count else 0.0

    @property
    def now(self) -> float:
        return float(self.progress[-1])

    @property
    def holding_days(self) -> float:
        """For how long progress has stood at 1 or more without a break; -1 when it does not stand there now."""
        below = np.flatnonzero(self.progress < 1)
        if len(below) == self.count or not len(below):
            return self.span if not len(below) else -1.0
        if below[-1] == self.count - 1:
            return -1.0
        return float(abs(self.days[below[-1] + 1]))

    @cached_property
    def weekly(self) -> Floats:
        """Progress at the origin, a week before it, and so on back to the first observation, in order of time.

        Each entry is the last value known then: nothing is interpolated.
        """
        weeks = int(self.span // 7)
        return self.at(-7.0 * np.arange(weeks, -1, -1))

    def at(self, days: npt.ArrayLike) -> Floats:
        """The last progress known at `days` (before the first observation: the first)."""
        where = np.searchsorted(self.days, np.asarray(days, np.float64), side="right") - 1
        return np.asarray(self.progress[np.maximum(where, 0)], np.float64)


def progress_of(
    history: pd.Series, *, threshold: float, direction: Direction, origin: pd.Timestamp | None, baseline: float | None
) -> ProgressHistory:
    """Cut at the origin, drop unknown values, keep the last value of each day, and measure it all as progress."""
    known = history.dropna().sort_index(kind="stable")
    index = utc_index(known.index)
    moment = utc(origin) if origin is not None else (index[-1] if len(index) else pd.Timestamp(0, tz="UTC"))
    values = known.to_numpy(np.float64)[index <= moment]
    index = index[index <= moment]
    day = np.asarray(index.tz_localize(None).to_numpy().astype("datetime64[D]"))
    last_of_day = np.r_[day[1:] != day[:-1], True][: len(day)]
    today = moment.tz_localize(None).to_datetime64().astype("datetime64[D]")
    days = (day[last_of_day] - today) / DAY
    start = values[0] if baseline is None and len(values) else baseline
    distance, at_start = _distance(values, threshold, direction, start)
    # Rounded far below any figure that is measured, so that a change of unit leaves exactly the same progress.
    progress = np.round((values[last_of_day] - at_start) / distance, 10)
    return ProgressHistory(days.astype(np.float64), progress, moment, distance, threshold)


def _distance(values: Floats, threshold: float, direction: Direction, start: float | None) -> tuple[float, float]:
    """Signed distance from baseline to threshold; a baseline at or past the threshold yields to the worst value."""
    sign = 1.0 if direction == "higher" else -1.0
    if start is not None and math.isfinite(start) and sign * (threshold - start) > 0:
        return threshold - start, start
    worst = values[np.argmin(sign * values)] if len(values) else threshold
    if sign * (threshold - worst) > 0:
        return float(threshold - worst), float(worst)
    # It was never short of the threshold: progress is then counted from there in units of the best lead.
    lead = float(np.max(sign * (values - threshold), initial=0.0)) or 1.0
    return sign * lead, threshold - sign * lead


def utc(moment: pd.Timestamp) -> pd.Timestamp:
    """The moment in UTC; one without a time zone is taken to be UTC."""
    stamp = pd.Timestamp(moment)
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")


def utc_index(index: pd.Index) -> pd.DatetimeIndex:
    """The index in UTC; one without a time zone is taken to be UTC."""
    stamps = pd.DatetimeIndex(index)
    return stamps.tz_localize("UTC") if stamps.tz is None else stamps.tz_convert("UTC")


def first_crossing(days: Floats, progress: Floats, level: float = 1.0) -> float:
    """The first day on which progress is at `level` and stays for 28 days, or to the last row; else infinite."""
    above = progress >= level
    starts = np.flatnonzero(above & ~np.r_[False, above[:-1]])
    falls = np.flatnonzero(~above)
    for start in starts:
        later = falls[falls > start]
        if not len(later) or days[later[0]] - days[start] >= HOLD_DAYS:
            return float(days[start])
    return math.inf


def stalled_days(seen: ProgressHistory) -> float:
    """Days since progress last rose; the whole span when it never did."""
    rises = np.flatnonzero(np.diff(seen.progress) > 1e-9)
    return float(-seen.days[rises[-1] + 1]) if len(rises) else seen.span


def stops_short(seen: ProgressHistory) -> bool:
    """Within a fifth of the threshold and hardly moving for 13 weeks: the usual end of an effort that fails."""
    if seen.span < 91 or not 0.8 <= seen.now < 1:
        return False
    return seen.now - float(seen.at(-91.0)) < 0.1 * (1 - seen.now)


# Sources that read every commit and store what changed: between two rows the value is known, not missing.
STORED_AT_CHANGES = frozenset({"git", "tree"})
_ABSENT = -2  # no row has this code


class Histories:
    """The measured values of the metrics and scopes of a frame OBSERVATIONS, which it reads once for all of them."""

    def __init__(self, observations: pd.DataFrame) -> None:
        metrics, names = pd.factorize(observations["metric"])
        scopes, places = pd.factorize(observations["scope"])
        self._metrics, self._scopes = metrics, scopes
        self._names = {str(name): code for code, name in enumerate(names)}
        self._places = {str(place): code for code, place in enumerate(places)}
        self._is_measured = (observations["kind"] != "claimed").to_numpy()
        self._values = observations["value"].to_numpy()
        self._moments = observations["observed_at"].to_numpy("datetime64[us]")
        self._at_changes = observations["source"].isin(STORED_AT_CHANGES).to_numpy()

    def of(self, metric: str, scope: str) -> pd.Series:
        """The values of one metric and scope, the last of each day, on a DatetimeIndex (UTC days).

        Values of STORED_AT_CHANGES are carried forward to the last commit read.
        """
        wanted = (self._metrics == self._names.get(metric, _ABSENT)) & self._is_measured
        wanted &= self._scopes == self._places.get(scope, _ABSENT)
        value, moment = self._values[wanted], self._moments[wanted]
        known = ~np.isnan(value)
        order = np.argsort(moment[known], kind="stable")
        day = moment[known][order].astype("datetime64[D]")
        is_last = np.append(day[1:] != day[:-1], True)[: len(day)]
        index = pd.DatetimeIndex(day[is_last].astype("datetime64[us]"), tz="UTC", name="observed_at")
        daily = pd.Series(value[known][order][is_last], index, name="value")
        if daily.empty or not self._at_changes[wanted].all():
            return daily
        return _carried_forward(daily, pd.Timestamp(self._moments[self._at_changes].max(), tz="UTC"))


def history_of(observations: pd.DataFrame, metric: str, scope: str) -> pd.Series:
    """The measured values of one metric and scope of a frame OBSERVATIONS: see `Histories.of`."""
    return Histories(observations).of(metric, scope)


def _carried_forward(daily: pd.Series, last_read: pd.Timestamp) -> pd.Series:
    """The series with one value a week up to the last commit that was read, the value unchanged between commits.

    Only where the changes alone are too few for a forecast; else repeating them adds nothing.
    """
    if len(daily) >= MIN_OBSERVATIONS:
        return daily
    weeks = pd.date_range(daily.index[0], last_read, freq="7D")
    return daily.reindex(daily.index.union(weeks)).ffill()
