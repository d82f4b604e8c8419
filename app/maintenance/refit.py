"""`make reference`: refit the reference class from data/reference_efforts, write its parameters and scores.

Run as `python -m app.maintenance.refit`. The scores of the model are measured here, on projects held out from the fit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.steps.backtest import read_efforts
from models.arrays import Floats
from models.evaluation.backtest import score_method, score_odds
from models.reference_class.fit import fit_reference, held_out
from models.reference_class.predict import comparable_place, to_parameters
from models.reference_class.training_cases import SCORED_KEPT, learn, other_cases, staying, thin
from models.series.baselines import rivals
from models.series.cases import Case, Effort, effort_cases

ROOT = Path(__file__).resolve().parents[2]
EFFORTS = ROOT / "data" / "reference_efforts"
PARAMETERS = ROOT / "models" / "parameters" / "reference.json"
DOCS = ROOT / "docs" / "forecast.md"
DIGITS = 6


def main() -> None:
    """Read, fit, score on held-out projects, write."""
    efforts = read_efforts(EFFORTS)
    cases, kept = _scored(efforts)
    _say(f"{len(efforts)} efforts, {len(cases)} scored moments")
    scored = learn(cases, np.ones(len(cases)))
    others = learn(*other_cases(efforts))
    _say(f"{len(others.weights)} moments with other thresholds and starts")
    columns, odds = held_out(scored, others)
    with_today = np.column_stack([np.zeros(len(odds)), odds])
    ours = score_odds(with_today, scored.crossed, scored.watched, scored.weights)
    model = fit_reference(scored, others, columns)
    found = {"T-minus, projects held out": ours, **_rival_scores(cases)}
    told = {name: {key: value for key, value in score.items() if key != "reliability"} for name, score in found.items()}
    parameters = {
        "projects": sorted({effort.group for effort in efforts}),
        "scores": told,
        "staying": staying(efforts),
        "comparable": _comparable(cases, kept),
        **to_parameters(model),
    }
    PARAMETERS.write_text(json.dumps(_rounded(parameters), separators=(",", ":")) + "\n", encoding="utf-8")
    (EFFORTS / "scores.json").write_text(json.dumps(_rounded(found), indent=1) + "\n", encoding="utf-8")
    write_docs(found)
    _print_table(told)


def _scored(efforts: Sequence[Effort]) -> tuple[list[Case], Any]:
    """All scored cases, and which of them (evenly over each effort) can be named as comparable."""
    cases: list[Case] = []
    kept: list[bool] = []
    for effort in efforts:
        found = effort_cases(effort)
        chosen = {id(case) for case in thin(found, SCORED_KEPT)[0]}
        cases += found
        kept += [id(case) in chosen for case in found]
    return cases, np.array(kept)


def _rival_scores(cases: Sequence[Case]) -> dict[str, Any]:
    here, skipped = rivals()
    for name, reason in skipped.items():
        _say(f"{name} left out: {reason}")
    return {name: score_method(method, cases) for name, method in here.items()}


def _comparable(cases: Sequence[Case], kept: Floats) -> dict[str, Any]:
    """The moments that a forecast names as comparable, in a few numbers each."""
    chosen = [case for case, keep in zip(cases, kept, strict=True) if keep]
    moments = np.array([comparable_place(case.seen) for case in chosen]).round(3)
    names = sorted({case.group for case in chosen})
    return {
        "moments": moments.tolist(),
        "scale": moments.std(axis=0).tolist(),
        "crossed": [int(case.crossed) if case.crossed <= case.watched else None for case in chosen],
        "watched": [int(case.watched) for case in chosen],
        "groups": [names.index(case.group) for case in chosen],
    }


def _rounded(value: Any) -> Any:
    """The same with floats cut to a few significant digits: a smaller file, and the same on every machine."""
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def scores_table(told: Mapping[str, Mapping[str, Any]]) -> str:
    """The scores as the documentation shows them, best first."""
    lines = [
        "| method | Brier | calibration error | inside 50% | inside 80% | inside 95% | crossings inside 80% "
        "| width at equal coverage |",
        "| --- " * 8 + "|",
    ]
    for name, score in sorted(told.items(), key=lambda item: item[1]["brier"]):
        inside = ("coverage_50", "coverage_80", "coverage_95", "crossings_inside_80")
        shares = " | ".join(f"{score[key]:.1%}" for key in inside)
        figures = f"{score['brier']:.4f} | {score['calibration_error']:.4f} | {shares}"
        lines.append(f"| {name} | {figures} | {score['width_at_equal_coverage']:.2f} |")
    return "\n".join(lines)


def unseen_table(tests: Sequence[Mapping[str, Any]]) -> str:
    """The scores on efforts that no fit had seen, ours beside the rivals'."""
    lines = ["| unseen projects | moments | method | Brier | calibration error | inside 80% |", "| --- " * 6 + "|"]
    for test in tests:
        for name, score in sorted(test["methods"].items(), key=lambda item: item[1]["brier"]):
            figures = f"{score['brier']:.4f} | {score['calibration_error']:.4f} | {score['coverage_80']:.1%}"
            lines.append(f"| {test['projects']} | {test['moments']} | {name} | {figures} |")
    return "\n".join(lines)


def write_docs(told: Mapping[str, Mapping[str, Any]]) -> None:
    """Put the tables between the marks of docs/forecast.md."""
    unseen = json.loads((EFFORTS / "unseen_scores.json").read_text(encoding="utf-8"))["tests"]
    text = DOCS.read_text(encoding="utf-8")
    for mark, table in (("scores", scores_table(told)), ("unseen", unseen_table(unseen))):
        before, rest = text.split(f"<!-- {mark} -->")
        after = rest.split(f"<!-- /{mark} -->")[1]
        text = f"{before}<!-- {mark} -->\n{table}\n<!-- /{mark} -->{after}"
    DOCS.write_text(text, encoding="utf-8")


def _print_table(told: Mapping[str, Mapping[str, Any]]) -> None:
    columns = ("brier", "calibration_error", "coverage_80", "crossings_inside_80", "width_at_equal_coverage")
    _say(f"{'method':28s}" + "".join(f"{column:>25s}" for column in columns))
    for name, score in sorted(told.items(), key=lambda item: item[1]["brier"]):
        _say(f"{name:28s}" + "".join(f"{score[column]:25.4f}" for column in columns))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
