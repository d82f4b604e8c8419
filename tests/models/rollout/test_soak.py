"""The soak clock restarts with a redeployment, a rollback, a critical incident and a critical sample."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rollout.events import Deployed, Incident
from models.rollout.soak import critical_incidents_since, soak_clock

START = datetime(2025, 9, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def deploy(minutes: float, stage: str = "one", kind: str = "deploy") -> Deployed:
    return Deployed(f"deploy-{minutes}", kind, at(minutes), stage, "a" * 40)  # type: ignore[arg-type]


def test_a_redeployment_restarts_the_clock() -> None:
    """A second deployment to the stage that runs begins the soak again, and the reason is named."""
    clock = soak_clock([deploy(0), deploy(50)], [], [], at(60))

    assert (clock.elapsed, clock.restarted_by, clock.restarts) == (10 * MINUTE, "redeployment", 1)


def test_the_next_stage_is_no_redeployment() -> None:
    """The clock of a stage begins with it."""
    assert soak_clock([deploy(0), deploy(50, "two")], [], [], at(60)).restarted_by == "deployment"


@pytest.mark.parametrize(("day", "hours"), [((2025, 11, 2), 25.0), ((2025, 3, 9), 23.0)])
def test_an_hour_is_an_hour_when_the_clocks_change(day: tuple[int, int, int], hours: float) -> None:
    """From midnight to midnight of the team's zone a soak is as long as the day was."""
    zone = ZoneInfo("America/New_York")
    begun = datetime(*day, tzinfo=zone)
    events = [Deployed("deploy-1", "deploy", begun, "one", "a" * 40)]

    assert soak_clock(events, [], [], begun + timedelta(days=1)).elapsed == timedelta(hours=hours)


def test_a_critical_incident_stops_the_clock_until_it_is_resolved() -> None:
    """While it is open nothing soaks; then the clock begins at zero. A minor one changes nothing."""
    critical = Incident("incident-1", "down", "critical", at(10), resolved_at=at(30))
    minor = Incident("incident-2", "slow", "minor", at(40), resolved_at=at(41))

    during, after = (soak_clock([deploy(0)], [critical, minor], [], at(minute)) for minute in (20, 60))

    assert (during.since, during.elapsed, during.restarted_by) == (None, timedelta(0), "incident")
    assert (after.since, after.elapsed, after.restarted_by) == (at(30), 30 * MINUTE, "incident")
    assert not during.is_over(timedelta(0))


def test_what_is_later_than_now_is_not_read() -> None:
    """With a clock that went backwards nothing has been deployed, and nothing soaks."""
    clock = soak_clock([deploy(50)], [], [at(55)], at(40))

    assert (clock.since, clock.elapsed, clock.restarts) == (None, timedelta(0), 0)


def test_an_incident_before_the_deployment_does_not_restart_it() -> None:
    """What was resolved before the deployment is history; what is open then is counted."""
    old = Incident("incident-1", "down", "critical", at(0), resolved_at=at(5))
    is_open = Incident("incident-2", "down", "critical", at(0), resolved_at=at(15))

    assert soak_clock([deploy(10)], [old], [], at(60)).elapsed == 50 * MINUTE
    assert [critical_incidents_since([incident], at(10), at(60)) for incident in (old, is_open)] == [0, 1]


minutes = st.integers(0, 120)
events = st.lists(
    st.tuples(minutes, st.sampled_from(["one", "two"]), st.sampled_from(["deploy", "rollback"])), max_size=5
)
incidents = st.lists(
    st.tuples(minutes, st.one_of(st.none(), st.integers(1, 60)), st.sampled_from(["critical", "minor"])), max_size=4
)


@given(events, incidents, st.lists(minutes, max_size=4), minutes)
def test_the_clock_agrees_with_its_slow_twin(
    given_events: list[tuple[int, str, str]],
    given_incidents: list[tuple[int, int | None, str]],
    failing: list[int],
    now: int,
) -> None:
    """Counting minute by minute, and setting the count to zero at each restart, gives the same clock."""
    deployed = [deploy(minute, stage, kind) for minute, stage, kind in sorted(given_events)]
    known = [
        Incident(f"i{n}", "", severity, at(minute), resolved_at=at(minute + length) if length else None)
        for n, (minute, length, severity) in enumerate(given_incidents)
    ]

    clock = soak_clock(deployed, known, [at(minute) for minute in failing], at(now))

    count = None
    for minute in range(now + 1):
        count = None if count is None else count + 1
        if any(event.at == at(minute) for event in deployed):
            count = 0
        is_open = any(
            i.is_critical and i.at <= at(minute) and (i.resolved_at is None or i.resolved_at > at(minute))
            for i in known
        )
        if count is not None and (
            minute in failing or is_open or any(i.is_critical and i.resolved_at == at(minute) for i in known)
        ):
            count = 0
    stopped = any(
        i.is_critical and i.at <= at(now) and (i.resolved_at is None or i.resolved_at > at(now)) for i in known
    )
    assert clock.elapsed == (count or 0) * MINUTE
    assert (clock.since is None) == (stopped or count is None)
