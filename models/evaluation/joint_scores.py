"""Ways to the odds that all parts hold together, scored on projects that the parts' own odds had not seen.

Each moment weighs the same, which is each project once in every 28-day step. All ways start from the same odds of the
parts; they differ in how the parts are taken to depend on each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from models.arrays import Floats
from models.evaluation.joint_cases import JointCase, joint_cases
from models.forecast.copula import correlation, uniform_draws
from models.reference_class.fit import DAYS, fold_of
from models.reference_class.predict import Reference, staying_curve
from models.reference_class.training_cases import Stays, staying
from models.series.cases import Effort
from models.series.curve import SUREST, UNLIKELIEST
from models.series.history import ProgressHistory
from models.series.scoring import brier_by_day, calibration_error, ipcw_weights, reliability

USED = "independent parts"
DRAWS = 2000
# The variance of the shared pace of a team: at 0 its parts are independent.
SHARED_PACE = 0.5
EXPONENTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8)


def joint_scores(efforts: Sequence[Effort], models: Mapping[str, Reference], stays: Stays) -> dict[str, Any]:
    """Brier score and calibration error of each way over the moments with two or more open parts.

    `models` are by project, each fitted without it. `calibration_error_from_10_percent` is over odds of 10% and more:
    most odds of a joint event are small, and hide the others in the mean.
    """
    cases = [case for case in joint_cases(efforts) if case.open_parts > 1]
    parts = [part_odds(case, models[case.group], staying(stays, case.group)) for case in cases]
    ways = ways_to_the_joint_odds(cases, parts)
    return {
        **counts(cases),
        "used": USED,
        "methods": {name: _score(odds, cases) for name, odds in ways.items()},
    }


def counts(cases: Sequence[JointCase]) -> dict[str, int]:
    """How many moments and projects there are, and how many of each saw all parts hold together."""
    crossed = [case.group for case in cases if case.crossed <= case.watched]
    return {
        "moments": len(cases),
        "projects": len({case.group for case in cases}),
        "crossings": len(crossed),
        "projects_that_crossed": len(set(crossed)),
    }


def part_odds(case: JointCase, model: Reference, stay: Mapping[str, Sequence[float]]) -> Floats:
    """The odds of each part (part, day), by a model and figures of staying that saw nothing of the project."""
    return np.array([_odds_of(part, model, stay)[1:] for part in case.parts])


def _odds_of(part: ProgressHistory, model: Reference, stay: Mapping[str, Sequence[float]]) -> Floats:
    if part.holding_days >= 0:
        return staying_curve(stay, part.holding_days)
    return np.minimum(model.odds(part), staying_curve(stay, 0.0))


def ways_to_the_joint_odds(cases: Sequence[JointCase], parts: Sequence[Floats]) -> dict[str, Floats]:
    """Odds (case, day) that all parts hold, by each way."""
    pairs = list(zip(cases, parts, strict=True))
    independent = np.array([odds.prod(axis=0) for odds in parts])
    return {
        USED: independent,
        "least of the parts": np.array([odds.min(axis=0) for odds in parts]),
        "weekly rank correlation": np.array(
            [_all_below(odds, uniform_draws(correlation(case.parts), DRAWS, 0)) for case, odds in pairs]
        ),
        "shared stop-and-go of the team": np.array([_all_below(odds, shared_pace(len(odds))) for odds in parts]),
        "independent, calibrated by open parts": _calibrated(independent, cases),
    }


def shared_pace(parts: int, draws: int = DRAWS) -> Floats:
    """Uniforms (draw, part) of parts that share one gamma-distributed pace: a team that stops, stops in all of them.

    The gamma frailty model; its copula of the survival times is Clayton's.
    """
    random = np.random.default_rng(1)
    pace = random.gamma(1 / SHARED_PACE, 1.0, (draws, 1))
    waiting = random.exponential(1.0, (draws, parts))
    return np.asarray(1 - (1 + waiting / pace) ** (-1 / SHARED_PACE), np.float64)


def _all_below(odds: Floats, uniforms: Floats) -> Floats:
    """Share of draws in which every part has crossed by each day."""
    return np.array([(uniforms <= day).all(axis=1).mean() for day in odds.T])


def _calibrated(odds: Floats, cases: Sequence[JointCase]) -> Floats:
    """Odds to the power 1 + g log(open parts), g by the Brier score on the other folds of projects."""
    log_open = np.log([case.open_parts for case in cases])
    bent = {g: np.clip(odds, 1e-9, 1.0) ** (1 + g * log_open)[:, None] for g in EXPONENTS}
    fold = fold_of(np.array([case.group for case in cases]))
    found = np.zeros_like(odds)
    for k in np.unique(fold):
        teach = np.flatnonzero(fold != k)
        best = min(bent, key=lambda g: _score(bent[g][teach], [cases[int(n)] for n in teach])["brier"])
        found[fold == k] = bent[best][fold == k]
    return found


def _score(odds: Floats, cases: Iterable[JointCase]) -> dict[str, Any]:
    found = list(cases)
    crossed = np.array([case.crossed if case.crossed <= case.watched else np.inf for case in found])
    watched = np.array([case.watched for case in found])
    known = ipcw_weights(crossed, watched, np.ones(len(found)), DAYS)
    kept = np.clip(odds, UNLIKELIEST, SUREST)
    table = reliability(kept, crossed, known, DAYS)
    return {
        "brier": float(np.nanmean(brier_by_day(kept, crossed, known, DAYS))),
        "calibration_error": calibration_error(table),
        "calibration_error_from_10_percent": calibration_error(reliability(kept, crossed, known * (kept >= 0.1), DAYS)),
        "reliability": table,
    }
