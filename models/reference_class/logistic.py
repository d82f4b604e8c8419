"""A logistic curve over the features: the odds of having crossed by a day, in a few hundred numbers.

The columns that know the threshold carry weights that are not negative, so a harder threshold is never dated sooner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.arrays import Floats
from models.reference_class.features import NEAR

CORNERS = (-2.0, 0.0, 2.0)
MIDDLE_DAY = 180.0


@dataclass(frozen=True, eq=False)
class Linear:
    """Weights of the columns of `design`; `middles` are the medians at which the moment's features may bend."""

    intercept: float
    weights: Floats
    middles: Floats

    def answer(self, moment: Floats, daily: Floats, days: Floats) -> Floats:
        """The log-odds at each day, for one moment or for one moment a day."""
        rows = np.broadcast_to(moment, (len(days), moment.shape[-1]))
        return np.asarray(self.intercept + design(rows, daily, days, self.middles) @ self.weights, np.float64)


def design(moment: Floats, daily: Floats, days: Floats, middles: Floats) -> Floats:
    """The columns: first those that know the threshold or the day, bent at corners; then the shape of the history."""
    near, shape = moment[:, : len(NEAR)], moment[:, len(NEAR) :]
    log_day = np.log(days / MIDDLE_DAY)[:, None]
    return np.column_stack(
        [
            daily,
            *(np.maximum(daily - corner, 0) for corner in CORNERS),
            near,
            np.maximum(near - middles[: len(NEAR)], 0),
            log_day,
            np.maximum(log_day, 0),
            shape,
            shape * log_day,
        ]
    )


def rising_columns(daily_count: int) -> int:
    """How many of the first columns of `design` must not weigh below zero."""
    return daily_count * (1 + len(CORNERS)) + 2 * len(NEAR) + 2
