"""The usual ways to a date, plainly: each takes what was seen and answers P(crossed by d) on a grid of days."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable

import numpy as np

from models.arrays import Floats
from models.distributions import normal_cdf
from models.reasons.evaluation import NotInstalled
from models.series.history import ProgressHistory
from models.series.simulation import crossing_weeks, uniforms

Baseline = Callable[[ProgressHistory, Floats], Floats]
PATHS = 1000


def straight_line(seen: ProgressHistory, days: Floats) -> Floats:
    """Least squares over the whole history, with its normal prediction interval."""
    return _line(seen.weekly, days)


def recent_line(seen: ProgressHistory, days: Floats) -> Floats:
    """The same over the last 13 weeks."""
    return _line(seen.weekly[-14:], days)


def throughput(seen: ProgressHistory, days: Floats) -> Floats:
    """Monte Carlo: weekly changes of the whole history, drawn with replacement."""
    return bootstrap(np.diff(seen.weekly), seen.now, days)


def bootstrap(changes: Floats, now: float, days: Floats, count: int = PATHS, seed: int = 0) -> Floats:
    """Share of resampled paths that have crossed by each day."""
    weeks = int(days[-1] // 7) + 1
    picked = (uniforms(count, weeks, seed) * len(changes)).astype(np.int64)
    paths = now + np.concatenate([np.zeros((count, 1)), np.cumsum(changes[picked], axis=1)], axis=1)
    crossed = np.sort(crossing_weeks(paths) * 7.0)
    return np.searchsorted(crossed, days, side="right") / count


def auto_ets(seen: ProgressHistory, days: Floats) -> Floats:
    """statsforecast's AutoETS on the weekly series; its 80% interval taken as normal."""
    from statsforecast.models import AutoETS

    weeks = int(days[-1] // 7) + 1
    values = seen.weekly.astype(np.float64)
    if np.ptp(values) == 0:
        return np.where(values[-1] >= 1, 1.0, 0.0) * np.ones_like(days)
    found = AutoETS(season_length=1).forecast(y=values, h=weeks, level=[80])
    middle = np.asarray(found["mean"], np.float64)
    spread = (np.asarray(found["hi-80"], np.float64) - middle) / 1.2815515655446004
    reached = normal_cdf((middle - 1) / np.maximum(spread, 1e-9))
    odds = np.interp(days, 7.0 * np.arange(weeks + 1), np.r_[float(seen.now >= 1), reached])
    return np.asarray(np.maximum.accumulate(odds), np.float64)


def baseline_methods() -> tuple[dict[str, Baseline], dict[str, NotInstalled]]:
    """Those that can run here, and why the others cannot."""
    here: dict[str, Baseline] = {"straight line": straight_line, "13-week line": recent_line, "throughput": throughput}
    if importlib.util.find_spec("statsforecast") is None:
        return here, {"AutoETS": NotInstalled("statsforecast")}
    return {**here, "AutoETS": auto_ets}, {}


def _line(values: Floats, days: Floats) -> Floats:
    """P(the line with its prediction error is at 1 by d), never falling with d."""
    weeks = np.arange(1.0 - len(values), 1.0)
    centre = weeks - weeks.mean()
    squares = float(centre @ centre)
    slope = float(centre @ values) / squares
    middle = float(values.mean()) + slope * (days / 7 - weeks.mean())
    left = values - values.mean() - slope * centre
    noise = math.sqrt(float(left @ left) / max(1, len(values) - 2))
    spread = noise * np.sqrt(1 + 1 / len(values) + (days / 7 - weeks.mean()) ** 2 / squares)
    return np.asarray(np.maximum.accumulate(normal_cdf((middle - 1) / np.maximum(spread, 1e-9))), np.float64)
