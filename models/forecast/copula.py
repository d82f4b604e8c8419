"""How criteria move together: a Gaussian copula whose correlations come from shared weeks, shrunk toward none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats
from models.distributions import normal_cdf
from models.series.curve import CrossingForecast
from models.series.history import ProgressHistory

# Weeks of shared history at which the measured correlation and "none" weigh the same.
SHRINK_WEEKS = 26.0


def correlation(parts: Sequence[ProgressHistory]) -> Floats:
    """Rank correlation of weekly movement over the weeks two histories share, shrunk, as a positive definite matrix."""
    moves = [np.diff(part.weekly) for part in parts]
    matrix = np.eye(len(parts))
    for i in range(len(parts)):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = _shared(moves[i], moves[j])
    values, vectors = np.linalg.eigh(matrix)
    fixed = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    return np.asarray(fixed / np.outer(scale, scale), np.float64)


def uniform_draws(matrix: Floats, draws: int, seed: int) -> Floats:
    """`draws` rows of uniforms, one column a part, joined by the Gaussian copula of `matrix`."""
    normals = np.random.default_rng(seed).standard_normal((draws, len(matrix)))
    return np.asarray(normal_cdf(normals @ np.linalg.cholesky(matrix).T), np.float64)


def times_of(curve: CrossingForecast, uniforms: Floats) -> Floats:
    """The crossing day of each draw: the curve inverted, and carried on beyond the horizon at its last hazard.

    Only days within the horizon are ever shown; those beyond it are needed by what-if, which may bring them nearer.
    """
    log_survival = -np.log1p(-curve.odds)
    wanted = -np.log1p(-uniforms)
    # A flat stretch of the curve holds no crossing: keep the first of equal points so that the inverse is a function.
    fresh = np.r_[True, np.diff(log_survival) > 0]
    found = np.interp(wanted, log_survival[fresh], curve.days[fresh])
    hazard = (log_survival[-1] - log_survival[-2]) / (curve.days[-1] - curve.days[-2])
    beyond = curve.days[-1] + (wanted - log_survival[-1]) / hazard if hazard > 0 else np.full_like(wanted, np.inf)
    return np.where(wanted > log_survival[-1], beyond, found)


def _shared(first: Floats, second: Floats) -> float:
    weeks = min(len(first), len(second))
    if weeks < 3:
        return 0.0
    ranks = [_ranks(moves[-weeks:]) for moves in (first, second)]
    spread = [float(rank.std()) for rank in ranks]
    if min(spread) == 0:
        return 0.0
    together = float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())))
    return together / (spread[0] * spread[1]) * weeks / (weeks + SHRINK_WEEKS)


def _ranks(values: Floats) -> Floats:
    """Average ranks, so that the many weeks without movement tie."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(middle[place], np.float64)
