"""A frozen review beside the same review from what is known now."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from app.answers.compared import figures_then_and_now
from app.answers.types.review import ReviewAnswer, ReviewComparedAnswer
from app.steps.meeting import frozen_review
from app.steps.review import review
from app.workspace import Workspace


def compare_frozen(workspace: Workspace, day: str | None = None) -> ReviewComparedAnswer:
    """The frozen review of a day (default: the newest) as known then, and the same window as known now."""
    then = cast(ReviewAnswer, json.loads(frozen_review(workspace, day, "json")))
    since, until = (datetime.fromisoformat(then[end]) for end in ("since", "until"))
    now = review(workspace, since.astimezone(workspace.zone), until.astimezone(workspace.zone), with_course=False)
    return {
        "schema": "tminus.review_compared/1",
        "project": workspace.config.name,
        "day": until.astimezone(workspace.zone).date().isoformat(),
        "since": then["since"],
        "until": then["until"],
        "figures": figures_then_and_now(then, now),
    }
