"""Durations and schedules as a plan writes them: "90s", "24h", "T-24h", "T+0h every 30m until T+4h"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_NAMED = {"daily": "1d", "weekly": "1w", "biweekly": "2w", "monthly": "30d", "quarterly": "91d"}
_LENGTH = r"\d{1,6}(?:\.\d{1,3})?[smhdw]"
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhdw])")
_SCHEDULE = re.compile(
    rf"T\s*(?P<sign>[+-])\s*(?P<start>{_LENGTH})"
    rf"(?:\s+every\s+(?P<every>{_LENGTH}))?(?:\s+until\s+T\s*(?P<until_sign>[+-])\s*(?P<until>{_LENGTH}))?"
)
MOST_MOMENTS = 1000  # of one schedule; more is a mistake in the plan


@dataclass(frozen=True, slots=True)
class Schedule:
    """Moments around a deployment (T). Without `every` there is one; with `until` alone it may be met up to then."""

    text: str
    start: timedelta
    every: timedelta | None = None
    until: timedelta | None = None

    def moments(self) -> Iterator[timedelta]:
        """Each moment at which something is due, relative to the deployment, in order."""
        if self.every is None or self.until is None:
            yield self.start
            return
        at = self.start
        while at <= self.until:
            yield at
            at += self.every


def parse_duration(text: str) -> timedelta | None:
    """A duration above zero out of "90s", "30m", "24h", "7d" or "2w"; None when it is none."""
    found = _DURATION.fullmatch(text.strip())
    length = float(found[1]) * _UNITS[found[2]] if found else None
    return length if length else None


def parse_cadence(text: str) -> timedelta | None:
    """A duration, or one of daily, weekly, biweekly, monthly, quarterly; None when it is neither."""
    return parse_duration(_NAMED.get(text.strip().lower(), text))


def parse_schedule(text: str) -> Schedule | None:
    """The schedule; None when it is none: an `every` needs an `until`, and no end lies before its start."""
    found = _SCHEDULE.fullmatch(text.strip())
    if found is None:
        return None
    start = _signed(found["sign"], found["start"])
    every = parse_duration(found["every"]) if found["every"] else None
    until = _signed(found["until_sign"], found["until"]) if found["until"] else None
    if until is None:
        return None if found["every"] else Schedule(text, start)
    if until < start or (found["every"] and (every is None or (until - start) / every > MOST_MOMENTS)):
        return None
    return Schedule(text, start, every, until)


def _signed(sign: str, text: str) -> timedelta:
    number, unit = float(text[:-1]), _UNITS[text[-1]]
    return -number * unit if sign == "-" else number * unit
