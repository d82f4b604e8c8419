"""Readiness and GO as one event: every required criterion holds and the readiness target is reached."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.forecast.attainment import Draw, attainment_now, held_since, level_times, readiness_times
from models.forecast.copula import uniform_draws
from models.forecast.crossing import SLIM, crossing_of, curve_of
from models.reasons.forecast import (
    AtThreshold,
    CriteriaStuck,
    ForecastReason,
    GoOdds,
    HoldsNow,
    JointReason,
    LastToArrive,
    ReadinessOdds,
    RequiredUnmeasured,
    RestsOnAttestation,
    TooFewPoints,
    UnmeasuredBlockers,
)
from models.series.curve import HOLD_DAYS, SUREST, UNLIKELIEST, CrossingForecast, Outcome, refused
from models.series.history import MIN_OBSERVATIONS, MIN_SPAN_DAYS, Direction, ProgressHistory, progress_of, utc

DRAWS = 4000
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
    scale: Literal["linear", "log", "step"] = "linear"  # step: it earns nothing on the way
    state: str = ""
    blocker: bool = False  # until it holds, readiness stays below the target


@dataclass(frozen=True, slots=True)
class Holding:
    """GO holds at the origin: since when, and the odds that it stays."""

    days: float  # for how long the points have been there and all that GO needs has held, as far as is known
    stays: float  # P(GO stays for 28 days more)
    weakest: str  # the criterion that is the most likely to fall back; "" where only points that are short hold it
    weakest_stays: float  # P(it stays for 28 days more); nan without one


@dataclass(frozen=True, eq=False)
class JointForecast:
    """GO, readiness alone, and each criterion, all from the same draws: P(GO by d) <= P(each part by d) for every d."""

    origin: pd.Timestamp
    target: float
    horizon_days: int
    outcome: Outcome
    because: ForecastReason
    go: CrossingForecast
    readiness: CrossingForecast
    criteria: Mapping[str, CrossingForecast]
    missing: tuple[str, ...] = ()
    unmeasured_blockers: tuple[str, ...] = ()  # blockers that nothing measures: they hold readiness below the target
    draws: Mapping[str, Draw] = field(repr=False, default_factory=dict)
    fixed_points: float = 0.0  # attested, or of parts with a value but too little history to forecast
    holding: Holding | None = None  # GO holds at the origin
    barred: RestsOnAttestation | None = None  # no figure gives GO while so much rests on people's word


def forecast_readiness(  # noqa: PLR0913 (a public function: its arguments are the parts of one question)
    parts: Sequence[CriterionHistory],
    *,
    target: float,
    origin: pd.Timestamp,
    missing: Sequence[str] = (),
    missing_blockers: Sequence[str] = (),
    held_points: float = 0.0,
    attested_limit: float = 100.0,
    horizon_days: int = 730,
    seed: int = 0,
) -> JointForecast:
    """Forecast every criterion, the readiness they add up to, and GO as the joint event.

    Readiness counts as reached when its points are there and every blocker holds: an open one caps it.
    `held_points` are earned without a history: attested by a named person, taken as given. More of them than
    `attested_limit`, or nothing measured beside them, bars GO as it bars the verdict. `missing`
    names required criteria without evidence: GO is then not enough evidence, while each part keeps its own
    date. Where GO holds at the origin, its outcome is "holds", however short the histories: what holds needs no pace,
    and its odds are those of staying. A waived criterion is not required; one that is not applicable takes no part.
    """
    live = [part for part in parts if part.state not in NOT_APPLICABLE]
    moment = utc(origin)
    seen = {part.id: _seen(part, moment) for part in live}
    criteria = {part.id: crossing_of(seen[part.id], horizon_days=horizon_days, seed=seed) for part in live}
    barred = _barred(held_points, attested_limit, is_measured=bool(live))
    held_now = not barred and not missing and not missing_blockers and _is_go(live, seen, target - held_points)
    if held_now:
        criteria |= {
            part.id: _held(seen[part.id], horizon_days) for part in live if _is_thin_but_held(part, criteria, seen)
        }
    known = [part for part in live if criteria[part.id].outcome != "not_enough_evidence"]
    # Parts that are drawn apart: measured, no dependence between them made the joint odds truer (decision 0006).
    uniforms = uniform_draws(np.eye(len(known)), DRAWS, seed)
    draws = {
        part.id: _draw(part, seen[part.id], criteria[part.id], uniforms[:, k], seed) for k, part in enumerate(known)
    }
    thin = [part for part in live if part.id not in draws]
    fixed = held_points + sum(part.points_possible * attainment_now(seen[part.id], part.scale) for part in thin)
    lacking = (*missing, *(part.id for part in thin if is_required(part)))
    unmeasured = (*missing_blockers, *(part.id for part in thin if part.blocker and part.state != "waived"))
    blank = refused(TooFewPoints(0.0, target), moment, horizon_days)  # join replaces both
    joint = JointForecast(
        moment,
        target,
        horizon_days,
        blank.outcome,
        blank.because,
        blank,
        blank,
        criteria,
        lacking,
        unmeasured,
        draws,
        fixed,
        barred=barred,
    )
    return join(replace(joint, holding=_holding(live, seen, criteria, target - held_points)) if held_now else joint)


def _barred(attested: float, limit: float, *, is_measured: bool) -> RestsOnAttestation | None:
    if attested <= 0 or (is_measured and attested <= limit):
        return None
    return RestsOnAttestation(attested, limit, is_measured)


def _needed(live: Sequence[CriterionHistory]) -> list[CriterionHistory]:
    """The parts that must hold for GO, whatever the points are."""
    return [part for part in live if is_required(part) or (part.blocker and part.state != "waived")]


def _is_go(live: Sequence[CriterionHistory], seen: Mapping[str, ProgressHistory], points_needed: float) -> bool:
    """Whether every part that GO needs holds at the origin, by a figure that is not stale, and the points are there."""
    if not live or any(part.state == "stale" or seen[part.id].holding_days < 0 for part in _needed(live)):
        return False
    earned = sum(
        part.points_possible * attainment_now(seen[part.id], part.scale) for part in live if part.state != "stale"
    )
    return earned >= points_needed - 1e-9


def _is_thin_but_held(
    part: CriterionHistory, criteria: Mapping[str, CrossingForecast], seen: Mapping[str, ProgressHistory]
) -> bool:
    return criteria[part.id].outcome == "not_enough_evidence" and seen[part.id].holding_days >= 0


def _held(seen: ProgressHistory, horizon_days: int) -> CrossingForecast:
    """The odds of staying of what holds now, also where its history is too short for a pace."""
    days, odds = curve_of(seen, horizon_days, 0)
    return CrossingForecast("holds", AtThreshold(seen.holding_days), seen.origin, horizon_days, days, odds)


def _holding(
    live: Sequence[CriterionHistory],
    seen: Mapping[str, ProgressHistory],
    criteria: Mapping[str, CrossingForecast],
    points_needed: float,
) -> Holding:
    """All but the odds that GO stays, which come from the draws."""
    needed = [part.id for part in _needed(live)]
    held = [part.id for part in live if seen[part.id].holding_days >= 0]
    weakest = min(needed or held, key=lambda name: criteria[name].odds[0], default="")
    points_days = held_since([(seen[part.id], part.scale, part.points_possible) for part in live], points_needed)
    days = min([points_days, *(seen[name].holding_days for name in needed)])
    return Holding(days, math.nan, weakest, float(criteria[weakest].odds[0]) if weakest else math.nan)


def is_required(part: CriterionHistory) -> bool:
    """A waiver lifts the demand for as long as it runs."""
    return part.required and part.state != "waived"


def join(joint: JointForecast) -> JointForecast:
    """Readiness and GO from the draws and criteria in `joint`; what-if changes those and calls this again."""
    readiness, reached = _readiness(joint)
    go = _go(joint, readiness, reached)
    if joint.holding is not None and readiness.outcome != "not_enough_evidence":
        readiness = replace(readiness, outcome="holds", because=HoldsNow(float(readiness.odds[0]), HOLD_DAYS))
        held = replace(joint.holding, stays=float(go.odds[0]))
        joint, go = replace(joint, holding=held), replace(go, outcome="holds", because=_holds_now(held), drivers=())
    return replace(joint, readiness=readiness, go=go, outcome=go.outcome, because=go.because)


def _seen(part: CriterionHistory, moment: pd.Timestamp) -> ProgressHistory:
    return progress_of(
        part.history, threshold=part.threshold, direction=part.direction, origin=moment, baseline=part.baseline
    )


def _draw(part: CriterionHistory, seen: ProgressHistory, own: CrossingForecast, uniforms: Floats, seed: int) -> Draw:
    levels, times, base = level_times(seen, own, part.scale, uniforms, seed)
    blocks = part.blocker and part.state != "waived"
    return Draw(levels, times, base, part.points_possible, is_required(part), blocks)


def _readiness(joint: JointForecast) -> tuple[CrossingForecast, Floats]:
    """Readiness alone, and the day of each draw on which it reaches the target."""
    draws = list(joint.draws.values())
    reachable = joint.fixed_points + sum(draw.points for draw in draws)
    if reachable < joint.target - 1e-9 or not draws:
        because = _undrawn(joint, reachable)
        return refused(because, joint.origin, joint.horizon_days), np.full(1, np.inf)
    if joint.unmeasured_blockers:
        return refused(UnmeasuredBlockers(joint.unmeasured_blockers), joint.origin, joint.horizon_days), np.full(
            1, np.inf
        )
    blockers = {name: draw for name, draw in joint.draws.items() if draw.blocker}
    reached = readiness_times(draws, joint.fixed_points, joint.target)
    times = np.max([reached, *(draw.crossing for draw in blockers.values())], axis=0)
    ceiling = np.min([joint.criteria[name].odds for name in blockers], axis=0) if blockers else np.ones(1)
    moving = any(forecast.outcome == "dated" for forecast in joint.criteria.values())
    moving = moving and all(joint.criteria[name].outcome == "dated" for name in blockers)
    made = _from_times(joint, times, ceiling, moving)
    return replace(made, because=ReadinessOdds(joint.target, _last(made), made.horizon_days)), times


def _undrawn(joint: JointForecast, reachable: float) -> JointReason:
    """Why there is nothing to draw: too few points, only people's word, or histories that are too short."""
    if reachable < joint.target - 1e-9:
        return TooFewPoints(reachable, joint.target, joint.missing)
    return joint.barred or _too_short(joint.missing, tuple(joint.criteria))


def _go(joint: JointForecast, readiness: CrossingForecast, reached: Floats) -> CrossingForecast:
    """The joint event; refused by the first part that refuses."""
    if joint.missing:
        return refused(_wanted(joint), joint.origin, joint.horizon_days)
    if joint.barred is not None:
        return refused(joint.barred, joint.origin, joint.horizon_days)
    if readiness.outcome == "not_enough_evidence":
        return refused(readiness.because, joint.origin, joint.horizon_days)
    needed = {name: draw for name, draw in joint.draws.items() if draw.required}
    times = np.max([reached, *(draw.crossing for draw in needed.values())], axis=0)
    parts = [joint.criteria[name] for name in needed]
    ceiling = np.min([readiness.odds, *(part.odds for part in parts)], axis=0)
    stuck = [name for name in needed if joint.criteria[name].outcome == "not_at_this_rate"]
    go = _from_times(joint, times, ceiling, not stuck and readiness.outcome == "dated")
    if stuck:
        return replace(go, because=CriteriaStuck(tuple(stuck), _last(go), go.horizon_days))
    return go.with_drivers(*_binding(needed, times, joint.horizon_days))


def _wanted(joint: JointForecast) -> RequiredUnmeasured:
    """What nothing measures, apart from what has been measured for too short a time."""
    short = tuple(name for name in joint.missing if name in joint.criteria)
    return _too_short(tuple(name for name in joint.missing if name not in joint.criteria), short)


def _too_short(unmeasured: tuple[str, ...], short: tuple[str, ...]) -> RequiredUnmeasured:
    return RequiredUnmeasured(unmeasured, short, MIN_OBSERVATIONS, MIN_SPAN_DAYS // 7)


def _from_times(joint: JointForecast, times: Floats, ceiling: Floats, moving: bool) -> CrossingForecast:
    """A forecast from crossing days, never above `ceiling`: P(joint) <= P(part) holds whatever the draws give."""
    days = next(iter(joint.criteria[name] for name in joint.draws)).days
    counted = np.searchsorted(np.sort(times), days, side="right") / len(times)
    odds = np.clip(np.minimum(counted, ceiling), UNLIKELIEST, SUREST)
    outcome: Outcome = "dated" if moving and odds[-1] >= SLIM else "not_at_this_rate"
    because: JointReason = GoOdds(float(odds[-1]), joint.horizon_days)
    return CrossingForecast(outcome, because, joint.origin, joint.horizon_days, days, odds)


def _holds_now(held: Holding) -> HoldsNow:
    least = held.weakest_stays if held.weakest else None
    return HoldsNow(held.stays, HOLD_DAYS, held.days, held.weakest, least)


def _last(forecast: CrossingForecast) -> float:
    return float(forecast.odds[-1])


def _binding(needed: Mapping[str, Draw], times: Floats, horizon: int) -> tuple[LastToArrive, ...]:
    """Which criterion is the last to arrive, and how often."""
    arrived = times <= horizon
    if not needed or not arrived.any():
        return ()
    last = np.argmax([draw.crossing[arrived] for draw in needed.values()], axis=0)
    shares = np.bincount(last, minlength=len(needed)) / arrived.sum()
    name = list(needed)[int(np.argmax(shares))]
    return (LastToArrive(name, float(shares.max())),)
