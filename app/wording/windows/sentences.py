"""Sentences about windows after a deployment. T is the deployment; hours count from it."""

from __future__ import annotations

import math
from typing import assert_never

from app.wording.numbers import demand, number, quantity
from app.wording.text import count
from models.reasons.requirement import Requirement
from models.reasons.window import (
    BeforeDeployment,
    NothingDeployed,
    WindowCompared,
    WindowEmpty,
    WindowGap,
    WindowReason,
    WindowRunning,
)

REDUCED = {
    "worst": "the worst",
    "mean": "the mean",
    "median": "the median",
    "max": "the highest",
    "min": "the lowest",
    "p95": "the 95th percentile",
    "last": "the last",
    "increase": "the increase over",
}


def window_text(reason: WindowReason) -> str:
    """Why a criterion that is judged after the deployment is in its state."""
    match reason:
        case NothingDeployed():
            return "nothing is deployed yet"
        case BeforeDeployment(hours, after):
            since = "the deployment" if not after else f"T+{span_of(after)}"
            return f"the newest value is {span_of(hours)} older than {since}; only later ones count"
        case WindowCompared():
            return _compared(reason)
        case WindowRunning(value, asked, hours, of_hours):
            so_far = f": {value_of(value, asked)} so far, {_met(asked)}" if value is not None else ""
            return f"{number(hours)} of {span_of(of_hours)} without a failing or missing sample{so_far}"
        case WindowGap():
            return _gap(reason)
        case WindowEmpty(hours):
            return f"no samples in {span_of(hours)}"
        case _:
            assert_never(reason)


def _compared(reason: WindowCompared) -> str:
    asked = reason.demand
    text = f"{value_of(reason.value, asked)}, {'meets' if reason.meets else 'needs'} "
    text += f"{demand(asked.comparator, asked.threshold, asked.unit)}"
    text += f" ({REDUCED[reason.reduce]} of {count(reason.samples, 'sample')} in {span_of(reason.hours)}"
    if not reason.meets and reason.last_failing is not None:
        text += f", failing last at T+{span_of(reason.last_failing)}"
    return f"{text}{'; simulated' if reason.simulated else ''})"


def _gap(reason: WindowGap) -> str:
    length = span_of(reason.until - reason.since)
    others = f" and {count(reason.gaps - 1, 'other gap')}" if reason.gaps > 1 else ""
    if reason.is_open:
        return f"no samples since T+{span_of(reason.since)}, for {length}{others}"
    return f"no samples from T+{span_of(reason.since)} to T+{span_of(reason.until)} ({length}){others}"


def value_of(value: float, asked: Requirement) -> str:
    """A reduced value with its unit; infinity is what a service answers beyond its largest bucket."""
    return "infinite" if math.isinf(value) else quantity(value, asked.unit, asked.threshold)


def _met(asked: Requirement) -> str:
    return f"meets {demand(asked.comparator, asked.threshold, asked.unit)}"


def span_of(hours: float) -> str:
    """A length of hours: "45 s", "30 min", "1.5 h", "72 h"."""
    if abs(hours) < 1 / 60:
        return f"{number(hours * 3600, 0)} s"
    return f"{number(hours * 60, 0)} min" if abs(hours) < 1 else f"{number(hours)} h"
