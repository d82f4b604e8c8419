"""The answer of `tminus backtest`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from app.answers.reasons import reason_value
from app.answers.status import finite
from app.answers.types.backtest import BacktestAnswer, MethodScores
from app.wording.movement_reasons import evaluation_text


def backtest_answer(result: Mapping[str, Any]) -> BacktestAnswer:
    """`tminus backtest --json`; a score that its cases cannot give (no crossing among them) is null."""
    return {
        "schema": "tminus.backtest/1",
        "because": evaluation_text(result["because"]),
        "reason": reason_value(result["because"]),
        "columns": list(result["columns"]),
        "methods": [cast(MethodScores, {key: _cell(value) for key, value in row.items()}) for row in result["methods"]],
        "reliability": dict(result["reliability"]),
        "skipped": {name: evaluation_text(reason) for name, reason in result["skipped"].items()},
        "learned_from": list(result["learned_from"]),
    }


def _cell(value: object) -> object:
    return finite(value) if isinstance(value, float) else value
