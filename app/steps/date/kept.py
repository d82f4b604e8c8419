"""Forecasts that were shown are stored, to be scored when their day comes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from app.answers.types.forecast import CrossingAnswer, ForecastAnswer, JointForecastAnswer
from app.workspace import Workspace
from ingest.warehouse.database import PATIENCE_SECONDS, WarehouseError


def is_timely(workspace: Workspace, at: datetime) -> bool:
    """Whether a forecast from `at` is made in time: one of a past day is neither kept nor scored."""
    return workspace.now() - at < timedelta(days=1)


def keep_forecast(
    workspace: Workspace, answer: JointForecastAnswer | ForecastAnswer, patience: float = PATIENCE_SECONDS
) -> None:
    """Store a forecast that was shown, once per origin and subject: it is scored when its day comes."""
    from models.forecast import MODEL_VERSION

    name, origin = workspace.config.name, answer["origin"]
    subjects: list[tuple[str, float | None, CrossingAnswer]] = [
        ("go", answer["target"], answer["go"]),
        ("readiness", answer["target"], answer["readiness"]),
    ]
    subjects += [(part["id"], None, part) for part in answer["criteria"]]
    with workspace.warehouse.writing(patience) as connection:
        for subject, target, shown in subjects:
            row = [name, workspace.now(), origin, subject, target, shown["outcome"], json.dumps(shown), MODEL_VERSION]
            connection.execute(
                """INSERT INTO forecast SELECT ?, ?, ?, ?, ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM forecast WHERE project = ? AND origin = ? AND subject = ?)""",
                [*row, name, origin, subject],
            )


def keep_shown(workspace: Workspace, answer: JointForecastAnswer) -> bool:
    """Keep what a page showed, once a day, without waiting; True when nothing is left to do.

    For a project whose clock is set (the sample) nothing is kept.
    """
    origin = datetime.fromisoformat(answer["origin"])
    if workspace.config.as_of is not None or not is_timely(workspace, origin):
        return True
    day = origin.astimezone(workspace.zone).date()
    try:
        kept = workspace.warehouse.query("forecasts")
        if not any(made.astimezone(workspace.zone).date() == day for made in kept["origin"]):
            keep_forecast(workspace, answer, patience=0.0)
    except WarehouseError:  # locked by a pull, or read-only: the next redraw tries again
        return False
    return True
