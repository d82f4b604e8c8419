"""Fitting the reference class: a logistic curve and a forest, blended on projects that neither has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.distributions import expit
from models.logistic_regression import fit_logistic
from models.reference_class.features import DAILY, NEAR, SHAPE
from models.reference_class.forest import Trees, join_trees
from models.reference_class.logistic import Linear, design, rising_columns
from models.reference_class.predict import Reference, blend_columns
from models.reference_class.training_cases import Learned
from models.series.curve import GRID
from models.series.scoring import ipcw_weights

DAYS = GRID[1:]
FOLDS = 10
# Neighbouring days tell the same: every other is enough to fit on.
FIT_DAYS = np.arange(0, len(DAYS), 2)
PENALTY = 0.02
AT_ONCE = 400
FOREST = {"n_estimators": 60, "min_samples_leaf": 500, "max_features": 0.3, "max_samples": 0.3}


@dataclass(frozen=True, eq=False)
class Rows:
    """One row a case and day whose answer is known."""

    moment: Floats
    daily: Floats
    days: Floats
    came: Floats
    weights: Floats


def fold_of(groups: npt.NDArray[np.str_], seed: int = 0) -> npt.NDArray[np.int64]:
    """The fold of each case: projects are dealt out whole."""
    names, place = np.unique(groups, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(names)) % FOLDS
    return np.asarray(dealt[place], np.int64)


def rows_of(scored: Learned, others: Learned) -> Rows:
    """The scored cases and the others, half of the weight each."""
    parts = [_rows(part) for part in (scored, others)]
    return Rows(
        moment=np.concatenate([part.moment for part in parts]),
        daily=np.concatenate([part.daily for part in parts]),
        days=np.concatenate([part.days for part in parts]),
        came=np.concatenate([part.came for part in parts]),
        weights=np.concatenate([part.weights / (2 * part.weights.sum()) for part in parts]),
    )


def _rows(cases: Learned) -> Rows:
    known = ipcw_weights(cases.crossed, cases.watched, cases.weights, DAYS)[:, FIT_DAYS]
    case, place = np.nonzero(known > 0)
    day = FIT_DAYS[place]
    came = (cases.crossed[case] <= DAYS[day]).astype(np.float64)
    return Rows(cases.moments[case], cases.daily[case, day], DAYS[day], came, known[case, place])


def fit_linear(rows: Rows) -> Linear:
    """Weighted logistic regression with a ridge; columns that know the threshold or the day never weigh below zero."""
    middles = np.median(rows.moment, axis=0)
    columns = design(rows.moment, rows.daily, rows.days, middles)
    centre = np.average(columns, axis=0, weights=rows.weights)
    spread = np.sqrt(np.average((columns - centre) ** 2, axis=0, weights=rows.weights)) + 1e-9
    rising = rising_columns(rows.daily.shape[1])
    bounds: list[tuple[float | None, float | None]] = [(0.0, None)] * rising
    bounds += [(None, None)] * (columns.shape[1] - rising)
    found = fit_logistic((columns - centre) / spread, rows.came, rows.weights, bounds, PENALTY)
    weights = found[1:] / spread
    return Linear(float(found[0] - centre @ weights), weights, middles)


def fit_trees(rows: Rows) -> Trees:
    """A random forest that may only rise with what knows the threshold or the day, taken out as plain arrays."""
    from sklearn.ensemble import RandomForestClassifier

    rising = [1] * len(NEAR) + [0] * len(SHAPE) + [1] * (len(DAILY) + 1)
    grower = RandomForestClassifier(monotonic_cst=rising, random_state=0, n_jobs=-1, **FOREST)
    features = tree_features(rows.moment, rows.daily, rows.days)
    grower.fit(features, rows.came, sample_weight=rows.weights * len(rows.weights))
    return join_trees([_tree(one.tree_) for one in grower.estimators_])


def tree_features(moment: Floats, daily: Floats, days: Floats) -> Floats:
    """The columns that the trees see."""
    return np.column_stack([moment, daily, np.log(days)])


def _tree(grown: Any) -> Mapping[str, Any]:
    leaf = grown.children_left == -1
    here = np.arange(grown.node_count)
    return {
        "feature": np.where(leaf, -1, grown.feature),
        "cut": np.where(leaf, 0.0, grown.threshold),
        "left": np.where(leaf, here, grown.children_left),
        "right": np.where(leaf, here, grown.children_right),
        "value": np.where(leaf, grown.value[:, 0, 1] / grown.value[:, 0].sum(axis=1), 0.0),
    }


def fit_blend(columns: Floats, cases: Learned) -> Floats:
    """Intercept and weights of the blend, none below zero, on log-odds (case, day, column) of held-out projects."""
    known = ipcw_weights(cases.crossed, cases.watched, cases.weights, DAYS)
    case, day = np.nonzero(known > 0)
    came = (cases.crossed[case] <= DAYS[day]).astype(np.float64)
    weights = known[case, day] / known.sum()
    return fit_logistic(columns[case, day], came, weights, [(0.0, None)] * columns.shape[-1])


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Each scored case by a model that saw nothing of its project."""

    columns: Floats  # log-odds (case, day, column) before the blend
    odds: Floats  # blended odds (case, day)
    models: Mapping[str, Reference]  # by project, the same for all of a fold


def held_out(scored: Learned, others: Learned) -> HeldOut:
    """Fit once a fold of projects; the blend of a fold is fitted on the other folds' columns."""
    fold = fold_of(np.concatenate([scored.groups, others.groups]))
    mine, theirs = fold[: len(scored.groups)], fold[len(scored.groups) :]
    columns, parts = np.zeros((*scored.daily.shape[:2], 3)), []
    for k in range(FOLDS):
        rows = rows_of(scored[mine != k], others[theirs != k])
        parts.append((fit_linear(rows), fit_trees(rows)))
        columns[mine == k] = all_columns(*parts[k], scored[mine == k])
    odds = np.zeros(columns.shape[:2])
    models: dict[str, Reference] = {}
    for k in range(FOLDS):
        model = Reference(*parts[k], fit_blend(columns[mine != k], scored[mine != k]))
        odds[mine == k] = blended(model.blend, columns[mine == k])
        models |= dict.fromkeys([*scored.groups[mine == k], *others.groups[theirs == k]], model)
    return HeldOut(columns, odds, models)


def blended(blend: Floats, columns: Floats) -> Floats:
    """Odds (case, day) from columns (case, day, column), never falling."""
    return np.asarray(np.maximum.accumulate(expit(blend[0] + columns @ blend[1:]), axis=1), np.float64)


def all_columns(linear: Linear, trees: Trees, cases: Learned) -> Floats:
    """The blend's columns (case, day, column) for many cases, a few hundred at once to spare memory."""
    count = len(cases.crossed)
    parts = [_columns(linear, trees, cases[slice(k, k + AT_ONCE)]) for k in range(0, count, AT_ONCE)]
    return np.concatenate(parts)


def _columns(linear: Linear, trees: Trees, cases: Learned) -> Floats:
    count = len(cases.crossed)
    moments = np.repeat(cases.moments, len(DAYS), axis=0)
    daily = cases.daily.reshape(count * len(DAYS), -1)
    return blend_columns(linear, trees, moments, daily, np.tile(DAYS, count)).reshape(count, len(DAYS), -1)


def fit_reference(scored: Learned, others: Learned, columns: Floats) -> Reference:
    """The shipped model: both parts on all projects, the blend on the held-out columns."""
    rows = rows_of(scored, others)
    return Reference(fit_linear(rows), fit_trees(rows), fit_blend(columns, scored))
