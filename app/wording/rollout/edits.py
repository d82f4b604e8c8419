"""What an edit of the plan changed while a stage was running, in words."""

from __future__ import annotations

from datetime import timedelta

from app.wording.numbers import demand
from app.wording.windows.sentences import span_of
from models.reasons.requirement import Requirement
from models.reasons.rollout import PlanEdit


def edit_words(edit: PlanEdit) -> str:
    """ "soak of Beta group: 24 h, now 1 h"; "Error rate: < 1%, now not asked for"."""
    if edit.what == "restart":
        return f"{edit.title}: a failing sample {'restarts' if edit.after else 'no longer restarts'} the soak clock"
    return f"{'soak of ' if edit.what == 'soak' else ''}{edit.title}: {_asked(edit.before)}, now {_asked(edit.after)}"


def _asked(what: timedelta | Requirement | bool | None) -> str:
    if isinstance(what, timedelta):
        return span_of(what / timedelta(hours=1))
    if isinstance(what, Requirement):
        return demand(what.comparator, what.threshold, what.unit)
    return "not asked for"
