"""When messages are due around a deployment: against a slow twin that walks through the hours minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plan.durations import parse_schedule
from models.plan.rollout import Message
from models.rollout.message_schedule import Receipt, Standing, standings, wanted_since

T = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the night after it, the clocks of Europe change
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SEED = {"pre": "T-24h", "during": "T+0h every 30m until T+4h", "post": "T+4h until T+24h"}


def message(name: str, when: str) -> Message:
    schedule = parse_schedule(when)
    assert schedule is not None
    return Message(name, "everybody", schedule)


MESSAGES = [message(name, when) for name, when in SEED.items()]


def at(hours: float, sent: tuple[tuple[str, float], ...] = (), starts: tuple[float, ...] = (0,)) -> dict[str, Standing]:
    """The standings some hours after T, with receipts and deployments given in hours after T."""
    receipts = [Receipt(name, T + h * HOUR) for name, h in sent]
    found = standings(MESSAGES, [T + h * HOUR for h in starts], T, receipts, T + hours * HOUR)
    return {standing.message.id: standing for standing in found}


@pytest.mark.parametrize(
    ("hours", "states"),
    [
        (-30, ("upcoming", "waiting", "waiting")),
        (-24, ("due", "waiting", "waiting")),
        (-1, ("overdue", "waiting", "waiting")),
        (0, ("missed", "due", "upcoming")),
        (0.3, ("missed", "overdue", "upcoming")),
        (2.2, ("missed", "overdue", "upcoming")),
        (12, ("missed", "missed", "open")),
        (25, ("missed", "missed", "overdue")),
    ],
)
def test_the_seed_schedule_hour_by_hour(hours: float, states: tuple[str, ...]) -> None:
    """T-24 h, T-0 to T+4 every 30 minutes and T+4 to T+24 have the state that their hour asks for."""
    assert tuple(standing.state for standing in at(hours).values()) == states


def test_receipts_answer_the_moments_they_were_sent_for() -> None:
    """Each receipt belongs to one moment; what passed without one is counted as missed, not as overdue."""
    found = at(1.7, (("pre", -23.9), ("during", -0.05), ("during", 0.6), ("during", 1.55)))
    assert found["pre"].state == "sent"
    during = found["during"]
    assert [occurrence.state for occurrence in during.occurrences[:5]] == ["sent", "sent", "missed", "sent", "upcoming"]
    assert (during.missed, during.state) == (1, "upcoming")
    assert not found["post"].occurrences[0].receipt


def test_a_redeployment_begins_again() -> None:
    """The half-hourly messages start over; what was due before the first deployment is not asked for again."""
    found = at(2.95, (("pre", -24), ("during", 0.0), ("during", 0.5)), starts=(0, 2.9))
    assert found["during"].occurrences[0].slot.due == T + 2.9 * HOUR
    assert found["during"].state == "due"
    assert found["pre"].occurrences == ()


def test_a_planned_day_that_passes_without_a_deployment_makes_nothing_overdue() -> None:
    """Until the deployment is recorded, nobody can be late for it."""
    assert {standing.state for standing in at(50, starts=()).values()} == {"waiting"}


def test_a_postponed_day_asks_for_the_message_again() -> None:
    """A message of T-24h that was sent for another day does not count for the new one."""
    receipts = [Receipt("pre", T - 24 * HOUR)]
    later = T + timedelta(days=20)
    (pre, *_) = standings(MESSAGES, [], later, receipts, later - 23 * HOUR)
    assert pre.state == "overdue"


def test_hours_are_hours_also_when_the_clocks_change() -> None:
    """T-24h is 24 hours before local midnight, whether or not the night between has 23 hours."""
    zone = ZoneInfo("Europe/Berlin")
    planned = datetime.combine(date(2026, 3, 30), time(), zone)  # the clocks went forward on the 29th
    (pre,) = standings([MESSAGES[0]], [], planned, [], planned - 3 * HOUR)
    assert pre.current is not None
    assert pre.current.slot.due.astimezone(zone).isoformat() == "2026-03-28T23:00:00+01:00"


def test_a_message_added_during_the_rollout_asks_for_nothing_before() -> None:
    """What the plan asks for only since an edit was not overdue before the edit; unchanged messages were."""
    before, after = [MESSAGES[1]], [MESSAGES[1], message("new", "T+0h every 30m until T+4h")]
    since = wanted_since([(T - 9 * HOUR, before), (T + HOUR, after)], T + 2 * HOUR)
    found = standings(after, [T], None, [], T + 2 * HOUR, since)
    assert since == {"new": T + HOUR}
    assert [len(standing.occurrences) for standing in found] == [9, 7]


# --- the slow twin -------------------------------------------------------------------------------------------------


def ticks(first: int, last: int) -> Iterator[int]:
    """Every minute of a stretch of time around T."""
    yield from range(first, last + 1)


def slow_states(when: str, receipts: list[int], now: int) -> list[tuple[int, str]]:
    """Due minute and state of every moment of a repeated message after a deployment at minute 0, by walking."""
    start, every, until = (int(part) for part in when.split())
    lead = min(every / 5, 15)
    found = []
    for minute in ticks(start, until):
        if (minute - start) % every:
            continue
        mine = [r for r in receipts if r <= now and minute - lead <= r < minute + every - lead]
        if mine:
            state = "sent"
        elif minute < 0 or now >= minute + every - lead:
            state = "missed"
        elif now >= minute + lead:
            state = "overdue"
        else:
            state = "due" if now >= minute else "upcoming"
        found.append((minute, state))
    return found


@settings(max_examples=150, deadline=None)
@given(
    start=st.integers(-3, 6).map(lambda n: n * 20),
    every=st.integers(1, 9).map(lambda n: n * 10),
    length=st.integers(0, 300),
    receipts=st.lists(st.integers(-120, 500), max_size=8),
    now=st.integers(0, 500),
)
def test_repeated_messages_agree_with_the_slow_twin(
    start: int, every: int, length: int, receipts: list[int], now: int
) -> None:
    """Whatever the schedule, the receipts and the hour: each moment has the state that walking the minutes gives."""
    sign, until = "+" if start >= 0 else "-", start + length
    end = f"T{'+' if until >= 0 else '-'}{abs(until)}m"
    asked = message("m", f"T{sign}{abs(start)}m every {every}m until {end}")
    (found,) = standings([asked], [T], None, [Receipt("m", T + r * MINUTE) for r in receipts], T + now * MINUTE)
    states = [(round((o.slot.due - T) / MINUTE), o.state) for o in found.occurrences]
    assert states == slow_states(f"{start} {every} {until}", receipts, now)


@settings(max_examples=80, deadline=None)
@given(
    starts=st.lists(st.integers(-4000, 0), min_size=1, max_size=4, unique=True),
    receipts=st.lists(st.tuples(st.sampled_from(sorted(SEED)), st.integers(-6000, 0)), max_size=10),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_only_the_newest_deployment_counts_and_zones_change_nothing(
    starts: list[int], receipts: list[tuple[str, int]], zone: str
) -> None:
    """A receipt from before the deployment before never counts, and instants are the same in every zone."""
    now, tz = T + 10 * HOUR, ZoneInfo(zone)
    moments = sorted(T + s * MINUTE for s in starts)
    given_receipts = [Receipt(name, T + r * MINUTE) for name, r in receipts]
    found = standings(MESSAGES, moments, None, given_receipts, now)
    local = standings(
        MESSAGES,
        [moment.astimezone(tz) for moment in moments],
        None,
        [Receipt(r.message, r.at.astimezone(tz)) for r in given_receipts],
        now.astimezone(tz),
    )
    assert [(s.state, s.missed) for s in local] == [(s.state, s.missed) for s in found]
    for standing in found:
        for occurrence in standing.occurrences:
            assert occurrence.slot.opens < occurrence.slot.due or occurrence.slot.is_window
            if len(moments) > 1:
                assert occurrence.slot.due > moments[-2]
                assert occurrence.receipt is None or occurrence.receipt.at >= moments[-2]
