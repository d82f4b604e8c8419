"""What happened on the way to production: deployments, and acts such as drills. Rows are added and never changed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ingest.observation import Deployment
from ingest.redaction import redact_text
from ingest.source import TMinusError
from ingest.warehouse import database
from ingest.warehouse.database import Warehouse

if TYPE_CHECKING:
    import pandas as pd

ProcessKind = Literal["step_run", "drill", "message", "incident", "withdrawn", "signed_act"]
PROCESS_KINDS: tuple[ProcessKind, ...] = ("step_run", "drill", "message", "incident")
_ASKED_TOGETHER: tuple[ProcessKind, ...] = (*PROCESS_KINDS, "withdrawn")
_SINCE_VERSION = 4


class ProcessError(TMinusError):
    """An event of the process cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class ProcessEvent:
    """One act in the process; see the table `process_event` for each field. `details` must fit in JSON."""

    kind: ProcessKind
    id: str
    happened_at: datetime
    by: str = ""
    outcome: str = ""
    seconds: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    is_simulated: bool = False


def append_deployment(
    warehouse: Warehouse, event: Deployment, recorded_at: datetime, after: str | None = None
) -> Deployment:
    """Store an event and return it with its id.

    `after` is the id of the newest event that the caller has judged by ("" where there was none): when another event
    came in between, ProcessError, and nothing is stored. None: the event depends on no other.
    """
    with warehouse.writing() as connection:
        newest = _newest(connection, warehouse.project)
        if after is not None and newest != after:
            raise ProcessError(
                f"another deployment was recorded meanwhile ({newest}): nothing is stored; look at "
                "`tminus rollout` and repeat the command"
            )
        return _insert(connection, warehouse.project, event, recorded_at)


def append_found_deployments(
    warehouse: Warehouse, events: Iterable[Deployment], recorded_at: datetime
) -> list[Deployment]:
    """Store what tags or an API show, each `external` once per source; returns the new ones with their ids."""
    with warehouse.writing() as connection:
        return append_found(connection, warehouse.project, events, recorded_at)


def append_found(
    connection: Any, project: str, events: Iterable[Deployment], recorded_at: datetime
) -> list[Deployment]:
    """The same in an open transaction."""
    stored = []
    sql = "SELECT source, external FROM deployment WHERE project = ?"
    known = set(connection.execute(sql, [project]).fetchall())
    for event in events:
        if (event.source, redact_text(event.external)) not in known:
            stored.append(_insert(connection, project, event, recorded_at))
            known.add((event.source, stored[-1].external))
    return stored


def newest_deployment(warehouse: Warehouse) -> str:
    """The id of the deployment event that was recorded last, of any environment; "" before the first one."""
    if not knows_process(warehouse):
        return ""
    with warehouse.reading() as connection:
        return _newest(connection, warehouse.project)


def append_incident(warehouse: Warehouse, incident: ProcessEvent, recorded_at: datetime) -> str:
    """Store a new incident and return its id; the id is taken in the transaction: two at once get two ids."""
    with warehouse.writing() as connection:
        sql = "SELECT count(DISTINCT id) FROM process_event WHERE project = ? AND kind = 'incident'"
        number = connection.execute(sql, [warehouse.project]).fetchall()[0][0] + 1
        insert_event(connection, warehouse.project, replace(incident, id=f"incident-{number}"), recorded_at)
    return f"incident-{number}"


def append_process_event(warehouse: Warehouse, event: ProcessEvent, recorded_at: datetime) -> None:
    """Store one act; every text in it is stored without credentials."""
    append_process_events(warehouse, [event], recorded_at)


def append_process_events(warehouse: Warehouse, events: Iterable[ProcessEvent], recorded_at: datetime) -> None:
    """Store several acts in one transaction."""
    with warehouse.writing() as connection:
        for event in events:
            insert_event(connection, warehouse.project, event, recorded_at)


def deployments(warehouse: Warehouse, until: datetime) -> pd.DataFrame | None:
    """Events known at `until` (frame DEPLOYMENTS); None before a tminus that knows them has written to the file."""
    return warehouse.query("deployments", until=until) if knows_process(warehouse) else None


def process_events(
    warehouse: Warehouse,
    until: datetime,
    kinds: Sequence[ProcessKind] = PROCESS_KINDS,
    *,
    also_withdrawn: bool = False,
) -> pd.DataFrame | None:
    """Acts known at `until` (frame PROCESS_EVENTS, `details` as JSON text); None as in `deployments`.

    An act that was withdrawn by then is left out, unless `also_withdrawn`.
    """
    if not knows_process(warehouse):
        return None
    # Acts of people are few: to ask for each kind by itself costs an answer about the rollout a quarter of its queries.
    asked = list(_ASKED_TOGETHER if set(kinds) <= set(_ASKED_TOGETHER) else kinds)
    frame = warehouse.query("process_events", until=until, kinds=asked, also_withdrawn=also_withdrawn)
    return frame[frame["kind"].isin(kinds)].reset_index(drop=True)


def samples(
    warehouse: Warehouse, metrics: Sequence[str], scopes: Sequence[str], since: datetime, until: datetime
) -> pd.DataFrame | None:
    """Samples of a stretch of time (frame SAMPLES); None as in `deployments`."""
    if not knows_process(warehouse):
        return None
    return warehouse.query("samples", metrics=list(metrics), scopes=list(scopes), since=since, until=until)


def knows_process(warehouse: Warehouse) -> bool:
    """Whether the warehouse has these tables: one that no newer tminus has written to yet has none."""
    return warehouse.exists() and warehouse.once("knows_process", lambda: _is_new_enough(warehouse))


def _is_new_enough(warehouse: Warehouse) -> bool:
    try:
        with warehouse.reading() as connection:
            return database.schema_version(connection) >= _SINCE_VERSION
    except database.EmptyWarehouseError:
        return False


def _newest(connection: Any, project: str) -> str:
    sql = "SELECT id FROM deployment WHERE project = ? ORDER BY rowid DESC LIMIT 1"
    rows = connection.execute(sql, [project]).fetchall()
    return str(rows[0][0]) if rows else ""


def insert_event(connection: Any, project: str, event: ProcessEvent, recorded_at: datetime) -> None:
    """Store one act in an open transaction."""
    row = [project, event.kind, event.id, event.happened_at, recorded_at, redact_text(event.by)]
    details = json.dumps(_clean(event.details), sort_keys=True, ensure_ascii=False)
    row += [redact_text(event.outcome), event.seconds, details, event.is_simulated]
    connection.execute("INSERT INTO process_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _insert(connection: Any, project: str, event: Deployment, recorded_at: datetime) -> Deployment:
    sql = "SELECT count(*) FROM deployment WHERE project = ?"
    number = connection.execute(sql, [project]).fetchall()[0][0] + 1
    stored = replace(event, id=f"deploy-{number}", external=redact_text(event.external))
    row: list[Any] = [project, stored.id, event.kind, event.happened_at, recorded_at, event.stage, event.commit]
    row += [redact_text(event.environment), redact_text(event.by), event.source, stored.external, event.verdict]
    row += [redact_text(event.override), json.dumps([redact_text(line) for line in event.refused], ensure_ascii=False)]
    row += [redact_text(event.note), event.of, event.is_simulated]
    connection.execute("INSERT INTO deployment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return stored


def _clean(value: Any) -> Any:
    """The value with every text in it redacted; NaN and infinity do not fit in JSON and become text."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {str(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
