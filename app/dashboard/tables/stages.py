"""What the Rollout page shows: the stages of the plan in force, by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from app.wording.text import count
from models.plan.rollout import Stage

COMMANDS = ("phase", "stage", "rollback")
_BOX = re.compile(r"^\[([ xX])\] ")

# kind: its heading, and what to read in it. In the order in which a rollout needs them.
KINDS: Final[dict[str, tuple[str, str]]] = {
    "phase": ("Phases", "The large steps, in order."),
    "stage": ("Stages", "Who gets it, stage by stage, as the plan lists it."),
    "check": ("Checks after deployment", "What the plan asks for after a deployment; a person checks it."),
    "promotion": ("Promotion to production", "What the plan asks for before production; a person decides."),
    "monitoring": (
        "Monitoring",
        "The limits as listed; criteria of running gates are judged above.",
    ),
    "rollback": ("Rollback", "How to get back, fastest first."),
    "communication": ("Communication", "Who gets which message, and when."),
}


def stage_about(stage: Stage) -> str:
    """Users and duration, unless the title names them already."""
    facts = [] if stage.users is None else [count(stage.users, "user")]
    facts += [stage.duration] if stage.duration else []
    return ", ".join(fact for fact in facts if fact not in stage.title)


def is_boxes(stage: Stage) -> bool:
    """Whether its steps are boxes to tick rather than commands."""
    return any(_BOX.match(step) for step in stage.steps)


def lines_of(stage: Stage) -> list[str]:
    """The steps, a box shown as a box."""
    return [_BOX.sub(lambda box: "□ " if box.group(1) == " " else "✓ ", step) for step in stage.steps]


def stage_rows(stages: Sequence[Stage]) -> pd.DataFrame:
    """One row per step, for the download."""
    return pd.DataFrame(
        [
            (stage.kind, stage.title, stage.users, stage.duration, step)
            for stage in stages
            for step in (lines_of(stage) or [""])
        ],
        columns=["Kind", "Stage", "Users", "Duration", "Step"],
    )
