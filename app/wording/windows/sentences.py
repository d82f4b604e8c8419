"""Sentences about windows after a deployment. T is the deployment; hours count from it."""

from __future__ import annotations

import math
from typing import assert_never

from app.wording.numbers import demand, number, quantity
from app.wording.text import count, listing
from models.reasons.requirement import Requirement
from models.reasons.window import (
    BeforeDeployment,
    NothingDeployed,
    OtherEnvironment,
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
        case BeforeDeployment():
            return _before(reason)
        case WindowCompared():
            return _compared(reason)
        case WindowRunning():
            return _running(reason)
        case WindowGap():
            return _gap(reason)
        case WindowEmpty(hours):
            return f"no samples in {span_of(hours)}"
        case OtherEnvironment():
            return _elsewhere(reason)
        case _:
            assert_never(reason)


def _before(reason: BeforeDeployment) -> str:
    since = "the deployment" if not reason.after else f"T+{span_of(reason.after)}"
    if reason.hours * 60 < 1:
        return f"no value was measured after {since} yet"
    return f"the newest value is {span_of(reason.hours)} older than {since}; only later ones count"


def _running(reason: WindowRunning) -> str:
    value, asked = reason.value, reason.demand
    so_far = f": {value_of(value, asked)} so far, {_met(asked)}" if value is not None else ""
    return f"{number(reason.hours)} of {span_of(reason.of_hours)} without a failing or missing sample{so_far}"


def _compared(reason: WindowCompared) -> str:
    asked = reason.demand
    text = f"{value_of(reason.value, asked)}, {'meets' if reason.meets else 'needs'} "
    text += f"{demand(asked.comparator, asked.threshold, asked.unit)}"
    text += f" ({REDUCED[reason.reduce]} of {count(reason.samples, 'sample')} in {span_of(reason.hours)}"
    if not reason.meets and reason.last_failing is not None:
        text += f", failing last at T+{span_of(reason.last_failing)}"
    return f"{text}{'; simulated' if reason.simulated else ''})"


def _elsewhere(reason: OtherEnvironment) -> str:
    judged, known = (
        reason.judged or "one without a name",
        listing([name or "one without a name" for name in reason.known]),
    )
    if reason.of:
        return f"its gate is about the environment {reason.of}, and this one is {judged}"
    return f'there are several environments ({known}): say which one is measured with environment = "NAME" on its gate'


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
