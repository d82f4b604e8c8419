"""The soak clock: how long what is deployed has run without a redeployment, a rollback or a critical incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.reasons.rollout import Restart
from models.rollout.events import Deployed, Incident


@dataclass(frozen=True, slots=True)
class Soak:
    """`since` is when the clock began, None while it does not run: nothing deployed, or a critical incident is open.

    `restarted_by` is what began it, or what stops it; `restarts` how many times it began again.
    """

    since: datetime | None
    elapsed: timedelta
    restarted_by: Restart
    restarts: int

    def is_over(self, needed: timedelta) -> bool:
        return self.since is not None and self.elapsed >= needed


def soak_clock(
    events: Sequence[Deployed], incidents: Sequence[Incident], failing: Iterable[datetime], now: datetime
) -> Soak:
    """The clock at `now`, from the events of one environment (oldest first); what is later than `now` is not read.

    It begins with the newest deployment or rollback, and begins again when a critical incident is resolved and after
    each moment of `failing` (a sample that fails a criterion which counts as critical).
    """
    begun = [event for event in events if event.at <= now]
    if not begun:
        return Soak(None, timedelta(0), "", 0)
    critical = [incident for incident in incidents if incident.is_critical and incident.at <= now]
    starts = _starts(begun, critical, failing, now)
    since, why = max(starts, key=lambda start: start[0])
    restarts = len({moment for moment, _ in starts}) - 1
    if any(is_open(incident, now) for incident in critical):
        return Soak(None, timedelta(0), "incident", restarts)
    # Python subtracts times of one zone by the clock on the wall: only in UTC is an hour always an hour.
    return Soak(since, now.astimezone(UTC) - since.astimezone(UTC), why, restarts)


def _starts(
    events: Sequence[Deployed], critical: Sequence[Incident], failing: Iterable[datetime], now: datetime
) -> list[tuple[datetime, Restart]]:
    """Each moment at which the clock began, with the reason."""
    starts: list[tuple[datetime, Restart]] = [(event.at, _why(events, place)) for place, event in enumerate(events)]
    later: list[tuple[datetime, Restart]] = [(i.resolved_at, "incident") for i in critical if i.resolved_at]
    later += [(moment, "failing_sample") for moment in failing]
    return starts + [(moment, why) for moment, why in later if events[-1].at <= moment <= now]


def is_open(incident: Incident, now: datetime) -> bool:
    """Whether an incident that began is not resolved at `now`."""
    return incident.resolved_at is None or incident.resolved_at > now


def _why(events: Sequence[Deployed], place: int) -> Restart:
    """A deployment to the stage that ran already is a redeployment."""
    event = events[place]
    if event.kind == "rollback":
        return "rollback"
    before = events[place - 1] if place else None
    again = before is not None and before.kind == "deploy" and before.stage == event.stage
    return "redeployment" if again else "deployment"


def critical_incidents_since(incidents: Sequence[Incident], since: datetime, now: datetime) -> int:
    """Critical incidents that began after `since`, or were open then."""
    return sum(
        1
        for incident in incidents
        if incident.is_critical
        and incident.at <= now
        and (incident.at >= since or incident.resolved_at is None or incident.resolved_at > since)
    )
