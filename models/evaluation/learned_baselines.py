"""Rivals that have learned from other projects too: a constant per day, and any method with its odds recalibrated.

They ask what the model adds beyond knowing how often efforts arrive at all, and beyond correcting a method's odds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.distributions import expit
from models.logistic_regression import fit_logistic
from models.reference_class.features import logit
from models.series.curve import GRID

CONSTANT = "a constant per day"
AUTO_ETS = "AutoETS"
# Name, and whether the correction may differ by day: that one knows the constant per day as well.
RECALIBRATIONS = (("AutoETS, recalibrated", False), ("AutoETS, recalibrated by day", True))
DAYS = GRID[1:]
Groups = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def constant_per_day(crossed: Floats, known: Floats) -> Floats:
    """The share that has crossed by each day of the grid, day 0 left out; `known` as by `ipcw_weights`."""
    return np.asarray((known * (crossed[:, None] <= DAYS)).sum(axis=0) / known.sum(axis=0), np.float64)


def shipped_rivals(fitted: Mapping[str, Sequence[float]], plain: Mapping[str, Floats], count: int) -> dict[str, Floats]:
    """Odds (case, day) of the learned baselines as fitted on the reference efforts, for `count` cases.

    `plain` are the odds of the methods that see one series; a recalibration needs those of its own method.
    """
    found = {CONSTANT: np.tile(np.asarray(fitted[CONSTANT]), (count, 1))} if CONSTANT in fitted else {}
    for name, _ in RECALIBRATIONS:
        if name in fitted and AUTO_ETS in plain:
            found[name] = recalibrated(plain[AUTO_ETS], np.asarray(fitted[name]))
    return found


def fit_recalibration(odds: Floats, crossed: Floats, known: Floats, *, by_day: bool) -> Floats:
    """Intercept and weights of `recalibrated` for odds (case, day of the grid without day 0)."""
    case, day = np.nonzero(known > 0)
    came = (crossed[case] <= DAYS[day]).astype(np.float64)
    columns = _columns(odds, 4 if by_day else 1)[case, day]
    return fit_logistic(columns, came, known[case, day] / known.sum(), [(None, None)] * columns.shape[1])


def recalibrated(odds: Floats, weights: Floats) -> Floats:
    """The odds (case, day) with level and spread corrected, for all days alike or by day; never falling."""
    corrected = expit(weights[0] + _columns(odds, len(weights) - 1) @ weights[1:])
    return np.asarray(np.maximum.accumulate(corrected, axis=1), np.float64)


def _columns(odds: Floats, count: int) -> Floats:
    """Log-odds; with four columns also the log of the day (bent in the middle), and log-odds by log of the day."""
    day = np.broadcast_to(np.log(DAYS / 180), odds.shape)
    log_odds = logit(odds)
    return np.stack([log_odds, day, np.maximum(day, 0), log_odds * day][:count], axis=-1)


def by_fold(fold: Groups, answer: Callable[[Flags, Flags], Floats]) -> Floats:
    """Odds of each case by what was learned on the other folds: `answer(teaches, asked)` gives those of `asked`."""
    parts = {k: answer(fold != k, fold == k) for k in np.unique(fold)}
    found = np.zeros((len(fold), len(DAYS)))
    for k, part in parts.items():
        found[fold == k] = part
    return found
