"""Sentences about runs of runbook steps, rollback drills, and messages around a deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.wording.numbers import number
from app.wording.text import count, count_of, day, span

Entry = Mapping[str, Any]

OUTCOMES: Final = {
    "succeeded": "succeeded",
    "failed": "failed",
    "timed_out": "stopped: it took too long",
    "interrupted": "stopped by hand",
    "done_by_hand": "done by hand",
}


def clock(text: str) -> str:
    """A moment with its time: "21 Nov 2025 14:30"."""
    moment = datetime.fromisoformat(text)
    return f"{day(moment)} {moment:%H:%M}"


def short_clock(text: str, at: str) -> str:
    """A moment beside another one: the time alone on the same day, else day and time."""
    moment, now = datetime.fromisoformat(text), datetime.fromisoformat(at)
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    year = f" {moment:%Y}" if moment.year != now.year else ""
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def length(seconds: float | None) -> str:
    """A length of time: "41.2 s", "4 min", "3 h 20 min", "5 days"."""
    if seconds is None:
        return "unknown"
    if seconds < 120:
        return f"{number(seconds)} s"
    minutes = int(seconds // 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h{f' {rest} min' if rest else ''}"
    return span(seconds / 86_400)


def between(earlier: str, later: str) -> str:
    """The length of time between two moments."""
    return length((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds())


def step_run_words(run: Entry | None) -> str:
    """What came of the last run of a step: "succeeded in 12 s, 21 Nov 2025 14:30, by Kim"."""
    if run is None:
        return "never run"
    code = f" (exit code {run['exit_code']})" if run["outcome"] == "failed" else ""
    took = f" in {length(run['seconds'])}" if run["seconds"] is not None else ""
    by = f", by {run['by']}" if run["by"] else ""
    return f"{OUTCOMES[run['outcome']]}{code}{took}, {clock(run['at'])}{by}{_simulated(run)}"


def _simulated(run: Entry) -> str:
    return " (simulated)" if run["is_simulated"] and "(simulated)" not in (run["by"] or "") else ""


def drill_run_words(run: Entry, limit: float) -> str:
    """What came of one drill: "41.2 s", "75 s, the limit is 60 s", "failed: no healthy answer within 300 s"."""
    if run["counts"]:
        return length(run["seconds"])
    if run["outcome"] == "interrupted":
        return "stopped by hand"
    if run["seconds"] is not None:
        return f"too slow: {length(run['seconds'])}, the limit is {length(limit)}"
    return f"failed: {run['because']}"


def drill_words(entry: Entry) -> str:
    """The state of a drill in one sentence, without a full stop."""
    state, success, last, limit = entry["state"], entry["success"], entry["last"], entry["limit_seconds"]
    if state == "untested":
        tried = f"; the last try {drill_run_words(last, limit)}, {clock(last['at'])}" if last else ""
        return f"untested: no drill has succeeded yet{tried}"
    took = f"{length(success['seconds'])} on {clock(success['at'])}{_simulated(success)}"
    if state == "failed":
        return f"the last drill {drill_run_words(last, limit)} ({clock(last['at'])}); before, it took {took}"
    if state == "stale":
        return f"stale: {took}, counted until {clock(entry['stale_at'])}"
    return f"tested: {took}, counts until {clock(entry['stale_at'])}"


def unshown(run: Entry, expects: str) -> str:
    """A warning where the health check answered all the time: that does not show that the old version is back."""
    if run["outcome"] != "answered" or run["was_down"] or expects:
        return ""
    return (
        "the health check answered during the whole drill, so it does not show that the version before is back: "
        "give --expect TEXT that only that version answers"
    )


def message_words(entry: Entry, at: str) -> str:
    """The state of a message in words: "overdue since 14:45 (20 min)", "to be sent by 17:00"."""
    state, due = entry["state"], entry["due"]
    if due is None:
        return "waits for a deployment: none is recorded or planned"
    when = short_clock(due, at)
    if state == "sent":
        return _sent_words(next(m for m in entry["moments"] if m["due"] == due and m["state"] == state), at)
    if state == "missed":
        return _missed_words(entry, when)
    missed = f"; {count(entry['missed'], 'earlier moment')} missed" if entry["missed"] else ""
    words = {
        "overdue": f"overdue since {when} ({between(due, at)})",
        "due": f"due since {when}",
        "open": f"to be sent by {when}",
        "upcoming": f"due {when}",
        "waiting": f"waits for the deployment (planned: due {when})",
    }
    return f"{words[state]}{missed}"


def _missed_words(entry: Entry, when: str) -> str:
    moments = len(entry["moments"])
    return f"not sent, {when} has passed" if moments == 1 else f"{entry['missed']} of {moments} not sent"


def _sent_words(moment: Entry, at: str) -> str:
    by = f" by {moment['sent_by']}" if moment["sent_by"] else ""
    return f"sent {short_clock(moment['sent_at'], at)}{by}{', late' if moment['is_late'] else ''}"


def sent_count(entry: Entry) -> str:
    """How many moments of a message have a receipt: "3 of 9"."""
    if not entry["moments"]:
        return "–"
    return f"{sum(m['state'] == 'sent' for m in entry['moments'])} of {len(entry['moments'])}"


def deployment_words(deployment: Entry | None) -> str:
    """What the schedule is counted from."""
    if deployment is None:
        return "No deployment is recorded or planned, so no message is due."
    kind = "the planned deployment" if deployment["is_planned"] else "the deployment"
    return f"T is {kind} of {clock(deployment['at'])}."


def overdue_lines(messages: Sequence[Entry], at: str) -> list[str]:
    """One sentence per overdue message: what, for whom, since when, and how to record that it was sent."""
    return [
        f"{m['title']} (for {m['audience']}): {message_words(m, at)}. "
        f"Once it is sent: `tminus messages sent {m['id']} --by NAME`"
        for m in messages
        if m["state"] == "overdue"
    ]


def escalation_words(level: Entry) -> str:
    """ "escalation level 4, Critical: all hands (12 criteria)"."""
    title = f", {level['title']}" if level["title"] else ""
    later = f" after {length(level['after_seconds'])}" if level["after_seconds"] is not None else ""
    found = count_of(len(level["criteria"]), "criterion", "criteria")
    return f"escalation level {level['level']}{title}: {level['who']}{later} ({found})"
