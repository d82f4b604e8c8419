"""The inside view: what the series' own past says, as simulated paths."""

from __future__ import annotations

import numpy as np

from models.forecast_history import Seen
from models.forecast_result import Floats

PATHS = 1000
BLOCK_WEEKS = 4  # changes are drawn in blocks: a busy week is followed by a busy week
HOLD_WEEKS = 4
WINDOWS = (13, 26, 52)


def inside_odds(seen: Seen, days: Floats, seed: int) -> Floats:
    """P(crossed by `days`) of the paths of `simulate`, day 0 included when progress stands at the threshold already."""
    weeks = int(days[-1] // 7) + 1
    crossed = crossing_weeks(simulate(seen, weeks, seed)) * 7.0
    return np.asarray(np.searchsorted(np.sort(crossed), days, side="right") / PATHS, np.float64)


def simulate(seen: Seen, weeks: int, seed: int) -> Floats:
    """Paths of weekly progress, today first: half repeat blocks of past weeks, half follow a robust slope.

    Each path draws one factor for its pace, since no team keeps the pace of its last months for two years.
    """
    random = np.random.default_rng(seed)
    changes = np.diff(seen.weekly)
    half = PATHS // 2
    repeated = np.concatenate(
        [_blocks(changes[-window:], half // len(WINDOWS) + 1, weeks, random) for window in WINDOWS]
    )[:half]
    slope = robust_slope(seen.weekly[-27:])
    leftovers = changes[-26:] - slope
    followed = slope + _blocks(leftovers - leftovers.mean(), half, weeks, random)
    factor = np.exp(random.normal(0.0, 0.5, (PATHS, 1)))
    steps = np.concatenate([repeated, followed]) * factor
    return seen.now + np.concatenate([np.zeros((PATHS, 1)), np.cumsum(steps, axis=1)], axis=1)


def crossing_weeks(paths: Floats) -> Floats:
    """Per path the first week from which progress is at 1 for five readings, four weeks apart; else infinite."""
    above = paths >= 1
    ahead = np.pad(above, ((0, 0), (0, HOLD_WEEKS)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(ahead, HOLD_WEEKS + 1, axis=1)
    holds = np.asarray(windows.all(axis=2), np.bool_)
    return np.where(holds.any(axis=1), holds.argmax(axis=1).astype(np.float64), np.inf)


def robust_slope(values: Floats) -> float:
    """Theil-Sen: the median slope over all pairs, per step; outliers and single jumps do not move it."""
    first, second = np.triu_indices(len(values), 1)
    return float(np.median((values[second] - values[first]) / (second - first)))


def _blocks(changes: Floats, paths: int, weeks: int, random: np.random.Generator) -> Floats:
    count = -(-weeks // BLOCK_WEEKS)
    starts = random.integers(0, len(changes), (paths, count, 1))
    picked = (starts + np.arange(BLOCK_WEEKS)) % len(changes)
    return np.asarray(changes[picked].reshape(paths, -1)[:, :weeks])
