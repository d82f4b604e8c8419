"""Forecasts that were shown are stored, to be scored when their day comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.workspace import Workspace
from ingest.warehouse.database import PATIENCE_SECONDS, WarehouseError


def is_timely(workspace: Workspace, at: datetime) -> bool:
    """Whether a forecast from `at` is one: that of a day gone by knows how it ended, and is neither kept nor scored."""
    return workspace.now() - at < timedelta(days=1)


def keep_forecast(workspace: Workspace, answer: Mapping[str, Any], patience: float = PATIENCE_SECONDS) -> None:
    """Store a forecast that was shown, once an origin and subject: it is scored when its day comes."""
    from models.forecast import MODEL_VERSION

    name, origin = workspace.config.name, answer["origin"]
    subjects = [("go", answer["target"], answer["go"]), ("readiness", answer["target"], answer["readiness"])]
    subjects += [(part["id"], None, part) for part in answer["criteria"]]
    with workspace.warehouse.writing(patience) as connection:
        for subject, target, shown in subjects:
            row = [name, workspace.now(), origin, subject, target, shown["outcome"], json.dumps(shown), MODEL_VERSION]
            connection.execute(
                """INSERT INTO forecast SELECT ?, ?, ?, ?, ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM forecast WHERE project = ? AND origin = ? AND subject = ?)""",
                [*row, name, origin, subject],
            )


def keep_shown(workspace: Workspace, answer: Mapping[str, Any]) -> bool:
    """Keep what a page showed, once a day, without waiting; says whether nothing is left to do.

    A project whose clock is set (the sample) lives in the past: its pages keep nothing.
    """
    origin = datetime.fromisoformat(answer["origin"])
    if workspace.config.as_of is not None or not is_timely(workspace, origin):
        return True
    day = origin.astimezone(workspace.zone).date()
    try:
        kept = workspace.warehouse.query("forecasts")
        if not any(made.astimezone(workspace.zone).date() == day for made in kept["origin"]):
            keep_forecast(workspace, answer, patience=0.0)
    except WarehouseError:  # locked by a pull, or not ours to write: the next redraw tries again
        return False
    return True
