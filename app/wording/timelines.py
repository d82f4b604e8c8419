"""Sentences about claimed timelines."""

from __future__ import annotations

from app.answers.types.forecast import TimelineAnswer
from app.wording.numbers import number, odds
from app.wording.text import count_of, when


def timeline_sentence(claim: TimelineAnswer) -> str:
    """A claimed timeline beside the odds by the evidence of its day, and how it ended."""
    place = f"{claim['path']}:{claim['line']}" if claim["line"] else claim["path"]
    claimed = f"{place} claimed {claim['says']} on {when(claim['at'])} (by {when(claim['by'])}); "
    odds_then = f"{claimed}odds by the evidence of that day: {timeline_odds(claim)}"
    if claim["came"] is None:
        return f"{odds_then}."
    readiness = f", readiness was {number(claim['readiness'])}" if claim["readiness"] is not None else ""
    return f"{odds_then}. On {when(claim['by'])} GO {'held' if claim['came'] else 'did not hold'}{readiness}."


def timeline_odds(claim: TimelineAnswer) -> str:
    """The odds that the evidence of its day gives a claimed timeline, or why it gives none."""
    return f"none ({_unmeasured(claim)})" if claim["probability"] is None else odds(claim["probability"])


def _unmeasured(claim: TimelineAnswer) -> str:
    missing = len(claim["missing"])
    if not missing:
        return str(claim["because"])
    return (
        f"{count_of(missing, 'criterion', 'criteria')} that GO needs {'was' if missing == 1 else 'were'} not measured"
    )
