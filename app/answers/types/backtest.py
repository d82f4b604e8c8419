"""`tminus backtest --json`: how good such forecasts have been."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import ReasonValue

# A bin of the reliability table; "from" is a keyword of Python, so the call form is used.
ReliabilityBin = TypedDict(
    "ReliabilityBin",
    {"from": float, "forecast": float, "observed": float, "weight": float},
)


class MethodScores(TypedDict):
    """The scores of one method; null where its cases cannot give the score."""

    method: str
    brier: float | None
    brier_by_project: float | None  # each project weighs the same
    calibration_error: float | None
    coverage_50: float | None  # share of true dates inside the 50% interval
    coverage_80: float | None
    coverage_95: float | None
    width_50: float | None
    width_80: float | None
    width_95: float | None
    crossings_inside_80: float | None
    width_at_equal_coverage: float | None
    cases: int
    crossings: int


class BacktestAnswer(TypedDict):
    """Every method on the same past moments, best first."""

    schema: Literal["tminus.backtest/1"]
    because: str
    reason: ReasonValue
    columns: list[str]  # the keys of `methods` that the table shows
    methods: list[MethodScores]
    reliability: dict[str, list[ReliabilityBin]]  # by method
    skipped: dict[str, str]  # method: why it was left out
    learned_from: list[str]  # efforts that the shipped model has learned from: their scores flatter it
