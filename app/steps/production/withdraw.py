"""`tminus withdraw`: an event that was recorded by mistake. It stays visible, and no clock counts it any more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.answers.status import rows_of
from app.answers.types.rollout import EventEntry, WithdrawalEntry, WithdrawAnswer
from app.steps.assess import plan_known_at
from app.steps.drill import void_figure
from app.steps.production.windows import CriterionSamples, samples_of_criteria
from app.wording.names import names_of
from app.wording.rollout.events import act_words, deployment_event_words, samples_words
from app.workspace import UsageError, Workspace, consistent_read
from ingest.observation import Deployment
from ingest.warehouse.process import (
    PROCESS_KINDS,
    ProcessEvent,
    ProcessKind,
    append_deployment,
    append_process_event,
    deployments,
    process_events,
)
from models.plan.plan import Plan

WITHDRAWN: ProcessKind = "withdrawn"
SAMPLES = "samples"
MOST_NAMED = 5  # of the ids that a refusal lists


@consistent_read
def events(workspace: Workspace, at: datetime) -> list[EventEntry]:
    """Every act that was recorded up to `at`, newest first, with its withdrawal where there is one."""
    plan = plan_known_at(workspace, at)
    found = [*_deployed(workspace, plan, at), *_acts(workspace, plan, at)]
    return sorted(found, key=lambda event: datetime.fromisoformat(event["at"]), reverse=True)


def listed(workspace: Workspace, at: datetime) -> WithdrawAnswer:
    """The events that can be withdrawn; nothing is written."""
    return _answer(workspace, at, None)


def withdraw(workspace: Workspace, identity: str, by: str, note: str) -> WithdrawAnswer:
    """Withdraw one event. UsageError: there is none of that id, it is withdrawn already, or name or reason is missing.

    The time of a drill is stored as a figure, too: without its newest run that figure is unknown until the next one.
    """
    _check(by, note, identity)
    now = workspace.now()
    event = _event_of(events(workspace, now), identity)
    drill = _newest_counts(workspace, identity, now) if event["kind"] == "drill" else ""
    if event["kind"] in ("deploy", "rollback"):
        row = Deployment(kind="withdrawn", happened_at=now, stage="", commit="", by=by.strip(), note=note, of=identity)
        append_deployment(workspace.warehouse, row, now)
    else:
        row_of_act = ProcessEvent(WITHDRAWN, identity, now, by.strip(), event["kind"], details={"note": note})
        append_process_event(workspace.warehouse, row_of_act, now)
    if drill:
        void_figure(workspace, drill, f"{identity} was withdrawn by {by.strip()}: {note}")
    return _answer(workspace, now, identity)


def withdraw_samples(
    workspace: Workspace, criterion: str, since: datetime, until: datetime, by: str, note: str
) -> WithdrawAnswer:
    """Withdraw the samples of one criterion from `since` to `until`: what happened then is unknown, never healthy.

    UsageError: the criterion has no samples, none lies in that time, or name or reason is missing.
    """
    _check(by, note, f"--samples {criterion} --since DATE --until DATE")
    if until < since:
        raise UsageError(f"--since {since:%Y-%m-%d %H:%M} is after --until {until:%Y-%m-%d %H:%M}")
    now = workspace.now()
    known = _sampled(workspace, since, now)
    if criterion not in known:
        raise UsageError(f"{criterion!r} has no samples; criteria judged by samples: {', '.join(known) or 'none'}")
    seconds = known[criterion].samples.seconds
    inside = seconds[(seconds >= since.timestamp()) & (seconds <= until.timestamp())]
    if not len(inside):
        raise UsageError(f"{criterion} has no sample from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}")
    number = sum(event["kind"] == SAMPLES for event in events(workspace, now)) + 1
    asked = known[criterion].criterion
    details = {
        "criterion": criterion,
        "metric": asked.metric,
        "scope": asked.scope,
        "since": since.astimezone(UTC).isoformat(),
        "until": until.astimezone(UTC).isoformat(),
        "samples": len(inside),
        "note": note,
    }
    event = ProcessEvent(WITHDRAWN, f"samples-{number}", now, by.strip(), SAMPLES, details=details)
    append_process_event(workspace.warehouse, event, now)
    return _answer(workspace, now, event.id)


def _check(by: str, note: str, what: str) -> None:
    if not by.strip() or not note.strip():
        raise UsageError(f"a withdrawal names who and why: tminus withdraw {what} --by NAME --note TEXT")


def _event_of(known: list[EventEntry], identity: str) -> EventEntry:
    event = next((event for event in known if event["id"] == identity), None)
    if event is None:
        newest = [event["id"] for event in known if event["withdrawn"] is None][:MOST_NAMED]
        listing = f"the newest are {', '.join(newest)}" if newest else "none is recorded"
        raise UsageError(f"there is no event {identity!r}: {listing}; `tminus withdraw` lists them")
    if (earlier := event["withdrawn"]) is not None:
        raise UsageError(f"{identity} is withdrawn already, by {earlier['by']}: {earlier['note']}")
    return event


def _answer(workspace: Workspace, at: datetime, identity: str | None) -> WithdrawAnswer:
    known = events(workspace, at)
    return {
        "schema": "tminus.withdraw/1",
        "at": at.astimezone(workspace.zone).isoformat(),
        "project": workspace.config.name,
        "withdrawn": next((event for event in known if event["id"] == identity), None),
        "events": known,
    }


def _deployed(workspace: Workspace, plan: Plan, at: datetime) -> list[EventEntry]:
    frame = deployments(workspace.warehouse, at)
    rows = list(rows_of(frame)) if frame is not None else []
    ends = {row.of: _withdrawal(row.happened_at, row.by, row.note, at) for row in rows if row.kind == WITHDRAWN}
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "at": _iso(row.happened_at, at),
            "by": row.by,
            "what": deployment_event_words(row.kind, names_of(plan).stage(row.stage), row.commit, row.environment),
            "withdrawn": ends.get(row.id),
            "simulated": bool(row.is_simulated),
        }
        for row in rows
        if row.kind != WITHDRAWN
    ]


def _acts(workspace: Workspace, plan: Plan, at: datetime) -> list[EventEntry]:
    frame = process_events(workspace.warehouse, at, [*PROCESS_KINDS, WITHDRAWN], also_withdrawn=True)
    rows = list(rows_of(frame)) if frame is not None else []
    ends = {
        row.id: _withdrawal(row.happened_at, row.by, json.loads(row.details).get("note", ""), at)
        for row in rows
        if row.kind == WITHDRAWN
    }
    titles = {drill.id: drill.title for drill in plan.drills} | {m.id: m.title or m.id for m in plan.messages}
    return [_act(row, titles, ends, at) for row in rows if row.kind != WITHDRAWN or row.outcome == SAMPLES]


def _act(row: Any, titles: Mapping[str, str], ends: dict[str, WithdrawalEntry], at: datetime) -> EventEntry:
    details = json.loads(row.details)
    is_end = row.kind == "incident" and row.outcome == "resolved"
    kind = SAMPLES if row.kind == WITHDRAWN else "resolution" if is_end else row.kind
    words = samples_words(details, at.tzinfo) if kind == SAMPLES else act_words(kind, row, details, titles)
    return {
        "id": row.event,
        "kind": kind,
        "at": _iso(row.happened_at, at),
        "by": row.by,
        "what": words,
        "withdrawn": ends.get(row.event),
        "simulated": bool(row.is_simulated),
    }


def _withdrawal(moment: datetime, by: str, note: str, at: datetime) -> WithdrawalEntry:
    return {"at": _iso(moment, at), "by": by, "note": note}


def _iso(moment: datetime, at: datetime) -> str:
    return moment.astimezone(at.tzinfo).isoformat()


def _sampled(workspace: Workspace, since: datetime, now: datetime) -> dict[str, CriterionSamples]:
    later = [c for gate in workspace.plan.gates if gate.kind != "deploy" for c in gate.criteria]
    return dict(samples_of_criteria(workspace, later, since, now))


def _newest_counts(workspace: Workspace, identity: str, now: datetime) -> str:
    """The drill whose stored figure is that of this run; empty where a later run has replaced it."""
    frame = process_events(workspace.warehouse, now, ["drill"])
    rows = [row for row in rows_of(frame) if row.outcome != "interrupted"] if frame is not None else []
    newest = {row.id: row.event for row in rows}
    return next((drill for drill, event in newest.items() if event == identity), "")
