"""What the model learns from: the scored cases, and the same efforts with other thresholds and later starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.reference_class.features import daily_features, near_features, shape_features
from models.reference_class.predict import STAYS
from models.series.cases import Case, Effort, against, asked_weights, cases_of, later_start, outcomes
from models.series.curve import GRID

Each = Callable[[Callable[[Case], Floats], Iterable[Case]], Iterable[Floats]]  # as `map` is
# Thresholds as shares of the scored one, and starts as progress toward it.
OTHER_THRESHOLDS = (1 / 3, 5 / 9, 2 / 3, 7 / 9, 8 / 9, 19 / 18)
OTHER_STARTS = (0.28, 0.56, 0.78)
SCORED_KEPT = 24
OTHERS_KEPT = 8


@dataclass(frozen=True, eq=False)
class Learned:
    """Cases as arrays: `moments` (near and shape features), `daily` (case, day, feature) on the grid without day 0."""

    moments: Floats
    daily: Floats
    crossed: Floats
    watched: Floats
    weights: Floats  # each project 1 in every 28-day step of its age
    groups: npt.NDArray[np.str_]

    def __getitem__(self, chosen: npt.NDArray[np.bool_] | slice) -> Learned:
        return Learned(
            moments=self.moments[chosen],
            daily=self.daily[chosen],
            crossed=self.crossed[chosen],
            watched=self.watched[chosen],
            weights=self.weights[chosen],
            groups=self.groups[chosen],
        )


def learn(cases: Sequence[Case], represents: Floats, each: Each = map) -> Learned:
    """Features and outcomes; `represents`: for how many cases each counts (thinned series keep their share).

    `each` is `map`, or one that works on several processors.
    """
    crossed, watched = outcomes(cases)
    groups = np.array([case.group for case in cases])
    weights = asked_weights(cases, represents)
    moments = np.array(list(each(moment_features, cases)))
    daily = np.array(list(each(grid_features, cases)))
    return Learned(moments, daily, crossed, watched, weights, groups)


def moment_features(case: Case) -> Floats:
    """The features of a case that do not depend on the day."""
    return np.concatenate([near_features(case.seen), shape_features(case.seen)])


def grid_features(case: Case) -> Floats:
    """The features of a case that depend on the day (day, feature), on the grid without day 0."""
    return daily_features(case.seen, GRID[1:])


def thin(cases: Sequence[Case], kept: int) -> tuple[list[Case], list[float]]:
    """At most `kept` cases, evenly over time, and how many each represents: neighbours are nearly alike."""
    if not cases:
        return [], []
    chosen = np.unique(np.linspace(0, len(cases) - 1, min(kept, len(cases))).astype(int))
    return [cases[k] for k in chosen], [len(cases) / len(chosen)] * len(chosen)


def other_cases(efforts: Iterable[Effort]) -> tuple[list[Case], Floats]:
    """The same efforts measured against other thresholds, and begun later."""
    cases: list[Case] = []
    represents: list[float] = []
    for effort in efforts:
        whole = effort.whole()
        starts = [later_start(whole, progress) for progress in OTHER_STARTS]
        variants = [against(whole, share) for share in OTHER_THRESHOLDS]
        variants += [start for start in starts if start is not None]
        variants += [against(start, 0.6) for start in starts if start is not None]
        for variant in variants:
            found, counts = thin(list(cases_of(effort, variant, every=63, first=28)), OTHERS_KEPT)
            cases += found
            represents += counts
    return cases, np.array(represents)


@dataclass(frozen=True, eq=False)
class Stays:
    """Moments at a threshold as arrays: how long it had been there, and when a stay of 28 days begins."""

    lengths: Floats  # days
    back: Floats  # days until a stay of 28 days begins; 0: it stays
    weights: Floats  # each project 1 in every 28-day step of its age
    groups: npt.NDArray[np.str_]


def moments_at_thresholds(efforts: Iterable[Effort]) -> Stays:
    """All moments, two weeks apart, at which an effort is at one of the thresholds."""
    cases: list[Case] = []
    for effort in efforts:
        whole = effort.whole()
        for share in (*OTHER_THRESHOLDS, 1.0):
            cases += cases_of(effort, against(whole, share), every=14, first=28, held=True)
    return Stays(
        np.array([case.seen.holding_days for case in cases]),
        np.array([case.crossed for case in cases]),
        asked_weights(cases),
        np.array([case.group for case in cases]),
    )


def staying(found: Stays, without: str = "") -> dict[str, list[float]]:
    """P(it stays 28 more days) per length of stay so far; and of those who fall, who is back by d.

    `without` names a project to leave out.
    """
    used = found.groups != without
    place = np.searchsorted(STAYS, found.lengths[used], side="right") - 1
    back, weights = found.back[used], found.weights[used]
    fell = back > 0
    return {
        "odds": [_share((back == 0)[place == k], weights[place == k]) for k in range(len(STAYS))],
        "back": [0.0, *(_share(back[fell] <= day, weights[fell]) for day in GRID[1:])],
    }


def _share(happened: npt.NDArray[np.bool_], weights: Floats) -> float:
    return float(np.average(happened, weights=weights))
