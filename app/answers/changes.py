"""What changed between the two ends of a review that is worth a message of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.answers.blockers import criteria_of
from app.answers.types.delivery import ChangeEntry
from app.answers.types.forecast import JointForecastAnswer
from app.answers.types.review import ReviewAnswer
from app.wording.meeting import state_words
from app.wording.text import count, when

DAYS = 14  # a date that moves by no more than this is not reported


def changes_of(review: ReviewAnswer, days: int = DAYS) -> list[ChangeEntry]:
    """A date that moved by more than `days`, a verdict or gate that changed, evidence gone stale, decisions overdue."""
    return [*_verdict(review), *_date(review, days), *_gates(review), *_stale(review), *_overdue(review)]


def _verdict(review: ReviewAnswer) -> Iterator[ChangeEntry]:
    before, now = (review[end]["decision"]["verdict"] for end in ("before", "status"))
    if before != now:
        yield {"kind": "verdict", "text": f"The verdict is {now}; it was {before}."}


def _date(review: ReviewAnswer, days: int) -> Iterator[ChangeEntry]:
    """The 50% and the 80% date of GO; one that came up or went away always counts."""
    then, now = review["forecast_before"], review["forecast"]
    for level, key in (("50%", "p50"), ("80%", "p80")):
        before, after = _dated(then, key), _dated(now, key)
        if before and after and abs((after - before).days) > days:
            way = "later" if after > before else "earlier"
            moved = f"moved from {_day(before)} to {_day(after)}, {count(abs((after - before).days), 'day')} {way}"
            yield {"kind": "date", "text": f"The {level} date of GO {moved}."}
        elif before and not after:
            yield {"kind": "date", "text": f"GO has no {level} date any more; it was {_day(before)}."}
        elif after and not before:
            yield {"kind": "date", "text": f"GO has a {level} date: {_day(after)}; it had none."}


def _dated(forecast: JointForecastAnswer, key: str) -> date | None:
    found = forecast["quantiles"][key]  # type: ignore[literal-required]
    return date.fromisoformat(found) if found else None


def _day(day: date) -> str:
    return when(day.isoformat())


def _gates(review: ReviewAnswer) -> Iterator[ChangeEntry]:
    before = {gate["id"]: gate["status"] for gate in review["before"]["gates"]}
    for gate in review["status"]["gates"]:
        was, now = before.get(gate["id"]), gate["status"]
        if was is not None and was != now:
            yield {"kind": "gate", "text": f"Gate {gate['title']} is {_plain(now)}; it was {_plain(was)}."}


def _plain(status: str) -> str:
    return status.replace("_", " ")


def _stale(review: ReviewAnswer) -> Iterator[ChangeEntry]:
    before = criteria_of(review["before"])
    for name, criterion in criteria_of(review["status"]).items():
        if criterion["state"] == "stale" and (name not in before or before[name]["state"] != "stale"):
            seen = when(criterion["evidence"]["observed_at"], "a day that is not known")
            yield {"kind": "stale", "text": f"The evidence of {criterion['title']} has gone stale: it is of {seen}."}


def _overdue(review: ReviewAnswer) -> Iterator[ChangeEntry]:
    today = datetime.fromisoformat(review["until"]).date()
    for entry in review["decisions"]:
        if entry["is_overdue"]:
            whose = f"Decision {entry['id']} of {entry['owner']} is {state_words(entry, today)}"
            yield {"kind": "overdue", "text": f"{whose}: {entry['text']}."}
