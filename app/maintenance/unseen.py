"""Score the shipped forecast and its rivals on a folder of efforts that no fit has seen, and keep the figures.

Run as `python -m app.maintenance.unseen FOLDER NOTE` before the efforts join data/reference_efforts: the shipped
parameters must not have learned from their projects.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.maintenance.refit import EFFORTS
from app.maintenance.tables import write_json
from app.steps.date.backtest import read_efforts
from models.evaluation.backtest import backtest
from models.forecast import MODEL_VERSION
from models.series.cases import Effort


def unseen_test(efforts: Sequence[Effort], note: str) -> dict[str, Any]:
    """One entry of unseen_scores.json; ValueError where the shipped model has learned from one of the efforts."""
    answer = backtest(efforts)
    if answer["learned_from"]:
        raise ValueError(f"the shipped model has learned from {', '.join(answer['learned_from'])}: take them out")
    methods = {row["method"]: {k: v for k, v in row.items() if k != "method"} for row in answer["methods"]}
    for name, row in methods.items():
        row["reliability"] = answer["reliability"][name]
    return {
        "note": note,
        "weights": "asked",
        "model": MODEL_VERSION,
        "projects": len({effort.group for effort in efforts}),
        "series": len(efforts),
        "moments": answer["methods"][0]["cases"] if answer["methods"] else 0,
        "methods": methods,
    }


def main() -> int:
    """Append the test to unseen_scores.json."""
    if len(sys.argv) != 3:
        sys.stderr.write("usage: python -m app.maintenance.unseen FOLDER NOTE\n")
        return 2
    path = EFFORTS / "unseen_scores.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    try:
        kept["tests"].append(unseen_test(read_efforts(Path(sys.argv[1])), sys.argv[2]))
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    write_json(path, kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
