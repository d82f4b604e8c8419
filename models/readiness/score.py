"""Observations and a plan in, readiness out: at one moment, or as a series over many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from models.frames import CLAIMS, READINESS, check_frame, records
from models.plan.parents import children_of
from models.plan.plan import Criterion, Gate, Plan
from models.readiness.after_deployment import AfterDeployment
from models.readiness.attainment import claim_of
from models.readiness.parents import score_parent, weights_of
from models.readiness.path_to_target import Move, path_to_target
from models.readiness.readings import (
    CARRIED_SOURCES,
    History,
    Key,
    ObservedValue,
    as_moment,
    key_of,
    plan_keys,
    snapshot_at,
    with_zone,
)
from models.readiness.scores import CriterionScore, EvidenceRef, GateScore, GateStatus, Readiness
from models.readiness.states import CriterionFacts, score_criterion, waive_parent
from models.reasons.criterion import ClaimedFigure
from models.units import convert

__all__ = [
    "CARRIED_SOURCES",
    "CriterionScore",
    "EvidenceRef",
    "GateScore",
    "Move",
    "Readiness",
    "baselines_from",
    "path_to_target",
    "plan_in_force",
    "readiness_series",
    "score_known",
    "score_readings",
    "score_snapshot",
    "snapshot_at",
]


def score_snapshot(
    snapshot: pd.DataFrame,
    plan: Plan,
    at: datetime,
    claims: pd.DataFrame | None = None,
    baselines: Mapping[str, float] | None = None,
) -> Readiness:
    """The readiness at `at`, from SNAPSHOT (OBSERVATIONS will do) and CLAIMS; rows after `at` are not read.

    `baselines` holds the first measured value of criteria that name none (see `baselines_from`); without it those are
    all or nothing. Claims are shown, and change no figure.
    """
    moment = as_moment(at)
    readings = History(snapshot, plan_keys([plan])).readings(moment)
    shown = _claims_in_snapshot(snapshot, plan, moment) | claims_by_key(claims, plan, moment)
    return score_readings(readings, plan, with_zone(at), baselines or {}, shown)


def score_known(observations: pd.DataFrame, plan: Plan, at: datetime) -> Readiness:
    """`score_snapshot` without claims; the baselines are of the same rows (frame OBSERVATIONS), which it reads once."""
    moment, history = as_moment(at), History(observations, plan_keys([plan]))
    return score_readings(history.readings(moment), plan, with_zone(at), first_values(history, plan))


def score_readings(
    readings: Mapping[Key, ObservedValue],
    plan: Plan,
    at: pd.Timestamp,
    baselines: Mapping[str, float],
    claims: Mapping[Key, ClaimedFigure] | None = None,
    after: Mapping[str, AfterDeployment] | None = None,
) -> Readiness:
    """The arithmetic of docs/readiness.md, on the newest reading of each metric and scope.

    `at` is in the team's zone: a waiver and an attestation end with its day.
    `after` holds, by id, the criteria that are judged after the deployment.
    """
    weights = _weights(plan)
    shares, children = weights.of_the_whole, children_of(plan)

    def score(criterion: Criterion) -> CriterionScore:
        case = CriterionFacts(
            criterion=criterion,
            at=at,
            reading=readings.get(key_of(criterion)) if criterion.metric else None,
            baseline=criterion.baseline if criterion.baseline is not None else baselines.get(criterion.id),
            claim=(claims or {}).get(key_of(criterion)) or claim_of(criterion),
            waivers=plan.waivers,
            after=(after or {}).get(criterion.id),
        )
        if criterion.id in children:
            return waive_parent(case, score_parent(criterion, [score(child) for child in children[criterion.id]]))
        return score_criterion(case, float(100 * shares[criterion.id]))

    gates = [_score_gate(gate, tuple(score(c) for c in gate.criteria), weights) for gate in plan.gates]
    return _readiness(plan, at, tuple(gates), shares)


def _score_gate(gate: Gate, scores: tuple[CriterionScore, ...], weights: _Weights) -> GateScore:
    shares = weights.of_the_whole
    possible = sum((shares[score.criterion.id] for score in scores), Fraction(0))
    earned = _earned(scores, shares)
    return GateScore(
        gate=gate,
        status=_gate_status(scores),
        completion=_gate_completion(scores, weights.of_the_gate[gate.id]),
        points=float(100 * earned),
        points_possible=float(100 * possible),
        criteria=scores,
    )


def _gate_completion(scores: Sequence[CriterionScore], inside: Mapping[str, Fraction]) -> float:
    """Also for a gate of weight 0, which is shown although it earns no points."""
    whole = sum((inside[score.criterion.id] for score in scores), Fraction(0))
    return float(100 * _earned(scores, inside) / whole) if whole else math.nan


def _gate_status(scores: Sequence[CriterionScore]) -> GateStatus:
    # A parent speaks for its children, also where it is waived.
    top = [score for score in scores if not score.criterion.parent]
    verdicts = [score.holds for score in top if score.state != "not_applicable"]
    if not verdicts:
        return "not_applicable"
    if False in verdicts:
        return "failing"
    if None in verdicts:
        return "unknown"
    return "conditional" if any(score.is_conditional for score in top) else "passing"


def _readiness(plan: Plan, at: pd.Timestamp, gates: tuple[GateScore, ...], shares: Mapping[str, Fraction]) -> Readiness:
    scores = [score for gate in gates for score in gate.criteria]
    applies = any(shares.values())
    uncapped = float(100 * _earned(scores, shares)) if applies else math.nan
    blockers = tuple(score.criterion.id for score in scores if score.is_open_blocker)
    cap = max(plan.target - 1.0, 0.0) if blockers else math.inf
    return Readiness(
        at=at,
        value=min(uncapped, cap) if applies else math.nan,
        uncapped=uncapped,
        capped_because=blockers if uncapped > cap else (),
        known_weight=float(sum((shares[s.criterion.id] for s in scores if s.is_known), Fraction(0))),
        target=plan.target,
        attested_points=float(100 * _earned([s for s in scores if s.is_attested], shares)),
        gates=gates,
    )


def _earned(scores: Sequence[CriterionScore], shares: Mapping[str, Fraction]) -> Fraction:
    """Exact: in floating point nine of ten equal criteria can come out as 89.99999999999999.

    Over one denominator: to shorten the sum after each criterion is most of the work.
    """
    parts = []
    for score in scores:
        if score.attainment:
            above, below = score.attainment.as_integer_ratio()
            share = shares[score.criterion.id]
            parts.append((share.numerator * above, share.denominator * below))
    whole = math.lcm(*(below for _, below in parts))
    return Fraction(sum(above * (whole // below) for above, below in parts), whole)


class _Weights(NamedTuple):
    """Each criterion's share of the whole, and its weight in its gate, by the gate's id."""

    of_the_whole: Mapping[str, Fraction]
    of_the_gate: Mapping[str, Mapping[str, Fraction]]


@lru_cache(maxsize=64)
def _weights(plan: Plan) -> _Weights:
    """The shares are 0 where a criterion does not apply. They sum to 1 unless nothing applies."""
    inside = {gate.id: weights_of(gate.criteria) for gate in plan.gates}
    counted = {gate.id: Fraction(str(gate.weight)) for gate in plan.gates if any(inside[gate.id].values())}
    whole = sum(counted.values(), Fraction(0))
    shares = {}
    for gate in plan.gates:
        total = sum(inside[gate.id].values(), Fraction(0))
        for identity, weight in inside[gate.id].items():
            shares[identity] = counted[gate.id] / whole * weight / total if whole and total else Fraction(0)
    return _Weights(shares, inside)


def claims_by_key(claims: pd.DataFrame | None, plan: Plan, at: pd.Timestamp) -> dict[Key, ClaimedFigure]:
    """The newest claim up to `at` of each metric and scope of the plan; `claims` is a frame CLAIMS."""
    if claims is None:
        return {}
    check_frame(claims, CLAIMS, "claims")
    if claims.empty:
        return {}
    keys = set(plan_keys([plan]))
    known = claims[claims["metric"].isin({metric for metric, _ in keys}) & (claims["observed_at"] <= at)]
    known = known.sort_values(["observed_at", "recorded_at", "path", "line"])
    newest = known.drop_duplicates(["metric", "scope"], keep="last")
    return {key: _claim(row) for row in records(newest) if (key := (row["metric"], row["scope"])) in keys}


def _claim(row: Mapping[Any, Any]) -> ClaimedFigure:
    place = f"{row['path']}:{row['line']:.0f}" if pd.notna(row["line"]) else str(row["path"])
    value = float(row["value"]) if pd.notna(row["value"]) else None
    return ClaimedFigure(row["text"], value, row["unit"], row["reason"], place)


def _claims_in_snapshot(snapshot: pd.DataFrame, plan: Plan, at: pd.Timestamp) -> dict[Key, ClaimedFigure]:
    """Values that somebody recorded as claimed, for the metrics of the plan."""
    is_claimed = (snapshot["kind"] == "claimed").to_numpy()
    if not is_claimed.any():
        return {}
    rows = snapshot[is_claimed & (snapshot["observed_at"] <= at) & snapshot["value"].notna()]
    keys = set(plan_keys([plan]))
    rows = rows.sort_values(["observed_at", "recorded_at", "value"])
    return {
        key: ClaimedFigure(value=row["value"], unit=row["unit"], place=row.get("locator") or row["source"])
        for row in records(rows)
        if (key := (row["metric"], row["scope"])) in keys
    }


def _first_claims(observations: pd.DataFrame, plans: Iterable[Plan]) -> dict[Key, pd.Timestamp]:
    """When a value was first recorded as claimed: from then on a missing criterion counts as claimed."""
    keys = set(plan_keys(plans))
    rows = observations[observations["metric"].isin({metric for metric, _ in keys})]
    rows = rows[(rows["kind"] == "claimed") & rows["value"].notna()]
    first = rows.groupby(["metric", "scope"])["observed_at"].min()
    return {key: moment for key, moment in first.items() if key in keys}


def baselines_from(observations: pd.DataFrame, plan: Plan) -> dict[str, float]:
    """The first known value of each criterion that names no baseline, in the criterion's unit."""
    return first_values(History(observations, plan_keys([plan])), plan)


def first_values(history: History, plan: Plan) -> dict[str, float]:
    found = {}
    for criterion in plan.criteria:
        first = history.first_value(key_of(criterion)) if criterion.metric and criterion.baseline is None else None
        value = None if first is None else convert(first[0], first[1], criterion.unit)
        if value is not None:
            found[criterion.id] = value
    return found


def plan_in_force(plans: Sequence[tuple[datetime, Plan]], at: datetime) -> Plan:
    """The plan with the newest effective time at or before `at`; the first plan counts for everything before it."""
    if not plans:
        raise ValueError("no plan was given; pass at least one (effective time, plan)")
    ordered = sorted(plans, key=lambda pair: as_moment(pair[0]))
    begun = [plan for start, plan in ordered if as_moment(start) <= as_moment(at)]
    return begun[-1] if begun else ordered[0][1]


def readiness_series(
    observations: pd.DataFrame,
    plans: Sequence[tuple[datetime, Plan]],
    moments: Sequence[datetime],
) -> pd.DataFrame:
    """READINESS at each moment under the plan then in force: a row per criterion, and one with criterion "" for all.

    In the whole's row `value` and `readiness` are the readiness, `points` the points before the cap, and `state` is
    "capped" where blockers hold it down. It equals `score_snapshot(snapshot_at(...))` at each moment, but reads the
    observations once.
    """
    times = pd.DatetimeIndex([as_moment(at) for at in moments], tz="UTC")
    in_force = [plan_in_force(plans, at) for at in times]
    distinct = {id(plan): plan for plan in in_force}
    history = History(observations, plan_keys(distinct.values()))
    baselines = {name: first_values(history, plan) for name, plan in distinct.items()}
    columns, claimed = history.at(times), _first_claims(observations, distinct.values())
    rows: list[tuple[object, ...]] = []
    for position, (at, plan) in enumerate(zip(times, in_force, strict=True)):
        readings = {key: found for key, column in columns.items() if (found := column[position]) is not None}
        claims = {key: ClaimedFigure() for key, first in claimed.items() if first <= at}
        rows += _rows(score_readings(readings, plan, at, baselines[id(plan)], claims))
    return _readiness_frame(rows)


def _rows(readiness: Readiness) -> list[tuple[object, ...]]:
    whole = (readiness.value, readiness.known_weight)
    rows: list[tuple[object, ...]] = [
        (
            readiness.at,
            score.criterion.id,
            math.nan if score.value is None else score.value,
            score.state,
            score.attainment,
            score.points,
            score.points_possible,
            *whole,
        )
        for score in readiness.criteria
    ]
    state = "capped" if readiness.capped_because else ""
    possible = sum(gate.points_possible for gate in readiness.gates)
    share = readiness.uncapped / 100.0
    rows.append((readiness.at, "", readiness.value, state, share, readiness.uncapped, possible, *whole))
    return rows


def _readiness_frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    dtypes = {"text": "str", "time": "datetime64[us, UTC]", "number": "float64"}
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in READINESS]
    return pd.DataFrame(
        {
            name: pd.Series(list(cells), dtype=dtypes[family])
            for (name, family), cells in zip(READINESS.items(), columns, strict=True)
        }
    )
