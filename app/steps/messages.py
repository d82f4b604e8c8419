"""Messages around a deployment: what is due, the draft of one from the evidence, and the receipt that it was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from app.answers.status import rows_of
from app.answers.types.process import (
    DeploymentMoment,
    MessageEntry,
    MessageMoment,
    MessagesAnswer,
    MessageSentAnswer,
    ReceiptEntry,
)
from app.steps.assess import plan_at, whole_plans_in_force
from app.workspace import UsageError, Workspace, consistent_read
from ingest.warehouse.process import ProcessEvent, append_process_event, deployments, process_events
from models.plan.plan import Plan
from models.rollout import message_schedule as schedule
from models.rollout.events import deployed_from
from models.rollout.message_schedule import Occurrence, Receipt, Standing
from models.rollout.starts import rollout_starts

_OPEN = ("overdue", "due", "open", "upcoming")


@dataclass(frozen=True, slots=True)
class _State:
    """What the schedule is computed from."""

    plan: Plan
    starts: tuple[datetime, ...]
    planned: datetime | None
    receipts: tuple[ReceiptEntry, ...]
    standings: tuple[Standing, ...]


@consistent_read
def messages(workspace: Workspace, at: datetime) -> MessagesAnswer:
    """Every message of the plan in force at `at`, those that have to be dealt with first first."""
    state = _state(workspace, at)
    ranked = sorted(state.standings, key=lambda s: schedule.ORDER.index(s.state))
    return {
        "schema": "tminus.messages/1",
        "at": at.isoformat(),
        "project": workspace.config.name,
        "deployment": _deployment(state, at),
        "messages": [_entry(standing, at) for standing in ranked],
        "receipts": list(reversed(state.receipts)),
    }


def overdue(answer: MessagesAnswer) -> list[MessageEntry]:
    """The messages that somebody still waits for."""
    return [message for message in answer["messages"] if message["state"] == "overdue"]


def message_sent(
    workspace: Workspace, identity: str, by: str, sent_at: datetime | None = None, note: str = ""
) -> MessageSentAnswer:
    """Record that a message was sent. UsageError: no such message, nobody named, or a time in the future."""
    now = workspace.now()
    at = sent_at or now
    check_receipt(workspace, identity, by, at)
    event = ProcessEvent("message", identity, at, by.strip(), "sent", None, {"note": note} if note else {})
    append_process_event(workspace.warehouse, event, now)
    found = next(s for s in _state(workspace, now).standings if s.message.id == identity).occurrences
    answered = _answered(found, Receipt(identity, at))
    is_first = _is_answered_at(answered, at)
    following = next((o for o in found if o.state in _OPEN), None)
    return {
        "schema": "tminus.message_sent/1",
        "id": identity,
        "at": at.astimezone(workspace.zone).isoformat(),
        "by": by.strip(),
        "due": _due(answered if is_first else None, now),
        "again": _due(None if is_first else answered, now),
        "next": _due(following, now),
    }


def _answered(found: Sequence[Occurrence], receipt: Receipt) -> Occurrence | None:
    """The moment that a receipt belongs to: the one that it answers, else one that an earlier receipt has answered."""
    taking = [occurrence for occurrence in found if occurrence.slot.takes(receipt)]
    return max(taking, key=lambda occurrence: _is_answered_at(occurrence, receipt.at), default=None)


def _is_answered_at(occurrence: Occurrence | None, at: datetime) -> bool:
    """Whether the receipt of this time is the one that counts for the moment."""
    return occurrence is not None and occurrence.receipt is not None and occurrence.receipt.at == at


def check_receipt(workspace: Workspace, identity: str, by: str, at: datetime) -> None:
    """UsageError: no such message, nobody named, or a time in the future."""
    known = [message.id for message in workspace.plan.messages]
    if identity not in known:
        raise UsageError(unknown_message(identity, known))
    if not by.strip():
        raise UsageError(f"a receipt names who sent the message: tminus messages sent {identity} --by NAME")
    if at > workspace.now():
        raise UsageError(f"--at {at:%Y-%m-%d %H:%M} is in the future: record a message after it was sent")


def _due(occurrence: Occurrence | None, now: datetime) -> str | None:
    return _iso(occurrence.slot.due, now) if occurrence else None


def unknown_message(identity: str, known: Sequence[str]) -> str:
    """That there is no message of this id, and which there are."""
    if not known:
        return "the plan has no message: add [[message]] tables to tminus.toml (docs/plan.md)"
    return f"there is no message {identity!r}: the plan has {', '.join(known)}"


def _state(workspace: Workspace, at: datetime) -> _State:
    versions = whole_plans_in_force(workspace) if workspace.warehouse.exists() else [(at, workspace.plan)]
    plan = plan_at(versions, at)
    frame = deployments(workspace.warehouse, at)
    starts = () if frame is None else rollout_starts(deployed_from(frame), plan.stages)
    planned = _planned(workspace, plan)
    receipts = _receipts(workspace, at)
    found = schedule.standings(
        plan.messages,
        starts,
        planned,
        [Receipt(r["id"], datetime.fromisoformat(r["at"]), r["by"], r["note"]) for r in receipts],
        at,
        schedule.wanted_since([(since, version.messages) for since, version in versions], at),
    )
    return _State(plan, starts, planned, receipts, found)


def _planned(workspace: Workspace, plan: Plan) -> datetime | None:
    """The planned deployment: the beginning of its day in the team's zone."""
    return datetime.combine(plan.deployment_date, time(), workspace.zone) if plan.deployment_date else None


def _receipts(workspace: Workspace, at: datetime) -> tuple[ReceiptEntry, ...]:
    frame = process_events(workspace.warehouse, at, ["message"])
    return tuple(_receipt(row, at) for row in rows_of(frame)) if frame is not None else ()


def _receipt(row: Any, at: datetime) -> ReceiptEntry:
    return {
        "id": row.id,
        "at": _iso(row.happened_at, at),
        "by": row.by,
        "note": json.loads(row.details).get("note", ""),
        "is_simulated": bool(row.is_simulated),
    }


def _deployment(state: _State, at: datetime) -> DeploymentMoment | None:
    recorded, upcoming = schedule.anchors(state.starts, state.planned, at)
    anchor = recorded or upcoming
    return {"at": _iso(anchor.at, at), "is_planned": anchor.is_planned} if anchor else None


def _entry(standing: Standing, at: datetime) -> MessageEntry:
    message, current = standing.message, standing.current
    return {
        "id": message.id,
        "title": message.title or message.id,
        "audience": message.audience,
        "channel": message.channel,
        "when": message.when.text,
        "state": standing.state,
        "due": _iso(current.slot.due, at) if current else None,
        "opens": _iso(current.slot.opens, at) if current else None,
        "is_window": bool(current and current.slot.is_window),
        "missed": standing.missed,
        "moments": [_moment(occurrence, at) for occurrence in standing.occurrences],
    }


def _moment(occurrence: Occurrence, at: datetime) -> MessageMoment:
    slot, receipt = occurrence.slot, occurrence.receipt
    return {
        "due": _iso(slot.due, at),
        "opens": _iso(slot.opens, at),
        "state": occurrence.state,
        "sent_at": _iso(receipt.at, at) if receipt else None,
        "sent_by": receipt.by if receipt else "",
        "is_late": occurrence.is_late,
    }


def _iso(moment: datetime, at: datetime) -> str:
    return moment.astimezone(at.tzinfo).isoformat()
