"""When each message of the plan is due around a deployment, and which ones were sent.

All arithmetic is on instants: "T-24h" is 24 hours before the deployment also in a night when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from models.plan.durations import Schedule
from models.plan.rollout import Message

State = Literal["waiting", "upcoming", "open", "due", "overdue", "missed", "sent"]
# The order in which a meeting wants them: what has to be done now first.
ORDER: tuple[State, ...] = ("overdue", "due", "open", "upcoming", "waiting", "missed", "sent")

EARLIEST = timedelta(hours=24)  # a message sent earlier than this before it is due was sent for another date
GRACE = timedelta(minutes=15)  # a single message is overdue this long after its moment
SHARE = 5  # of repeated messages: the fifth part of their distance, at most GRACE, is early or late


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody recorded that a message was sent."""

    message: str
    at: datetime
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The deployment that the messages are counted from: recorded, or planned. `previous` is the one before it."""

    at: datetime
    is_planned: bool = False
    previous: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment of a schedule: a receipt from `opens` to before `ends` (None: no end) belongs to it."""

    opens: datetime
    due: datetime
    late_from: datetime
    ends: datetime | None = None
    is_window: bool = False

    def takes(self, receipt: Receipt) -> bool:
        """Whether a receipt belongs to this moment."""
        return self.opens <= receipt.at and not self.is_over(receipt.at)

    def is_over(self, at: datetime) -> bool:
        """Whether nothing can be sent for it any more."""
        return self.ends is not None and at >= self.ends


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment at which a message is due, with its state at the time asked for."""

    message: str
    slot: Slot
    state: State
    receipt: Receipt | None = None

    @property
    def is_late(self) -> bool:
        """Whether it was sent after its time."""
        return self.receipt is not None and self.receipt.at >= self.slot.late_from


@dataclass(frozen=True, slots=True)
class Standing:
    """A message with its occurrences in order; `state` is that of the occurrence which has to be dealt with first."""

    message: Message
    state: State
    current: Occurrence | None
    occurrences: tuple[Occurrence, ...]

    @property
    def missed(self) -> int:
        """How many moments passed without a receipt, and cannot be caught up."""
        return sum(occurrence.state == "missed" for occurrence in self.occurrences)


def anchors(starts: Sequence[datetime], planned: datetime | None, now: datetime) -> tuple[Anchor | None, Anchor | None]:
    """The newest recorded deployment, and the planned one where it is later, in UTC; `starts`: recorded deployments."""
    known = sorted(start.astimezone(UTC) for start in starts if start.astimezone(UTC) <= now.astimezone(UTC))
    planned = planned.astimezone(UTC) if planned else None
    last = known[-1] if known else None
    recorded = Anchor(last, previous=known[-2] if len(known) > 1 else None) if last else None
    upcoming = Anchor(planned, is_planned=True, previous=last) if planned and (not last or planned > last) else None
    return recorded, upcoming


def standings(
    messages: Sequence[Message],
    starts: Sequence[datetime],
    planned: datetime | None,
    receipts: Iterable[Receipt],
    now: datetime,
    wanted_since: Mapping[str, datetime] | None = None,
) -> tuple[Standing, ...]:
    """Every message with its state at `now`, in the order of the plan.

    `wanted_since`: since when the plan has asked for a message in this form; what was due before is not asked for.
    Of a planned deployment only what is due before it is dated; the rest waits until it is recorded. A recorded
    redeployment begins again, and asks for nothing that was due before the deployment before it.
    """
    # Python adds and compares times of one zone by the clock on the wall: only in UTC is an hour always an hour.
    now = now.astimezone(UTC)
    sent = [replace(receipt, at=receipt.at.astimezone(UTC)) for receipt in receipts]
    known = _Known(anchors(starts, planned, now), [receipt for receipt in sent if receipt.at <= now], now)
    return tuple(_standing(m, list(_around(m, known, (wanted_since or {}).get(m.id)))) for m in messages)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the schedule of every message is held against, all in UTC."""

    anchors: tuple[Anchor | None, Anchor | None]
    receipts: Sequence[Receipt]
    now: datetime


def _around(message: Message, known: _Known, since: datetime | None) -> Iterator[Occurrence]:
    """The moments of a message around the recorded deployment, and around a planned one what is due before it."""
    recorded, upcoming = known.anchors
    for anchor in filter(None, known.anchors):
        for occurrence in occurrences(message, anchor, known.receipts, known.now, since):
            if anchor is not upcoming or recorded is None or occurrence.state != "waiting":
                yield occurrence


def occurrences(
    message: Message, anchor: Anchor, receipts: Sequence[Receipt], now: datetime, since: datetime | None = None
) -> list[Occurrence]:
    """The moments of one message around one deployment, with their states at `now`."""
    mine = sorted((receipt for receipt in receipts if receipt.message == message.id), key=lambda r: r.at)
    found = []
    for slot in slots(message.when, anchor):
        if _is_asked_for(slot, anchor, since):
            receipt = next(filter(slot.takes, mine), None)
            found.append(Occurrence(message.id, slot, _state(slot, anchor, receipt, now), receipt))
    return found


def _is_asked_for(slot: Slot, anchor: Anchor, since: datetime | None) -> bool:
    """Not what was due before the deployment before, nor before the plan asked for it."""
    return (anchor.previous is None or slot.due > anchor.previous) and (since is None or slot.due >= since)


def slots(when: Schedule, anchor: Anchor) -> list[Slot]:
    """The moments of a schedule around a deployment, each with the time in which it can be met."""
    moments = [anchor.at + offset for offset in when.moments()]
    if when.every is not None:
        lead = min(when.every / SHARE, GRACE)
        made = [Slot(at - lead, at, at + lead, at + when.every - lead) for at in moments]
    elif when.until is not None:
        due = anchor.at + when.until
        made = [Slot(moments[0], due, due, is_window=True)]
    else:
        opens = moments[0] - EARLIEST
        made = [Slot(max(opens, anchor.at - GRACE) if when.start >= timedelta(0) else opens, moments[0], moments[0])]
        made = [Slot(slot.opens, slot.due, slot.due + GRACE) for slot in made]
    return [_after(slot, anchor.previous) for slot in made]


def _after(slot: Slot, previous: datetime | None) -> Slot:
    """The slot without the time up to the deployment before: a receipt of then was for that one."""
    if previous is None or slot.opens > previous:
        return slot
    return Slot(previous, slot.due, slot.late_from, slot.ends, slot.is_window)


def _state(slot: Slot, anchor: Anchor, receipt: Receipt | None, now: datetime) -> State:
    if receipt is not None:
        return "sent"
    if anchor.is_planned and (slot.due >= anchor.at or anchor.at <= now):
        return "waiting"
    if (slot.due < anchor.at and not anchor.is_planned) or slot.is_over(now):
        return "missed"
    return _state_by_clock(slot, now)


def _state_by_clock(slot: Slot, now: datetime) -> State:
    if now >= slot.late_from:
        return "overdue"
    if now >= slot.due:
        return "due"
    return "open" if slot.is_window and now >= slot.opens else "upcoming"


def _standing(message: Message, found: Sequence[Occurrence]) -> Standing:
    current = min(found, key=_urgency, default=None)
    return Standing(message, current.state if current else "waiting", current, tuple(found))


def _urgency(occurrence: Occurrence) -> tuple[int, float]:
    """What has to be dealt with first; of several that were sent or missed the newest."""
    rank, due = ORDER.index(occurrence.state), occurrence.slot.due.timestamp()
    return rank, -due if occurrence.state in ("sent", "missed") else due


def wanted_since(versions: Sequence[tuple[datetime, Sequence[Message]]], at: datetime) -> dict[str, datetime]:
    """Since when the plan in force has asked for each message in its present form; none for one of the first plan.

    `versions`: the plans with the moment each took effect, in order.
    """
    known = [(since, {m.id: m.when for m in messages}) for since, messages in versions if since <= at]
    since: dict[str, datetime] = {}
    for (_, before), (moment, after) in pairwise(known):
        for name, when in after.items():
            if before.get(name) != when:
                since[name] = moment
    return since
