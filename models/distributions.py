"""The logistic and the normal distribution, as prediction needs them.

Written on numpy and the standard library: importing scipy.special takes longer than a whole forecast.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from models.arrays import Floats

_TINIEST = 2.0**-54  # half of the smallest step of a generator's uniforms: its 0 means this
_erfc = np.frompyfunc(math.erfc, 1, 1)
_inverted = np.frompyfunc(NormalDist().inv_cdf, 1, 1)


def expit(log_odds: Floats) -> Floats:
    """The probability of log-odds: 1 / (1 + exp(-x)), without overflow at either end."""
    shrunk = np.exp(-np.abs(log_odds))
    return np.asarray(np.where(np.asarray(log_odds) >= 0, 1.0, shrunk) / (1.0 + shrunk), np.float64)


def normal_cdf(values: Floats) -> Floats:
    """P(a standard normal is at most each of `values`)."""
    return np.asarray(0.5 * np.asarray(_erfc(values / -math.sqrt(2)), np.float64), np.float64)


def normal_quantile(probabilities: Floats) -> Floats:
    """The standard normal's quantile of each probability in [0, 1); Wichura's AS 241."""
    return np.asarray(_inverted(np.maximum(probabilities, _TINIEST)), np.float64)
