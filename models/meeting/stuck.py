"""How long a criterion has not held, and the measurement that last moved it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from models.plan.plan import Criterion
from models.readiness.attainment import holds
from models.units import convert


@dataclass(frozen=True, slots=True)
class LastMove:
    """The newest measurement that differs from the one before it, in the unit of the criterion."""

    at: datetime
    before: float
    after: float
    commit: str


@dataclass(frozen=True, slots=True)
class Course:
    """A criterion's measurements in short: the first one, since when it has not held, what moved it last.

    `failing_since` is the first measurement after the last one that held; None: it holds, or nothing was measured.
    """

    first: datetime | None = None
    failing_since: datetime | None = None
    last_move: LastMove | None = None


def course_of(observations: pd.DataFrame, criterion: Criterion) -> Course:
    """The course of a criterion from the frame OBSERVATIONS up to a moment; claims and unknown figures do not count."""
    mask = (observations["metric"] == criterion.metric) & (observations["scope"] == criterion.scope)
    rows = observations[mask & (observations["kind"] != "claimed") & observations["value"].notna()]
    rows = rows.sort_values(["observed_at", "recorded_at"], kind="stable")
    values = [convert(value, unit, criterion.unit) for value, unit in zip(rows["value"], rows["unit"], strict=True)]
    figures = [
        (moment.to_pydatetime(), value, str(commit))
        for moment, value, commit in zip(rows["observed_at"], values, rows["commit"], strict=True)
        if value is not None and not math.isnan(value)
    ]
    if not figures:
        return Course()
    held = [k for k, (_, value, _) in enumerate(figures) if holds(criterion, value)]
    begins = held[-1] + 1 if held else 0
    since = figures[begins][0] if begins < len(figures) else None
    return Course(figures[0][0], since, _last_move(figures))


def _last_move(figures: list[tuple[datetime, float, str]]) -> LastMove | None:
    for k in range(len(figures) - 1, 0, -1):
        at, value, commit = figures[k]
        before = figures[k - 1][1]
        if value != before:
            return LastMove(at, before, value, commit)
    return None
