"""Sentences for a change against its base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from app.wording.movement_reasons import SHORT_HASH, move_text
from app.wording.numbers import change, demand, number, quantity
from app.wording.text import count, listing
from models.reasons.movement import SourceChanged
from models.reasons.ratchet import (
    CriterionChanged,
    CriterionDropped,
    NoCommit,
    NoFigureAtBase,
    NoFigureOfChange,
    RatchetReason,
    SameFigure,
)

OUTCOME_WORDS = {
    "better": "better",
    "same": "unchanged",
    "tolerated": "worse, within its tolerance",
    "worse": "worse",
    "new": "measured for the first time",
    "not_measured": "not measured",
    "not_comparable": "cannot be compared",
}
OUTCOME_SIGNS = {
    "better": "✓",
    "same": "=",
    "tolerated": "~",
    "worse": "✗",
    "new": "+",
    "not_measured": "–",
    "not_comparable": "?",
}


def ratchet_text(reason: RatchetReason) -> str:
    """Why a value of the change cannot be compared with that of its base, as a clause."""
    match reason:
        case NoFigureAtBase(why):
            return f"the base has no value{_because(why)}"
        case NoFigureOfChange(why):
            return f"the base has a value, the change has none{_because(why)}"
        case SameFigure(commit):
            return f"nothing measured the change: its newest value is of {commit[:SHORT_HASH]}, which the base contains"
        case NoCommit(source):
            return f"the value from {source} names no commit"
        case CriterionDropped():
            return "the change removes the criterion from the plan"
        case CriterionChanged(what, before, after):
            return f"the change edits the criterion: {what} {before or 'none'} → {after or 'none'}"
        case SourceChanged():
            return move_text(reason)
        case _:
            assert_never(reason)


def _because(why: str) -> str:
    return f": {why}" if why else ""


def before_after(one: Mapping[str, Any]) -> str:
    """Both values with their difference: "81.2% → 80%, −1.2 pp"."""
    unit, aim = one["unit"], one["threshold"]
    both = f"{quantity(one['before'], unit, aim)} → {quantity(one['after'], unit, aim)}"
    return f"{both}, {change(one['change'], unit)}" if one["change"] else both


def outcome_text(one: Mapping[str, Any]) -> str:
    """What became of a criterion, with the reason or the tolerance."""
    words = OUTCOME_WORDS[one["outcome"]]
    if one["outcome"] in ("worse", "tolerated") and one["tolerance"]:
        words = f"{words.partition(',')[0]}; tolerance {quantity(one['tolerance'], one['unit'])}"
        words += "" if one["outcome"] == "worse" else ", kept"
    if one["because"]:
        words += f": {one['because']}"
    return f"{words} (accepted)" if one["accepted"] else words


def ratchet_sentence(answer: Mapping[str, Any]) -> str:
    """The result in one sentence, with what was and what was not compared."""
    criteria = answer["criteria"]
    worse = [one["id"] for one in criteria if one["outcome"] == "worse" and not one["accepted"]]
    apart = [one["id"] for one in criteria if one["outcome"] == "not_comparable" and not one["accepted"]]
    compared = sum(one["change"] is not None for one in criteria)
    base = base_text(answer)
    if worse:
        text = f"Worse than {base}: {listing(worse)}."
    elif not compared:
        text = f"Nothing could be compared with {base}."
    elif apart:
        text = f"Nothing that was compared is worse than {base}, but {count(len(apart), 'value')} cannot be compared."
    else:
        text = f"No worse than {base}."
    return f"{text} {count(compared, 'criterion', 'criteria')} of {len(criteria)} compared."


def base_text(answer: Mapping[str, Any]) -> str:
    """The base by the name it was given and its commit."""
    commit = answer["base"][:SHORT_HASH]
    if answer["base_is_named_commit"]:
        return f"{answer['baseline']} ({commit})"
    return f"{answer['baseline']} at {commit}, where this change began"


def proposal_text(one: Mapping[str, Any]) -> str:
    """How the plan could hold what was gained; nothing is changed by itself."""
    value = one["proposed_threshold"]
    now = demand(one["comparator"], one["threshold"], one["unit"])
    line = f", line {one['line']} of the plan" if one["line"] else ""
    return f"{one['id']}: threshold = {value!r} would hold {number(value, 2)} (now {now}{line})"
