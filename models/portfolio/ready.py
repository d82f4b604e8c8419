"""How many of the projects are ready by a day, from the odds of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Floats

INTERVAL = 0.8


@dataclass(frozen=True, slots=True)
class ReadyCount:
    """The number of projects that are ready by a day.

    `probabilities[k]` is P(exactly k are ready) with independent projects; `low` and `high` are the ends of its central
    80% interval. `low_together` and `high_together` are the ends if one shared delay decided for all of them, which is
    the widest that the same odds allow. `expected` is the same for any dependence.
    """

    probabilities: tuple[float, ...]
    expected: float
    low: int
    high: int
    low_together: int
    high_together: int


def count_ready(odds: Sequence[float]) -> ReadyCount:
    """The distribution of the count for independent events with these odds (Poisson binomial), by convolution.

    `odds`: P(ready by the day) of each project, each from 0 to 1. ValueError: one is outside.
    """
    each = np.asarray(odds, np.float64)
    if not bool(((each >= 0) & (each <= 1)).all()):
        raise ValueError(f"odds must be between 0 and 1, found {list(odds)}")
    counts = np.ones(1)
    for chance in each:
        counts = np.convolve(counts, [1 - chance, chance])
    low, high = _central(counts)
    together = _together(each)
    return ReadyCount(tuple(float(count) for count in counts), float(each.sum()), low, high, *_central(together))


def _together(odds: Floats) -> Floats:
    """The distribution if one uniform draw decided for all: project i is ready where the draw is at most its odds."""
    edges = np.concatenate([[1.0], np.sort(odds)[::-1], [0.0]])
    return np.asarray(edges[:-1] - edges[1:], np.float64)


def _central(counts: Floats) -> tuple[int, int]:
    """The ends of the central interval: the quantiles that leave half of the rest on each side."""
    below = np.cumsum(counts)
    tail = (1 - INTERVAL) / 2
    low, high = (int(np.searchsorted(below, level - 1e-12)) for level in (tail, 1 - tail))
    last = len(counts) - 1
    return min(low, last), min(high, last)
