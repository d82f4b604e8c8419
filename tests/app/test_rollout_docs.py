"""The page about the rollout is true: its plan is accepted, and it names what the program knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

from app.answers.types.rollout import StageState
from app.command_line.commands import COMMANDS
from ingest.sources.running.prometheus import windowed_queries
from models.plan.parsing import parse_plan
from models.windows.evaluate import REDUCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "rollout.md").read_text(encoding="utf-8")
TABLES = tomllib.loads(re.findall(r"```toml\n(.*?)```", PAGE, re.S)[0])


def test_the_plan_of_the_page_is_accepted() -> None:
    """Copying it gives a plan with gates of three kinds, stages in order, and a query whose samples are stored."""
    plan = parse_plan(TABLES)

    assert [gate.kind for gate in plan.gates] == ["deploy", "running", "running", "promotion"]
    assert [stage.id for stage in plan.stages] == ["internal", "all"]
    assert [query.metric for query in windowed_queries(TABLES["sources"]["prometheus"])] == ["request_error_percent"]


def test_the_page_names_every_state_and_reduction() -> None:
    """A reader finds each word that the answer may hold."""
    assert [state for state in get_args(StageState) if state.replace("_", " ") not in PAGE] == []
    assert [name for name in REDUCTIONS if f"`{name}`" not in PAGE] == []


def test_the_commands_of_the_page_exist() -> None:
    """Every `tminus` command that the page shows is one."""
    shown = set(re.findall(r"tminus ([a-z][a-z-]+)", PAGE))

    assert shown and shown <= set(COMMANDS)
