"""The inside view: what the series' own past says, as simulated paths."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from models.arrays import Floats
from models.distributions import normal_quantile
from models.series.history import ProgressHistory

PATHS = 300
BLOCK_WEEKS = 4  # changes are drawn in blocks: a busy week is followed by a busy week
HOLD_WEEKS = 4
WINDOWS = (13, 26, 52)


def inside_odds(seen: ProgressHistory, days: Floats, seed: int) -> Floats:
    """P(crossed by `days`) of the paths of `simulate`, day 0 included when progress is at the threshold already."""
    weeks = int(days[-1] // 7) + 1
    crossed = crossing_weeks(simulate(seen, weeks, seed)) * 7.0
    return np.asarray(np.searchsorted(np.sort(crossed), days, side="right") / PATHS, np.float64)


def simulate(seen: ProgressHistory, weeks: int, seed: int) -> Floats:
    """Paths of weekly progress, today first: half repeat blocks of past weeks, half follow a robust slope.

    Each path draws one factor for its pace, since no team keeps the pace of its last months for two years.
    """
    changes = np.diff(seen.weekly)
    half, third = PATHS // 2, PATHS // 2 // len(WINDOWS)
    chance = uniforms(PATHS, -(-weeks // BLOCK_WEEKS), seed)
    repeated = [
        _blocks(changes[-window:], chance[k * third : (k + 1) * third], weeks) for k, window in enumerate(WINDOWS)
    ]
    slope = robust_slope(seen.weekly[-27:])
    leftovers = changes[-26:] - slope
    followed = slope + _blocks(leftovers - leftovers.mean(), chance[half:], weeks)
    steps = np.concatenate([*repeated, followed]) * _paces(seed + 1)
    return seen.now + np.concatenate([np.zeros((PATHS, 1)), np.cumsum(steps, axis=1)], axis=1)


@lru_cache(maxsize=32)
def uniforms(rows: int, columns: int, seed: int) -> Floats:
    """The same random numbers for every history, so that two forecasts differ by their evidence only."""
    return np.random.default_rng(seed).random((rows, columns))


@lru_cache(maxsize=32)
def _paces(seed: int) -> Floats:
    """One factor a path, log-normal around 1; one column."""
    return np.asarray(np.exp(0.5 * normal_quantile(uniforms(PATHS, 1, seed))), np.float64)


def crossing_weeks(paths: Floats) -> Floats:
    """Per path the first week from which progress is at 1 for five readings, four weeks apart; else infinite."""
    above = paths >= 1 - 1e-9  # a unit change must not move a path across the threshold
    holds = above.copy()
    for week in range(1, HOLD_WEEKS + 1):
        holds[:, :-week] &= above[:, week:]
        holds[:, -week:] &= above[:, -1:]
    return np.where(holds.any(axis=1), holds.argmax(axis=1).astype(np.float64), np.inf)


def robust_slope(values: Floats) -> float:
    """Theil-Sen: the median slope over all pairs, per step; outliers and single jumps do not move it."""
    first, second = np.triu_indices(len(values), 1)
    return float(np.median((values[second] - values[first]) / (second - first)))


def _blocks(changes: Floats, chance: Floats, weeks: int) -> Floats:
    starts = (chance * len(changes)).astype(np.int64)[:, :, None]
    picked = (starts + np.arange(BLOCK_WEEKS)) % len(changes)
    return np.asarray(changes[picked].reshape(len(chance), -1)[:, :weeks])
