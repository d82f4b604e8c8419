"""How fast memory grows: a robust slope in MB/h with an interval, or the reason why it is unknown.

Megabytes are 1,048,576 bytes, as process monitors count them. The steps, each for a trap of real series:

1. A restart cuts the series; the longest stretch is used. Nothing is interpolated over gaps.
2. Warm-up goes: the first fifth of the stretch, at least 60 s and at most 15 min.
3. A garbage collector draws a saw-tooth whose teeth say nothing about a leak. Where there are teeth, only the values
   right after the large collections count (what is alive); elsewhere the minimum of each of up to 24 equal bins.
4. The slope is Theil-Sen's median of pairwise slopes. Its error is widened for the autocorrelation of the residuals
   and for a second window of the same length (a prediction interval: the next run has to land in it too), 95%.
5. Undetermined: too short (under 180 s of steady running, unless more than 32 MB were added), fewer than four
   collections, halves that disagree, or an interval wider than +-10 MB/h (or +-20% of a large slope).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

MB = 1024 * 1024
RESOLUTION = 10.0  # MB/h: the threshold that teams set; an interval wider than this decides nothing
RELATIVE = 0.2
SHORTEST, SHORTEST_STEEP, STEEP_MB = 180.0, 45.0, 32.0
WARM_UP_SHARE, WARM_UP_LEAST, WARM_UP_MOST = 0.2, 60.0, 900.0
FEWEST_SAMPLES, FEWEST_COLLECTIONS, FEWEST_BINS, BINS = 20, 4, 5, 24
MAX_SAMPLES = 200_000
# Student's t, two-sided 95%, by degrees of freedom 1, 2, 3 ...; the last one is used for all above.
_T95 = (
    12.71,
    4.30,
    3.18,
    2.78,
    2.57,
    2.45,
    2.36,
    2.31,
    2.26,
    2.23,
    2.20,
    2.18,
    2.16,
    2.14,
    2.13,
    2.12,
    2.11,
    2.10,
    2.09,
    2.05,
)


@dataclass(frozen=True, slots=True)
class Growth:
    """MB/h with its interval; or None and why. `notes` say what was cut and what was measured."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted slope in MB/h and half the width of its prediction interval."""

    slope: float
    half_width: float


def measure_growth(seconds: Sequence[float], sizes: Sequence[float], starts: Sequence[int] = ()) -> Growth:
    """Growth of `sizes` (bytes) over `seconds`; `starts` are the positions of known restarts (a new pid).

    Never raises: what cannot be measured is a Growth without value.
    """
    import numpy as np

    if len(seconds) > MAX_SAMPLES:
        return Growth(None, reason=f"undetermined: {len(seconds):,} samples, more than {MAX_SAMPLES:,}")
    time, size = np.asarray(seconds, dtype=float), np.asarray(sizes, dtype=float) / MB
    if len(time) < FEWEST_SAMPLES:
        return _undetermined(f"{len(time)} samples, {FEWEST_SAMPLES} are needed")
    if not (np.all(np.isfinite(time)) and np.all(np.isfinite(size)) and np.all(np.abs(size) < 1e12)):
        return _undetermined("the series holds impossible values")
    if np.any(np.diff(time) < 0):
        return _undetermined("its clock runs backwards")
    time, size, notes = _longest_stretch(time, size, starts)
    time, size = _without_warm_up(time, size)
    return _measure_steady(time, size, notes)


def _measure_steady(time: Array, size: Array, notes: tuple[str, ...]) -> Growth:
    import numpy as np

    span = float(time[-1] - time[0]) if len(time) else 0.0
    added = float(np.median(size[-5:]) - np.median(size[:5])) if len(time) else 0.0
    if len(time) < FEWEST_SAMPLES or span < (SHORTEST_STEEP if abs(added) > STEEP_MB else SHORTEST):
        return _undetermined(f"{span:.0f} s of steady running after warm-up, {SHORTEST:.0f} s are needed", notes)
    points = _floor(time, size)
    if points is None:
        return _undetermined(f"fewer than {FEWEST_COLLECTIONS} garbage collections in {span:.0f} s", notes)
    at, floor, what = points
    line = _fit(at, floor)
    half = len(at) // 2
    first, second = _fit(at[: len(at) - half], floor[: len(at) - half]), _fit(at[half:], floor[half:])
    allowed = max(RESOLUTION, RELATIVE * abs(line.slope))
    if abs(first.slope - second.slope) > 2 * allowed:
        remark = f"its halves disagree: {first.slope:.1f} and {second.slope:.1f} MB/h"
        return _undetermined(remark, notes)
    if line.half_width > allowed:
        return _undetermined(f"{line.slope:.1f} MB/h give or take {line.half_width:.1f} is too wide", notes)
    notes = (*notes, f"{what} over {span:.0f} s")
    return Growth(line.slope, line.slope - line.half_width, line.slope + line.half_width, "", notes)


def _undetermined(reason: str, notes: tuple[str, ...] = ()) -> Growth:
    return Growth(None, reason=f"undetermined: {reason}", notes=notes)


def _longest_stretch(time: Array, size: Array, starts: Sequence[int]) -> tuple[Array, Array, tuple[str, ...]]:
    """The longest stretch between restarts; without known ones, a lasting fall by half is a restart."""
    cuts = sorted({start for start in starts if 0 < start < len(time)}) or _fallen(size)
    if not cuts:
        return time, size, ()
    edges = [0, *cuts, len(time)]
    begin, end = max(pairwise(edges), key=lambda edge: time[edge[1] - 1] - time[edge[0]])
    return (
        time[begin:end],
        size[begin:end],
        (f"{len(cuts)} restart{'s' * (len(cuts) != 1)}: the longest stretch is used",),
    )


def _fallen(size: Array) -> list[int]:
    """Falls by half that last for ten samples. Many of them are a garbage collector, not restarts."""
    import numpy as np

    found = [
        int(i) for i in np.flatnonzero(size[1:] < 0.5 * size[:-1]) + 1 if np.all(size[i : i + 10] < 0.6 * size[i - 1])
    ]
    return found if len(found) <= 3 else []


def _without_warm_up(time: Array, size: Array) -> tuple[Array, Array]:
    span = time[-1] - time[0]
    cut = min(max(WARM_UP_SHARE * span, WARM_UP_LEAST), WARM_UP_MOST, span / 2)
    kept = time >= time[0] + cut
    return time[kept], size[kept]


def _floor(time: Array, size: Array) -> tuple[Array, Array, str] | None:
    """What is alive: values after large collections, or minima of bins where nothing collects; None with few teeth."""
    import numpy as np

    falls = size[:-1] - size[1:]
    largest = float(falls.max())
    climbed = float(np.maximum(-falls, 0).sum())
    net = max(float(size[-1] - size[0]), 0.0)
    # What falls by less than half of what a leak that matters would add in this time cannot hide one: no teeth, noise.
    added = RESOLUTION * float(time[-1] - time[0]) / 3600
    if climbed - net < 0.5 * climbed or largest < max(0.1 * float(np.ptp(size)), 0.5 * added):
        return _bin_minima(time, size)
    after = np.flatnonzero(falls > 0.5 * largest) + 1
    if len(after) < FEWEST_COLLECTIONS:
        return None
    # The collector may go on for a sample or two: the lowest of the next three is what is alive.
    lowest = np.array([i + int(np.argmin(size[i : i + 3])) for i in after])
    at, floor = time[lowest], size[lowest]
    remark = f"what is alive after {len(at)} garbage collections"
    if len(at) < 3 * FEWEST_BINS:
        return at, floor, remark
    # Samples come some time after a collection and hold new garbage: of every few, the lowest is nearest to the truth.
    at, floor, _ = _bin_minima(at, floor)
    return at, floor, remark


def _bin_minima(time: Array, size: Array) -> tuple[Array, Array, str]:
    import numpy as np

    bins = min(BINS, max(len(time) // 4, FEWEST_BINS))
    which = np.minimum((bins * (time - time[0]) / (time[-1] - time[0])).astype(int), bins - 1)
    chosen = []
    for part in range(bins):
        members = np.flatnonzero(which == part)
        if len(members):
            chosen.append(int(members[np.argmin(size[members])]))
    return time[chosen], size[chosen], f"the minima of {len(chosen)} equal bins"


def _fit(at: Array, level: Array) -> Line:
    """Theil-Sen slope and the half-width of its prediction interval, widened for autocorrelated residuals."""
    import numpy as np

    hours = at / 3600
    rows, columns = np.triu_indices(len(hours), 1)
    runs = hours[columns] - hours[rows]
    apart = runs > 0
    if not apart.any():
        return Line(0.0, float("inf"))
    slope = float(np.median((level[columns] - level[rows])[apart] / runs[apart]))
    residual = level - slope * hours
    residual = residual - np.median(residual)
    spread = float(((hours - hours.mean()) ** 2).sum())
    n = len(hours)
    correlation = _correlation(residual)
    effective = max(n * (1 - correlation) / (1 + correlation), 3.0)
    variance = float((residual**2).sum()) / max(n - 2, 1) * (1 + correlation) / (1 - correlation)
    quantile = _T95[min(int(effective) - 2, len(_T95)) - 1]
    return Line(slope, quantile * float(np.sqrt(2 * variance / spread)))


def _correlation(residual: Array) -> float:
    """Lag-one autocorrelation, corrected for its bias in short series; 0.2 where there are too few values."""
    n = len(residual)
    power = float((residual**2).sum())
    if n < 8 or power == 0:
        return 0.2
    raw = float((residual[1:] * residual[:-1]).sum()) / power
    return min(max(raw + (1 + 4 * raw) / n, 0.0), 0.9)
