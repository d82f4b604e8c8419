"""All methods on the same cases: scores by both weights, and how far one is ahead of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.arrays import Floats
from models.evaluation.backtest import score_odds
from models.evaluation.learned_baselines import (
    AUTO_ETS,
    CONSTANT,
    RECALIBRATIONS,
    Flags,
    Groups,
    by_fold,
    constant_per_day,
    fit_recalibration,
    recalibrated,
)
from models.reference_class.fit import DAYS, fold_of
from models.reference_class.training_cases import Learned
from models.series.cases import group_weights
from models.series.curve import SUREST, UNLIKELIEST
from models.series.scoring import ipcw_weights

RESAMPLES = 400
BY_PROJECT = ("brier", "calibration_error", "coverage_80")


def learned_rivals(scored: Learned, plain: Mapping[str, Floats]) -> dict[str, Floats]:
    """Odds (case, day) of the baselines that learn from other projects, by folds of projects as the model's own."""
    fold = fold_of(scored.groups)
    known = ipcw_weights(scored.crossed, scored.watched, scored.weights, DAYS)
    found = {
        CONSTANT: by_fold(fold, lambda teach, ask: _constant(scored.crossed[teach], known[teach], int(ask.sum()))),
    }
    for name, by_day in RECALIBRATIONS if AUTO_ETS in plain else ():
        found[name] = _recalibrated_by_fold(plain[AUTO_ETS], scored.crossed, known, fold, by_day=by_day)
    return found


def _recalibrated_by_fold(odds: Floats, crossed: Floats, known: Floats, fold: Groups, *, by_day: bool) -> Floats:
    def answer(teach: Flags, ask: Flags) -> Floats:
        return recalibrated(odds[ask], fit_recalibration(odds[teach], crossed[teach], known[teach], by_day=by_day))

    return by_fold(fold, answer)


def _constant(crossed: Floats, known: Floats, count: int) -> Floats:
    return np.tile(constant_per_day(crossed, known), (count, 1))


def rival_parameters(plain: Mapping[str, Floats], scored: Learned) -> dict[str, Any]:
    """What the learned baselines need in a backtest of other efforts, fitted on all projects."""
    known = ipcw_weights(scored.crossed, scored.watched, scored.weights, DAYS)
    found = {CONSTANT: constant_per_day(scored.crossed, known).tolist()}
    for name, by_day in RECALIBRATIONS if AUTO_ETS in plain else ():
        found[name] = fit_recalibration(plain[AUTO_ETS], scored.crossed, known, by_day=by_day).tolist()
    return found


def score_learned(odds: Floats, cases: Learned) -> dict[str, Any]:
    """Scores by the weights of the question asked; those by project, which know how soon it ends, beside them."""
    with_today = np.column_stack([np.zeros(len(odds)), odds])
    asked = score_odds(with_today, cases.crossed, cases.watched, cases.weights)
    project = score_odds(with_today, cases.crossed, cases.watched, group_weights(list(cases.groups)))
    return {**asked, "by_project": {name: project[name] for name in BY_PROJECT}}


def ratio(ours: Floats, baseline: Floats, cases: Learned) -> dict[str, float]:
    """Our Brier score as a share of the baseline's, and the middle 95% of it when projects are drawn again.

    The projects are drawn with replacement; the weights of a case stay as they are.
    """
    known = ipcw_weights(cases.crossed, cases.watched, cases.weights, DAYS)
    happened = cases.crossed[:, None] <= DAYS
    _, place = np.unique(cases.groups, return_inverse=True)
    count = int(place.max()) + 1
    totals = [_by_project(known, place, count)]
    totals += [_by_project(known * (_kept(odds) - happened) ** 2, place, count) for odds in (ours, baseline)]
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    weight, mine, theirs = (np.vstack([np.ones(count), drawn]) @ total for total in totals)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.nanmean(mine / weight, axis=1) / np.nanmean(theirs / weight, axis=1)
    low, high = np.quantile(found[1:], (0.025, 0.975))
    return {"ratio": float(found[0]), "low": float(low), "high": float(high)}


def _by_project(values: Floats, place: np.ndarray[Any, Any], count: int) -> Floats:
    found = np.zeros((count, values.shape[1]))
    np.add.at(found, place, values)
    return found


def _kept(odds: Floats) -> Floats:
    return np.clip(odds, UNLIKELIEST, SUREST)
