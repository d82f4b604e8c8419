"""What a fit writes: parameters and scores as JSON, and the tables of docs/forecast.md."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

DIGITS = 6
INSIDE = ("coverage_50", "coverage_80", "coverage_95", "crossings_inside_80")


def write_json(path: Path, value: Any, *, indent: int | None = 1) -> None:
    """Write JSON with floats cut to a few significant digits: a smaller file, and the same on every machine."""
    separators = None if indent else (",", ":")
    path.write_text(json.dumps(_rounded(value), indent=indent, separators=separators) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def scores_table(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """The scores by the weights of the question asked, best first; the Brier score by project is the last column."""
    lines = [
        "| method | Brier | T-minus to it, 95% | calibration error | inside 50% | inside 80% | inside 95% "
        "| crossings inside 80% | Brier by project |",
        "| --- " * 9 + "|",
    ]
    for name, score in sorted(scores.items(), key=lambda item: item[1]["brier"]):
        shares = " | ".join(f"{score[key]:.1%}" for key in INSIDE)
        figures = f"{score['brier']:.4f} | {_ratio(score)} | {score['calibration_error']:.4f} | {shares}"
        stored = "" if score.get("measured_in_this_run", True) else " (stored)"
        lines.append(f"| {name}{stored} | {figures} | {score['by_project']['brier']:.4f} |")
    return "\n".join(lines)


def _ratio(score: Mapping[str, Any]) -> str:
    found = score.get("ours_to_it")
    return f"{found['ratio']:.3f} [{found['low']:.2f} to {found['high']:.2f}]" if found else ""


def unseen_table(tests: Sequence[Mapping[str, Any]]) -> str:
    """The scores on efforts that no fit had seen, ours beside the rivals'."""
    lines = [
        "| test | weights | projects | moments | method | Brier | calibration error | inside 80% |",
        "| --- " * 8 + "|",
    ]
    for number, test in enumerate(tests, start=1):
        for name, score in sorted(test["methods"].items(), key=lambda item: item[1]["brier"]):
            figures = f"{score['brier']:.4f} | {score['calibration_error']:.4f} | {score['coverage_80']:.1%}"
            head = f"| {number} | {test.get('weights', 'by project')} | {test['projects']} | {test['moments']}"
            lines.append(f"{head} | {name} | {figures} |")
    return "\n".join(lines)


def fit_table(scores: Mapping[str, Mapping[str, Any]], projects: int) -> str:
    """The fit in use in one row: how much it was measured on, and its figures beside those of AutoETS."""
    ours = next(iter(scores.values()))
    figures = f"{ours['brier']:.4f} | {_ratio(scores.get('AutoETS', {}))} | {ours['calibration_error']:.4f}"
    return "\n".join(
        [
            "| projects | moments | Brier | to AutoETS, 95% | calibration error | inside 80% |",
            "| --- " * 6 + "|",
            f"| {projects} | {ours['cases']:,} | {figures} | {ours['coverage_80']:.1%} |",
        ]
    )


def joint_table(joint: Mapping[str, Any]) -> str:
    """On how much the joint event was scored, and its figures by method, lowest Brier score first."""
    head = (
        f"{joint['moments']:,} moments of {joint['projects']} projects. {joint['projects_that_crossed']} of the "
        f"projects saw the crossing, after {joint['crossings']} of the moments:"
    )
    lines = [head, "", "| how the parts depend | Brier | calibration error | the same for odds from 10% |"]
    lines.append("| --- " * 4 + "|")
    for name, score in sorted(joint["methods"].items(), key=lambda item: item[1]["brier"]):
        errors = f"{score['calibration_error']:.4f} | {score['calibration_error_from_10_percent']:.4f}"
        lines.append(f"| {name}{' (used)' * (name == joint['used'])} | {score['brier']:.5f} | {errors} |")
    return "\n".join(lines)


def docs_tables(folder: Path) -> dict[str, str]:
    """The tables of the files in `folder`, by the name of their mark."""
    read = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in FILES}
    with (folder / "index.csv").open(encoding="utf-8", newline="") as rows:
        projects = len({row["source_repo"] for row in csv.DictReader(rows)})
    return {
        "scores": scores_table(read["scores"]),
        "unseen": unseen_table(read["unseen_scores"]["tests"]),
        "joint": joint_table(read["joint_scores"]),
        "fit": fit_table(read["scores"], projects),
    }


def write_docs(pages: Iterable[Path], folder: Path) -> None:
    """Put each table between its marks, in every page that has them."""
    tables = docs_tables(folder)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for mark, table in tables.items():
            between = rf"(?s)(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)"
            text = re.sub(between, f"{table}\n".replace("\\", r"\\"), text)
        page.write_text(text, encoding="utf-8")


FILES = ("scores", "unseen_scores", "joint_scores")


def print_table(scores: Mapping[str, Mapping[str, Any]], say: Callable[[str], None]) -> None:
    """The main figures, a line a method, best first."""
    columns = ("brier", "calibration_error", "coverage_80", "crossings_inside_80", "width_at_equal_coverage")
    say(f"{'method':30s}" + "".join(f"{column:>25s}" for column in columns))
    for name, score in sorted(scores.items(), key=lambda item: item[1]["brier"]):
        say(f"{name:30s}" + "".join(f"{score[column]:25.4f}" for column in columns))
