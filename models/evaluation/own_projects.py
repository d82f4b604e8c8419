"""Whether the projects of a team teach more than the shipped reference class, on moments held out by project.

The shipped odds of a criterion are moved on the scale of log-odds, `shift + slope * log-odds`. Both numbers are fitted
on the other projects alone, and pulled towards 0 and 1, so that few projects change little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.distributions import expit
from models.reference_class.features import logit
from models.series.cases import Case, asked_weights, outcomes
from models.series.curve import GRID
from models.series.scoring import brier_by_day, ipcw_weights

FEWEST_PROJECTS = 5
FEWEST_CROSSINGS = 10
SUREST_CHANCE = 1.645  # standard errors: one-sided 95%
_PULL = 0.02  # ridge towards the shipped odds; weights of the rows sum to 1
_DAYS = GRID[1:]
Groups = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class View:
    """How a team's own projects move the shipped odds."""

    shift: float
    slope: float

    def odds(self, shipped: Floats) -> Floats:
        """The moved odds; they rise with the shipped ones, and where those are 0 they stay 0."""
        return np.where(shipped > 0, expit(self.shift + self.slope * logit(shipped)), 0.0)


@dataclass(frozen=True, slots=True)
class Learned:
    """Scores on held-out projects (Brier, lower is better). `gain` is shipped minus own, `error` its standard error."""

    projects: int
    moments: int
    crossings: int
    shipped: float
    own: float
    gain: float
    error: float

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to tell."""
        return self.projects >= FEWEST_PROJECTS and self.crossings >= FEWEST_CROSSINGS

    @property
    def helps(self) -> bool:
        """Whether the own view is better beyond what the choice of projects explains."""
        return self.is_enough and self.gain > SUREST_CHANCE * self.error


class OwnProjects:
    """Moments of the projects with their shipped odds on the grid; a view is fitted without the project it is for."""

    def __init__(self, cases: Sequence[Case], odds: Floats) -> None:
        self.crossed, self.watched = outcomes(cases)
        self.groups: Groups = np.array([case.group for case in cases])
        self.weights = asked_weights(cases)
        self.shipped = np.asarray(odds, np.float64)[:, 1:]
        self.known = ipcw_weights(self.crossed, self.watched, self.weights, _DAYS)

    def view_for(self, project: str) -> View:
        """What the other projects teach."""
        others = self.groups != project
        return _fit(self.shipped[others], self.crossed[others], self.known[others])

    def learned(self) -> Learned:
        """Every project scored by a view that saw nothing of it."""
        names = np.unique(self.groups)
        own = np.zeros_like(self.shipped)
        for name in names:
            own[self.groups == name] = self.view_for(str(name)).odds(self.shipped[self.groups == name])
        shipped_score, own_score = self._score(self.shipped), self._score(own)
        gains = [self._score(self.shipped, str(name)) - self._score(own, str(name)) for name in names]
        crossings = len({*zip(self.groups[np.isfinite(self.crossed)], self._ends(), strict=True)})
        return Learned(
            projects=len(names),
            moments=len(self.groups),
            crossings=crossings,
            shipped=shipped_score,
            own=own_score,
            gain=shipped_score - own_score,
            error=_jackknife(gains),
        )

    def _ends(self) -> list[float]:
        """The watched time left at each crossing, the same for all moments of one crossing."""
        happened = np.isfinite(self.crossed)
        return [round(float(left), 6) for left in (self.watched - self.crossed)[happened]]

    def _score(self, odds: Floats, without: str = "") -> float:
        used = self.groups != without
        by_day = brier_by_day(odds[used], self.crossed[used], self.known[used], _DAYS)
        return float(np.nanmean(by_day)) if np.isfinite(by_day).any() else float("nan")


def _fit(shipped: Floats, crossed: Floats, known: Floats) -> View:
    """Weighted log loss with a ridge towards the shipped odds; the slope is never below 0."""
    known = np.where(np.arange(len(_DAYS)) % 2, 0.0, known)  # neighbouring days are nearly alike
    case, day = np.nonzero(known > 0)
    if not len(case):
        return View(0.0, 1.0)
    weights = known[case, day] / known[case, day].sum()
    margin, came = logit(shipped[case, day]), (crossed[case] <= _DAYS[day]).astype(np.float64)

    def loss(found: Floats) -> tuple[float, Floats]:
        total = found[0] + found[1] * margin
        miss = weights * (expit(total) - came)
        away = found - np.array([0.0, 1.0])
        value = weights @ (np.logaddexp(0, total) - came * total) + _PULL / 2 * away @ away
        return float(value), np.array([miss.sum(), miss @ margin]) + _PULL * away

    from scipy.optimize import minimize  # half a second, for those who fit

    answer = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), (0.0, None)])
    return View(float(answer.x[0]), float(answer.x[1]))


def _jackknife(without_one: Sequence[float]) -> float:
    """Standard error from the values with one project left out each."""
    values = np.array(without_one)
    count = len(values)
    if count < 2 or not np.isfinite(values).all():
        return float("inf")
    return float(np.sqrt((count - 1) / count * ((values - values.mean()) ** 2).sum()))
