"""Where a rollout is: which stage runs, which commit, and since when, as its events say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.plan.rollout import Stage
from models.rollout.events import Deployed


@dataclass(frozen=True, slots=True)
class Position:
    """`current` is None before the first stage and after a rollback.

    `entered` holds, by stage, the event that began it in this rollout; `rolled_back` the stages that the newest
    rollback ended. `newest` is the newest deployment or rollback, whatever its stage.
    """

    current: Stage | None = None
    commit: str = ""
    newest: Deployed | None = None
    entered: dict[str, Deployed] = field(default_factory=dict)
    rolled_back: frozenset[str] = frozenset()


def stages_in_order(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages that users are moved through; phases, checks and messages of a plan are none."""
    return tuple(stage for stage in stages if stage.kind == "stage")


def position(stages: Sequence[Stage], events: Sequence[Deployed]) -> Position:
    """Follow the events of one environment, oldest first.

    A deployment to a lower stage begins the rollout again there. One that names no stage of the plan is a
    redeployment of the stage that runs.
    """
    order = stages_in_order(stages)
    where = Position()
    for event in events:
        where = _after_rollback(where, event) if event.kind == "rollback" else _after_deployment(where, event, order)
    return where


def _after_rollback(where: Position, event: Deployed) -> Position:
    return Position(None, event.commit, event, rolled_back=frozenset(where.entered))


def _after_deployment(where: Position, event: Deployed, order: Sequence[Stage]) -> Position:
    stage = next((stage for stage in order if stage.id == event.stage), where.current)
    if stage is None:
        return replace(where, commit=event.commit, newest=event)
    below = {other.id for other in order[: order.index(stage) + 1]}
    entered = {name: begun for name, begun in where.entered.items() if name in below}
    if stage != where.current:
        entered[stage.id] = event
    return Position(stage, event.commit, event, entered)


def next_stage(stages: Sequence[Stage], where: Position) -> Stage | None:
    """The stage after the current one, the first one where none runs; None after the last one."""
    order = stages_in_order(stages)
    if where.current is None:
        return order[0] if order else None
    place = order.index(where.current) + 1
    return order[place] if place < len(order) else None
