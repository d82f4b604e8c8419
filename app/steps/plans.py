"""Plans of a project: an edit is stored as an event with the first command that reads it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from app.workspace import CONFIG_NAME, Workspace, plan_digest
from ingest.warehouse.database import PATIENCE_SECONDS


def adopt_plan(workspace: Workspace) -> None:
    """Store an edit of the plan with the first command that reads it, as an event of that time.

    A warehouse that is locked or read-only keeps no edit: answers use it all the same, from the time of the command on,
    and the next pull stores it.
    """
    from ingest.warehouse.database import WarehouseError

    warehouse = workspace.warehouse
    if not warehouse.exists() or warehouse.is_newer_than(workspace.path):
        return  # every command that writes has come through here first: a newer warehouse knows the plan
    with suppress(WarehouseError, OSError):
        note_plan(workspace, patience=0.0)


def note_plan(workspace: Workspace, patience: float = PATIENCE_SECONDS) -> bool:
    """Store the plan when it differs from the newest stored one; True when it did (a plan edit is an event)."""
    digest = plan_digest(workspace.tables)
    known = workspace.warehouse.rows("plan_digests", workspace.config.name)
    if known and known[-1][0] == digest:
        return False
    now = workspace.now()
    effective = plan_effective(workspace, first=not known)
    with workspace.warehouse.writing(patience) as connection:
        row = [workspace.config.name, effective, now, digest, workspace.path.read_text(encoding="utf-8")]
        connection.execute("INSERT INTO plan_version VALUES (?, ?, ?, ?, ?)", row)
        if known:
            event = [workspace.config.name, effective, now, "plan_edit", f"{CONFIG_NAME} changed the plan"]
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", event)
    return True


def plan_effective(workspace: Workspace, *, first: bool) -> datetime:
    """When a plan takes effect: as it declares, but an edit never before it was made (old scores stay as they were)."""
    opened = workspace.config.as_of or workspace.opened_at
    declared = workspace.plan.effective_from
    if first:
        return declared or opened
    return max(opened, declared or opened)
