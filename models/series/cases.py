"""Cases: moments in the past at which a forecast could have been asked for, and what came of each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.series.curve import HOLD_DAYS
from models.series.history import MIN_OBSERVATIONS, Direction, ProgressHistory, first_crossing, progress_of

FIRST_ORIGIN_DAYS = 56
EVERY_DAYS = 28
MIN_FOLLOW_DAYS = 7.0


@dataclass(frozen=True, eq=False)
class Effort:
    """A whole history with the threshold it is scored against; `group` is the project, which is never split."""

    id: str
    group: str
    history: pd.Series
    threshold: float
    direction: Direction
    baseline: float | None = None

    def whole(self) -> ProgressHistory:
        """All of it, seen from its last day."""
        return progress_of(
            self.history, threshold=self.threshold, direction=self.direction, origin=None, baseline=self.baseline
        )


@dataclass(frozen=True, eq=False)
class Case:
    """One origin: what was seen, when it crossed (infinite: not while watched), how long it was watched."""

    effort: str
    group: str
    seen: ProgressHistory
    crossed: float  # days after the origin
    watched: float  # days after the origin


def effort_cases(
    effort: Effort, *, every: int = EVERY_DAYS, first: int = FIRST_ORIGIN_DAYS, held: bool = False
) -> list[Case]:
    """Origins every `every` days from `first` days and six observations after the start, until the crossing.

    Origins at which progress is at the threshold without having crossed for good are left out: that they are known
    not to be the crossing is hindsight. `held` asks for all that stand there; `crossed` is 0 where it stays.
    """
    whole = effort.whole()
    return list(cases_of(effort, whole, every=every, first=first, held=held)) if whole.count else []


def cases_of(effort: Effort, whole: ProgressHistory, *, every: int, first: int, held: bool = False) -> Iterator[Case]:
    """The cases of a history that was read (and cut, or measured against another threshold) already."""
    start, crossing = float(whole.days[0]), first_crossing(whole.days, whole.progress)
    last = -float(HOLD_DAYS) if held else min(crossing - 1.0, -MIN_FOLLOW_DAYS)
    for origin in np.arange(start + first, last + 1e-9, every):
        seen = look_from(whole, float(origin))
        if seen.count < MIN_OBSERVATIONS or held != (seen.holding_days >= 0):
            continue
        yield Case(effort.id, effort.group, seen, crossing - origin if not held else stays(whole, origin), -origin)


def stays(whole: ProgressHistory, origin: float) -> float:
    """Days from an origin at the threshold until a stay of 28 days begins: 0 when it never leaves."""
    later = whole.days > origin
    days = np.r_[origin, whole.days[later]]
    return first_crossing(days, np.r_[whole.at(origin), whole.progress[later]]) - origin


def look_from(whole: ProgressHistory, origin: float) -> ProgressHistory:
    """What could be seen at `origin` (in days of `whole`): not one row more."""
    known = whole.days <= origin
    moment = whole.origin + pd.Timedelta(days=origin)
    return replace(whole, days=whole.days[known] - origin, progress=whole.progress[known], origin=moment)


def later_start(whole: ProgressHistory, progress: float) -> ProgressHistory | None:
    """The same effort as one that begins where it first was at `progress`; None where that leaves no way to go."""
    first = int(np.argmax(whole.progress >= progress))
    start = float(whole.progress[first])
    if first == 0 or start >= 0.95:
        return None
    rest = (whole.progress[first:] - start) / (1 - start)
    return replace(whole, days=whole.days[first:], progress=rest, distance=whole.distance * (1 - start))


def against(whole: ProgressHistory, share: float) -> ProgressHistory:
    """The same history measured against a threshold at `share` of the way."""
    threshold = whole.threshold - (1 - share) * whole.distance
    return replace(whole, progress=whole.progress / share, distance=whole.distance * share, threshold=threshold)


def asked_weights(cases: Sequence[Case], represents: Floats | None = None) -> Floats:
    """Each project counts once in every 28-day step of its age while it is under way.

    A case weighs as many cases as it represents (default: 1), divided by the number of distinct series of its
    project that have a case in the same step. All of this is known on the day of the forecast; a weight that is shared
    over the whole life of an effort is not, because it depends on how soon the effort ends.
    """
    steps = [(case.group, int(case.seen.span // EVERY_DAYS)) for case in cases]
    series: dict[tuple[str, int], set[str]] = {}
    for case, step in zip(cases, steps, strict=True):
        series.setdefault(step, set()).add(case.effort)
    shared = np.array([len(series[step]) for step in steps], np.float64)
    return (np.ones(len(cases)) if represents is None else represents) / shared


def group_weights(groups: Sequence[str]) -> Floats:
    """Every project weighs 1, shared evenly among its cases; a case of an effort that ends soon then weighs more."""
    _, place, counts = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[place], np.float64)


def outcomes(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    """Crossing days (infinite where none was seen) and days watched, one a case."""
    crossed = np.array([case.crossed if case.crossed <= case.watched else math.inf for case in cases])
    return crossed, np.array([case.watched for case in cases])
