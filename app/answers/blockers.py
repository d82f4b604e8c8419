"""The blockers of a status answer: which are open, and what became of them between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.wording.status import nothing_known

Answer = Mapping[str, Any]
SETTLED_STATES = ("passing", "waived", "not_applicable")


def criteria_of(status: Answer) -> dict[str, Answer]:
    """Every criterion of a status answer, by id, in the order of the plan."""
    return {c["id"]: c for gate in status["gates"] for c in gate["criteria"]}


def open_blockers(status: Answer) -> dict[str, Answer]:
    """The blockers that nothing shows to hold."""
    found = criteria_of(status)
    return {name: c for name, c in found.items() if c["blocker"] and c["state"] not in SETTLED_STATES}


def blocker_changes(before: Answer, now: Answer) -> list[tuple[str, str]]:
    """(word, id) of each blocker that is or was open: new ones, those that hold now, those still open.

    Where nothing had been measured before, none was cleared and none is still open: they are first measured.
    """
    was, are, every = open_blockers(before), open_blockers(now), criteria_of(now)
    first = nothing_known(before)
    gone, stays = ("passes, first measured", "open, first measured") if first else ("cleared", "still open")
    told = [("new", name) for name in are if name not in was]
    told += [(gone, name) for name in was if name not in are and name in every]
    return told + [(stays, name) for name in are if name in was]
