"""`tminus incident`: record an incident, or that one is resolved. A critical one restarts the soak clock."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from app.answers.types.rollout import ActAnswer
from app.workspace import UsageError, Workspace
from ingest.warehouse.process import ProcessEvent, append_incident, append_process_event, process_events
from models.frames import PROCESS_EVENTS, empty_frame
from models.rollout.events import RESOLVED, Incident, incidents_from

SEVERITIES = ("critical", "major", "minor")


def open_incident(
    workspace: Workspace, text: str, severity: str, by: str = "", at: datetime | None = None
) -> ActAnswer:
    """Record an incident. UsageError: it has no text, or its time is in the future."""
    if not text.strip():
        raise UsageError("an incident needs a text: tminus incident 'TEXT' --severity critical")
    moment = _past(workspace, at)
    event = ProcessEvent("incident", "", moment, by, severity, details={"text": text.strip()})
    identity = append_incident(workspace.warehouse, event, workspace.now())
    return {"schema": "tminus.incident/1", "id": identity, "severity": severity, "at": moment.isoformat()}


def resolve_incident(workspace: Workspace, identity: str, by: str = "", at: datetime | None = None) -> ActAnswer:
    """Record that an incident is resolved. UsageError: there is none of that id, it is resolved, or it began later."""
    moment = _past(workspace, at)
    known = {incident.id: incident for incident in _incidents(workspace)}
    incident = known.get(identity)
    if incident is None:
        listed = ", ".join(known) or "none"
        raise UsageError(f"there is no incident {identity!r}; recorded are {listed}")
    if incident.resolved_at is not None:
        raise UsageError(f"{identity} is resolved already, since {incident.resolved_at:%Y-%m-%d %H:%M} UTC")
    if moment < incident.at:
        raise UsageError(f"{identity} began at {incident.at:%Y-%m-%d %H:%M} UTC, after {moment:%Y-%m-%d %H:%M}")
    append_process_event(workspace.warehouse, ProcessEvent("incident", identity, moment, by, RESOLVED), workspace.now())
    return {"schema": "tminus.incident/1", "id": identity, "severity": RESOLVED, "at": moment.isoformat()}


def _past(workspace: Workspace, at: datetime | None) -> datetime:
    now = workspace.now()
    if at is not None and at > now:
        raise UsageError(f"--at {at:%Y-%m-%d %H:%M} is in the future: it is {now:%Y-%m-%d %H:%M} now")
    return at or now


def _incidents(workspace: Workspace) -> tuple[Incident, ...]:
    frame: pd.DataFrame | None = process_events(workspace.warehouse, workspace.now(), ["incident"])
    return incidents_from(empty_frame(PROCESS_EVENTS) if frame is None else frame)
