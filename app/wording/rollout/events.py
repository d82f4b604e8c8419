"""What happened, in words: each event as one line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from app.answers.types.rollout import WithdrawalEntry
from app.wording.rollout.process import OUTCOMES, clock, length
from app.wording.rollout.stages import short
from app.wording.text import count

_DRILLS = {"answered": "answered", "no_answer": "no healthy answer", "command_failed": "the command failed"}


def deployment_event_words(kind: str, stage: str, commit: str, environment: str) -> str:
    """ "1a2b3c4 to Beta group in staging", "rollback to 1a2b3c4"; `stage` is its title."""
    where = f" to {stage}" if stage and kind == "deploy" else ""
    place = f" in {environment}" if environment else ""
    return f"{'rollback to ' if kind == 'rollback' else ''}{short(commit)}{where}{place}"


def act_words(kind: str, row: Any, details: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """An incident, its end, a run of a drill or of a step, or a message, in one line; `titles` by id."""
    title = titles.get(row.id, row.id)
    words = {
        "incident": f"{row.outcome}: {details.get('text', '')}",
        "resolution": f"{row.id} resolved",
        "message": f"{title} sent",
        "step_run": f"{row.id}: {OUTCOMES.get(row.outcome, row.outcome)}",
    }
    return words[kind] if kind in words else _drill_words(title, row)


def _drill_words(title: str, row: Any) -> str:
    took = "" if row.seconds is None or row.seconds != row.seconds else f" after {length(float(row.seconds))}"
    return f"{title}: {_DRILLS.get(row.outcome, OUTCOMES.get(row.outcome, row.outcome))}{took}"


def samples_words(details: Mapping[str, Any], zone: tzinfo | None) -> str:
    """Which samples were withdrawn: criterion, how many, from when to when."""
    since, until = (
        clock(datetime.fromisoformat(details[name]).astimezone(zone or UTC).isoformat()) for name in ("since", "until")
    )
    return f"{count(int(details['samples']), 'sample')} of {details['criterion']}, {since} to {until}"


def withdrawal_words(withdrawn: WithdrawalEntry) -> str:
    """Who withdrew an event, when and why."""
    return f"withdrawn {clock(withdrawn['at'])} by {withdrawn['by']}: {withdrawn['note']}"
