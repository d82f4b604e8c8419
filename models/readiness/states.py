"""The state of one criterion at one moment, and the reason for it; six states, never merged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from models.plan.plan import Attestation, Criterion, Waiver
from models.readiness.after_deployment import (
    AfterDeployment,
    CriterionWindow,
    too_early,
    window_holds,
    window_reason,
)
from models.readiness.attainment import attainment, demand_of, holds, is_within_tolerance
from models.readiness.readings import ObservedValue
from models.readiness.scores import CriterionScore, EvidenceRef, State
from models.reasons.criterion import (
    Attested,
    ClaimedFigure,
    Compared,
    CriterionReason,
    NeverMeasured,
    NotApplicable,
    Stale,
    UnitMismatch,
    UnwaivedReason,
    ValueUnknown,
    Waived,
)
from models.reasons.window import NothingDeployed
from models.units import convert

_DAY = pd.Timedelta(days=1)


class _Verdict(NamedTuple):
    state: State
    holds: bool | None
    attainment: float
    because: UnwaivedReason
    value: float | None = None
    is_attested: bool = False
    is_within_tolerance: bool = False


class CriterionFacts(NamedTuple):
    """All that is known of one criterion at one moment."""

    criterion: Criterion
    at: pd.Timestamp
    reading: ObservedValue | None
    baseline: float | None
    claim: ClaimedFigure | None
    waivers: Sequence[Waiver]
    after: AfterDeployment | None = None  # of a gate that is judged after the deployment


def score_criterion(case: CriterionFacts, points_possible: float) -> CriterionScore:
    """The criterion's state, attainment and points out of `points_possible`."""
    criterion, reading = case.criterion, case.reading
    underlying = _verdict(case)
    waiver = _waiver_in_force(case, underlying.holds)
    state: State = underlying.state if waiver is None else "waived"
    age = None if reading is None else (case.at - reading.observed_at) / _DAY
    return CriterionScore(
        criterion=criterion,
        value=underlying.value,
        unit=criterion.unit or ("" if reading is None else reading.unit),
        state=state,
        underlying_state=underlying.state,
        holds=True if waiver is not None else underlying.holds,
        attainment=underlying.attainment,
        points=points_possible * underlying.attainment,
        points_possible=points_possible,
        because=_because(underlying, waiver),
        baseline=criterion.baseline if reading is None else case.baseline,
        observed_at=None if reading is None else reading.observed_at,
        age_days=age,
        evidence=_evidence_of(case),
        waiver=waiver,
        is_attested=underlying.is_attested,
        claim=case.claim,
        is_within_tolerance=waiver is None and underlying.is_within_tolerance,
    )


def waive_parent(case: CriterionFacts, score: CriterionScore) -> CriterionScore:
    """A parent with the waiver in force for it; its children keep their own states."""
    waiver = None if score.state == "not_applicable" else _waiver_in_force(case, score.holds)
    if waiver is None or isinstance(score.because, Waived):
        return score
    because = Waived(waiver.owner, waiver.expires, waiver.reason, score.because)
    return replace(score, state="waived", holds=True, waiver=waiver, because=because, claim=case.claim)


def _evidence_of(case: CriterionFacts) -> EvidenceRef | None:
    """Of a window it is that of its samples: a simulated sample makes the whole window simulated."""
    window = case.after.window if case.after is not None else None
    known = None if case.reading is None else _evidence(case.reading)
    if window is None or not window.result.samples:
        return known
    kind = "simulated" if window.is_simulated else "measured"
    if known is not None:
        return replace(known, kind=kind)
    return EvidenceRef(kind, locator="", commit="", sha256="", source="prometheus", definition="", tool="prometheus")


def _evidence(reading: ObservedValue) -> EvidenceRef:
    return EvidenceRef(
        kind=reading.kind,
        locator=reading.locator,
        commit=reading.commit,
        sha256=reading.sha256,
        source=reading.source,
        definition=reading.definition,
        tool=reading.tool,
    )


def _verdict(case: CriterionFacts) -> _Verdict:
    criterion, reading = case.criterion, case.reading
    if criterion.not_applicable:
        return _Verdict("not_applicable", None, 0.0, NotApplicable(criterion.not_applicable))
    if case.after is not None and (later := _after_deployment(case, case.after)) is not None:
        return later
    if reading is None:
        return _unmeasured(case)
    if math.isnan(reading.value):
        return _Verdict("missing", None, 0.0, ValueUnknown(reading.reason))
    value = convert(reading.value, reading.unit, criterion.unit)
    if value is None:
        return _Verdict("missing", None, 0.0, UnitMismatch(reading.unit, criterion.unit))
    return _stale(case, reading, value) or _measured(criterion, value, case.baseline, reading.kind)


def _after_deployment(case: CriterionFacts, after: AfterDeployment) -> _Verdict | None:
    """The verdict of the window, or why a value does not count; None where the value decides as everywhere."""
    if after.deployed_at is None:
        return _Verdict("missing", None, 0.0, NothingDeployed())
    if after.elsewhere is not None:
        return _Verdict("missing", None, 0.0, after.elsewhere)
    if after.window is not None:
        return _windowed(case.criterion, after.window, after.deployed_at)
    if case.reading is None or case.reading.is_carried:
        return None
    early = too_early(after, case.reading.observed_at)
    return None if early is None else _Verdict("missing", None, 0.0, early)


def _windowed(criterion: Criterion, window: CriterionWindow, deployed_at: pd.Timestamp) -> _Verdict:
    because, meets = window_reason(criterion, window, deployed_at), window_holds(window)
    value = window.result.value
    if meets is None:
        return _Verdict("missing", None, 0.0, because)
    tolerated = not meets and value is not None and is_within_tolerance(criterion, value)
    state: State = "passing" if meets else "failing"
    return _Verdict(state, meets or tolerated, float(meets), because, value, is_within_tolerance=tolerated)


def _stale(case: CriterionFacts, reading: ObservedValue, value: float) -> _Verdict | None:
    criterion = case.criterion
    if reading.is_carried:
        return None
    age = case.at - reading.observed_at
    if age <= _span(criterion.max_age_days):
        return None
    because = Stale(value, demand_of(criterion), age / _DAY, criterion.max_age_days)
    return _Verdict("stale", None, 0.0, because, value)


@lru_cache(maxsize=256)
def _span(days: float) -> pd.Timedelta:
    """To make a Timedelta costs more than all else that is asked of a reading."""
    return pd.Timedelta(days=days)


def _measured(criterion: Criterion, value: float, baseline: float | None, kind: str) -> _Verdict:
    earned = attainment(criterion, value, baseline)
    passes = holds(criterion, value)
    tolerated = not passes and is_within_tolerance(criterion, value)
    because = Compared(
        value, demand_of(criterion), passes, kind == "simulated", criterion.tolerance if tolerated else 0.0
    )
    if tolerated:
        return _Verdict("failing", True, earned, because, value, is_within_tolerance=True)
    return _Verdict("passing" if passes else "failing", passes, earned, because, value)


def _unmeasured(case: CriterionFacts) -> _Verdict:
    """Nothing was ever measured: only then does an attestation count.

    A value, even one that is stale or turned out unknown, overrides the attestation; else losing a failing
    measurement would raise the score.
    """
    criterion, attested = case.criterion, case.criterion.attested
    may_attest = criterion.attestable or not criterion.blocker
    if attested is not None and may_attest and _first_day(case, attested) <= _day(case.at) <= attested.expires:
        # The first measured value is still to come here: as a baseline it would be read from the future.
        return _attested(criterion, attested, criterion.baseline)
    expired = attested if attested is not None and may_attest and _day(case.at) > attested.expires else None
    because = NeverMeasured(
        metric=criterion.metric,
        expired_by=expired.by if expired else "",
        expired_on=expired.expires if expired else None,
        rejected_by=attested.by if attested is not None and not may_attest else "",
        claim=case.claim,
    )
    return _Verdict("claimed" if case.claim else "missing", None, 0.0, because)


def _first_day(case: CriterionFacts, attested: Attestation) -> date:
    """From when on the word of a person counts: nobody can attest before the deployment what holds after it."""
    counts_from = case.after.counts_from if case.after is not None else None
    too_early = counts_from is not None and attested.on < _day(counts_from)
    return date.max if too_early else attested.on


def _attested(criterion: Criterion, attested: Attestation, baseline: float | None) -> _Verdict:
    because = Attested(attested.by, attested.expires, attested.value, demand_of(criterion))
    if attested.value is None:
        return _Verdict("claimed", True, 1.0, because, is_attested=True)
    earned, meets = attainment(criterion, attested.value, baseline), holds(criterion, attested.value)
    return _Verdict("claimed", meets, earned, because, attested.value, is_attested=True)


def _waiver_in_force(case: CriterionFacts, holds: bool | None) -> Waiver | None:
    """The waiver of this criterion that lasts longest; its last day counts.

    There is nothing to waive where nothing applies or the criterion holds. What is unknown is covered only by a waiver
    that says so: nobody has seen what it would excuse.
    """
    if case.criterion.not_applicable or holds is True:
        return None
    mine = [
        waiver
        for waiver in case.waivers
        if waiver.criterion == case.criterion.id
        and waiver.expires >= _day(case.at)
        and (holds is False or waiver.covers_unknown)
    ]
    return max(mine, key=lambda waiver: waiver.expires, default=None)


def _because(underlying: _Verdict, waiver: Waiver | None) -> CriterionReason:
    if waiver is None:
        return underlying.because
    return Waived(waiver.owner, waiver.expires, waiver.reason, underlying.because)


def _day(at: pd.Timestamp) -> date:
    return at.date()
