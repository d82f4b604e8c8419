"""Why this date: the sentences beside a forecast."""

from __future__ import annotations

import numpy as np

from models.series.history import Seen, stalled_days, stops_short


def drivers_of(seen: Seen, pace: float, needed: float) -> tuple[str, ...]:
    """Sentences with figures, the weightiest first."""
    if seen.holding_days >= 0:
        return (f"it has stood at {number(seen.threshold)} or better for {seen.holding_days:.0f} days",)
    said = [_pace(seen, pace, needed), _remaining(seen)]
    said += [sentence for sentence in (_stalled(seen), _stopped_short(seen), _one_step(seen)) if sentence]
    return tuple(said)


def _pace(seen: Seen, pace: float, needed: float) -> str:
    return f"pace seen {per_week(pace)} over the last 13 weeks; {per_week(needed)} would be there in 26 weeks"


def _remaining(seen: Seen) -> str:
    left = (1 - seen.now) * seen.way
    return f"{number(abs(left))} of {number(abs(seen.way))} remain ({(1 - seen.now) * 100:.0f}% of the way)"


def _stalled(seen: Seen) -> str:
    days = stalled_days(seen)
    return f"no step forward for {days / 7:.0f} weeks" if days >= 28 else ""


def _stopped_short(seen: Seen) -> str:
    if not stops_short(seen):
        return ""
    return "it has stopped just below the threshold, which is how most efforts that never arrive end"


def _one_step(seen: Seen) -> str:
    gains = np.clip(np.diff(seen.progress), 0, None)
    if gains.sum() <= 0 or gains.max() < 0.5 * gains.sum():
        return ""
    return f"{100 * gains.max() / gains.sum():.0f}% of all progress came in one step, so its pace says little"


def comparable_words(moments: int, projects: int, share: float) -> str:
    """What became of those that looked like this one."""
    crossed = f"{min(99, max(1, round(100 * share)))}% crossed within a year"
    return f"of {moments} comparable moments in {projects} other projects, {crossed} (each project counted once)"


def per_week(pace: float) -> str:
    """A signed pace in metric units."""
    return f"{'+' if pace > 0 else ''}{number(pace)} a week"


def number(value: float) -> str:
    """Three significant digits, without an exponent or trailing zeros."""
    return np.format_float_positional(value, precision=3, fractional=False, trim="-", unique=False) if value else "0"


def odds_words(odds: float) -> str:
    """Odds as a whole percentage, never 0% or 100%."""
    if odds < 0.01:
        return "odds below 1%"
    return f"odds of {min(99, round(100 * odds))}%"
