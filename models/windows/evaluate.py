"""One criterion over a stretch of time: reduced value, gaps, and what they add up to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.plan.comparison import COMPARISONS
from models.plan.plan import Comparator
from models.windows.samples import Samples

WindowState = Literal["passed", "failing", "unknown", "running", "not_begun"]
RunState = Literal["healthy", "failing", "gap"]
MOST_STEPS_APART = 2.0  # two samples further apart than this many scrape intervals have a gap between them
_INSTANT = 1e-3  # seconds: two moments nearer than this are one, whatever the floating-point arithmetic makes of them


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a usable sample; seconds since 1970."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive samples in one state; seconds since 1970 of the first and the last one, or the ends of a gap."""

    start: float
    end: float
    state: RunState
    samples: int


@dataclass(frozen=True, slots=True)
class WindowResult:
    """What the samples of a window show at a moment.

    `value` is the reduced value (infinite where one sample on the failing side is), None without a sample. `elapsed`
    is how much of `length` has passed, in seconds; `expected` how many samples that should have; `last_failing` the
    moment of the last sample that does not meet the threshold by itself.
    """

    state: WindowState
    start: float
    length: float
    elapsed: float
    value: float | None
    samples: int
    expected: int
    gaps: tuple[Gap, ...]
    last_failing: float | None


@dataclass(frozen=True, slots=True)
class WindowDemand:
    """What a window asks for: how samples are reduced, and how the result is compared with the threshold."""

    comparator: Comparator
    threshold: float
    reduce: str

    def holds(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Which values meet the threshold; NaN never does."""
        found: npt.NDArray[np.bool_] = np.asarray(COMPARISONS[self.comparator](values, self.threshold))
        return found


def evaluate(samples: Samples, demand: WindowDemand, start: float, length: float, now: float) -> WindowResult:
    """Judge the samples after `start`, up to `start + length` or `now`, whichever is earlier.

    A value beyond the threshold is failing at once. Else a distance of more than two scrape intervals between two
    usable samples, or between one and an end of the window, makes it unknown; else it is running until `length` has
    passed. NaN is no sample; infinity is one only on the side that fails, because a division by zero proves nothing
    good.
    """
    stop = min(now, start + length)
    if stop - start <= _INSTANT:
        return WindowResult("not_begun", start, length, 0.0, None, 0, 0, (), None)
    seconds, values = _usable(samples, demand, start, stop)
    base = _before(samples, demand, start)
    value = reduced(values, demand, base) if _shows_a_value(values, demand, base) else None
    failing = seconds[~demand.holds(each(values, demand, base))]
    gaps = _gaps(seconds, start, stop, samples)
    elapsed = stop - start
    return WindowResult(
        state=_state(value, demand, gaps, is_full=elapsed >= length - _INSTANT),
        start=start,
        length=length,
        elapsed=elapsed,
        value=value,
        samples=len(values),
        expected=int(elapsed / samples.step + _INSTANT),
        gaps=gaps,
        last_failing=float(failing[-1]) if len(failing) else None,
    )


def evaluate_last(samples: Samples, demand: WindowDemand, since: float, length: float, now: float) -> WindowResult:
    """Judge the last `length` seconds up to `now`, as far as they are after `since`."""
    return evaluate(samples, demand, max(since, now - length), length, now)


def strip(samples: Samples, demand: WindowDemand, start: float, now: float) -> tuple[Run, ...]:
    """Every sample from `start` to `now` as runs of equal states, with the gaps between them."""
    seconds, values = _usable(samples, demand, start, now)
    healthy = demand.holds(each(values, demand, _before(samples, demand, start)))
    gaps = _gaps(seconds, start, now, samples)
    runs = [Run(gap.start, gap.end, "gap", 0) for gap in gaps]
    ends = {gap.start for gap in gaps}
    first = 0
    for position in range(len(seconds)):
        is_last = position + 1 == len(seconds)
        if is_last or healthy[position] != healthy[position + 1] or float(seconds[position]) in ends:
            state: RunState = "healthy" if healthy[position] else "failing"
            runs.append(Run(float(seconds[first]), float(seconds[position]), state, position + 1 - first))
            first = position + 1
    return tuple(sorted(runs, key=lambda run: (run.start, run.end)))


def _usable(samples: Samples, demand: WindowDemand, start: float, stop: float) -> tuple[Floats, Floats]:
    kept = (samples.seconds > start) & (samples.seconds <= stop) & _is_sample(samples, demand)
    return samples.seconds[kept], samples.values[kept]


def _is_sample(samples: Samples, demand: WindowDemand) -> npt.NDArray[np.bool_]:
    """Which values count: not NaN, not infinity where it proves nothing, not what a person took back."""
    is_counter = demand.reduce == "increase"
    proves_nothing = np.isinf(samples.values) & (is_counter | demand.holds(samples.values))
    counts: npt.NDArray[np.bool_] = ~np.isnan(samples.values) & ~proves_nothing
    for first, last in samples.withdrawn:
        counts &= (samples.seconds < first) | (samples.seconds > last)
    return counts


def _before(samples: Samples, demand: WindowDemand, start: float) -> float | None:
    """Of a counter the value at the start of the window, without which its first step would be lost."""
    if demand.reduce != "increase":
        return None
    earliest = start - MOST_STEPS_APART * samples.step - _INSTANT
    kept = (samples.seconds <= start) & (samples.seconds >= earliest) & _is_sample(samples, demand)
    values = samples.values[kept]
    return float(values[-1]) if len(values) else None


def _shows_a_value(values: Floats, demand: WindowDemand, base: float | None) -> bool:
    """One value of a counter shows no increase."""
    needed = 2 if demand.reduce == "increase" and base is None else 1
    return len(values) >= needed


def _gaps(seconds: Floats, start: float, stop: float, samples: Samples) -> tuple[Gap, ...]:
    if stop <= start:
        return ()
    points = np.concatenate(([start], seconds, [stop]))
    is_gap = np.diff(points) > MOST_STEPS_APART * samples.step + _INSTANT
    for first, last in samples.withdrawn:
        is_gap |= (points[:-1] < last + _INSTANT) & (points[1:] > first - _INSTANT)
    return tuple(Gap(float(points[place]), float(points[place + 1])) for place in np.flatnonzero(is_gap))


def _state(value: float | None, demand: WindowDemand, gaps: tuple[Gap, ...], *, is_full: bool) -> WindowState:
    if value is not None and not bool(demand.holds(np.array([value]))[0]):
        return "failing"
    if gaps or (value is None and is_full):
        return "unknown"
    return "passed" if is_full else "running"


def reduced(values: Floats, demand: WindowDemand, base: float | None = None) -> float:
    """The samples as one number. `worst` is the sample farthest on the failing side of the threshold.

    Of a counter it is the increase since `base`, or since the first sample without one.
    """
    if demand.reduce == "worst":
        return _worst(values, demand)
    if demand.reduce == "increase":
        return float(each(values, demand, base)[-1])
    return float(_REDUCE[demand.reduce](values))


def each(values: Floats, demand: WindowDemand, base: float | None = None) -> Floats:
    """What is compared at each sample: its value, or of a counter how much it has grown since `base`."""
    if demand.reduce != "increase" or not len(values):
        return values
    first = values[0] if base is None else base
    return np.cumsum(_growth(np.concatenate(([first], values))))


def _worst(values: Floats, demand: WindowDemand) -> float:
    if demand.comparator in (">", ">="):
        return float(values.min())
    if demand.comparator in ("<", "<="):
        return float(values.max())
    return float(values[np.argmax(np.abs(values - demand.threshold))])


def _p95(values: Floats) -> float:
    """The smallest value that at least 95% of the samples do not exceed (nearest rank)."""
    return float(np.sort(values)[math.ceil(0.95 * len(values)) - 1])


def _never_nan(reduce: Callable[[Floats], np.floating[Any]]) -> Callable[[Floats], float]:
    """The same, and infinite between two opposite infinities: both fail the only comparator that meets them, ==."""

    def number(values: Floats) -> float:
        with np.errstate(invalid="ignore"):
            found = float(reduce(values))
        return math.inf if math.isnan(found) else found

    return number


def _growth(values: Floats) -> Floats:
    """How much a counter grew from each sample to the next; where it fell it was reset, and counts from 0 again."""
    steps = np.diff(values)
    return np.where(steps < 0, values[1:], steps)


_REDUCE: dict[str, Callable[[Floats], float]] = {
    "last": lambda values: float(values[-1]),
    "mean": _never_nan(np.mean),
    "median": _never_nan(np.median),
    "max": lambda values: float(values.max()),
    "min": lambda values: float(values.min()),
    "p95": _p95,
}
REDUCTIONS = ("worst", *_REDUCE, "increase")
