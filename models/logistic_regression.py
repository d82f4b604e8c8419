"""Logistic regression with weights, bounds and a ridge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats
from models.distributions import expit

Bounds = Sequence[tuple[float | None, float | None]]


def fit_logistic(columns: Floats, came: Floats, weights: Floats, bounds: Bounds, penalty: float = 0.0) -> Floats:
    """Intercept, then one weight a column within its bounds; `penalty` is the ridge on the weights.

    `came` is 0 or 1 a row; `weights` sum to 1, so that `penalty` means the same for any number of rows.
    """
    from scipy.optimize import minimize  # half a second, for those who fit

    def loss(found: Floats) -> tuple[float, Floats]:
        margin = found[0] + columns @ found[1:]
        miss = weights * (expit(margin) - came)
        value = weights @ (np.logaddexp(0, margin) - came * margin) + penalty / 2 * found[1:] @ found[1:]
        return float(value), np.r_[miss.sum(), columns.T @ miss + penalty * found[1:]]

    start = np.r_[-1.0, np.full(columns.shape[1], 0.2 / columns.shape[1])]
    answer = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *bounds], options={"maxiter": 200}
    )
    return np.asarray(answer.x, np.float64)
