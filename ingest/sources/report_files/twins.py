"""Reports of one run in several formats: one is taken for the whole, where the others do not show that it is a part."""

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
_TWINS_WITHIN = 10.0  # percentage points: formats count other lines, but no more apart than that


def worst_of_twins(reading: Reading, readings: Sequence[Reading]) -> Reading:
    """The reading with the most failures of all formats; coverage that another one contradicts is unknown.

    One that fails more, or covers far more or less, than its twin is another suite.
    """
    figures = (_worst(figure, readings) for figure in reading.figures)
    return replace(reading, figures=tuple(_agreed(figure, readings) for figure in figures))


def _agreed(figure: Figure, readings: Sequence[Reading]) -> Figure:
    """Coverage, unknown where two formats are too far apart to be of the same lines."""
    if not figure.metric.startswith("coverage_") or figure.value is None:
        return figure
    twins = (twin for reading in readings for twin in reading.figures if _is_twin(twin, figure))
    rates = [twin.value for twin in twins if twin.value is not None]
    least, most = min(rates), max(rates)
    if most - least <= _TWINS_WITHIN:
        return figure
    why = f"two formats of one run state {least:.1f}% and {most:.1f}%: two suites, so give each its own scope"
    return replace(figure, value=None, reason=why)


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
