"""What happened in one environment: deployments, rollbacks and incidents, as frames show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import pandas as pd

from models.frames import DEPLOYMENTS, PROCESS_EVENTS, check_frame

CRITICAL = "critical"
RESOLVED = "resolved"
COMMAND = "command"  # the source of what `tminus deploy` records
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
    kind, stage, commit and environment within an hour. Each source shows a deployment once; what it shows again is a
    redeployment.
    """
    check_frame(frame, DEPLOYMENTS, "deployments")
    rows = frame.sort_values("happened_at", kind="stable").to_dict("records")
    withdrawn = {row["of"] for row in rows if row["kind"] == "withdrawn"}
    counted = [_deployed(row) for row in rows if row["kind"] != "withdrawn" and row["id"] not in withdrawn]
    kept: list[Deployed] = []
    shown_by: dict[str, set[str]] = {}
    for event in _in_the_one_environment(counted):
        same = _same_deployment(event, kept)
        if same is not None and event.source not in shown_by[same.id]:
            shown_by[same.id].add(event.source)
        else:
            kept.append(event)
            shown_by[event.id] = {event.source}
    return tuple(kept)


def _in_the_one_environment(events: Sequence[Deployed]) -> list[Deployed]:
    """A tag or an API names a stage and no environment: that of the command, where it names just one."""
    named = {event.environment for event in events if event.source == COMMAND}
    if len(named) != 1:
        return list(events)
    (environment,) = named
    return [
        replace(event, environment=environment) if event.stage and not event.environment else event for event in events
    ]


def _same_deployment(event: Deployed, before: Sequence[Deployed]) -> Deployed | None:
    mine = next((other for other in reversed(before) if other.environment == event.environment), None)
    is_same = (
        mine is not None
        and (mine.kind, mine.commit) == (event.kind, event.commit)
        and (mine.stage == event.stage or not event.stage)
        and event.at - mine.at <= ONE_DEPLOYMENT
    )
    return mine if is_same else None


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
    """That of the newest event with a stage (previews of a forge name none), else of the newest one; or empty."""
    staged = [event for event in events if event.stage]
    return (staged or events)[-1].environment if events else ""


def rollout_environments(events: Sequence[Deployed]) -> tuple[str, ...]:
    """The environments with a deployment to a stage; all of them where no event names one."""
    staged = [event for event in events if event.stage]
    return tuple(sorted({event.environment for event in staged or events}))


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
