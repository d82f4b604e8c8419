"""What holds a stage: the verdict, the stage before it, its soak, incidents, and the criteria of running gates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from models.plan.rollout import Stage
from models.readiness.decision import GoDecision
from models.readiness.scores import CriterionScore
from models.reasons.rollout import (
    IncidentOpen,
    NeedOpen,
    OtherCommit,
    RunningFails,
    RunningUnknown,
    Soaks,
    StageBefore,
    StageReason,
    VerdictForbids,
)
from models.reasons.window import WindowRunning
from models.rollout.events import Incident
from models.rollout.position import Position, next_stage, stages_in_order
from models.rollout.soak import Soak

StageState = Literal[
    "done", "skipped", "soaking", "soaked", "held", "stopped", "open", "refused", "waiting", "rolled_back"
]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a stage is judged.

    `needs` says of each criterion and gate of the plan whether it holds; `filling` are those of which nothing is known
    against, and only the time of the soak is missing; `running` are the criteria of the running
    gates that are due, judged over the soak of the current stage; `decision` is about the commit to deploy.
    """

    stages: tuple[Stage, ...]
    where: Position
    soak: Soak
    decision: GoDecision
    needs: Mapping[str, bool | None]
    running: tuple[CriterionScore, ...] = ()
    incidents: tuple[Incident, ...] = ()
    filling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StageStanding:
    """One stage with its state and what holds it."""

    stage: Stage
    state: StageState
    holds: tuple[StageReason, ...] = ()


def refusals(stage: Stage, commit: str, situation: Situation) -> tuple[StageReason, ...]:
    """Why the stage cannot begin with this commit now; empty: it can.

    Moving up needs the stage before to have soaked, with this commit, without an open critical incident and with
    every criterion of the running gates shown to hold; a rollout begins with no critical incident open. A deployment to
    the stage that runs, or to a lower one, needs the verdict and the entry rules alone: it may be the remedy.
    """
    order = stages_in_order(situation.stages)
    reasons: list[StageReason] = list(_verdict(commit, situation.decision))
    here = -1 if situation.where.current is None else order.index(situation.where.current)
    wanted = order.index(stage)
    if wanted > here + 1:
        reasons.append(StageBefore(order[here + 1].id))
    if wanted > here >= 0:
        reasons += _of_current(situation, commit)
    elif here < 0:
        reasons += _incidents(situation)
    reasons += _needs(stage, "entry", situation.needs)
    return tuple(reasons)


def standings(situation: Situation, commit: str) -> tuple[StageStanding, ...]:
    """Every stage in order; `commit` is the one that the next stage would deploy."""
    after = next_stage(situation.stages, situation.where)
    return tuple(_standing(stage, after, commit, situation) for stage in stages_in_order(situation.stages))


def _standing(stage: Stage, after: Stage | None, commit: str, situation: Situation) -> StageStanding:
    where, order = situation.where, stages_in_order(situation.stages)
    if stage == where.current:
        holds = _of_current(situation, where.commit)
        return StageStanding(stage, _current_state(holds), holds)
    if stage == after:
        holds = refusals(stage, commit, situation)
        return StageStanding(stage, "refused" if holds else "open", holds)
    if where.current is not None and order.index(stage) < order.index(where.current):
        return StageStanding(stage, "done" if stage.id in where.entered else "skipped")
    return StageStanding(stage, "rolled_back" if stage.id in where.rolled_back else "waiting")


def _current_state(holds: Sequence[StageReason]) -> StageState:
    if any(isinstance(reason, RunningFails) for reason in holds):
        return "stopped"
    if any(not isinstance(reason, Soaks) for reason in holds):
        return "held"
    return "soaking" if holds else "soaked"


def _of_current(situation: Situation, commit: str) -> tuple[StageReason, ...]:
    """What holds the stage that runs, worst first."""
    current = situation.where.current
    if current is None:
        return ()
    reasons: list[StageReason] = list(_incidents(situation))
    reasons += sorted(_running(situation.running), key=lambda reason: isinstance(reason, RunningUnknown))
    if commit != situation.where.commit:
        reasons.append(OtherCommit(current.id, situation.where.commit, commit))
    open_needs, soak = _needs(current, "exit", situation.needs), situation.soak
    if current.soak is None or soak.is_over(current.soak):
        reasons += open_needs
    else:
        reasons += [need for need in open_needs if need.need not in situation.filling]
        reasons.append(Soaks(current.id, soak.elapsed / HOUR, current.soak / HOUR, soak.restarted_by))
    return tuple(reasons)


def _incidents(situation: Situation) -> Iterable[StageReason]:
    return (IncidentOpen(i.id, i.text) for i in situation.incidents if i.is_critical and i.resolved_at is None)


def _verdict(commit: str, decision: GoDecision) -> Iterable[StageReason]:
    if decision.verdict == "NO-GO":
        yield VerdictForbids(commit, tuple(rule.id for rule in decision.blocking))


def _running(scores: Iterable[CriterionScore]) -> Iterable[StageReason]:
    for score in scores:
        if score.state == "not_applicable" or score.holds is True or isinstance(score.because, WindowRunning):
            continue
        if score.holds is False:
            yield RunningFails(score.criterion.id, score.because, score.criterion.level)
        else:
            yield RunningUnknown(score.criterion.id, score.because)


def _needs(stage: Stage, when: Literal["entry", "exit"], holds: Mapping[str, bool | None]) -> list[NeedOpen]:
    names = stage.entry if when == "entry" else stage.exit
    return [NeedOpen(stage.id, when, name, holds.get(name)) for name in names if holds.get(name) is not True]
