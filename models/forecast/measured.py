"""The measured part of a plan as one event of its own: worth reading where GO has no date."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.forecast.joint import JointForecast, join
from models.reasons.forecast import CriteriaStuck, ReadinessOdds
from models.series.curve import CrossingForecast


@dataclass(frozen=True, eq=False)
class MeasuredPart:
    """When the measured criteria will have the target share of their own points, with required ones and blockers held.

    `weight` is their share of the 100 readiness points. Unmeasured criteria take no part: this is not a forecast of GO.
    """

    weight: float
    criteria: tuple[str, ...]
    forecast: CrossingForecast


def measured_part(joint: JointForecast) -> MeasuredPart:
    """The joint event over the criteria that have draws, on the same draws as GO.

    The target is the plan's share of the points that these criteria can earn: 90 of 100 becomes 45 of 50.
    """
    weight = sum(draw.points for draw in joint.draws.values())
    alone = replace(
        joint,
        target=joint.target / 100 * weight,
        missing=(),
        unmeasured_blockers=(),
        fixed_points=0.0,
        holding=None,
        barred=None,
    )
    return MeasuredPart(weight, tuple(joint.draws), _explained(join(alone), joint.target))


def _explained(alone: JointForecast, target: float) -> CrossingForecast:
    """The event with its reason: the criteria that are stuck, or the odds."""
    go = alone.go
    if go.outcome == "not_enough_evidence":
        return go
    last = float(go.odds[-1])
    if stuck := _stuck(alone):
        because = CriteriaStuck(tuple(stuck), last, go.horizon_days)
        return replace(go, outcome="not_at_this_rate", because=because)
    return replace(go, because=ReadinessOdds(target, last, go.horizon_days))


def _stuck(alone: JointForecast) -> list[str]:
    """Criteria that will not get there at this rate, and without whose missing points the target is out of reach."""
    most = sum(draw.points for draw in alone.draws.values())
    return [
        name
        for name, draw in alone.draws.items()
        if alone.criteria[name].outcome == "not_at_this_rate" and most - draw.points * (1 - draw.base) < alone.target
    ]
