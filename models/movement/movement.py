"""What moved readiness between two moments: criteria, evidence lost, plan edits and the cap, in parts that add up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from models.frames import COMMITS, ITEMS, check_frame, records
from models.movement.attribution import CommitLine, CriterionMove, attribute
from models.movement.plan_edits import PlanEdit, plan_edits
from models.plan.plan import Plan
from models.readiness.readings import History, Key, ObservedValue, as_moment, key_of, plan_keys, with_zone
from models.readiness.score import claims_by_key, first_values, plan_in_force, score_readings
from models.readiness.scores import CriterionScore, Readiness
from models.reasons.criterion import CriterionReason


@dataclass(frozen=True, slots=True)
class LostEvidence:
    """A criterion that had a fresh value (or an attestation) before and has none now. `points` is what that cost."""

    id: str
    state: str
    before: float | None
    because: CriterionReason
    points: float


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A marker, finding, test or box that was opened or closed in the window, and by whom."""

    id: str
    kind: str
    label: str
    text: str
    path: str
    line: int | None
    scope: str
    path_class: str
    at: pd.Timestamp
    commit: str
    author: str  # who wrote it, or removed it
    merged_by: str = ""  # the author of the merge that brought the change


@dataclass(frozen=True, slots=True)
class Movement:
    """The change of readiness and its parts; `change` is their sum, and `residual` what floating point leaves over.

    `cap` is the effect of open blockers: negative where they began to cap the value, positive where the cap was lifted.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    before: Readiness
    after: Readiness
    criteria: tuple[CriterionMove, ...]
    lost_evidence: tuple[LostEvidence, ...]
    plan_edits: tuple[PlanEdit, ...]
    opened: tuple[ItemChange, ...]
    closed: tuple[ItemChange, ...]

    @property
    def change(self) -> float:
        return self.after.value - self.before.value

    @property
    def gains(self) -> float:
        return math.fsum(move.points for move in self.criteria if move.points > 0)

    @property
    def losses(self) -> float:
        return math.fsum(move.points for move in self.criteria if move.points < 0)

    @property
    def lost_points(self) -> float:
        return math.fsum(lost.points for lost in self.lost_evidence)

    @property
    def edit_points(self) -> float:
        return math.fsum(edit.points for edit in self.plan_edits)

    @property
    def cap(self) -> float:
        return (self.after.value - self.after.uncapped) - (self.before.value - self.before.uncapped)

    @property
    def residual(self) -> float:
        parts = (self.gains, self.losses, self.lost_points, self.edit_points, self.cap)
        return self.change - math.fsum(parts)


def movement(
    observations: pd.DataFrame,
    commits: pd.DataFrame,
    items: pd.DataFrame,
    plans: Sequence[tuple[datetime, Plan]],
    since: datetime,
    until: datetime,
    claims: pd.DataFrame | None = None,
) -> Movement:
    """Explain the change from `since` to `until`; frames are OBSERVATIONS, COMMITS, ITEMS and CLAIMS.

    The criteria are compared under the plan in force at `since`; what the plan of `until` changes on top of that, at
    the same evidence, are the plan edits.
    """
    start, end = as_moment(since), as_moment(until)
    if end < start:
        raise ValueError(f"since {start} is after until {end}; give the earlier moment first")
    check_frame(commits, COMMITS, "commits")
    check_frame(items, ITEMS, "items")
    old, new = plan_in_force(plans, start), plan_in_force(plans, end)
    history = History(observations, plan_keys([old, new]))
    then, now = history.readings(start), history.readings(end)
    before = _scored(then, old, since, history, claims)
    unedited = _scored(now, old, until, history, claims)
    after = unedited if new == old else _scored(now, new, until, history, claims)
    moves, lost = [], []
    line = CommitLine(commits)
    for was, score in zip(before.criteria, unedited.criteria, strict=True):
        key = key_of(score.criterion)
        if _is_lost(was, score):
            lost.append(_lost(was, score))
        elif score.points != was.points or score.value != was.value:
            moves.append(attribute(was, score, then.get(key), now.get(key), history.rows(key), line))
    return Movement(
        since=start,
        until=end,
        before=before,
        after=after,
        criteria=tuple(sorted(moves, key=lambda move: (-abs(move.points), move.id))),
        lost_evidence=tuple(lost),
        plan_edits=plan_edits(old, new, unedited, after),
        opened=_items(items, start, end, "opened"),
        closed=_items(items, start, end, "closed"),
    )


def _scored(
    readings: Mapping[Key, ObservedValue], plan: Plan, at: datetime, history: History, claims: pd.DataFrame | None
) -> Readiness:
    claimed = claims_by_key(claims, plan, as_moment(at))
    return score_readings(readings, plan, with_zone(at), first_values(history, plan), claimed)


def _is_lost(was: CriterionScore, score: CriterionScore) -> bool:
    return (was.is_known or was.is_attested) and not (score.is_known or score.is_attested)


def _lost(was: CriterionScore, score: CriterionScore) -> LostEvidence:
    return LostEvidence(
        id=score.criterion.id,
        state=score.underlying_state,
        before=was.value,
        because=score.because,
        points=score.points - was.points,
    )


def _items(items: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, what: str) -> tuple[ItemChange, ...]:
    """Items opened (or closed) after `start` and up to `end`; markers of code come before those of other classes."""
    moments = items[f"{what}_at"]
    rows = items[(moments > start) & (moments <= end)]
    rows = rows.assign(_other=rows["path_class"] != "code").sort_values(["_other", f"{what}_at", "path", "line", "id"])
    return tuple(_item(row, what) for row in records(rows))


def _item(row: dict[Any, Any], what: str) -> ItemChange:
    texts = {name: str(row[name]) for name in ("id", "kind", "label", "text", "path", "scope", "path_class")}
    return ItemChange(
        **texts,
        line=None if pd.isna(row["line"]) else int(row["line"]),
        at=row[f"{what}_at"],
        commit=row[f"{what}_commit"],
        author=row[f"{what}_by"],
        merged_by=row[f"{what}_merged_by"],
    )
