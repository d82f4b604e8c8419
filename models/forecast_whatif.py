"""What if, and what must be true: the same draws asked again with paces changed, criteria dropped, or a freeze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.forecast_history import utc
from models.forecast_joint import Draw, JointForecast, join
from models.forecast_result import CrossingForecast, make_curve
from models.forecast_words import odds_words

PACES = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
SEARCH_DRAWS = 1000


@dataclass(frozen=True)
class Change:
    """What is imagined. `pace` multiplies how fast a criterion moves from now on; a freeze stops everything first."""

    pace: Mapping[str, float] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    freeze_weeks: float = 0.0


@dataclass(frozen=True)
class GoalPlan:
    """The cheapest pace changes found that make GO by `by` as likely as asked, or the best there is."""

    reached: bool
    by: pd.Timestamp
    asked: float
    probability: float
    pace: Mapping[str, float]
    because: str


def what_if(joint: JointForecast, change: Change) -> JointForecast:
    """The joint forecast under `change`, on the same draws: without a change it is the same forecast."""
    unknown = {*change.pace, *change.drop} - {*joint.criteria, *joint.missing}
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(sorted(unknown))}; known: {', '.join(sorted(joint.criteria))}")
    if any(not pace > 0 for pace in change.pace.values()) or change.freeze_weeks < 0:
        raise ValueError("a pace must be above 0 and a freeze not negative")
    return join(_changed(joint, change))


def goal_seek(joint: JointForecast, by: pd.Timestamp, probability: float) -> GoalPlan:
    """What must be true for GO by `by` with `probability`? The cheapest pace changes; doubling one costs 1.

    Raises the pace that buys the most odds for its price, step by step, then takes back whatever was not needed.
    """
    day = utc(by)
    if joint.outcome == "not_enough_evidence":
        return GoalPlan(False, day, probability, float("nan"), {}, joint.because)
    small = _thinned(joint)
    days = (day - joint.origin) / pd.Timedelta(days=1)
    steps = _climb(small, days, probability)
    steps = _trim(small, steps, days, probability)
    pace = {name: PACES[step] for name, step in steps.items() if step}
    found = what_if(joint, Change(pace=pace)).go.probability_by(days)
    return GoalPlan(found >= probability, day, probability, found, pace, _told(pace, found, probability))


def _climb(joint: JointForecast, days: float, probability: float) -> dict[str, int]:
    steps = dict.fromkeys(joint.draws, 0)
    odds = _odds(joint, steps, days)
    while odds < probability:
        worth = {
            name: (_odds(joint, {**steps, name: step + 1}, days) - odds) / np.log2(PACES[step + 1] / PACES[step])
            for name, step in steps.items()
            if step + 1 < len(PACES)
        }
        # Two criteria may bind together: no single pace then buys anything, and the slowest are raised first.
        best = max(worth, key=lambda name: (worth[name], -steps[name], _lateness(joint, name)), default=None)
        if best is None:
            break
        steps[best] += 1
        odds = _odds(joint, steps, days)
    return steps


def _trim(joint: JointForecast, steps: Mapping[str, int], days: float, probability: float) -> dict[str, int]:
    """Steps that can be taken back without losing the goal; where it is out of reach, those that bought nothing."""
    kept = dict(steps)
    needed = min(probability, _odds(joint, kept, days))
    for name in sorted(kept, key=lambda name: -kept[name]):
        while kept[name] and _odds(joint, {**kept, name: kept[name] - 1}, days) >= needed:
            kept[name] -= 1
    return kept


def _odds(joint: JointForecast, steps: Mapping[str, int], days: float) -> float:
    pace = {name: PACES[step] for name, step in steps.items() if step}
    return what_if(joint, Change(pace=pace)).go.probability_by(days)


def _lateness(joint: JointForecast, name: str) -> float:
    return float(np.mean(np.minimum(joint.draws[name].crossing, 10.0 * joint.horizon_days)))


def _thinned(joint: JointForecast) -> JointForecast:
    draws = {name: replace(draw, times=draw.times[:, :SEARCH_DRAWS]) for name, draw in joint.draws.items()}
    return replace(joint, draws=draws)


def _changed(joint: JointForecast, change: Change) -> JointForecast:
    dropped = sum(draw.points for name, draw in joint.draws.items() if name in change.drop)
    # Dropping a criterion takes its points out of the denominator: what stays counts for more.
    scale = 100.0 / max(100.0 - dropped, 1e-9)
    kept = [name for name in joint.criteria if name not in change.drop]
    draws = {name: _moved_draw(joint.draws[name], change, name, scale) for name in kept if name in joint.draws}
    criteria = {name: _moved(joint.criteria[name], change, name) for name in kept}
    missing = tuple(name for name in joint.missing if name not in change.drop)
    blind = tuple(name for name in joint.blind if name not in change.drop)
    fixed = joint.fixed_points * scale
    return replace(joint, draws=draws, criteria=criteria, missing=missing, blind=blind, fixed_points=fixed)


def _moved_draw(draw: Draw, change: Change, name: str, scale: float) -> Draw:
    times = draw.times / change.pace.get(name, 1.0)
    times = np.where(times > 0, times + 7.0 * change.freeze_weeks, times)
    return replace(draw, times=times, points=draw.points * scale)


def _moved(forecast: CrossingForecast, change: Change, name: str) -> CrossingForecast:
    """The part's own odds on the new clock; a refusal for want of evidence stays one."""
    pace, freeze = change.pace.get(name, 1.0), 7.0 * change.freeze_weeks
    if forecast.outcome == "not_enough_evidence" or (pace == 1.0 and freeze == 0.0):
        return forecast
    days, odds = make_curve(forecast.days, forecast.odds, max(forecast.horizon_days, int(pace * forecast.horizon_days)))
    then = np.maximum(0.0, forecast.days - freeze) * pace
    moved = 1 - np.exp(np.interp(then, days, np.log1p(-odds)))
    return replace(forecast, odds=moved, pace_seen=forecast.pace_seen * pace)


def _told(pace: Mapping[str, float], found: float, probability: float) -> str:
    changes = ", ".join(f"{name} at {factor:g} times the pace" for name, factor in pace.items()) or "nothing changed"
    if found >= probability:
        return f"{changes}: {odds_words(found)}"
    return f"not within four times any pace; the most is {odds_words(found)} ({changes})"
