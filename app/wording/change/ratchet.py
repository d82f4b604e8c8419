"""Sentences for a change against its base."""

from __future__ import annotations

from app.answers.types.change import ComparedAnswer, RatchetAnswer
from app.wording.movement_reasons import SHORT_HASH, move_text
from app.wording.numbers import change, demand, number, quantity
from app.wording.text import count, count_of, listing
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
        case SourceChanged():
            return move_text(reason)
        case _:
            return _edit_text(reason)


def _edit_text(reason: CriterionDropped | CriterionChanged) -> str:
    if isinstance(reason, CriterionDropped):
        return "the change removes the criterion from the plan"
    return f"the change edits the criterion: {reason.what} {reason.before or 'none'} → {reason.after or 'none'}"


def _because(why: str) -> str:
    return f": {why}" if why else ""


def before_after(one: ComparedAnswer) -> str:
    """Both values with their difference: "81.2% → 80%, −1.2 pp"; empty where both are unknown."""
    unit, aim = one["unit"], one["threshold"]
    if one["before"] is None and one["after"] is None:
        return ""
    both = f"{quantity(one['before'], unit, aim)} → {quantity(one['after'], unit, aim)}"
    return f"{both}, {change(one['change'], unit)}" if one["change"] else both


def outcome_text(one: ComparedAnswer) -> str:
    """What became of a criterion, with the reason or the tolerance."""
    words = OUTCOME_WORDS[one["outcome"]]
    if one["outcome"] == "not_measured" and one["because"] == ratchet_text(NoFigureAtBase("")):
        return f"{words} on either side"
    if one["outcome"] in ("worse", "tolerated") and one["tolerance"]:
        words = f"{words.partition(',')[0]}; tolerance {quantity(one['tolerance'], one['unit'])}"
        words += "" if one["outcome"] == "worse" else ", kept"
    if one["because"]:
        words += f": {one['because']}"
    return f"{words} (accepted)" if one["accepted"] else words


def ratchet_sentence(answer: RatchetAnswer) -> str:
    """The result in one sentence, with what was and what was not compared."""
    worse, apart = _deciding(answer, "worse"), _deciding(answer, "not_comparable")
    compared = sum(one["change"] is not None for one in answer["criteria"])
    base = base_text(answer)
    if worse:
        text = f"Worse than {base}: {listing(worse)}."
    elif not compared:
        text = f"Nothing could be compared with {base}."
    elif apart:
        text = f"Nothing that was compared is worse than {base}, but {count(len(apart), 'value')} cannot be compared."
    else:
        text = f"No worse than {base}."
    return f"{text} {compared} of {count_of(len(answer['criteria']), 'criterion', 'criteria')} compared."


def _deciding(answer: RatchetAnswer, outcome: str) -> list[str]:
    """The criteria with this outcome that nobody accepted."""
    return [one["id"] for one in answer["criteria"] if one["outcome"] == outcome and not one["accepted"]]


def ratchet_title(answer: RatchetAnswer) -> str:
    """The result in a few words, for a heading."""
    words = {0: "no worse than", 1: "worse than", 3: "not comparable with"}
    return f"{words[answer['exit_code']]} {answer['baseline']}"


def base_text(answer: RatchetAnswer) -> str:
    """The base by the name it was given and its commit."""
    commit = answer["base"][:SHORT_HASH]
    if answer["base_is_named_commit"]:
        return f"{answer['baseline']} ({commit})"
    return f"{answer['baseline']} at {commit}, where this change began"


def proposal_text(one: ComparedAnswer) -> str:
    """How the plan could hold what was gained; nothing is changed by itself."""
    value = one["proposed_threshold"]
    now = demand(one["comparator"], one["threshold"], one["unit"])
    line = f", line {one['line']} of the plan" if one["line"] else ""
    return f"{one['id']}: threshold = {value!r} would hold {number(value, 2)} (now {now}{line})"
