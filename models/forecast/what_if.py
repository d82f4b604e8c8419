"""What-if and goal: the same draws with paces changed, criteria dropped, or a freeze."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.forecast.attainment import Draw
from models.forecast.joint import JointForecast, join
from models.reasons.forecast import ForecastReason, GoalOutOfReach, GoalReached, GoalReason, PaceChange
from models.series.curve import CrossingForecast, make_curve
from models.series.history import utc

PACES = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
# The search uses the exact odds of the day, the answer the curve of the forecast: they differ by this much.
TRIES, SHORT = 4, 1.2


@dataclass(frozen=True)
class ScenarioChange:
    """A scenario: `pace` multiplies the pace of a criterion from now on; a freeze stops everything first.

    `undrawn` gives the points (earned, possible) of dropped criteria that have no draws: unmeasured or attested ones.
    """

    pace: Mapping[str, float] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    freeze_weeks: float = 0.0
    undrawn: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class GoalPlan:
    """The cheapest pace changes found that make GO by `by` as likely as asked, or the best there is.

    `late` names, where it is out of reach, the criteria that are still open in the draws that miss the day, each with
    the share of those draws; `now` are the odds without any change.
    """

    reached: bool
    by: pd.Timestamp
    asked: float
    now: float
    probability: float
    pace: Mapping[str, float]
    late: Mapping[str, float]
    because: GoalReason | ForecastReason


def what_if(joint: JointForecast, change: ScenarioChange) -> JointForecast:
    """The joint forecast under `change`, on the same draws: without a change it is the same forecast."""
    unknown = {*change.pace, *change.drop} - {*joint.criteria, *joint.missing, *change.undrawn}
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(sorted(unknown))}; known: {', '.join(sorted(joint.criteria))}")
    if any(not 0 < pace < math.inf for pace in change.pace.values()) or not 0 <= change.freeze_weeks < math.inf:
        raise ValueError("a pace must be above 0 and a freeze not negative")
    return join(_changed(joint, change))


def open_criteria(joint: JointForecast) -> tuple[str, ...]:
    """The criteria that do not hold now: only those have a pace to change."""
    return tuple(name for name, draw in joint.draws.items() if draw.base < 1 and len(draw.levels) > 1)


def goal_seek(joint: JointForecast, by: pd.Timestamp, probability: float) -> GoalPlan:
    """What must be true for GO by `by` with `probability`? The cheapest pace changes; doubling one costs 1.

    Raises the pace that buys the most odds for its price, step by step, then takes back whatever was not needed.
    Criteria that hold now have no pace to raise: that they may fall back bounds what can be had.
    """
    day = utc(by)
    if joint.outcome == "not_enough_evidence":
        return GoalPlan(False, day, probability, math.nan, math.nan, {}, {}, joint.because)
    days = (day - joint.origin) / pd.Timedelta(days=1)
    table, wanted = _Table(joint, days), probability
    for _ in range(TRIES):
        steps = _trim(table, _climb(table, wanted), wanted)
        pace = {name: PACES[step] for name, step in steps.items() if step}
        reached = what_if(joint, ScenarioChange(pace=pace)).go.probability_by(days)
        if reached >= probability or table.odds(steps) < wanted:
            break
        wanted += SHORT * (probability - reached)
    now = joint.go.probability_by(days)
    late = {} if reached >= probability else table.late(steps)
    because = _because(pace, reached, probability)
    return GoalPlan(reached >= probability, day, probability, now, reached, pace, late, because)


class _Table:
    """What every criterion has done by one day on every draw, at every pace: a plan's odds are then a few sums."""

    def __init__(self, joint: JointForecast, days: float) -> None:
        self.levers = open_criteria(joint)
        self._start, self._target = joint.fixed_points, joint.target
        self._draws = joint.draws
        self._rows = {
            name: [_by(draw, joint.criteria[name], days, pace) for pace in (PACES if name in self.levers else (1.0,))]
            for name, draw in joint.draws.items()
        }

    def odds(self, steps: Mapping[str, int]) -> float:
        """P(GO by the day) with each lever at its step of PACES."""
        ceilings = [self._row(name, steps)[2] for name, draw in self._draws.items() if draw.required or draw.blocker]
        return min([float(self._arrived(steps).mean()), *ceilings])

    def late(self, steps: Mapping[str, int]) -> dict[str, float]:
        """Of the draws that miss the day: the share in which each criterion is still open, the most frequent first."""
        missed = ~self._arrived(steps)
        shares = {name: float((~self._row(name, steps)[1][missed]).mean()) for name in self._draws}
        return dict(sorted(((name, share) for name, share in shares.items() if share > 0), key=lambda pair: -pair[1]))

    def lateness(self, name: str) -> float:
        """The share of draws in which a criterion misses the day at its own pace."""
        return float(1 - self._rows[name][0][1].mean())

    def _arrived(self, steps: Mapping[str, int]) -> npt.NDArray[np.bool_]:
        points, holds = np.asarray(self._start), np.asarray(True)
        for name, draw in self._draws.items():
            earned, crossed, _ = self._row(name, steps)
            points = points + earned
            holds = holds & crossed if draw.required or draw.blocker else holds
        return np.asarray(holds & (points >= self._target - 1e-9))

    def _row(self, name: str, steps: Mapping[str, int]) -> tuple[Floats, npt.NDArray[np.bool_], float]:
        return self._rows[name][steps.get(name, 0)]


def _by(draw: Draw, own: CrossingForecast, days: float, pace: float) -> tuple[Floats, npt.NDArray[np.bool_], float]:
    """Points earned, and whether it is met, on each draw; and its own odds: all by `days` at `pace`."""
    gains = np.diff(np.r_[draw.base, draw.levels])
    reached = draw.times <= days * pace
    points = draw.points * (draw.base + gains @ reached)
    change = ScenarioChange(pace={"": pace})
    return points, reached[-1], _moved(own, change, "").probability_by(days)


def _climb(table: _Table, wanted: float) -> dict[str, int]:
    steps = dict.fromkeys(table.levers, 0)
    odds = table.odds(steps)
    while odds < wanted:
        worth = {
            name: (table.odds({**steps, name: step + 1}) - odds) / np.log2(PACES[step + 1] / PACES[step])
            for name, step in steps.items()
            if step + 1 < len(PACES)
        }
        # Two criteria may bind together: no single pace then buys anything, and the slowest are raised first.
        best = max(worth, key=lambda name: (worth[name], -steps[name], table.lateness(name)), default=None)
        if best is None:
            break
        steps[best] += 1
        odds = table.odds(steps)
    return steps


def _trim(table: _Table, steps: Mapping[str, int], wanted: float) -> dict[str, int]:
    """Steps that can be taken back without losing the goal; where it is out of reach, those that bought nothing."""
    kept = dict(steps)
    needed = min(wanted, table.odds(kept))
    for name in sorted(kept, key=lambda name: -kept[name]):
        while kept[name] and table.odds({**kept, name: kept[name] - 1}) >= needed:
            kept[name] -= 1
    return kept


def _changed(joint: JointForecast, change: ScenarioChange) -> JointForecast:
    undrawn = [points for name, points in change.undrawn.items() if name in change.drop and name not in joint.draws]
    dropped = sum(draw.points for name, draw in joint.draws.items() if name in change.drop)
    dropped += sum(possible for _, possible in undrawn)
    # Dropping a criterion takes its points out of the denominator: what stays counts for more.
    scale = 100.0 / max(100.0 - dropped, 1e-9)
    kept = [name for name in joint.criteria if name not in change.drop]
    draws = {name: _moved_draw(joint.draws[name], change, name, scale) for name in kept if name in joint.draws}
    criteria = {name: _moved(joint.criteria[name], change, name) for name in kept}
    missing = tuple(name for name in joint.missing if name not in change.drop)
    unmeasured = tuple(name for name in joint.unmeasured_blockers if name not in change.drop)
    fixed = (joint.fixed_points - sum(earned for earned, _ in undrawn)) * scale
    return replace(
        joint, draws=draws, criteria=criteria, missing=missing, unmeasured_blockers=unmeasured, fixed_points=fixed
    )


def _moved_draw(draw: Draw, change: ScenarioChange, name: str, scale: float) -> Draw:
    times = draw.times / change.pace.get(name, 1.0)
    times = np.where(times > 0, times + 7.0 * change.freeze_weeks, times)
    return replace(draw, times=times, points=draw.points * scale)


def _moved(forecast: CrossingForecast, change: ScenarioChange, name: str) -> CrossingForecast:
    """The part's own odds with the days rescaled; a refusal for lack of evidence stays one."""
    pace, freeze = change.pace.get(name, 1.0), 7.0 * change.freeze_weeks
    if forecast.outcome == "not_enough_evidence" or (pace == 1.0 and freeze == 0.0):
        return forecast
    days, odds = make_curve(forecast.days, forecast.odds, max(forecast.horizon_days, int(pace * forecast.horizon_days)))
    then = np.maximum(0.0, forecast.days - freeze) * pace
    moved = 1 - np.exp(np.interp(then, days, np.log1p(-odds)))
    return replace(forecast, odds=moved, pace_seen=forecast.pace_seen * pace)


def _because(pace: Mapping[str, float], odds: float, wanted: float) -> GoalReason:
    paces = tuple(PaceChange(name, factor) for name, factor in pace.items())
    return GoalReached(paces, odds) if odds >= wanted else GoalOutOfReach(paces, odds, PACES[-1])
