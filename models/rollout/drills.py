"""Rollback drills: how long the last one took, whether it counts, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models.plan.rollout import Drill

Outcome = Literal["answered", "no_answer", "command_failed", "interrupted"]
State = Literal["untested", "failed", "stale", "tested"]


@dataclass(frozen=True, slots=True)
class DrillRun:
    """One rehearsal: `seconds` until the health check answered; None where it never did."""

    drill: str
    at: datetime
    outcome: Outcome
    seconds: float | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class DrillStanding:
    """A drill of the plan at a moment; `last` is the newest run, `success` the newest one that counts."""

    drill: Drill
    state: State
    last: DrillRun | None
    success: DrillRun | None
    stale_at: datetime | None


def counts(run: DrillRun, drill: Drill) -> bool:
    """Whether a run is a success: the health check answered, within the limit that the plan has today."""
    return run.outcome == "answered" and run.seconds is not None and run.seconds < drill.limit_seconds


def drill_standing(drill: Drill, runs: Sequence[DrillRun], at: datetime) -> DrillStanding:
    """The state of one drill: "untested" is exactly that no run of it ever counted.

    "failed": the newest run does not count though an earlier one did; "stale": the newest success is older than the
    drill's time to live. An interrupted run says nothing about the rollback, and is passed over.
    """
    mine = sorted((run for run in runs if run.drill == drill.id and run.at <= at), key=lambda run: run.at)
    judged = [run for run in mine if run.outcome != "interrupted"]
    success = next((run for run in reversed(judged) if counts(run, drill)), None)
    stale_at = success.at + drill.ttl if success else None
    return DrillStanding(drill, _state(judged, success, stale_at, at), mine[-1] if mine else None, success, stale_at)


def _state(runs: Sequence[DrillRun], success: DrillRun | None, stale_at: datetime | None, at: datetime) -> State:
    if success is None or stale_at is None:
        return "untested"
    if runs[-1] is not success:
        return "failed"
    return "stale" if at > stale_at else "tested"


def scope_of(drill: Drill, drills: Sequence[Drill], criterion_scopes: Sequence[str]) -> str:
    """The scope under which a drill's time is stored.

    Its own id where a criterion asks for that scope; else "" for the first drill of the plan, which times the rollback
    as a whole, and its own id for every further one.
    """
    if drill.id in criterion_scopes:
        return drill.id
    unnamed = [other for other in drills if other.id not in criterion_scopes]
    return "" if not unnamed or drill.id == unnamed[0].id else drill.id
