"""What the meeting writes: decisions and frozen reviews. Rows are added and never changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from ingest.redaction import redact_text
from ingest.source import TMinusError
from ingest.warehouse import database
from ingest.warehouse.database import Warehouse
from ingest.warehouse.process import ProcessEvent, insert_event
from ingest.warehouse.pull_state import running_pull

Change = Literal["opened", "done", "dropped", "carried"]
CLOSED = ("done", "dropped")


class MeetingError(TMinusError):
    """A decision or a frozen review cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class DecisionText:
    """What was decided: who does what until when, and which criterion it serves."""

    text: str
    owner: str
    due: date | None = None
    criterion: str = ""


Signed = Mapping[str, str]  # what an identity provider stated about who acts; empty: nobody signed in


def version_of_meeting(warehouse: Warehouse) -> tuple[int, ...]:
    """Changes whenever a meeting writes; while a pull writes to the file, only then."""
    try:
        noted = _note_path(warehouse).stat().st_mtime_ns
    except OSError:
        noted = 0
    is_pulling = not warehouse.is_lake and running_pull(warehouse.path) is not None
    return (noted,) if is_pulling else (noted, *warehouse.version())


def _note_path(warehouse: Warehouse) -> Path:
    return warehouse.path.with_name(f"{warehouse.path.name}.meeting")


@contextmanager
def _writing(warehouse: Warehouse) -> Iterator[Any]:
    """Write what a meeting decides, and note that it did, for pages that are open."""
    database.load_libraries()  # the first bound parameter loads them: not while others wait for the file
    with warehouse.writing() as connection:
        yield connection
    with suppress(OSError):
        note, now = _note_path(warehouse), time.time_ns()
        note.touch()
        os.utime(note, ns=(now, now))  # a file system alone may give two writes of a few milliseconds one time


def open_decision(
    warehouse: Warehouse, decided: DecisionText, at: datetime, by: str = "", signed: Signed | None = None
) -> str:
    """Write a new decision; returns its id. The id is taken in the transaction: two at once get two ids.

    An act of somebody who signed in is noted in the same transaction, here and below.
    """
    with _writing(warehouse) as connection:
        sql = "SELECT count(DISTINCT id) FROM decision WHERE project = ?"
        number = connection.execute(sql, [warehouse.project]).fetchall()[0][0] + 1
        identity = f"D{number}"
        _append(connection, warehouse.project, identity, at, by, "opened", decided, "")
        _note(connection, warehouse.project, "decide", identity, at, by, signed)
    return identity


def close_decision(
    warehouse: Warehouse,
    identity: str,
    outcome: Change,
    at: datetime,
    *,
    by: str = "",
    note: str = "",
    due: date | None = None,
    signed: Signed | None = None,
) -> DecisionText:
    """Write how a decision ended, or that it is carried over (with a new day, where one is given).

    MeetingError: there is no such decision, or somebody has closed it already.
    """
    with _writing(warehouse) as connection:
        state = _newest(connection, warehouse.project, identity)
        if state["change"] in CLOSED:
            raise MeetingError(f"decision {identity} is closed already: {state['change']} on {state['changed_on']}")
        decided = DecisionText(state["text"], state["owner"], due or state["due"], state["criterion"])
        _append(connection, warehouse.project, identity, at, by, outcome, decided, note)
        _note(connection, warehouse.project, outcome, identity, at, by, signed)
    return decided


def freeze_review(
    warehouse: Warehouse,
    files: Mapping[str, str],
    moments: Mapping[str, Any],
    by: str = "",
    signed: Signed | None = None,
) -> str:
    """Store a review for ever; returns its digest.

    `files`: answer (JSON), markdown, html. `moments`: day, frozen_at, since, until. MeetingError: the day is frozen
    already; a frozen review is never replaced.
    """
    bodies = [files[name] for name in ("answer", "markdown", "html")]
    digest = hashlib.sha256("\0".join(bodies).encode()).hexdigest()
    with _writing(warehouse) as connection:
        sql = "SELECT strftime(frozen_at, '%Y-%m-%d'), frozen_by FROM frozen_review WHERE project = ? AND day = ?"
        if known := connection.execute(sql, [warehouse.project, moments["day"]]).fetchall():
            who = f" by {known[0][1]}" if known[0][1] else ""
            raise MeetingError(f"the review of {moments['day']} is frozen already, on {known[0][0]}{who}")
        row = [warehouse.project, moments["day"], moments["frozen_at"], redact_text(by)]
        row += [moments["since"], moments["until"], *bodies, digest]
        connection.execute("INSERT INTO frozen_review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        event = [warehouse.project, moments["frozen_at"], moments["frozen_at"], "freeze", f"review of {moments['day']}"]
        connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", event)
        _note(connection, warehouse.project, "freeze", str(moments["day"]), moments["frozen_at"], by, signed)
    return digest


def _note(connection: Any, project: str, act: str, what: str, at: datetime, by: str, signed: Signed | None) -> None:
    """The row of the audit trail, for who signed in; an act without a sign-in proves no person."""
    if signed:
        event = ProcessEvent("signed_act", f"{act} {what}", at, by, "done", details={**signed, "act": act})
        insert_event(connection, project, event, at)


def knows_meetings(warehouse: Warehouse) -> bool:
    """Whether the warehouse has the tables of meetings: one that no newer tminus has written to yet has none."""
    if not warehouse.exists():
        return False
    try:
        with warehouse.reading() as connection:
            return database.schema_version(connection) >= 2
    except database.EmptyWarehouseError:
        return False


def _newest(connection: Any, project: str, identity: str) -> dict[str, Any]:
    sql = """SELECT change, strftime(changed_at, '%Y-%m-%d'), text, owner, due, criterion FROM decision
             WHERE project = ? AND id = ? ORDER BY changed_at DESC, rowid DESC LIMIT 1"""
    rows = connection.execute(sql, [project, identity]).fetchall()
    if not rows:
        raise MeetingError(f"unknown decision {identity!r}: `tminus decisions` lists all")
    return dict(zip(("change", "changed_on", "text", "owner", "due", "criterion"), rows[0], strict=True))


def _append(
    connection: Any,
    project: str,
    identity: str,
    at: datetime,
    by: str,
    change: Change,
    decided: DecisionText,
    note: str,
) -> None:
    texts = [redact_text(text) for text in (decided.text, decided.owner)]
    row = [project, identity, at, redact_text(by), change, *texts, decided.due, decided.criterion, redact_text(note)]
    connection.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
