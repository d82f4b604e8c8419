"""Sentences about how the date moved: since an earlier forecast, and week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Literal, cast

from app.answers.types.forecast import JointForecastAnswer, SlipAnswer
from app.answers.types.meeting import CoursePoint
from app.wording.forecast import SHOWN_QUANTILES, holds_now
from app.wording.forecast_reasons import CAUSE_WORDS, moved
from app.wording.numbers import odds
from app.wording.text import count, listing, sentence, when

BASIS_WORDS = {"kept": "shown then", "computed": "computed from what was known then"}
NO_DATE = {
    "not_enough_evidence": "no date: not enough evidence",
    "not_at_this_rate": "no date: not at this rate",
    "holds": "GO held",
    "dated": "no 50% date within the horizon",
}
NO_COURSE = "A course needs two forecasts with a date; these weeks have fewer."
COURSE_HEADER = ("Made on", "GO, 50% by", "GO, 80% by", "Promised, odds", "Basis")

# Names of causes that need a word more.
_CAUSE_NOTES: Final = (
    (CAUSE_WORDS["waiting"], "Time passed: the move if nothing had been measured since then."),
    (
        CAUSE_WORDS["model change"],
        "Model or data revision: what was shown then against what is computed for that day now.",
    ),
)

_ENDS: Final[tuple[Literal["before", "after"], ...]] = ("before", "after")  # days or odds, by the unit of the slip


def date_slip(now: JointForecastAnswer, before: JointForecastAnswer, then: str) -> str:
    """How the date moved since a day: the 80% date, or the 50% date where one of the forecasts has no other."""
    if holds_now(now) and holds_now(before):
        return f"GO held on {then}, and holds now."
    for key, name in SHOWN_QUANTILES:
        later, earlier = now["quantiles"][key], before["quantiles"][key]
        if later and earlier:
            return _slip_of(name, date.fromisoformat(later), date.fromisoformat(earlier))
    return _dates_apart(_best_date(now), _best_date(before), then)


def _dates_apart(last_now: tuple[str, str] | None, last_before: tuple[str, str] | None, then: str) -> str:
    """The latest date of each forecast where they have none at the same odds."""
    if not last_now and not last_before:
        return f"GO had no date on {then}, and has none now."
    first = "GO had no date" if not last_before else f"the {last_before[0]} date of GO was {last_before[1]}"
    second = "it has none" if not last_now else f"the {last_now[0]} date of GO is {last_now[1]}"
    return f"On {then} {first}; now {second}."


def _slip_of(name: str, now: date, before: date) -> str:
    days = (now - before).days
    if not days:
        return f"The {name} date of GO has not moved since the last forecast."
    return f"The {name} date of GO moved by {count(abs(days), 'day')}, {'later' if days > 0 else 'earlier'}."


def _best_date(answer: JointForecastAnswer) -> tuple[str, str] | None:
    for key, name in SHOWN_QUANTILES:
        if date_text := answer["quantiles"][key]:
            return name, when(date_text)
    return None


def slip_sentence(slip: SlipAnswer) -> str:
    """How the date, or where there is none the odds, moved since an earlier forecast."""
    basis = "as shown then" if slip["basis"] == "kept" else "recomputed for that day"
    then = f"{when(slip['since'])} ({basis})"
    if slip["unit"] == "none":
        return sentence(f"since {then}: {slip['because']}")
    if slip["unit"] == "points":
        return _odds_slip(slip, then)
    before, after = (when(cast("str | None", slip[end])) for end in _ENDS)
    days = round(slip["change"] or 0)
    name = odds(slip["level"])
    if not days:
        return f"The {name} date of GO is {after}, as it was on {then}."
    way = "later" if days > 0 else "earlier"
    return f"The {name} date of GO moved from {before} on {then} to {after}: {count(abs(days), 'day')} {way}."


def _odds_slip(slip: SlipAnswer, then: str) -> str:
    before, after = (odds(cast("float | None", slip[end])) for end in _ENDS)
    now = "the same as now" if before == after else f"now it is {after}"
    chance = f"The chance of GO by {when(slip['odds_by'])} was {before} on {then}"
    return f"The two forecasts have no date at the same odds, so their odds are compared. {chance}; {now}."


def slip_causes(slip: SlipAnswer) -> list[tuple[str, float, str]]:
    """The causes with an effect, the largest first: (cause in words, change, change in words)."""
    rows = [(row["cause"], row["change"]) for row in slip["causes"] if row["change"]]
    rows.sort(key=lambda row: -abs(row[1]))
    return [(CAUSE_WORDS.get(cause, cause), change, moved(change, slip["unit"])) for cause, change in rows]


def slip_cause_notes(slip: SlipAnswer) -> str:
    """What the causes with an effect mean, as far as their names do not say it."""
    shown = {cause for cause, _, _ in slip_causes(slip)}
    return " ".join(note for cause, note in _CAUSE_NOTES if cause in shown)


def slip_causes_sentence(slip: SlipAnswer) -> str:
    """The causes in one sentence; they sum to the change."""
    rows = slip_causes(slip)
    if not rows:
        return ""
    return sentence(f"by cause: {listing([f'{words} {effect}' for words, _, effect in rows], 8)}")


def has_course(points: Sequence[CoursePoint]) -> bool:
    """Whether there is a course to draw: two forecasts or more gave a date."""
    return sum(bool(point["p50"] or point["p25"]) for point in points) > 1


def promise_moves(points: Sequence[CoursePoint]) -> list[tuple[CoursePoint, CoursePoint]]:
    """The pairs of forecasts between which the promised day was moved."""
    promised = [point for point in points if point["promised"]]
    return [(before, after) for before, after in pairwise(promised) if before["promised"] != after["promised"]]


def promise_moves_sentence(points: Sequence[CoursePoint]) -> str:
    """When the promised day was moved, from where to where; empty where it stayed."""
    moves = [
        f"from {when(before['promised'])} to {when(after['promised'])} in the week to {when(after['day'])}"
        for before, after in promise_moves(points)
    ]
    return f"The promised day was moved {listing(moves, 6)}." if moves else ""


def course_lines(points: Sequence[CoursePoint]) -> list[tuple[str, ...]]:
    """The cells under COURSE_HEADER, newest first."""
    return [
        (
            when(point["day"]),
            when(point["p50"], NO_DATE[point["outcome"]]),
            when(point["p80"]),
            _promised(point),
            BASIS_WORDS[point["basis"]],
        )
        for point in reversed(points)
    ]


def _promised(point: CoursePoint) -> str:
    if not point["promised"]:
        return "–"
    chance = "unknown" if point["promised_odds"] is None else odds(point["promised_odds"])
    return f"{when(point['promised'])}, {chance}"


def promised_odds_alt(points: Sequence[CoursePoint]) -> str:
    """The odds of the promised day in words, week by week."""
    known = [f"{odds(p['promised_odds'])} on {when(p['day'])}" for p in points if p["promised_odds"] is not None]
    return f"Odds of GO by the promised day, by the day of the forecast: {listing(known, 14)}."


def course_alt(points: Sequence[CoursePoint]) -> str:
    """The picture in words: each date with the day it was made, the weeks without one, the promised day."""
    dated = [f"on {when(point['day'])} {when(point['p50'])}" for point in points if point["p50"]]
    without = count(sum(not point["p50"] for point in points), "week")
    promised = points[-1]["promised"]
    tail = f" Promised: {when(promised)}. {promise_moves_sentence(points)}".rstrip() if promised else ""
    dates = listing(dated, 14) if dated else "no date"
    return f"Course of the 50% date of GO over {count(len(points), 'week')}: {dates}; {without} without.{tail}"
