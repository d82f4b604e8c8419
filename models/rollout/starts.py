"""When the rollouts of a project began: the T of "T-24h" and "T+4h"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from models.frames import DEPLOYMENTS, check_frame


def deployment_starts(deployments: pd.DataFrame, stages: Sequence[str]) -> tuple[datetime, ...]:
    """The beginnings of the rollouts in the environment of the newest deployment, in order.

    Frame DEPLOYMENTS in; `stages` are ids in the order of the plan. A deployment goes on with the rollout before it
    when it brings the same commit to a later stage; every other one begins again, and so does one after a rollback.
    """
    check_frame(deployments, DEPLOYMENTS, "deployments")
    withdrawn = set(deployments.loc[deployments["kind"] == "withdrawn", "of"])
    events = deployments[(deployments["kind"] != "withdrawn") & ~deployments["id"].isin(withdrawn)]
    events = events.sort_values("happened_at", kind="stable")
    deployed = events[events["kind"] == "deploy"]
    if deployed.empty:
        return ()
    environment = deployed["environment"].iloc[-1]
    order = {stage: number for number, stage in enumerate(stages)}
    starts: list[datetime] = []
    commit, rank = "", len(stages)
    for event in events[events["environment"] == environment].itertuples(index=False):
        if event.kind == "rollback":
            commit = ""
            continue
        stage = order.get(str(event.stage), -1)
        if event.commit != commit or stage <= rank or not commit:
            starts.append(pd.Timestamp(event.happened_at).to_pydatetime())
        commit, rank = str(event.commit), stage
    return tuple(starts)
