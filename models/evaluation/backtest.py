"""Backtest: forecasts made with what was known then against what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from models.arrays import Floats
from models.evaluation.learned_baselines import shipped_rivals
from models.forecast.crossing import curve_of
from models.reasons.evaluation import EvaluationReason, NothingToScore, NotInstalled, Scored
from models.reference_class.predict import learned_from, rival_parameters
from models.series.baselines import baseline_methods
from models.series.cases import Case, Effort, asked_weights, effort_cases, group_weights, outcomes
from models.series.curve import GRID, SUREST, UNLIKELIEST
from models.series.history import MIN_OBSERVATIONS, ProgressHistory
from models.series.scoring import (
    brier_by_day,
    calibration_error,
    coverage,
    crossing_coverage,
    equal_coverage_width,
    ipcw_weights,
    reliability,
    width,
)

LEVELS = (0.5, 0.8, 0.95)
OURS = "T-minus"
COLUMNS = ("method", "brier", "calibration_error", "coverage_80", "width_80", "brier_by_project", "cases")
Method = Callable[[ProgressHistory, Floats], Floats]


def ours(seen: ProgressHistory, days: Floats) -> Floats:
    """The shipped forecast, in the form of a baseline."""
    grid, odds = curve_of(seen, int(days[-1]), 0)
    return np.asarray(1 - np.exp(np.interp(days, grid, np.log1p(-odds))), np.float64)


def backtest(efforts: Sequence[Effort], *, every: int = 28, first: int = 56) -> dict[str, Any]:
    """Every method on the same cases: origins every `every` days from `first` days after each start until the crossing.

    Answers a table (`columns`, `methods`: one row a method, best first), reliability per method, and what was skipped
    and why. Each project counts once in every 28-day step of its age. Efforts that the model has learned from are
    named: their scores flatter it.
    """
    cases = [case for effort in efforts for case in effort_cases(effort, every=every, first=first)]
    others, skipped = baseline_methods()
    if not cases:
        return _answer(NothingToScore(first // 7, MIN_OBSERVATIONS), [], {}, skipped, [])
    plain = {name: odds_of(method, cases) for name, method in {OURS: ours, **others}.items()}
    learned = shipped_rivals(rival_parameters(), {name: odds[:, 1:] for name, odds in plain.items()}, len(cases))
    every_method = {**plain, **{name: np.column_stack([np.zeros(len(cases)), odds]) for name, odds in learned.items()}}
    rows = [{"method": name, **score_cases(odds, cases)} for name, odds in every_method.items()]
    rows.sort(key=lambda row: row["brier"])
    details = {row["method"]: row.pop("reliability") for row in rows}
    flattered = sorted({effort.id for effort in efforts if effort.group in learned_from()})
    return _answer(_scored(cases, rows, flattered), rows, details, skipped, flattered)


def odds_of(method: Method, cases: Sequence[Case]) -> Floats:
    """The method's odds on the grid, one row a case."""
    return np.array([method(case.seen, GRID) for case in cases])


def score_method(method: Method, cases: Sequence[Case]) -> dict[str, Any]:
    """All scores of one method on these cases."""
    return score_cases(odds_of(method, cases), cases)


def score_cases(odds: Floats, cases: Sequence[Case]) -> dict[str, Any]:
    """Scores by the question asked: each project once in every 28-day step; the Brier score by project beside them."""
    crossed, watched = outcomes(cases)
    by_project = score_odds(odds, crossed, watched, group_weights([case.group for case in cases]))
    asked = score_odds(odds, crossed, watched, asked_weights(cases))
    return {**asked, "brier_by_project": by_project["brier"]}


def score_odds(odds: Floats, crossed: Floats, watched: Floats, weights: Floats) -> dict[str, Any]:
    """Scores of odds on the grid (one row a case), kept off 0 and 1: that spares the surest baselines the worst."""
    kept = np.clip(odds, UNLIKELIEST, SUREST)
    days, later = GRID[1:], kept[:, 1:]
    known = ipcw_weights(crossed, watched, weights, days)
    table = reliability(later, crossed, known, days)
    return {
        "brier": float(np.nanmean(brier_by_day(later, crossed, known, days))),
        "calibration_error": calibration_error(table),
        **{f"coverage_{level * 100:.0f}": coverage(kept, crossed, watched, weights, GRID, level) for level in LEVELS},
        **{f"width_{level * 100:.0f}": width(kept, weights, GRID, level) for level in LEVELS},
        "crossings_inside_80": crossing_coverage(kept, crossed, weights, GRID, 0.8),
        "width_at_equal_coverage": equal_coverage_width(kept, crossed, weights, GRID, 0.8),
        "cases": len(odds),
        "crossings": int(np.isfinite(crossed).sum()),
        "reliability": table,
    }


def _scored(cases: Sequence[Case], rows: Sequence[Mapping[str, Any]], flattered: Sequence[str]) -> Scored:
    return Scored(len(cases), len({case.group for case in cases}), int(rows[0]["crossings"]), len(flattered))


def _answer(
    because: EvaluationReason,
    rows: Sequence[Mapping[str, Any]],
    details: Mapping[str, Any],
    skipped: Mapping[str, NotInstalled],
    flattered: Sequence[str],
) -> dict[str, Any]:
    return {
        "schema": "tminus.backtest/1",
        "because": because,
        "columns": list(COLUMNS),
        "methods": [dict(row) for row in rows],
        "reliability": dict(details),
        "skipped": dict(skipped),
        "learned_from": list(flattered),
    }
