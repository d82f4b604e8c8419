"""`make reference`: refit the reference class from data/reference_efforts, write its parameters and scores.

Run as `python -m app.maintenance.refit`. The scores of the model are measured here, on projects held out from the fit.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from app.maintenance.tables import print_table, write_docs, write_json
from app.steps.date.backtest import read_efforts
from models.arrays import Floats
from models.evaluation.comparison import learned_rivals, ratio, rival_parameters, score_learned
from models.evaluation.joint_scores import joint_scores
from models.reference_class.fit import fit_reference, held_out
from models.reference_class.predict import comparable_place, to_parameters
from models.reference_class.training_cases import (
    SCORED_KEPT,
    Learned,
    learn,
    moments_at_thresholds,
    other_cases,
    staying,
    thin,
)
from models.series.baselines import Baseline, baseline_methods
from models.series.cases import Case, Effort, asked_weights, effort_cases
from models.series.curve import GRID

OURS_HELD_OUT = "T-minus, projects held out"
ROOT = Path(__file__).resolve().parents[2]
EFFORTS = ROOT / "data" / "reference_efforts"
PARAMETERS = ROOT / "models" / "parameters" / "reference.json"
DOCS = ROOT / "docs" / "forecast.md"
DECISION = ROOT / "docs" / "decisions" / "0006-outside-view.md"
PAGES = (DOCS, DECISION)
WRITTEN = (PARAMETERS, EFFORTS / "scores.json", EFFORTS / "joint_scores.json", *PAGES)


def main() -> None:
    """Read, fit, score on held-out projects, write."""
    before = {path: path.read_bytes() for path in WRITTEN if path.is_file()}
    efforts = read_efforts(EFFORTS)
    cases, kept = _scored(efforts)
    _say(f"{len(efforts)} efforts, {len(cases)} scored moments")
    scored = learn(cases, np.ones(len(cases)), on_all_processors)
    others = learn(*other_cases(efforts), on_all_processors)
    _say(f"{len(others.weights)} moments with other thresholds and starts")
    held = held_out(scored, others)
    model = fit_reference(scored, others, held.columns)
    plain = _rival_odds(cases)
    found = _scores(held.odds, plain, scored)
    stays = moments_at_thresholds(efforts)
    joint = joint_scores(efforts, held.models, stays)
    parameters = {
        "projects": sorted({effort.group for effort in efforts}),
        "scores": {name: {k: v for k, v in score.items() if k != "reliability"} for name, score in found.items()},
        "staying": staying(stays),
        "comparable": _comparable(cases, kept),
        "baselines": {**_stored_baselines(fingerprint(scored)), **rival_parameters(plain, scored)},
        **to_parameters(model),
    }
    write_json(PARAMETERS, parameters, indent=None)
    write_json(EFFORTS / "scores.json", found)
    write_json(EFFORTS / "joint_scores.json", joint)
    write_docs(PAGES, EFFORTS)
    print_table(found, _say)
    for path in WRITTEN:
        is_same = before.get(path) == path.read_bytes()
        _say(f"{path.relative_to(ROOT)}: {'the same as before' if is_same else 'changed'}")


def on_all_processors(function: Callable[[Case], Floats], cases: Iterable[Case]) -> list[Floats]:
    """`map` over the cases on all processors, in order."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(function, cases, chunksize=64))


def _scores(ours: Floats, plain: Mapping[str, Floats], scored: Learned) -> dict[str, Any]:
    """All methods on the scored cases, ours first; of each baseline, our Brier score as a share of its own."""
    cases = fingerprint(scored)
    others = {**plain, **learned_rivals(scored, plain)}
    found = {OURS_HELD_OUT: {**score_learned(ours, scored), "cases_id": cases}}
    for name, odds in others.items():
        found[name] = {**score_learned(odds, scored), "ours_to_it": ratio(ours, odds, scored), "cases_id": cases}
    return {**found, **_stored(found, cases)}


def _stored(found: Mapping[str, Any], cases: str) -> dict[str, Any]:
    """Rivals that this run could not measure, as measured before on exactly these cases; without such, nothing."""
    path = EFFORTS / "scores.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept = {name: row for name, row in before.items() if name not in found and row.get("cases_id") == cases}
    for name in kept:
        _say(f"{name}: not measured in this run; its stored figures on the same cases are kept")
    return {name: {**row, "measured_in_this_run": False} for name, row in kept.items()}


def _stored_baselines(cases: str) -> dict[str, Any]:
    """Recalibrations as fitted before on exactly these cases, for what this run could not measure."""
    if not PARAMETERS.is_file():
        return {}
    before = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    is_same = all(row.get("cases_id") == cases for row in before["scores"].values())
    return dict(before["baselines"]) if is_same else {}


def fingerprint(scored: Learned) -> str:
    """A short hash of the cases that were scored: figures of two runs compare only where it is the same."""
    outcomes = np.column_stack([scored.crossed, scored.watched, scored.weights]).round(6)
    return hashlib.sha256(outcomes.tobytes()).hexdigest()[:12]


def _scored(efforts: Sequence[Effort]) -> tuple[list[Case], dict[int, float]]:
    """All scored cases; and the places of those that can be called comparable, and how many cases each represents."""
    cases: list[Case] = []
    kept: dict[int, float] = {}
    for effort in efforts:
        found = effort_cases(effort)
        places = {id(case): len(cases) + k for k, case in enumerate(found)}
        kept |= {places[id(case)]: represents for case, represents in zip(*thin(found, SCORED_KEPT), strict=True)}
        cases += found
    return cases, kept


def _rival_odds(cases: Sequence[Case]) -> dict[str, Floats]:
    """Odds (case, day of the grid without day 0) of every baseline that can run here."""
    here, skipped = baseline_methods()
    for name, reason in skipped.items():
        _say(f"{name} left out: {reason}")
    return {name: np.array(on_all_processors(partial(_odds_of, method), cases)) for name, method in here.items()}


def _odds_of(method: Baseline, case: Case) -> Floats:
    return method(case.seen, GRID)[1:]


def _comparable(cases: Sequence[Case], kept: Mapping[int, float]) -> dict[str, Any]:
    """The moments that a forecast names as comparable, in a few numbers each; `kept`: their places and what for."""
    chosen = [cases[k] for k in kept]
    moments = np.array([comparable_place(case.seen) for case in chosen]).round(3)
    names = sorted({case.group for case in chosen})
    return {
        "moments": moments.tolist(),
        "scale": moments.std(axis=0).tolist(),
        "crossed": [int(case.crossed) if case.crossed <= case.watched else None for case in chosen],
        "watched": [int(case.watched) for case in chosen],
        "groups": [names.index(case.group) for case in chosen],
        "weights": asked_weights(chosen, np.array(list(kept.values()))).round(3).tolist(),
    }


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
