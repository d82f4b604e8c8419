"""Attainment on the way to a threshold: a criterion earns readiness points before it is met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.arrays import Floats
from models.forecast.copula import times_of
from models.forecast.crossing import curve_of
from models.series.curve import CrossingForecast
from models.series.history import ProgressHistory

# Shares of what is left at which a criterion's own odds are asked for; days between two of them are interpolated.
SHARES = (0.25, 0.5, 0.75)
BETWEEN = 4


@dataclass(frozen=True, eq=False)
class Draw:
    """One criterion on the common draws: the days on which it reaches each of `levels` of attainment."""

    levels: Floats  # attainment, rising to 1
    times: Floats  # one row a level, one column a draw; may lie beyond the horizon
    base: float  # attainment until the first level is reached
    points: float
    required: bool
    blocker: bool = False

    @property
    def crossing(self) -> Floats:
        """The day of each draw on which the criterion itself is met."""
        return np.asarray(self.times[-1])


def attainment_now(seen: ProgressHistory, scale: str) -> float:
    """0 at the baseline, 1 from the threshold on; 0 without any observation."""
    return float(_attainment_at(np.zeros(1), seen, scale)[0])


def held_since(parts: Sequence[tuple[ProgressHistory, str, float]], needed: float) -> float:
    """For how many days the points of `parts` (history, scale, points possible) have been at `needed` without a break.

    A part earns nothing before its first observation. 0 where the points are short of it now or nothing is observed.
    """
    days = np.unique(np.concatenate([np.zeros(1), *(seen.days for seen, _, _ in parts)]))
    earned = sum((points * _attainment_at(days, seen, scale) for seen, scale, points in parts), np.zeros(len(days)))
    short = np.flatnonzero(earned < needed - 1e-9)
    first = short[-1] + 1 if len(short) else 0
    return abs(float(days[first])) if first < len(days) else 0.0


def _attainment_at(days: Floats, seen: ProgressHistory, scale: str) -> Floats:
    if not seen.count:
        return np.zeros(len(days))
    attained = np.clip(_attained(seen.at(days), seen, scale), 0.0, 1.0)
    return np.where(days >= seen.days[0], attained, 0.0)


def level_times(
    seen: ProgressHistory, own: CrossingForecast, scale: str, uniforms: Floats, seed: int
) -> tuple[Floats, Floats, float]:
    """Levels of attainment, the days on which each draw reaches them, and the attainment before the first.

    The same uniform decides all levels of one draw, so its path rises through them in order and ends at the crossing.
    """
    crossing = times_of(own, uniforms)
    if seen.holding_days >= 0:
        fallen = float(np.clip(np.median(_attained(seen.progress, seen, scale)), 0.0, 1.0))
        return np.ones(1), crossing[None, :], fallen
    if scale == "step":
        return np.ones(1), crossing[None, :], 0.0
    base = attainment_now(seen, scale)
    levels = base + (1 - base) * np.array(SHARES)
    harder, rows = own, [crossing]
    for level in levels[::-1]:
        curve = curve_of(_toward(seen, _progress_at(float(level), seen, scale)), own.horizon_days, seed)
        harder = replace(own, odds=np.maximum(curve[1], harder.odds))
        rows.append(times_of(harder, uniforms))
    return *_between(np.r_[base, levels, 1.0], np.array([np.zeros_like(crossing), *rows[::-1]])), base


def readiness_times(draws: Sequence[Draw], fixed: float, target: float) -> Floats:
    """The day of each draw on which the points of all criteria together first reach the target."""
    start = fixed + sum(draw.points * draw.base for draw in draws)
    gains = np.concatenate([draw.points * np.diff(np.r_[draw.base, draw.levels]) for draw in draws])
    days = np.concatenate([draw.times for draw in draws])
    order = np.argsort(days, axis=0, kind="stable")
    points = start + np.cumsum(gains[order], axis=0)
    enough = points >= target - 1e-9
    sorted_days = np.take_along_axis(days, order, axis=0)
    reached = np.take_along_axis(sorted_days, enough.argmax(axis=0)[None, :], axis=0)[0]
    return np.where(start >= target - 1e-9, 0.0, np.where(enough.any(axis=0), reached, np.inf))


def _toward(seen: ProgressHistory, progress: float) -> ProgressHistory:
    """The same history measured against an easier threshold, which lies at `progress` of the way."""
    threshold = seen.threshold - (1 - progress) * seen.distance
    return replace(seen, progress=seen.progress / progress, distance=seen.distance * progress, threshold=threshold)


def _between(levels: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Finer steps between the levels, the days interpolated; the first row (today) is left out."""
    finer = np.concatenate([np.linspace(a, b, BETWEEN + 1)[1:] for a, b in pairwise(levels)])
    shares = np.arange(1, BETWEEN + 1)[:, None] / BETWEEN
    with np.errstate(invalid="ignore"):
        rows = [early + shares * np.where(np.isinf(late), np.inf, late - early) for early, late in pairwise(times)]
    return finer, np.nan_to_num(np.concatenate(rows), nan=np.inf, posinf=np.inf)


def _log_ends(seen: ProgressHistory, scale: str) -> tuple[float, float] | None:
    """Baseline and threshold as logarithms, or None where the scale is linear or a logarithm does not exist."""
    baseline = seen.threshold - seen.distance
    if scale != "log" or baseline <= 0 or seen.threshold <= 0:
        return None
    return math.log(baseline), math.log(seen.threshold)


def _attained(progress: Floats | float, seen: ProgressHistory, scale: str) -> Floats:
    if scale == "step":
        return (np.asarray(progress) >= 1).astype(np.float64)
    ends = _log_ends(seen, scale)
    if ends is None:
        return np.asarray(progress, np.float64)
    values = seen.threshold - (1 - np.asarray(progress, np.float64)) * seen.distance
    tiny = np.finfo(np.float64).tiny
    return np.asarray((np.log(np.maximum(values, tiny)) - ends[0]) / (ends[1] - ends[0]), np.float64)


def _progress_at(attainment: float, seen: ProgressHistory, scale: str) -> float:
    ends = _log_ends(seen, scale)
    if ends is None:
        return attainment
    value = math.exp(ends[0] + attainment * (ends[1] - ends[0]))
    return 1 - (seen.threshold - value) / seen.distance
