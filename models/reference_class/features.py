"""What the reference class is asked about: a moment of a history in numbers without units.

Two kinds. `near` features depend on the threshold and only ever rise as it comes nearer, so that a model that may only
rise with them never dates a harder threshold sooner. `shape` features do not know the threshold at all.
"""

from __future__ import annotations

import numpy as np

from models.arrays import Floats
from models.series.baselines import bootstrap, recent_line, straight_line
from models.series.history import ProgressHistory
from models.series.simulation import PATHS, inside_odds

WINDOWS = (4, 8, 13, 26, 52)
TINY = 1e-9
NEAR = (
    "progress",
    "little left",
    "closest so far",
    "largest step",
    "restlessness",
    *(f"pace {weeks}" for weeks in WINDOWS),
    "pace life",
    "best pace",
)
SHAPE = (
    "age",
    "stalled 8",
    "stalled 13",
    "stalled 52",
    "quiet",
    "quiet to age",
    "largest share",
    "largest share 52",
    "backward",
    "backward 26",
    "drawdown",
    "faster 4 26",
    "faster 13 52",
    "faster 13 life",
    "density",
    "moving weeks",
)
# These know the day as well: what the pace would have done by then against what is left, and the inside view's odds.
DAILY = (
    *(f"reach {weeks}" for weeks in WINDOWS),
    "reach life",
    "paths",
    "throughput",
    "throughput 26",
    "line",
    "line 13",
)


def near_features(seen: ProgressHistory) -> Floats:
    """In the order of NEAR; each rises as the threshold comes nearer."""
    left = _left(seen)
    changes = np.diff(seen.weekly)
    best = float(np.clip(1 - seen.progress.max(), 0.01, 1.0))
    largest = float(changes[-52:].max(initial=0.0))
    per_quarter = 91.0 * _paces(seen) / left
    features = [
        max(seen.now, 0.0),
        -np.log(min(left, 1.0)),
        -np.log(best),
        np.log(max(largest, 0.0) / left + 0.01),
        np.log(float(changes[-26:].std()) * 7.2 / left + 0.01),
        *np.log(per_quarter + 0.01),
        np.log(per_quarter.max() + 0.01),
    ]
    return np.array(features, np.float64)


def shape_features(seen: ProgressHistory) -> Floats:
    """In the order of SHAPE; none knows the threshold (progress enters in ratios of itself only)."""
    changes = np.diff(seen.weekly)
    gains, losses = np.clip(changes, 0, None), np.clip(-changes, 0, None)
    still = gains <= 1e-6 * max(float(np.ptp(seen.progress)), TINY)
    age = len(changes)
    quiet = age if still.all() else int(np.argmax(~still[::-1]))
    paces = _paces(seen)
    recent = seen.days > -182
    return np.array(
        [
            np.log(age),
            still[-8:].mean(),
            still[-13:].mean(),
            still[-52:].mean(),
            np.log1p(quiet),
            quiet / age,
            _ratio(gains.max(), gains.sum()),
            _ratio(gains[-52:].max(), gains[-52:].sum()),
            _ratio(losses.sum(), gains.sum() + losses.sum()),
            _ratio(losses[-26:].sum(), (gains + losses)[-26:].sum()),
            _ratio(float(seen.progress.max()) - seen.now, float(np.ptp(seen.progress))),
            _ratio(paces[0] - paces[3], paces[0] + paces[3]),
            _ratio(paces[2] - paces[4], paces[2] + paces[4]),
            _ratio(paces[2] - paces[5], paces[2] + paces[5]),
            np.log1p(recent.sum() / min(26.0, seen.span / 7)),
            np.log1p((changes[-52:] != 0).mean() * 10),
        ]
    )


def daily_features(seen: ProgressHistory, days: Floats, seed: int = 0) -> Floats:
    """One row a day, in the order of DAILY; each rises as the threshold comes nearer, and with the day."""
    reach = np.log(days[:, None] * _paces(seen) / _left(seen) + 0.02)
    views = [
        inside_odds(seen, days, seed),
        bootstrap(np.diff(seen.weekly), seen.now, days, PATHS, seed),
        bootstrap(np.diff(seen.weekly[-27:]), seen.now, days, PATHS, seed),
        straight_line(seen, days),
        recent_line(seen, days),
    ]
    return np.column_stack([reach, *(logit(view) for view in views)])


def _left(seen: ProgressHistory) -> float:
    return max(1 - seen.now, 0.002)


def _paces(seen: ProgressHistory) -> Floats:
    """Progress a day over each window and over the whole life, never below zero."""
    windows = np.minimum(7.0 * np.array([*WINDOWS, 1e6]), seen.span)
    return np.asarray(np.clip((seen.now - seen.at(-windows)) / windows, 0, None), np.float64)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > TINY else 0.0


def logit(odds: Floats) -> Floats:
    """Log-odds, within the bounds of the odds that are shown."""
    inside = np.clip(odds, 0.005, 0.995)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)
