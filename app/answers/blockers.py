"""The blockers of a status answer: which are open, and what changed between two answers."""

from __future__ import annotations

from app.answers.types.status import CriterionAnswer, StatusAnswer
from app.wording.status import nothing_known

SETTLED_STATES = ("passing", "waived", "not_applicable")


def criteria_of(status: StatusAnswer) -> dict[str, CriterionAnswer]:
    """Every criterion of a status answer, by id, in the order of the plan."""
    return {c["id"]: c for gate in status["gates"] for c in gate["criteria"]}


def open_blockers(status: StatusAnswer) -> dict[str, CriterionAnswer]:
    """The blockers that fail, or for which there is no fresh evidence."""
    return {name: c for name, c in criteria_of(status).items() if c["blocker"] and c["state"] not in SETTLED_STATES}


def blocker_changes(before: StatusAnswer, now: StatusAnswer) -> list[tuple[str, str]]:
    """(word, id) of each blocker that is or was open: new ones, those that hold now, those still open.

    Where nothing had been measured before, none was cleared and none is still open: they are first measured.
    """
    was, are, every = open_blockers(before), open_blockers(now), criteria_of(now)
    first = nothing_known(before)
    gone, stays = ("passes, first measured", "open, first measured") if first else ("cleared", "still open")
    changes = [("new", name) for name in are if name not in was]
    changes += [(gone, name) for name in was if name not in are and name in every]
    return changes + [(stays, name) for name in are if name in was]
