"""When a rollout begins: the T that messages are counted from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.plan.rollout import Stage
from models.rollout.events import Deployed
from models.rollout.starts import rollout_starts

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAGES = [Stage("prepare", "Prepare", "phase"), *(Stage(name, name, "stage") for name in ("zero", "five", "fifty"))]


def events(*rows: tuple[str, str]) -> list[Deployed]:
    """Events an hour apart: stage and commit; "back" is a rollback, "stage@production" another environment."""
    found = []
    for hour, (stage, commit) in enumerate(rows):
        name, _, environment = stage.partition("@")
        kind = "rollback" if name == "back" else "deploy"
        found.append(Deployed(str(hour), kind, T + timedelta(hours=hour), name, commit, environment))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("rows", "hours"),
    [
        ([], []),
        ([("zero", "a")], [0]),
        ([("zero", "a"), ("five", "a"), ("fifty", "a")], [0]),
        ([("zero", "a"), ("five", "a"), ("five", "b"), ("fifty", "b")], [0, 2]),
        ([("zero", "a"), ("five", "a"), ("five", "a")], [0, 2]),
        ([("five", "a"), ("zero", "a")], [0, 1]),
        ([("zero", "a"), ("back", ""), ("five", "a")], [0, 2]),
        ([("", "a"), ("", "a")], [0, 1]),
        ([("zero@staging", "a"), ("zero@production", "a"), ("five@production", "a")], [1]),
        ([("back", "")], []),
    ],
)
def test_a_later_stage_of_the_same_commit_goes_on(rows: list[tuple[str, str]], hours: list[int]) -> None:
    """Another commit, an earlier or the same stage, a rollback before, or another environment begins again."""
    assert rollout_starts(events(*rows), STAGES) == tuple(T + timedelta(hours=hour) for hour in hours)
