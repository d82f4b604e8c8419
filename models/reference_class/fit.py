"""Fitting the reference class: a logistic curve and a forest, blended on projects that neither has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.arrays import Floats
from models.distributions import expit
from models.reference_class.features import DAILY, NEAR, SHAPE
from models.reference_class.forest import Trees, join_trees
from models.reference_class.logistic import Linear, design, rising_columns
from models.reference_class.predict import Reference, blend_columns
from models.reference_class.training_cases import Learned
from models.series.curve import GRID
from models.series.scoring import known_weights

DAYS = GRID[1:]
FOLDS = 10
# Neighbouring days tell the same: every other is enough to fit on.
FIT_DAYS = np.arange(0, len(DAYS), 2)
PENALTY = 0.02
HUMILITY = 0.9
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
    known = known_weights(cases.crossed, cases.watched, cases.weights, DAYS)[:, FIT_DAYS]
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
    found = _logistic((columns - centre) / spread, rows, bounds, PENALTY)
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
    """Intercept and weights of the blend, none below zero, on log-odds (case, day, column) of held-out projects.

    The weights of the views are then drawn in by HUMILITY, intercept and weight of the day fitted anew: a blend that
    is best on some projects is too sure of others. The Brier score hardly notices, the intervals do.
    """
    known = known_weights(cases.crossed, cases.watched, cases.weights, DAYS)
    case, day = np.nonzero(known > 0)
    came = (cases.crossed[case] <= DAYS[day]).astype(np.float64)
    told = columns[case, day]
    rows = Rows(told, told, DAYS[day], came, known[case, day] / known.sum())
    views = _logistic(told, rows, [(0.0, None)] * told.shape[1], 0.0)[1:-1] * HUMILITY
    drawn_in = np.column_stack([told[:, :-1] @ views, told[:, -1]])
    found = _logistic(drawn_in, rows, [(1.0, 1.0), (0.0, None)], 0.0)
    return np.concatenate([found[:1], views, found[2:]])


def held_out(scored: Learned, others: Learned) -> tuple[Floats, Floats]:
    """Log-odds columns and blended odds of each scored case by models that saw nothing of its project.

    The blend of a fold is fitted on the other folds' columns.
    """
    fold = fold_of(np.concatenate([scored.groups, others.groups]))
    mine, theirs = fold[: len(scored.groups)], fold[len(scored.groups) :]
    columns = np.zeros((*scored.daily.shape[:2], 3))
    for k in range(FOLDS):
        rows = rows_of(scored[mine != k], others[theirs != k])
        columns[mine == k] = all_columns(fit_linear(rows), fit_trees(rows), scored[mine == k])
    odds = np.zeros(columns.shape[:2])
    for k in range(FOLDS):
        blend = fit_blend(columns[mine != k], scored[mine != k])
        odds[mine == k] = np.maximum.accumulate(expit(blend[0] + columns[mine == k] @ blend[1:]), axis=1)
    return columns, odds


def all_columns(linear: Linear, trees: Trees, cases: Learned) -> Floats:
    """The blend's columns for many cases."""
    return np.array(
        [
            blend_columns(linear, trees, moment, daily, DAYS)
            for moment, daily in zip(cases.moments, cases.daily, strict=True)
        ]
    )


def fit_reference(scored: Learned, others: Learned, columns: Floats) -> Reference:
    """The shipped model: both parts on all projects, the blend on the held-out columns."""
    rows = rows_of(scored, others)
    return Reference(fit_linear(rows), fit_trees(rows), fit_blend(columns, scored))


def _logistic(
    columns: Floats, rows: Rows, bounds: Sequence[tuple[float | None, float | None]], penalty: float
) -> Floats:
    def loss(found: Floats) -> tuple[float, Floats]:
        margin = found[0] + columns @ found[1:]
        miss = rows.weights * (expit(margin) - rows.came)
        value = rows.weights @ (np.logaddexp(0, margin) - rows.came * margin) + penalty / 2 * found[1:] @ found[1:]
        return float(value), np.r_[miss.sum(), columns.T @ miss + penalty * found[1:]]

    start = np.r_[-1.0, np.full(columns.shape[1], 0.2 / columns.shape[1])]
    answer = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *bounds], options={"maxiter": 200}
    )
    return np.asarray(answer.x, np.float64)
