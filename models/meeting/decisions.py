"""Decisions as the meeting reads them: the state of each, whether it is overdue, and the evidence since."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import pandas as pd

from models.frames import DECISIONS, check_frame
from models.plan.plan import Criterion, Plan
from models.readiness.readings import History, as_moment, key_of
from models.units import convert

Outcome = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Since:
    """A criterion's figure when the decision was made and now, in the criterion's unit; None: unknown then or now."""

    criterion: str
    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `carried` counts how often it was carried over; `is_overdue` compares its day with today."""

    id: str
    text: str
    owner: str
    due: date | None
    criterion: str
    outcome: Outcome
    decided_at: datetime
    decided_by: str
    changed_at: datetime
    carried: int
    is_overdue: bool
    notes: tuple[str, ...] = field(default=())
    since: Since | None = None


def decisions_from(changes: pd.DataFrame, today: date) -> tuple[Decision, ...]:
    """The decisions from their changes (frame DECISIONS): overdue first, then by day due, then as they were made."""
    check_frame(changes, DECISIONS, "decisions")
    groups = changes.groupby("id", sort=False)
    found = [_decision(rows, today) for _, rows in groups]
    return tuple(sorted(found, key=lambda d: (d.outcome != "open", not d.is_overdue, d.due or date.max, d.decided_at)))


def _decision(rows: pd.DataFrame, today: date) -> Decision:
    first, last = rows.iloc[0], rows.iloc[-1]
    outcome: Outcome = {"done": "done", "dropped": "dropped"}.get(str(last["change"]), "open")  # type: ignore[assignment]
    due = None if pd.isna(last["due"]) else pd.Timestamp(last["due"]).date()
    return Decision(
        id=str(last["id"]),
        text=str(last["text"]),
        owner=str(last["owner"]),
        due=due,
        criterion=str(last["criterion"]),
        outcome=outcome,
        decided_at=first["changed_at"].to_pydatetime(),
        decided_by=str(first["changed_by"]),
        changed_at=last["changed_at"].to_pydatetime(),
        carried=int((rows["change"] == "carried").sum()),
        is_overdue=outcome == "open" and due is not None and due < today,
        notes=tuple(str(note) for note in rows["note"] if note),
    )


def evidence_since(
    decisions: Sequence[Decision], observations: pd.DataFrame, plan: Plan, at: datetime
) -> Mapping[str, Since]:
    """Of each decision that names a criterion of the plan: the figure when it was made and the figure at `at`.

    Frame OBSERVATIONS in. Only figures observed by then are read; a figure in another unit than the plan's is unknown.
    """
    criteria = {c.id: c for c in plan.criteria if c.metric}
    asked = [d for d in decisions if d.criterion in criteria]
    if not asked:
        return {}
    history = History(observations, sorted({key_of(criteria[d.criterion]) for d in asked}))
    moments = pd.DatetimeIndex([*(as_moment(min(d.decided_at, at)) for d in asked), as_moment(at)])
    readings = history.at(moments)
    since = {}
    for k, decision in enumerate(asked):
        criterion = criteria[decision.criterion]
        course = readings.get(key_of(criterion), [None] * len(moments))
        then, now = (_figure(reading, criterion) for reading in (course[k], course[-1]))
        since[decision.id] = Since(criterion.id, then, now, criterion.unit)
    return since


def _figure(reading: object, criterion: Criterion) -> float | None:
    value, unit = getattr(reading, "value", math.nan), getattr(reading, "unit", "")
    return None if math.isnan(value) else convert(value, unit, criterion.unit)
