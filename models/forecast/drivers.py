"""What drives a date: pace, distance, stalls and what became of similar efforts, as reasons."""

from __future__ import annotations

import numpy as np

from models.reasons.forecast import (
    ComparableMoments,
    DistanceLeft,
    DriverReason,
    HeldFor,
    Pace,
    SingleStep,
    Stalled,
    StoppedJustShort,
)
from models.series.history import ProgressHistory, stalled_days, stops_short

PACE_WEEKS = 13
NEEDED_WITHIN_WEEKS = 26
STALLED_FROM_DAYS = 28


def drivers_of(seen: ProgressHistory, pace: float, needed: float) -> tuple[DriverReason, ...]:
    """The drivers, the most important first; `pace` and `needed` in metric units per week."""
    if seen.holding_days >= 0:
        return (HeldFor(seen.threshold, seen.holding_days),)
    weeks = min(PACE_WEEKS, seen.span / 7)
    always: list[DriverReason] = [Pace(pace, weeks, needed, NEEDED_WITHIN_WEEKS), _distance(seen)]
    return tuple(always + [driver for driver in (_stalled(seen), _stopped_short(seen), _one_step(seen)) if driver])


def _distance(seen: ProgressHistory) -> DistanceLeft:
    share = 1 - seen.now
    return DistanceLeft(abs(share * seen.distance), abs(seen.distance), share)


def _stalled(seen: ProgressHistory) -> Stalled | None:
    days = stalled_days(seen)
    return Stalled(days) if days >= STALLED_FROM_DAYS else None


def _stopped_short(seen: ProgressHistory) -> StoppedJustShort | None:
    return StoppedJustShort() if stops_short(seen) else None


def _one_step(seen: ProgressHistory) -> SingleStep | None:
    gains = np.clip(np.diff(seen.progress), 0, None)
    if gains.sum() <= 0 or gains.max() < 0.5 * gains.sum():
        return None
    return SingleStep(float(gains.max() / gains.sum()))


def comparable_of(moments: int, projects: int, share: float) -> ComparableMoments:
    """What became of the moments that looked like this one; the share is never shown as certain."""
    return ComparableMoments(moments, projects, min(0.99, max(0.01, share)))
