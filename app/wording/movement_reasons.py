"""Sentences for movement: why a criterion moved or cannot be compared, what a plan edit changed, and grades."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from app.wording.numbers import number
from app.wording.reasons import criterion_text
from app.wording.text import count, day
from models.plan.plan import Attestation
from models.reasons.evaluation import EvaluationReason, NothingToScore, NotInstalled, Scored
from models.reasons.movement import (
    EditReason,
    FieldChange,
    FieldsChanged,
    FirstMeasured,
    Grade,
    GradeKind,
    MoveReason,
    NoLongerMeasured,
    PlanEntry,
    PlanValue,
    SourceChanged,
    TargetChanged,
    WaiverEntry,
    Worth,
    WorthChanged,
)

SHORT_HASH = 10  # enough of a hash to be unambiguous (git itself abbreviates Linux to 12)


def move_text(reason: MoveReason) -> str:
    """Why a criterion moved, or why its two values cannot be compared, as a clause."""
    match reason:
        case FirstMeasured():
            return "first measured in this window"
        case NoLongerMeasured():
            return "no longer measured"
        case SourceChanged(what, before, after):
            return f"{what} changed: {_short(before) or 'unknown'} → {_short(after) or 'unknown'}"
        case _:
            return criterion_text(reason)


def _short(text: str) -> str:
    """A whole hash is cut; anything else stays."""
    is_hash = len(text) == 40 and all(sign in "0123456789abcdef" for sign in text)
    return text[:SHORT_HASH] if is_hash else text


def grade_text(grade: Grade) -> str:
    """A grade as answers write it: "exact", "within A..B (n commits)", "near C" or "not comparable"."""
    match grade.kind:
        case GradeKind.EXACT:
            return "exact"
        case GradeKind.WITHIN:
            ends = f"{grade.first[:SHORT_HASH]}..{grade.last[:SHORT_HASH]}"
            return f"within {ends} ({count(grade.commits, 'commit')})"
        case GradeKind.NEAR:
            return f"near {grade.last[:SHORT_HASH] if grade.last else grade.day}"
        case GradeKind.NOT_COMPARABLE:
            return "not comparable"
        case _:
            assert_never(grade.kind)


def edit_text(reason: EditReason) -> str:
    """What an edit of the plan changed, as a clause."""
    match reason:
        case Worth(points):
            return f"worth {number(points, 2)} of 100 points"
        case WorthChanged(before, after):
            return f"worth {number(before, 2)} → {number(after, 2)} of 100 points"
        case FieldsChanged(changes):
            return "; ".join(map(_field, changes))
        case TargetChanged(before, after):
            return f"target {number(before, 2)} → {number(after, 2)}"
        case PlanEntry(text):
            return text
        case WaiverEntry(owner, expires, why):
            return f"{owner} until {day(expires)}: {why}"
        case _:
            assert_never(reason)


def _field(change: FieldChange) -> str:
    return f"{change.field}: {_plan_value(change.before)} → {_plan_value(change.after)}"


def _plan_value(value: PlanValue) -> str:
    match value:
        case None | "" | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case Attestation(by, _, expires, _):
            return f"attested by {by} until {day(expires)}"
        case date():
            return day(value)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def evaluation_text(reason: EvaluationReason) -> str:
    """What a backtest scored, or why not, as a clause."""
    match reason:
        case NothingToScore(weeks, observations):
            needed = f"{count(weeks, 'week')} and {count(observations, 'observation')} before its crossing"
            return f"nothing to score: a series needs {needed}, and a week after them"
        case Scored(moments, projects, crossings, learned_from):
            scored = f"{count(moments, 'moment')} of {count(projects, 'project')}, {crossings:,} followed by a crossing"
            if not learned_from:
                return scored
            learned = f"{learned_from:,} of these series" if learned_from > 1 else "one of these series"
            return f"{scored}; the model was fitted on {learned}, so its score is too good"
        case NotInstalled(package):
            return f"{package} is not installed"
        case _:
            assert_never(reason)
