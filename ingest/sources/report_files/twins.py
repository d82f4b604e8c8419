"""Test reports of one run in several formats: one is taken for the whole, and no failure is in another one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.readers.contract import Figure, Reading

IDLE = "no test ran: all are skipped"
_WORST: dict[str, Callable[[Iterable[float]], float]] = {
    "tests_failed": max,
    "tests_errored": max,
    "tests_passed_percent": min,
}


def worst_of_twins(reading: Reading, readings: Sequence[Reading]) -> Reading:
    """The reading with the failures of the format that has most: one that fails more than its twin is another suite."""
    return replace(reading, figures=tuple(_worst(figure, readings) for figure in reading.figures))


def _worst(figure: Figure, readings: Sequence[Reading]) -> Figure:
    """The worst value; unknown where one format is damaged and no other one fails."""
    if figure.metric not in _WORST or figure.value is None:
        return figure
    twins = [twin for reading in readings for twin in reading.figures if _is_twin(twin, figure)]
    value = _worst_value(figure.metric, twins)
    damaged = next(filter(None, map(_damage, twins)), "")
    if damaged and (figure.metric == "tests_passed_percent" or not value):
        return replace(figure, value=None, reason=f"a report of the run in another format is unknown: {damaged}")
    return replace(figure, value=value)


def _worst_value(metric: str, twins: Iterable[Figure]) -> float:
    return _WORST[metric](twin.value for twin in twins if twin.value is not None)


def _damage(twin: Figure) -> str:
    """Why a twin is unknown, unless all its tests are skipped."""
    return "" if twin.value is not None or twin.reason.startswith(IDLE) else twin.reason


def _is_twin(one: Figure, other: Figure) -> bool:
    return (one.metric, one.scope) == (other.metric, other.scope)
