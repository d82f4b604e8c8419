"""What the Rollout page shows as rows: windows and their strips, drills, messages, deployments, runbook steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd

from app.answers.types.process import DrillEntry, MessageEntry, RunbookEntry
from app.answers.types.rollout import DeploymentAnswer, EscalationEntry, EventEntry, IncidentAnswer, WindowAnswer
from app.wording.numbers import demand, quantity
from app.wording.rollout.events import withdrawal_words
from app.wording.rollout.process import clock, drill_words, length, message_words, sent_count, step_run_words
from app.wording.rollout.stages import short
from app.wording.text import count, listing

WINDOW_WORDS = {
    "passed": "✓ passed",
    "failing": "✗ failing",
    "unknown": "? unknown",
    "running": "… running",
    "not_begun": "not begun",
}
RUN_WORDS = {"healthy": "healthy", "failing": "failing", "gap": "gap: unknown"}
DRILL_SIGNS = {"tested": "✓", "untested": "✗", "failed": "✗", "stale": "!"}


def strip_rows(windows: Sequence[WindowAnswer]) -> pd.DataFrame:
    """One row per run of samples: at, until (clock of the team's zone), window, state (in words), samples.

    A run is drawn until the next one begins: what is not a gap has no hole, and a single sample can be seen.
    """
    rows = [
        (_clock(run["since"]), until, window["title"], RUN_WORDS[run["state"]], count(run["samples"], "sample"))
        for window in windows
        for run, until in zip(window["strip"], _ends(window), strict=True)
    ]
    return pd.DataFrame(rows, columns=["at", "until", "window", "state", "samples"])


def _ends(window: WindowAnswer) -> list[datetime]:
    """Until when each run is drawn; the last one for a step more."""
    runs = window["strip"]
    ends = [_clock(following["since"]) for following in runs[1:]]
    if runs and runs[-1]["state"] == "gap":
        return [*ends, _clock(runs[-1]["until"])]
    return [*ends, _clock(runs[-1]["until"]) + timedelta(seconds=window["step_seconds"])] if runs else []


def _clock(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def strip_alt(windows: Sequence[WindowAnswer]) -> str:
    """The strips in words."""
    parts = []
    for window in windows:
        states = [run["state"] for run in window["strip"]]
        found = [f"{count(states.count(name), 'stretch')} {RUN_WORDS[name]}" for name in RUN_WORDS if name in states]
        parts.append(f"{window['title']}: {listing(found) or 'no sample'}".replace("stretchs", "stretches"))
    return "; ".join(parts)


def window_rows(windows: Sequence[WindowAnswer]) -> pd.DataFrame:
    """One row per window: what is asked for, and each checkpoint side by side."""
    rows = []
    for window in windows:
        row = {
            "Criterion": window["title"],
            "Needs": demand(window["comparator"], window["threshold"], window["unit"]),
            "If it fails": _escalation(window),
        }
        for point in window["checkpoints"]:
            value = "" if point["value"] is None else f", {quantity(point['value'], window['unit'])}"
            why = f". {point['because']}" if point["state"] in ("unknown", "failing") and point["because"] else ""
            row[point["name"]] = f"{WINDOW_WORDS[point['state']]}{why or value}"
        rows.append(row)
    return pd.DataFrame(rows).fillna("–")


def _escalation(window: WindowAnswer) -> str:
    """ "level 4: all hands"; a dash where the criterion has no level."""
    if window["level"] is None:
        return "–"
    return f"level {window['level']}{': ' if window['informed'] else ''}{window['informed']}"


def escalation_rows(levels: Sequence[EscalationEntry]) -> pd.DataFrame:
    """One row per escalation level: who is informed, how soon, and of which criteria."""
    return pd.DataFrame(
        [
            {
                "Level": " ".join([str(level["level"]), level["title"]]).strip(),
                "Informed": level["who"],
                "When": "at once" if level["after_seconds"] is None else f"after {length(level['after_seconds'])}",
                "Criteria": listing(level["criteria"], 6) or "none has this level",
            }
            for level in levels
        ]
    )


def drill_rows(drills: Sequence[DrillEntry]) -> pd.DataFrame:
    """One row per drill with its state and the age of its newest success."""
    return pd.DataFrame(
        [
            {
                "Drill": drill["title"],
                "Limit": f"< {length(drill['limit_seconds'])}",
                "State": f"{DRILL_SIGNS[drill['state']]} {drill_words(drill)}",
                "Age": "–" if drill["age_days"] is None else length(drill["age_days"] * 86_400),
            }
            for drill in drills
        ]
    )


def message_rows(messages: Sequence[MessageEntry], at: str) -> pd.DataFrame:
    """One row per message: for whom, when, its state, how many were sent, by whom the newest."""
    return pd.DataFrame(
        [
            {
                "Message": message["title"],
                "For": message["audience"],
                "When": message["when"],
                "State": message_words(message, at),
                "Receipts": sent_count(message),
                "Last sent": _last_sent(message),
            }
            for message in messages
        ]
    )


def _last_sent(message: MessageEntry) -> str:
    sent = [moment for moment in message["moments"] if moment["sent_at"]]
    if not sent or sent[-1]["sent_at"] is None:
        return "–"
    return f"{clock(sent[-1]['sent_at'])} by {sent[-1]['sent_by']}"


def event_rows(
    deployments: Sequence[DeploymentAnswer], incidents: Sequence[IncidentAnswer], withdrawn: Sequence[EventEntry] = ()
) -> pd.DataFrame:
    """Deployments, rollbacks and incidents, and every event that was withdrawn, newest first."""
    rows: list[tuple[str, str, str, str, str]] = [
        (d["at"], d["kind"], d["title"] or d["environment"] or "–", _what(d), d["by"]) for d in deployments
    ]
    rows += [(i["at"], f"{i['severity']} incident", i["id"], _state_of(i), i["by"]) for i in incidents]
    rows += [(e["at"], f"{e['kind'].replace('_', ' ')}, withdrawn", e["id"], _withdrawn(e), e["by"]) for e in withdrawn]
    rows.sort(key=lambda row: datetime.fromisoformat(row[0]), reverse=True)
    shown = [(clock(at), kind, where, what, by or "–") for at, kind, where, what, by in rows]
    return pd.DataFrame(shown, columns=["When", "What", "Where", "Details", "By"])


def _withdrawn(event: EventEntry) -> str:
    end = event["withdrawn"]
    return f"{event['what']}; {withdrawal_words(end)}" if end else event["what"]


def _what(deployment: DeploymentAnswer) -> str:
    over = f"; although refused: {deployment['override']}" if deployment["override"] else ""
    simulated = "; simulated" if deployment["simulated"] else ""
    return f"commit {short(deployment['commit'])}{over}{simulated}"


def _state_of(incident: IncidentAnswer) -> str:
    resolved = incident["resolved_at"]
    return f"{incident['text']}; {f'resolved {clock(resolved)}' if resolved else 'open'}"


def step_rows(book: RunbookEntry) -> pd.DataFrame:
    """One row per step of a runbook."""
    return pd.DataFrame(
        [
            {
                "Step": step["id"],
                "Command": step["command"] or f"by hand: {step['title']}",
                "Last run": step_run_words(step["last_run"]),
            }
            for step in book["steps"]
        ]
    )
