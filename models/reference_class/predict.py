"""The reference class: what other projects' efforts that looked like this one went on to do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.distributions import expit
from models.reference_class.features import DAILY, daily_features, logit, near_features, shape_features
from models.reference_class.forest import Trees
from models.reference_class.logistic import Linear
from models.series.curve import GRID
from models.series.history import ProgressHistory
from models.series.scoring import KaplanMeier

__all__ = ["GRID", "Reference", "comparable", "crossing_odds", "learned_from", "scores", "staying_odds"]

STAYS = (0.0, 7.0, 28.0, 91.0)
PATHS_COLUMN = DAILY.index("paths")
NEIGHBOURS = 200


@dataclass(frozen=True, eq=False)
class Reference:
    """An outside view learned from other projects and the inside view, blended by log-odds; no weight is below zero."""

    linear: Linear
    trees: Trees
    blend: Floats  # intercept, then one weight a column of blend_columns

    def odds(self, seen: ProgressHistory, seed: int = 0) -> Floats:
        """P(crossed) on the grid, day 0 included, never falling."""
        moment = np.r_[near_features(seen), shape_features(seen)]
        columns = blend_columns(self.linear, self.trees, moment, daily_features(seen, GRID[1:], seed), GRID[1:])
        later = expit(self.blend[0] + columns @ self.blend[1:])
        return np.asarray(np.maximum.accumulate(np.r_[0.0, later]), np.float64)


def blend_columns(linear: Linear, trees: Trees, moment: Floats, daily: Floats, days: Floats) -> Floats:
    """Log-odds of the outside view (curve and forest alike) and of the simulated paths, and the log of the day."""
    rows = np.column_stack([np.broadcast_to(moment, (len(days), moment.shape[-1])), daily, np.log(days)])
    outside = (logit(expit(linear.answer(moment, daily, days))) + logit(trees.answer(rows))) / 2
    return np.column_stack([outside, daily[:, PATHS_COLUMN], np.log(days / 180)])


def crossing_odds(seen: ProgressHistory, seed: int = 0) -> Floats:
    """P(crossed) on the grid for a history that is short of its threshold.

    Never above the odds of one that has just arrived: who is already there is not behind who is still on the way.
    """
    odds = _odds_of(seen.days.tobytes(), seen.progress.tobytes(), seed)
    return np.minimum(odds, staying_curve(parameters()["staying"], 0.0))


@lru_cache(maxsize=512)
def _odds_of(days: bytes, progress: bytes, seed: int) -> Floats:
    """The odds of a history by its content: a review asks for most of its histories several times."""
    numbers = (np.frombuffer(days, np.float64), np.frombuffer(progress, np.float64))
    return shipped().odds(ProgressHistory(*numbers, origin=pd.Timestamp(0), distance=1.0, threshold=1.0), seed)


def staying_odds(seen: ProgressHistory) -> Floats:
    """P(it stays, or comes back and then stays) on the grid for a history that is at its threshold."""
    return staying_curve(parameters()["staying"], seen.holding_days)


def staying_curve(stay: Mapping[str, Sequence[float]], holding_days: float) -> Floats:
    """P(it stays, or comes back and then stays) on the grid after `holding_days` at the threshold."""
    place = int(np.searchsorted(STAYS, holding_days, side="right")) - 1
    stays = max(stay["odds"][: place + 1])  # a longer stay is never taken for a worse sign
    return np.asarray(stays + (1 - stays) * np.asarray(stay["back"]), np.float64)


def comparable(seen: ProgressHistory, days: float = 364.0) -> tuple[int, int, float]:
    """Moments of other projects most like this one, in how many projects, and the share that crossed within `days`.

    The share counts each project once in every 28-day step of its age. A moment whose history ends sooner counts for
    as long as it was watched (Kaplan-Meier).
    """
    known = _comparable_moments()
    away = (((known.moments - comparable_place(seen)) / known.scale) ** 2).sum(axis=1)
    nearest = np.argsort(away, kind="stable")[:NEIGHBOURS]
    times = np.minimum(known.crossed, known.watched)[nearest]
    running = KaplanMeier(times, np.isfinite(known.crossed[nearest]), known.weights[nearest])
    return len(nearest), len(np.unique(known.groups[nearest])), float(1 - running(np.array([days + 1e-9]))[0])


class _Moments(NamedTuple):
    """Moments of other projects: where each lies, when it crossed (infinite: not while watched), of which project."""

    moments: Floats
    scale: Floats
    crossed: Floats
    watched: Floats
    weights: Floats
    groups: npt.NDArray[np.int64]


@lru_cache(maxsize=1)
def _comparable_moments() -> _Moments:
    stored = parameters()["comparable"]
    crossed = [math.inf if day is None else day for day in stored["crossed"]]
    return _Moments(
        moments=np.asarray(stored["moments"], np.float64),
        scale=np.asarray(stored["scale"], np.float64),
        crossed=np.asarray(crossed, np.float64),
        watched=np.asarray(stored["watched"], np.float64),
        weights=np.asarray(stored["weights"], np.float64),
        groups=np.asarray(stored["groups"], np.int64),
    )


def comparable_place(seen: ProgressHistory) -> Floats:
    """Where a moment lies among others: how little is left, paces of a quarter and of its life, quiet, age."""
    near, shape = near_features(seen), shape_features(seen)
    return np.array([near[1], near[7], near[10], shape[4], shape[0]])


def learned_from() -> frozenset[str]:
    """Projects whose efforts shaped the shipped parameters: scores on them are flattered."""
    return frozenset(parameters()["projects"])


def rival_parameters() -> Mapping[str, Any]:
    """What the baselines that learn from other projects have learned: by name, plain numbers."""
    return dict(parameters().get("baselines", {}))


def scores() -> Mapping[str, Any]:
    """Scores on held-out projects, as measured when the parameters were fitted."""
    return dict(parameters()["scores"])


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, Any]:
    """The shipped parameters: constants of the code, read once."""
    text = resources.files("models").joinpath("parameters/reference.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@lru_cache(maxsize=1)
def shipped() -> Reference:
    """The shipped model."""
    return from_parameters(parameters())


def from_parameters(stored: Mapping[str, Any]) -> Reference:
    """The model that `to_parameters` wrote."""
    linear = stored["linear"]
    trees = stored["trees"]
    grown = Trees(
        roots=np.asarray(trees["roots"], np.int64),
        feature=np.asarray(trees["feature"], np.int64),
        cut=np.asarray(trees["cut"], np.float64),
        left=np.asarray(trees["left"], np.int64),
        right=np.asarray(trees["right"], np.int64),
        value=np.asarray(trees["value"], np.float64),
        depth=trees["depth"],
    )
    return Reference(
        Linear(linear["intercept"], np.asarray(linear["weights"]), np.asarray(linear["middles"])),
        grown,
        np.asarray(stored["blend"]),
    )


def to_parameters(model: Reference) -> dict[str, Any]:
    """The model as plain numbers."""
    trees = model.trees
    return {
        "linear": {
            "intercept": model.linear.intercept,
            "weights": model.linear.weights.tolist(),
            "middles": model.linear.middles.tolist(),
        },
        "trees": {
            **{name: getattr(trees, name).tolist() for name in ("roots", "feature", "cut", "left", "right", "value")},
            "depth": trees.depth,
        },
        "blend": model.blend.tolist(),
    }
