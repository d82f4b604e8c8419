"""What counts as one deployment, and in which environment, when several sources show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from models.frames import DEPLOYMENTS
from models.rollout.events import deployed_from, environment_of, rollout_environments

T = datetime(2025, 9, 1, tzinfo=UTC)


def frame(*rows: tuple[float, str, str, str], **more: str) -> pd.DataFrame:
    """Deployments of one commit: minutes, source, stage, environment."""
    texts = {name: "" for name, family in DEPLOYMENTS.items() if family == "text"}
    table = [
        texts
        | {"id": f"deploy-{k}", "kind": "deploy", "commit": "a" * 40, "refused": "[]", "is_simulated": False}
        | {"happened_at": T + timedelta(minutes=minutes), "recorded_at": T, "source": source}
        | {"stage": stage, "environment": environment}
        | more
        for k, (minutes, source, stage, environment) in enumerate(rows, 1)
    ]
    made = pd.DataFrame(table)[list(DEPLOYMENTS)]
    return made.assign(**{name: pd.to_datetime(made[name], utc=True) for name in ("happened_at", "recorded_at")})


def ids(rows: pd.DataFrame) -> list[str]:
    return [event.id for event in deployed_from(rows)]


def test_another_source_shows_a_deployment_once() -> None:
    """What the same source shows a second time within the hour is a redeployment, and restarts the soak."""
    one = frame((0, "command", "beta", ""), (3, "github", "beta", ""), (4, "git-tags", "beta", ""))
    two = frame((0, "command", "beta", ""), (3, "github", "beta", ""), (30, "github", "beta", ""))

    assert ids(one) == ["deploy-1"]
    assert ids(two) == ["deploy-1", "deploy-3"]


def test_a_tag_without_environment_is_of_the_one_that_the_command_names() -> None:
    """The record of a forge beside the command does not make an environment of its own."""
    (event,) = deployed_from(frame((0, "command", "beta", "staging"), (3, "github", "beta", "")))
    apart = deployed_from(frame((0, "command", "b", "live"), (9, "command", "b", "staging"), (70, "github", "b", "")))

    assert event.environment == "staging"
    assert [one.environment for one in apart] == ["live", "staging", ""]


def test_previews_of_a_forge_do_not_count_as_rollouts() -> None:
    """A deployment that names no stage changes neither the environment that is asked about nor how many there are."""
    events = deployed_from(frame((0, "command", "beta", "live"), (90, "github", "", "preview-7")))

    assert (environment_of(events), rollout_environments(events)) == ("live", ("live",))
    assert rollout_environments(events[1:]) == ("preview-7",)


def test_a_withdrawn_deployment_does_not_count() -> None:
    """It is left out, and so is the row that withdraws it."""
    rows = frame((0, "command", "beta", ""), (90, "command", "beta", ""), (95, "command", "", ""))
    rows.loc[2, ["kind", "of"]] = ["withdrawn", "deploy-2"]

    assert ids(rows) == ["deploy-1"]
