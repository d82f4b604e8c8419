"""Sentences about how the date moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.wording.forecast import Answer, holds_now
from app.wording.numbers import odds
from app.wording.text import count, day, listing, sentence, when


def date_slip(now: Mapping[str, Any], before: Mapping[str, Any], then: str) -> str:
    """How the date moved since a day: the 80% date, or the 50% date where one of the forecasts has no other."""
    if holds_now(now) and holds_now(before):
        return f"GO held on {then}, and holds now."
    for key, name in (("p80", "80%"), ("p50", "50%")):
        dates = [answer["quantiles"][key] for answer in (now, before)]
        if all(dates):
            return _slip_of(name, *(date.fromisoformat(told) for told in dates))
    last_now, last_before = (_best_date(answer) for answer in (now, before))
    if not last_now and not last_before:
        return f"There was no date on {then}, and there is none now."
    if not last_now:
        return f"On {then} the {last_before}; now there is no date."
    first = f"the {last_before}" if last_before else "there was no date"
    return f"On {then} {first}; now the {last_now.replace(' was ', ' is ')}."


def _slip_of(name: str, now: date, before: date) -> str:
    moved = (now - before).days
    if not moved:
        return f"The {name} date has not moved since the last forecast."
    return f"The {name} date moved by {count(abs(moved), 'day')}, {'later' if moved > 0 else 'earlier'}."


def _best_date(answer: Mapping[str, Any]) -> str:
    for key, name in (("p80", "80%"), ("p50", "50%")):
        if answer["quantiles"][key]:
            return f"{name} date was {day(date.fromisoformat(answer['quantiles'][key]))}"
    return ""


CAUSE_WORDS = {
    "model change": "the forecast itself, made anew",
    "plan edits": "edits of the plan",
    "new evidence": "evidence that is new",
    "lost evidence": "evidence that was lost",
    "waiting": "time that passed",
    "regressions": "regressions",
    "progress": "progress",
}


def slip_sentence(slip: Answer) -> str:
    """How the date, or where there is none the odds, moved since an earlier forecast."""
    then = f"{when(slip['since'])} ({'as shown then' if slip['basis'] == 'kept' else 'computed anew for that day'})"
    if slip["unit"] == "none":
        return sentence(f"since {then}: {slip['because']}")
    if slip["unit"] == "points":
        return _odds_slip(slip, then)
    before, after, days = when(slip["before"]), when(slip["after"]), round(slip["change"])
    name = odds(slip["level"])
    if not days:
        return f"The {name} date is {after}, as it was on {then}."
    way = "later" if days > 0 else "earlier"
    return f"The {name} date moved from {before} on {then} to {after}: {count(abs(days), 'day')} {way}."


def _odds_slip(slip: Answer, then: str) -> str:
    before, after = odds(slip["before"]), odds(slip["after"])
    now = "as now" if before == after else f"and is {after} now"
    told = f"the chance of GO by {when(slip['odds_by'])} was {before} on {then} {now}"
    return f"The two forecasts have no date at the same odds, so the odds are compared: {told}."


def slip_causes(slip: Answer) -> list[tuple[str, float, str]]:
    """The causes that did something, the largest first: (words, change, the change told)."""
    rows = [(row["cause"], row["change"]) for row in slip["causes"] if row["change"]]
    rows.sort(key=lambda row: -abs(row[1]))
    return [(CAUSE_WORDS.get(cause, cause), change, _moved(change, slip["unit"])) for cause, change in rows]


def _moved(change: float, unit: str) -> str:
    amount = abs(round(change))
    if unit == "days":
        return f"{count(amount, 'day')} {'later' if change > 0 else 'earlier'}"
    return f"{count(amount, 'point')} {'likelier' if change > 0 else 'less likely'}"


def slip_causes_sentence(slip: Answer) -> str:
    """The causes in one sentence; they sum to the change."""
    rows = slip_causes(slip)
    if not rows:
        return ""
    told = [f"{words} {moved}" for words, _, moved in rows]
    return sentence(f"of that, {listing(told, 8)}" if len(rows) > 1 else f"all of it: {told[0]}")
