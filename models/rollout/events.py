"""What happened in one environment: deployments, rollbacks and incidents, as frames show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import pandas as pd

from models.frames import DEPLOYMENTS, PROCESS_EVENTS, check_frame

CRITICAL = "critical"
RESOLVED = "resolved"
# The same deployment as two sources show it: the command of a job, and the tag or the API record of that job.
ONE_DEPLOYMENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment or a rollback that counts; fields as in the frame DEPLOYMENTS."""

    id: str
    kind: Literal["deploy", "rollback"]
    at: datetime
    stage: str
    commit: str
    environment: str = ""
    by: str = ""
    source: str = "command"
    external: str = ""
    verdict: str = ""
    override: str = ""
    refused: tuple[str, ...] = ()
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Incident:
    """`resolved_at` is None while it is open."""

    id: str
    text: str
    severity: str
    at: datetime
    by: str = ""
    resolved_at: datetime | None = None
    is_simulated: bool = False

    @property
    def is_critical(self) -> bool:
        return self.severity == CRITICAL


def deployed_from(frame: pd.DataFrame) -> tuple[Deployed, ...]:
    """The deployments and rollbacks that count, oldest first, of all environments.

    Withdrawn events are left out, and so is the second record of one deployment: another source that shows the same
    kind, stage, commit and environment within an hour.
    """
    check_frame(frame, DEPLOYMENTS, "deployments")
    rows = frame.sort_values("happened_at", kind="stable").to_dict("records")
    withdrawn = {row["of"] for row in rows if row["kind"] == "withdrawn"}
    kept: list[Deployed] = []
    for row in rows:
        event = _deployed(row)
        if row["kind"] != "withdrawn" and row["id"] not in withdrawn and not _is_repeated(event, kept):
            kept.append(event)
    return tuple(kept)


def _is_repeated(event: Deployed, before: Sequence[Deployed]) -> bool:
    mine = [other for other in before if other.environment == event.environment][-1:]
    return any(
        other.source != event.source
        and (other.kind, other.commit) == (event.kind, event.commit)
        and (other.stage == event.stage or not event.stage)
        and event.at - other.at <= ONE_DEPLOYMENT
        for other in mine
    )


def _deployed(row: Any) -> Deployed:
    return Deployed(
        id=row["id"],
        kind=cast(Literal["deploy", "rollback"], row["kind"]),
        at=row["happened_at"].to_pydatetime(),
        stage=row["stage"],
        commit=row["commit"],
        environment=row["environment"],
        by=row["by"],
        source=row["source"],
        external=row["external"],
        verdict=row["verdict"],
        override=row["override"],
        refused=tuple(json.loads(row["refused"] or "[]")),
        is_simulated=bool(row["is_simulated"]),
    )


def environment_of(events: Sequence[Deployed]) -> str:
    """The environment of the newest event; empty before the first one."""
    return events[-1].environment if events else ""


def in_environment(events: Sequence[Deployed], environment: str) -> tuple[Deployed, ...]:
    return tuple(event for event in events if event.environment == environment)


def incidents_from(frame: pd.DataFrame) -> tuple[Incident, ...]:
    """The incidents among acts of the process (frame PROCESS_EVENTS), oldest first, with their resolution."""
    check_frame(frame, PROCESS_EVENTS, "process_events")
    rows = frame[frame["kind"] == "incident"].sort_values("happened_at", kind="stable").to_dict("records")
    resolved: dict[str, datetime] = {}
    for row in rows:
        if row["outcome"] == RESOLVED:
            resolved.setdefault(str(row["id"]), row["happened_at"].to_pydatetime())
    opened = [row for row in rows if row["outcome"] != RESOLVED]
    return tuple(
        Incident(
            id=str(row["id"]),
            text=str(json.loads(row["details"]).get("text", "")),
            severity=str(row["outcome"]),
            at=row["happened_at"].to_pydatetime(),
            by=str(row["by"]),
            resolved_at=resolved.get(str(row["id"])),
            is_simulated=bool(row["is_simulated"]),
        )
        for row in opened
    )
