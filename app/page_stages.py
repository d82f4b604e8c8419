"""What the Rollout page shows: the stages of the plan in force, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from app import phrasing, steps
from app.page_data import Key, workspace_of
from models.plan import Stage

# kind: its heading, and what to read in it. In the order in which a rollout needs them.
KINDS: Final[dict[str, tuple[str, str]]] = {
    "phase": ("Phases", "The large steps, in order."),
    "stage": ("Stages", "Who gets it, stage by stage; each waits for the one before."),
    "check": ("Checks after deployment", "Each has to hold before the next stage opens."),
    "promotion": ("Promotion to production", "What has to have held before production."),
    "monitoring": ("Watched meanwhile", "A figure on the wrong side of its limit stops the rollout."),
    "rollback": ("Rollback", "How to get back, fastest first."),
    "communication": ("Communication", "Who is told what, and when."),
}


def stages_of(key: Key) -> tuple[Stage, ...]:
    """The stages of the plan that is in force on the day asked for."""
    workspace = workspace_of(key)
    if not workspace.warehouse.exists():
        return workspace.plan.stages
    return steps.plan_at(steps.plans_in_force(workspace), key.moment).stages


def stage_rows(stages: Sequence[Stage]) -> pd.DataFrame:
    """Stages of one kind; columns that none of them fills are left out."""
    frame = pd.DataFrame(
        [
            {
                "": stage.title,
                "Users": "" if stage.users is None else phrasing.number(float(stage.users), 0),
                "When": stage.duration,
                "Steps": "; ".join(stage.steps),
            }
            for stage in stages
        ],
        columns=["", "Users", "When", "Steps"],
    )
    return frame[[name for name in frame.columns if name == "" or frame[name].any()]]
