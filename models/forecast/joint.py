"""Readiness and GO as one event: every required criterion holds and the readiness target is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.forecast.attainment import Draw, attainment_now, level_times, readiness_times
from models.forecast.copula import correlation, uniform_draws
from models.forecast.crossing import SLIM, crossing_of
from models.forecast.drivers import odds_words
from models.series.curve import SUREST, UNLIKELIEST, CrossingForecast, Outcome, refused
from models.series.history import MIN_OBSERVATIONS, MIN_SPAN_DAYS, Direction, Seen, see, utc

DRAWS = 4000
MOST_NAMED = 5
NOT_APPLICABLE = ("not applicable", "not_applicable")


@dataclass(frozen=True, slots=True)
class CriterionHistory:
    """A criterion as the forecast needs it."""

    id: str
    history: pd.Series
    threshold: float
    direction: Direction
    baseline: float | None = None
    points_possible: float = 0.0  # its share of the 100 readiness points
    required: bool = True  # the GO verdict needs it to hold
    scale: Literal["linear", "log"] = "linear"
    state: str = ""
    blocker: bool = False  # until it holds, readiness stays below the target


@dataclass(frozen=True, eq=False)
class JointForecast:
    """GO, readiness alone, and each criterion, all from the same draws: P(GO by d) <= P(each part by d) for every d."""

    origin: pd.Timestamp
    target: float
    horizon_days: int
    outcome: Outcome
    because: str
    go: CrossingForecast
    readiness: CrossingForecast
    criteria: Mapping[str, CrossingForecast]
    missing: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()  # blockers that nothing measures: they hold readiness below the target
    draws: Mapping[str, Draw] = field(repr=False, default_factory=dict)
    fixed_points: float = 0.0  # attested, or of parts with a value but too little history to forecast


def forecast_readiness(
    parts: Sequence[CriterionHistory],
    *,
    target: float,
    origin: pd.Timestamp,
    missing: Sequence[str] = (),
    missing_blockers: Sequence[str] = (),
    held_points: float = 0.0,
    horizon_days: int = 730,
    seed: int = 0,
) -> JointForecast:
    """Forecast every criterion, the readiness they add up to, and GO as the joint event.

    Readiness counts as reached when its points are there and every blocker holds: an open one caps it.
    `held_points` are earned without a history: attested by a named person, taken as they stand. `missing`
    names required criteria without evidence: GO is then not enough evidence, while each part keeps its own
    date. A waived criterion is not required; one that is not applicable takes no part.
    """
    live = [part for part in parts if part.state not in NOT_APPLICABLE]
    moment = utc(origin)
    seen = {part.id: _seen(part, moment) for part in live}
    criteria = {part.id: crossing_of(seen[part.id], horizon_days=horizon_days, seed=seed) for part in live}
    known = [part for part in live if criteria[part.id].outcome != "not_enough_evidence"]
    uniforms = uniform_draws(correlation([seen[part.id] for part in known]), DRAWS, seed)
    draws = {
        part.id: _draw(part, seen[part.id], criteria[part.id], uniforms[:, k], seed) for k, part in enumerate(known)
    }
    thin = [part for part in live if part.id not in draws]
    fixed = held_points + sum(part.points_possible * attainment_now(seen[part.id], part.scale) for part in thin)
    lacking = (*missing, *(part.id for part in thin if is_required(part)))
    blind = (*missing_blockers, *(part.id for part in thin if part.blocker and part.state != "waived"))
    blank = refused("", moment, horizon_days)
    joint = JointForecast(
        moment, target, horizon_days, "not_enough_evidence", "", blank, blank, criteria, lacking, blind, draws, fixed
    )
    return join(joint)


def is_required(part: CriterionHistory) -> bool:
    """A waiver lifts the demand for as long as it runs."""
    return part.required and part.state != "waived"


def join(joint: JointForecast) -> JointForecast:
    """Readiness and GO anew from the draws and criteria that `joint` holds (what-if changes those and asks again)."""
    readiness, reached = _readiness(joint)
    go = _go(joint, readiness, reached)
    return replace(joint, readiness=readiness, go=go, outcome=go.outcome, because=go.because)


def _seen(part: CriterionHistory, moment: pd.Timestamp) -> Seen:
    return see(part.history, threshold=part.threshold, direction=part.direction, origin=moment, baseline=part.baseline)


def _draw(part: CriterionHistory, seen: Seen, own: CrossingForecast, uniforms: Floats, seed: int) -> Draw:
    levels, times, base = level_times(seen, own, part.scale, uniforms, seed)
    blocks = part.blocker and part.state != "waived"
    return Draw(levels, times, base, part.points_possible, is_required(part), blocks)


def _readiness(joint: JointForecast) -> tuple[CrossingForecast, Floats]:
    """Readiness alone, and the day of each draw on which it reaches the target."""
    draws = list(joint.draws.values())
    reachable = joint.fixed_points + sum(draw.points for draw in draws)
    if reachable < joint.target - 1e-9 or not draws:
        because = f"measure more: what is known can reach {reachable:.3g} of the {joint.target:g} points"
        named = f" ({_listed(joint.missing)})" if joint.missing else ""
        return refused(because + named, joint.origin, joint.horizon_days), np.full(1, np.inf)
    if joint.blind:
        because = f"measure {_listed(joint.blind)}: an unknown blocker holds readiness below the target"
        return refused(because, joint.origin, joint.horizon_days), np.full(1, np.inf)
    blockers = {name: draw for name, draw in joint.draws.items() if draw.blocker}
    reached = readiness_times(draws, joint.fixed_points, joint.target)
    times = np.max([reached, *(draw.crossing for draw in blockers.values())], axis=0)
    ceiling = np.min([joint.criteria[name].odds for name in blockers], axis=0) if blockers else np.ones(1)
    moving = any(forecast.outcome == "dated" for forecast in joint.criteria.values())
    moving = moving and all(joint.criteria[name].outcome == "dated" for name in blockers)
    return _from_times(joint, times, ceiling, moving, f"readiness of {joint.target:g}"), times


def _go(joint: JointForecast, readiness: CrossingForecast, reached: Floats) -> CrossingForecast:
    """The joint event; refused by the first part that refuses."""
    if joint.missing:
        return refused(_wanted(joint), joint.origin, joint.horizon_days)
    if readiness.outcome == "not_enough_evidence":
        return refused(readiness.because, joint.origin, joint.horizon_days)
    needed = {name: draw for name, draw in joint.draws.items() if draw.required}
    times = np.max([reached, *(draw.crossing for draw in needed.values())], axis=0)
    parts = [joint.criteria[name] for name in needed]
    ceiling = np.min([readiness.odds, *(part.odds for part in parts)], axis=0)
    stuck = [name for name in needed if joint.criteria[name].outcome == "not_at_this_rate"]
    go = _from_times(joint, times, ceiling, not stuck and readiness.outcome == "dated", "GO")
    if stuck:
        return replace(go, because=f"{', '.join(stuck)} will not get there at this rate: {_odds(go)}")
    return go.with_drivers(*_binding(needed, times, joint.horizon_days))


def _wanted(joint: JointForecast) -> str:
    """What nothing measures, apart from what has been measured for too short a time."""
    thin = [name for name in joint.missing if name in joint.criteria]
    absent = [name for name in joint.missing if name not in joint.criteria]
    told = [f"measure {_listed(absent)}"] if absent else []
    if thin:
        enough = f"{MIN_OBSERVATIONS} observations over {MIN_SPAN_DAYS // 7} weeks"
        told.append(f"keep measuring {_listed(thin)}: {enough} are needed")
    return "; ".join(told)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return f"{', '.join(names[:MOST_NAMED])} and {more} more" if more > 1 else ", ".join(names)


def _from_times(joint: JointForecast, times: Floats, ceiling: Floats, moving: bool, what: str) -> CrossingForecast:
    """A forecast from crossing days, never above `ceiling`: P(joint) <= P(part) holds whatever the draws say."""
    days = next(iter(joint.criteria[name] for name in joint.draws)).days
    counted = np.searchsorted(np.sort(times), days, side="right") / len(times)
    odds = np.clip(np.minimum(counted, ceiling), UNLIKELIEST, SUREST)
    outcome: Outcome = "dated" if moving and odds[-1] >= SLIM else "not_at_this_rate"
    made = CrossingForecast(outcome, "", joint.origin, joint.horizon_days, days, odds)
    return replace(made, because=f"{what}: {_odds(made)}")


def _odds(forecast: CrossingForecast) -> str:
    return f"{odds_words(float(forecast.odds[-1]))} within {forecast.horizon_days / 30.4:.0f} months"


def _binding(needed: Mapping[str, Draw], times: Floats, horizon: int) -> tuple[str, ...]:
    """Which criterion is the last to arrive, and how often."""
    arrived = times <= horizon
    if not needed or not arrived.any():
        return ()
    last = np.argmax([draw.crossing[arrived] for draw in needed.values()], axis=0)
    shares = np.bincount(last, minlength=len(needed)) / arrived.sum()
    name = list(needed)[int(np.argmax(shares))]
    return (f"{name} binds: it is the last to arrive in {100 * shares.max():.0f}% of the draws that get there",)
