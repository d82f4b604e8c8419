"""When the rollouts of a project began: the T of "T-24h" and "T+4h"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.plan.rollout import Stage
from models.rollout.events import Deployed, environment_of, in_environment
from models.rollout.position import stages_in_order


def rollout_starts(events: Sequence[Deployed], stages: Sequence[Stage]) -> tuple[datetime, ...]:
    """The beginnings of the rollouts in the environment of the newest event, in order; `events` oldest first.

    A deployment goes on with the rollout before it when it brings the same commit to a later stage of the plan; every
    other one begins again, and so does the first one after a rollback.
    """
    order = {stage.id: place for place, stage in enumerate(stages_in_order(stages))}
    starts: list[datetime] = []
    before: Deployed | None = None
    for event in in_environment(events, environment_of(events)):
        if event.kind == "deploy" and not (before and _goes_on(before, event, order)):
            starts.append(event.at)
        before = event
    return tuple(starts)


def _goes_on(before: Deployed, event: Deployed, order: dict[str, int]) -> bool:
    is_later = order.get(event.stage, -1) > order.get(before.stage, -1)
    return before.kind == "deploy" and before.commit == event.commit and is_later
