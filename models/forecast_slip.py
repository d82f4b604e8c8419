"""Why the date moved: the question of last time is turned into that of today, one cause after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from models.forecast_history import utc, utc_index
from models.forecast_joint import CriterionHistory, forecast_readiness

CAUSES = ("model change", "plan edits", "new evidence", "lost evidence", "waiting", "regressions", "progress")


@dataclass(frozen=True)
class Question:
    """What `forecast_readiness` was asked."""

    parts: tuple[CriterionHistory, ...]
    target: float
    origin: pd.Timestamp
    missing: tuple[str, ...] = ()
    missing_blockers: tuple[str, ...] = ()
    held_points: float = 0.0


@dataclass(frozen=True)
class Slip:
    """Days by which the date moved (positive: later) and its causes, which add up to it; None without two dates."""

    days: float | None
    causes: Mapping[str, float]
    because: str


def slip_explained(
    previous: Question, current: Question, *, shown: pd.Timestamp | None = None, p: float = 0.8, seed: int = 0
) -> Slip:
    """Split the move of the day by which GO has odds `p` into causes, in the order of CAUSES.

    `shown` is the date that was shown last time: what today's model would have said then differs by "model change".
    "Waiting" is what the days since then would have cost had nothing been measured.
    """
    dates = [utc(shown) if shown is not None else None]
    dates += [_date(question, p, seed) for question in _stages(previous, current)]
    dates[0] = dates[0] or dates[1]
    named = ["last time", *CAUSES]
    for name, date in zip(named, dates, strict=True):
        if date is None:
            return Slip(None, {}, f"no date at {p:.0%} odds after {name}: there is nothing to compare")
    days = [(date - dates[0]) / pd.Timedelta(days=1) for date in dates if date is not None and dates[0] is not None]
    causes = {cause: after - before for cause, before, after in zip(CAUSES, days, days[1:], strict=False)}
    largest = max(causes, key=lambda cause: abs(causes[cause]))
    return Slip(sum(causes.values()), causes, f"{largest}: {causes[largest]:+.0f} days" if any(causes.values()) else "")


def _stages(previous: Question, current: Question) -> list[Question]:
    """The question after each cause: the first is last time's, the last is today's."""
    before = {part.id: part for part in previous.parts}
    edited = [replace(part, history=before[part.id].history) for part in current.parts if part.id in before]
    lost = [part for part in previous.parts if part.id in current.missing]
    added = [_until(part, previous.origin) for part in current.parts if part.id not in before]
    then, named = previous.origin, {part.id for part in current.parts}
    still = tuple(name for name in previous.missing if name in current.missing or name in named)
    worse = [_until(part, current.origin) if _worsened(part, then) else _until(part, then) for part in current.parts]
    plan = replace(current, parts=(*edited, *lost), origin=then, missing=still)
    found = replace(plan, parts=(*edited, *added, *lost), missing=tuple(name for name in still if name not in named))
    gone = replace(found, parts=(*edited, *added), missing=current.missing)
    return [
        previous,
        plan,
        found,
        gone,
        replace(gone, origin=current.origin),
        replace(gone, parts=tuple(worse), origin=current.origin),
        current,
    ]


def _until(part: CriterionHistory, moment: pd.Timestamp) -> CriterionHistory:
    """The part as it was known at `moment`; one that began later keeps its first value as if known then."""
    known = part.history[utc_index(part.history.index) <= utc(moment)]
    return replace(part, history=known) if len(known) else part


def _worsened(part: CriterionHistory, since: pd.Timestamp) -> bool:
    known = part.history.dropna().sort_index()
    before = known[utc_index(known.index) <= utc(since)]
    if not len(before) or not len(known):
        return False
    change = float(known.iloc[-1] - before.iloc[-1])
    return change < 0 if part.direction == "higher" else change > 0


def _date(question: Question, p: float, seed: int) -> pd.Timestamp | None:
    joint = forecast_readiness(
        question.parts,
        target=question.target,
        origin=question.origin,
        missing=question.missing,
        missing_blockers=question.missing_blockers,
        held_points=question.held_points,
        seed=seed,
    )
    days = joint.go.quantile(p)
    return None if math.isinf(days) else joint.origin + pd.Timedelta(days=days)
