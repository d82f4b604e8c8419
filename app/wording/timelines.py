"""Sentences about claimed timelines."""

from __future__ import annotations

from app.wording.forecast import Answer
from app.wording.numbers import number, odds
from app.wording.text import count_of, when


def timeline_sentence(claim: Answer) -> str:
    """A claimed timeline beside the odds by the evidence of its day, and how it ended."""
    place = f"{claim['path']}:{claim['line']}" if claim["line"] else claim["path"]
    told = f"{place} claimed {claim['says']} on {when(claim['at'])} (by {when(claim['by'])}); "
    told += f"the evidence of that day gives {'' if claim['probability'] is None else 'that '}{timeline_odds(claim)}"
    if claim["came"] is None:
        return f"{told}."
    stood = f", with readiness at {number(claim['readiness'])}" if claim["readiness"] is not None else ""
    return f"{told}. On {when(claim['by'])} GO {'held' if claim['came'] else 'did not hold'}{stood}."


def timeline_odds(claim: Answer) -> str:
    """The odds that the evidence of its day gives a claimed timeline, or why it gives none."""
    return f"no odds ({_unmeasured(claim)})" if claim["probability"] is None else odds(claim["probability"])


def _unmeasured(claim: Answer) -> str:
    missing = len(claim["missing"])
    return f"{count_of(missing, 'need of GO', 'needs of GO')} unmeasured" if missing else str(claim["because"])
