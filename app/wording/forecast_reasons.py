"""Sentences for the reasons of a forecast: its outcome, its drivers, a goal, and why the date moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from app.wording.names import Names
from app.wording.numbers import distance, number, odds, pace, quantity, share
from app.wording.text import count, listing, span
from models.reasons.forecast import (
    Approaching,
    AtThreshold,
    CauseNotSeparable,
    ComparableMoments,
    CriteriaStuck,
    CrossingReason,
    DistanceLeft,
    DriverReason,
    ForecastReason,
    GoalOutOfReach,
    GoalReached,
    GoalReason,
    GoOdds,
    HeldBothTimes,
    HeldFor,
    HoldsNow,
    JointReason,
    LargestCause,
    LastToArrive,
    NoCommonDate,
    NoOddsToCompare,
    NoProgress,
    Pace,
    PaceChange,
    ReadinessOdds,
    RequiredUnmeasured,
    RestsOnAttestation,
    SingleStep,
    SlipReason,
    Stalled,
    StoppedJustShort,
    StoppedShort,
    TooFar,
    TooFewPoints,
    TooLittleHistory,
    UnmeasuredBlockers,
)

CAUSE_WORDS = {
    "model change": "model or data revision",
    "plan edits": "plan edits",
    "new evidence": "new evidence",
    "lost evidence": "lost evidence",
    "waiting": "time passed",
    "regressions": "regressions",
    "progress": "progress",
}


def forecast_text(reason: ForecastReason, names: Names, unit: str = "") -> str:
    """Why a forecast gives a date or refuses one, as a clause; values are in `unit`."""
    match reason:
        case TooLittleHistory() | AtThreshold() | NoProgress() | StoppedShort() | TooFar() | Approaching():
            return _crossing_text(reason, unit)
        case _:
            return _joint_text(reason, names)


def _crossing_text(reason: CrossingReason, unit: str) -> str:
    match reason:
        case TooLittleHistory():
            return _too_little_history(reason)
        case AtThreshold(days):
            return f"it has met the threshold for {_days(days)}; it can still fall back"
        case NoProgress(lost, weeks, probability, horizon_days):
            window = count(round(weeks), "week")
            moved = f"it moved {distance(lost, unit)} away from the threshold in the last {window}"
            known = moved if lost else f"it is no nearer to the threshold than {window} ago"
            return f"{known}; {_reaching(probability, horizon_days)}"
        case StoppedShort(probability, horizon_days):
            known = "progress has stopped just short of the threshold, as most efforts do that are never finished"
            return f"{known}; {_reaching(probability, horizon_days)}"
        case TooFar(probability, horizon_days):
            return f"the distance left is too long for the current pace; {_reaching(probability, horizon_days)}"
        case Approaching(probability, horizon_days):
            return f"it moves toward the threshold; {_reaching(probability, horizon_days)}"
        case _:
            assert_never(reason)


def _joint_text(reason: JointReason, names: Names) -> str:
    match reason:
        case TooFewPoints(reachable, target, missing):
            reach = f"the measured criteria can reach {number(reachable)} of 100 points, the target is {number(target)}"
            return f"{reach}; not measured: {names.listed(missing)}" if missing else reach
        case UnmeasuredBlockers(blockers):
            verb = "it is a blocker" if len(blockers) == 1 else "they are blockers"
            return f"not measured: {names.listed(blockers)}; {verb}, so readiness stays below the target"
        case RequiredUnmeasured():
            return _required_unmeasured(reason, names)
        case ReadinessOdds(target, probability, horizon_days):
            return f"chance of readiness {number(target)} within {span(horizon_days)}: {odds(probability)}"
        case GoOdds(probability, horizon_days):
            return _go_odds(probability, horizon_days)
        case HoldsNow():
            return _holds_now(reason, names)
        case RestsOnAttestation():
            return _rests_on_attestation(reason)
        case CriteriaStuck(criteria, probability, horizon_days):
            verb = "does not reach its threshold" if len(criteria) == 1 else "do not reach their thresholds"
            stuck = f"at the current pace {names.listed(criteria)} {verb}"
            return f"{stuck}; {_go_odds(probability, horizon_days)}"
        case _:
            assert_never(reason)


def _rests_on_attestation(reason: RestsOnAttestation) -> str:
    attested = f"{number(reason.attested)} of 100 points are attested by named persons"
    if not reason.is_measured:
        return f"{attested} and nothing is measured: GO needs measured values, and a date needs their history"
    return f"{attested}, the plan allows {number(reason.limit)}: GO needs measured values in their place"


def _holds_now(reason: HoldsNow, names: Names) -> str:
    """For how long it has held, the odds that it stays, and what is the least sure to."""
    since = "it holds now"
    if reason.held_days is not None:
        since = f"it has held for {_days(reason.held_days)}" if reason.held_days >= 1 else "it holds since today"
    text = f"{since}; chance that it stays for {count(reason.days, 'more day')}: {odds(reason.odds)}"
    if not reason.weakest or reason.weakest_odds is None:
        return text
    return f"{text}; least sure to stay: {names.criterion(reason.weakest)}, {odds(reason.weakest_odds)}"


def _reaching(probability: float, horizon_days: int) -> str:
    return f"chance of reaching it within {span(horizon_days)}: {odds(probability)}"


def _go_odds(probability: float, horizon_days: int) -> str:
    return f"chance of GO within {span(horizon_days)}: {odds(probability)}"


def _days(days: float) -> str:
    return count(round(days), "day")


def _too_little_history(reason: TooLittleHistory) -> str:
    missing = [count(reason.missing_observations, "more observation")] if reason.missing_observations else []
    missing += [f"{count(reason.missing_weeks, 'more week')} of history"] if reason.missing_weeks else []
    if not reason.observations:
        return f"no observation yet; needed for a forecast: {listing(missing)}"
    known = f"{count(reason.observations, 'observation')} over {_days(reason.span_days)}"
    return f"{known}, too little to estimate a pace; needed: {listing(missing)}"


def _required_unmeasured(reason: RequiredUnmeasured, names: Names) -> str:
    parts = [f"GO needs, but nothing measures: {names.listed(reason.unmeasured)}"] if reason.unmeasured else []
    if reason.short:
        needed = f"{count(reason.needed_observations, 'observation')} over {count(reason.needed_weeks, 'week')}"
        parts.append(f"too little history: {names.listed(reason.short)} ({needed} are needed)")
    return "; ".join(parts)


def driver_text(reason: DriverReason, names: Names, unit: str = "") -> str:
    """One driver of a date, as whole sentences; paces and distances are in `unit`."""
    match reason:
        case HeldFor(threshold, days):
            return f"It has met the threshold of {quantity(threshold, unit)} for {_days(days)}."
        case Pace(current, over_weeks, needed, within_weeks):
            known = f"Pace over the last {count(round(over_weeks), 'week')}: {pace(current, unit)}."
            return f"{known} Needed to finish in {count(within_weeks, 'week')}: {pace(needed, unit)}."
        case DistanceLeft(_, _, part):
            return f"Distance left: {share(part)} of the way from baseline to threshold."
        case Stalled(days):
            return f"No gain for {count(round(days / 7), 'week')}."
        case StoppedJustShort():
            return "It has stopped just short of the threshold: most efforts that are never finished end like this."
        case SingleStep(part):
            return f"One step made {share(part)} of all progress, so the pace is a weak guide."
        case ComparableMoments(moments, projects, crossed):
            other = f"{count(moments, 'comparable moment')} in {count(projects, 'other project')}"
            return f"Of {other}, {odds(crossed)} reached the threshold within a year."
        case LastToArrive(criterion, part):
            last = f"in {share(part)} of the simulated futures that reach GO it is the last to arrive"
            return f"{names.criterion(criterion)} decides the date: {last}."
        case _:
            assert_never(reason)


def goal_text(reason: GoalReason | ForecastReason, names: Names) -> str:
    """What a goal needs, or why the forecast cannot tell, as a clause."""
    match reason:
        case GoalReached(paces, probability):
            return f"{_paces(paces, names)}: chance {odds(probability)}"
        case GoalOutOfReach(paces, probability, fastest):
            return (
                f"out of reach within {fastest:g} times any pace; the highest chance is {odds(probability)} "
                f"({_paces(paces, names)})"
            )
        case _:
            return forecast_text(reason, names)


def _paces(paces: Sequence[PaceChange], names: Names) -> str:
    changes = [f"{names.criterion(change.criterion)} at {change.factor:g} times its pace" for change in paces]
    return listing(changes, 12) if changes else "no change of pace"


def slip_reasons_text(reasons: Iterable[SlipReason]) -> str:
    """Why the date moved, or why two forecasts cannot be compared, as a clause."""
    return "; ".join(map(slip_reason_text, reasons))


def slip_reason_text(reason: SlipReason) -> str:
    """One reason of a moved date."""
    match reason:
        case HeldBothTimes():
            return "GO held then and holds now"
        case NoCommonDate():
            return "the two forecasts have no date at the same odds, so their odds by one day are compared"
        case NoOddsToCompare(side):
            return f"no comparison: there {'were no odds of GO then' if side == 'before' else 'are no odds of GO now'}"
        case LargestCause(cause, change, unit):
            return f"largest cause: {CAUSE_WORDS.get(cause, cause)}, {moved(change, unit)}"
        case CauseNotSeparable(cause):
            return f"the effect of {CAUSE_WORDS.get(cause, cause)} cannot be separated from that of the next cause"
        case _:
            assert_never(reason)


def moved(change: float, unit: str) -> str:
    """A change of the date in days, or of the odds in percentage points."""
    amount = abs(round(change))
    if unit == "days":
        return f"{count(amount, 'day')} {'later' if change > 0 else 'earlier'}"
    return f"{count(amount, 'percentage point')} {'more likely' if change > 0 else 'less likely'}"
