"""Why the date moved: the earlier question is turned into the current one, one cause after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Literal, NamedTuple

import pandas as pd

from models.forecast.joint import CriterionHistory, JointForecast, forecast_readiness
from models.reasons.forecast import (
    CauseNotSeparable,
    HeldBothTimes,
    LargestCause,
    NoCommonDate,
    NoOddsToCompare,
    SlipReason,
)
from models.series.history import utc, utc_index

CAUSES = ("model change", "plan edits", "new evidence", "lost evidence", "waiting", "regressions", "progress")
# The odds whose dates are shown, the usual ones first: the first that both sides reach are compared.
LEVELS = (0.8, 0.5)


class Split(NamedTuple):
    """Before, after, the change by cause (days or percentage points), and the causes not separable from the next."""

    before: float
    after: float
    causes: dict[str, float]
    merged: list[str]


@dataclass(frozen=True)
class Question:
    """What `forecast_readiness` was asked."""

    parts: tuple[CriterionHistory, ...]
    target: float
    origin: pd.Timestamp  # dates are days of its time zone
    missing: tuple[str, ...] = ()
    missing_blockers: tuple[str, ...] = ()
    held_points: float = 0.0
    attested_limit: float = 100.0
    horizon_days: int = 730


@dataclass(frozen=True)
class Shown:
    """What was shown last time: the day number of each date (as `date.toordinal`) and the odds within the horizon."""

    dates: Mapping[float, int | None]
    odds: float | None


@dataclass(frozen=True)
class Slip:
    """How the answer moved and its causes, which sum exactly to `change`.

    `unit` is "days" (of the date at `level` odds; positive: later), or, where a side has no date, "points" (percentage
    points of the odds of GO by `odds_by`; positive: likelier), or "none" with the reason in `because`: GO held
    both times, or something is missing.
    """

    unit: Literal["days", "points", "none"]
    level: float | None
    before: float | None  # ordinal day, or percentage points
    after: float | None
    causes: Mapping[str, float]
    because: tuple[SlipReason, ...]
    odds_by: pd.Timestamp

    @property
    def change(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before


def slip_explained(
    previous: Question,
    current: Question,
    *,
    shown: Shown | None = None,
    levels: Sequence[float] = LEVELS,
    seed: int = 0,
    known: Mapping[int, JointForecast] | None = None,
) -> Slip:
    """Split the move of the date into causes, in the order of CAUSES.

    `shown` is what was shown last time: what is computed for that moment now differs from it by "model change".
    "Waiting" is what the days since then would have cost had nothing been measured. `known` spares the forecasts of
    the first (0) and the last (-1) question where the caller has them.
    """
    stages = _stages(previous, current)
    joints = _answers(stages, seed, known or {})
    odds_by = pd.Timestamp(previous.origin) + pd.Timedelta(days=previous.horizon_days)
    for is_whole in (True, False):  # a level at which every step has a date is better than one with gaps
        for level in levels:
            days = [_shown_day(joint, question.origin, level) for joint, question in zip(joints, stages, strict=True)]
            then = days[0] if shown is None else shown.dates.get(level)
            if then == _day_of(previous) and days[-1] == _day_of(current):
                return Slip("none", None, None, None, {}, (HeldBothTimes(),), odds_by)
            split = _split([then, *days], is_whole)
            if split is not None:
                return Slip("days", level, *split[:3], _reasons(split, "days"), odds_by)
    odds = [_odds_by(joint, odds_by) for joint in joints]
    first = odds[0] if shown is None or shown.odds is None else round(100 * shown.odds)
    split = _split([first, *odds], False)
    if split is not None:
        return Slip("points", None, *split[:3], (NoCommonDate(), *_reasons(split, "points")), odds_by)
    because = NoOddsToCompare("before" if odds[0] is None else "now")
    return Slip("none", None, None, None, {}, (because,), odds_by)


def _answers(stages: Sequence[Question], seed: int, known: Mapping[int, JointForecast]) -> list[JointForecast]:
    """The forecast of every stage; one that asks nothing new is answered like the one before it."""
    joints: list[JointForecast] = []
    last = len(stages) - 1
    for number, question in enumerate(stages):
        if number and _is_same(question, stages[number - 1]):
            joints.append(joints[-1])
        elif number in (0, last) and (-1 if number else 0) in known:
            joints.append(known[-1 if number else 0])
        else:
            joints.append(ask(question, seed))
    return joints


def ask(question: Question, seed: int = 0) -> JointForecast:
    """The joint forecast that answers a question."""
    return forecast_readiness(
        question.parts,
        target=question.target,
        origin=question.origin,
        missing=question.missing,
        missing_blockers=question.missing_blockers,
        held_points=question.held_points,
        attested_limit=question.attested_limit,
        horizon_days=question.horizon_days,
        seed=seed,
    )


def _is_same(one: Question, other: Question) -> bool:
    plain = replace(one, parts=()) == replace(other, parts=())
    return plain and len(one.parts) == len(other.parts) and all(map(_is_same_part, one.parts, other.parts))


# Python 3.13 compares two dataclasses field by field, and two series are not equal or unequal as a whole.
_PLAIN = tuple(field.name for field in fields(CriterionHistory) if field.name not in ("history", "state"))


def _is_same_part(one: CriterionHistory, other: CriterionHistory) -> bool:
    if one is other:
        return True
    plain = all(getattr(one, name) == getattr(other, name) for name in _PLAIN)
    lifted = (one.state == "waived") == (other.state == "waived")
    return plain and lifted and one.history.equals(other.history)


def _split(values: Sequence[int | None], is_whole: bool) -> Split | None:
    """What each cause changed; None where an end has no value, or, if the split must be whole, any step."""
    first, last = values[0], values[-1]
    if first is None or last is None or (is_whole and None in values):
        return None
    merged = [cause for cause, value in zip(CAUSES, values[1:], strict=True) if value is None]
    steps, at = [first], first
    for value in values[1:]:
        at = at if value is None else value
        steps.append(at)
    causes = {cause: float(b - a) for cause, (a, b) in zip(CAUSES, pairwise(steps), strict=True)}
    return Split(float(first), float(last), causes, merged)


def _shown_day(joint: JointForecast, origin: pd.Timestamp, level: float) -> int | None:
    """The date as it is shown, in the zone of the question: a whole day, so that whole days add up."""
    days = joint.go.quantile(level)
    return None if math.isinf(days) else origin.date().toordinal() + math.ceil(days)


def _day_of(question: Question) -> int:
    """The day of the question: a date on this day means that GO holds."""
    return question.origin.date().toordinal()


def _odds_by(joint: JointForecast, day: pd.Timestamp) -> int | None:
    """The odds of GO by `day` in whole percentage points, as they are shown, so that the parts add up."""
    odds = joint.go.probability_by((utc(day) - joint.origin) / pd.Timedelta(days=1))
    return None if math.isnan(odds) else round(100 * odds)


def _reasons(split: Split, unit: Literal["days", "points"]) -> tuple[SlipReason, ...]:
    """The largest cause, and which causes are not separable from the next one."""
    causes = split.causes
    largest = max(causes, key=lambda cause: abs(causes[cause]))
    first = (LargestCause(largest, causes[largest], unit),) if any(causes.values()) else ()
    return (*first, *(CauseNotSeparable(cause) for cause in split.merged))


def _stages(previous: Question, current: Question) -> list[Question]:
    """The question after each cause: the first is the earlier one, the last the current one."""
    before = {part.id: part for part in previous.parts}
    edited = [replace(part, history=before[part.id].history) for part in current.parts if part.id in before]
    lost = [part for part in previous.parts if part.id in current.missing]
    added = [_until(part, previous.origin) for part in current.parts if part.id not in before]
    then, named = previous.origin, {part.id for part in current.parts}
    still = tuple(name for name in previous.missing if name in current.missing or name in named)
    unmeasured = tuple(name for name in current.missing_blockers if name not in before)
    worse = [_until(part, current.origin) if _worsened(part, then) else _until(part, then) for part in current.parts]
    plan = replace(current, parts=(*edited, *lost), origin=then, missing=still, missing_blockers=unmeasured)
    known = replace(plan, parts=(*edited, *added, *lost), missing=tuple(name for name in still if name not in named))
    gone = replace(known, parts=(*edited, *added), missing=current.missing, missing_blockers=current.missing_blockers)
    return [
        previous,
        plan,
        known,
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
