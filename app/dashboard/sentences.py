"""The sentences of the pages. Words of others (titles, claims, subjects) go through `safe` before they stand in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.answers.blockers import open_blockers
from app.dashboard.download import safe
from app.dashboard.tables import common as frames
from app.wording import forecast as forecast_words
from app.wording import numbers
from app.wording.forecast import forecast_headline, holds_now
from app.wording.next_steps import next_step
from app.wording.numbers import number, number_beside, points, share
from app.wording.status import STATE_WORDS, nothing_known
from app.wording.text import age, count, count_of, listing, sentence, span, when

Answer = Mapping[str, Any]


def verdict(status: Answer, readiness: Answer, since: str, *, is_first: bool = False) -> str:
    """The sentence of the week; `is_first`: nothing had been measured by `since`."""
    goal = status["readiness"]["target"]
    told = number_beside(status["readiness"]["value"], goal)
    change = readiness["change"]
    moved = "unchanged" if not change else points(change)
    blockers = open_blockers(status)
    tail = f" {_blocked(len(blockers))}" if blockers else ""
    if is_first:
        return f"Readiness is {told} of {goal:g}; by {when(since)} nothing had been measured.{tail}"
    return f"Readiness is {told} of {goal:g}, {moved} since {when(since)}.{tail}"


def _blocked(amount: int) -> str:
    return "One blocker is open." if amount == 1 else f"{amount} blockers are open."


def date_sentence(forecast: Answer) -> str:
    """The date in one sentence, or why there is none."""
    told = safe(forecast_headline(forecast))
    if forecast["outcome"] == "dated":
        return told
    parts = [told, safe(sentence(forecast["because"])), safe(forecast_words.measured_headline(forecast))]
    return " ".join(part for part in parts if part)


def safe_headline(forecast: Answer) -> str:
    """The forecast's headline for a page."""
    return safe(forecast_headline(forecast))


def review_figures(review: Answer) -> list[tuple[str, str, str, str]]:
    """The four figures of the week: (label, value, change, tone)."""
    now, before = review["status"], review["before"]
    change = review["moved"]["readiness"]["change"]
    if nothing_known(before):
        return [(*figure[:2], "first measured", "same") for figure in _figures(review, now, now, None)]
    return _figures(review, now, before, change)


def _figures(review: Answer, now: Answer, before: Answer, change: float | None) -> list[tuple[str, str, str, str]]:
    return [
        (
            "Readiness",
            number_beside(now["readiness"]["value"], now["readiness"]["target"]),
            _change(change, points(change) if change is not None else ""),
            _tone(change),
        ),
        ("Measured weight", share(now["readiness"]["known_weight"]), *_measured_change(now, before)),
        ("Open blockers", str(len(open_blockers(now))), *_blocker_change(now, before)),
        _date_figure(review),
    ]


def _date_figure(review: Answer) -> tuple[str, str, str, str]:
    odds, now, _ = _dates(review)
    told = "holds now" if holds_now(review["forecast"]) else when(now, "none")
    return (f"{odds} date", told, *_date_change(review))


def _change(change: float | None, told: str) -> str:
    return told if change else "no change"


def _tone(change: float | None) -> str:
    return "same" if not change else "good" if change > 0 else "bad"


def _measured_change(now: Answer, before: Answer) -> tuple[str, str]:
    change = (now["readiness"]["known_weight"] - before["readiness"]["known_weight"]) * 100
    return (f"{points(change, 0)} points", _tone(change)) if abs(change) >= 0.5 else ("no change", "same")


def _blocker_change(now: Answer, before: Answer) -> tuple[str, str]:
    change = len(open_blockers(now)) - len(open_blockers(before))
    if not change:
        return "no change", "same"
    return (f"{count(change, 'more')}".rstrip("s"), "bad") if change > 0 else (f"{-change} fewer", "good")


def _dates(review: Answer) -> tuple[str, str | None, str | None]:
    """The odds that are told ("80%", or "50%" where neither forecast reaches that), with the date now and before."""
    forecasts = [review[key]["quantiles"] for key in ("forecast", "forecast_before")]
    level = next((level for level in ("p80", "p50") if any(found[level] for found in forecasts)), "p80")
    return f"{level[1:]}%", forecasts[0][level], forecasts[1][level]


def _held_both_times(review: Answer) -> bool:
    """A date that is today both times has not moved."""
    return holds_now(review["forecast"]) and holds_now(review["forecast_before"])


def _date_change(review: Answer) -> tuple[str, str]:
    _, now, before = _dates(review)
    days = frames.days_between(now, before)
    if _held_both_times(review):
        return "held before, too", "same"
    if now is None and before is None:
        return "no date before either", "same"
    if days is None:
        return ("a date now, none before", "good") if now else ("lost its date", "bad")
    if not days:
        return "no change", "same"
    return f"{count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}", "bad" if days > 0 else "good"


def slip(review: Answer) -> str:
    """How the date moved over the window."""
    odds, now, before = _dates(review)
    then = when(review["since"])
    if _held_both_times(review):
        return f"GO held on {then}, and holds now."
    if now is None and before is None:
        return f"There was no date on {then}, and there is none now."
    if now is None:
        return f"On {then} the {odds} date was {when(before)}; now there is none."
    if before is None:
        return f"On {then} there was no {odds} date; now it is {when(now)}."
    days = frames.days_between(now, before) or 0
    if not days:
        return f"The {odds} date is {when(now)}, as it was on {then}."
    if days > 0:
        return f"The {odds} date slipped from {when(before)} to {when(now)}: {count(days, 'day')} later."
    return f"The {odds} date came forward from {when(before)} to {when(now)}: {count(-days, 'day')} earlier."


def beyond(forecast: Answer) -> str:
    """Where the odds of the usual date lie beyond the horizon: said, with the chance within it."""
    rows = forecast["go"]["probability_by"]
    if forecast["outcome"] != "dated" or forecast["quantiles"]["p80"] or not rows:
        return ""
    chance = numbers.odds(rows[-1]["probability"])
    return f"The 80% date lies beyond {span(forecast['horizon_days'])}: the chance within them is {chance}."


def drivers(forecast: Answer) -> list[str]:
    """What drives the date, made inert."""
    titles = {part["id"]: part["title"] for part in forecast["criteria"]}
    told = [forecast_words.driver_words(text, titles) for text in forecast["go"]["drivers"]] or [forecast["because"]]
    return [safe(sentence(words)) for words in (beyond(forecast), *told) if words]


def why(forecast: Answer) -> list[str]:
    """Why this date: what decides it, then each factor that is still open; made inert."""
    told = [*filter(None, [beyond(forecast)]), *forecast_words.why(forecast)]
    return [safe(text) for text in forecast_words.lines(told)]


def refusal(forecast: Answer, status: Answer) -> str:
    """Why there is no date, and what would give one."""
    unknown = frames.unmeasured_rows(status)
    asked = listing([safe(f"{title}") for title in unknown["Criterion"]], 5) if len(unknown) else ""
    told = f"**Why there is no date:** {safe(sentence(forecast['because']))}"
    if asked:
        told += f" Not measured now: {asked}. Data health says how to measure each."
    if " observations over " in forecast["because"]:
        return told
    return f"{told} A factor needs at least six figures over four weeks before its course can be carried forward."


def vouched_sentence(status: Answer) -> str:
    """How much of readiness rests on people's word."""
    vouched = frames.vouched_rows(status)
    if vouched.empty:
        return ""
    earned = number(status["readiness"]["attested_points"])
    return (
        f"{count_criteria(len(vouched))} rest on a named person's word until it expires: {earned} points of readiness. "
        "Data health lists them."
    )


def decision(status: Answer) -> str:
    """GO or NO-GO, and how many rules say so."""
    rules = status["decision"]["rules"]
    against = sum(rule["holds"] is False for rule in rules)
    unknown = sum(rule["holds"] is None for rule in rules)
    if not against + unknown:
        required = [row for row in status["decision"]["conditions"] if row["is_required"]]
        tail = f", {len(required)} of the required criteria under a condition" if required else ""
        return f"All {len(rules)} rules hold{tail}."
    parts = [f"{count(against, 'rule')} {'stands' if against == 1 else 'stand'} against it"] if against else []
    parts += [f"{count(unknown, 'rule')} cannot be answered"] if unknown else []
    return f"{listing(parts)}."


def gate_sentence(gate: Answer) -> str:
    """A gate by evidence, and what the document says of it."""
    told = f"**{frames.GATE_WORDS[gate['status']]}**, {number(gate['completion'])}% by evidence"
    told += f" ({' of '.join(numbers.earned(gate['points'], gate['points_possible']))} points)."
    return told + (f" The document says: “{safe(gate['claim'])}”." if gate["claim"] else "")


def factors_sentence(criteria: Mapping[str, Answer]) -> str:
    """How many criteria are in which state."""
    states = ["vouched" if frames.is_vouched(c) else c["state"] for c in criteria.values()]
    named = {**STATE_WORDS, "vouched": "taken on a person's word"}
    told = [f"{states.count(state)} {word}" for state, word in named.items() if state in states]
    return f"Of {count_criteria(len(states))}: {listing(told, 8)}."


def count_criteria(amount: int) -> str:
    """An amount of criteria."""
    return count_of(amount, "criterion", "criteria")


def factor_sentence(criterion: Answer) -> str:
    """Where one factor stands."""
    now = frames.value(criterion)
    blocker = " It is a blocker." if criterion["blocker"] else ""
    return f"**{frames.state(criterion)}**: {safe(now)}, needs {safe(frames.wanted(criterion))}.{blocker}"


def factor_notes(criterion: Answer, plan: Answer) -> list[str]:
    """Why it counts, how to mend it, where it can be checked, what the document says."""
    evidence = criterion["evidence"]
    told = [("Why it counts", plan.get("why", "")), next_step(criterion)]
    if evidence["observed_at"]:
        seen = f"{frames.place(evidence) or evidence['source']}, {when(evidence['observed_at'])}"
        told.append(("Evidence", f"{seen} ({age(evidence['age_days'])})"))
    told.append(("The document says", criterion["claim"]))
    return [f"{name}: {safe(words)}" for name, words in told if words]


def rollout_sentence(status: Answer) -> str:
    """Whether the first stage may start."""
    if status["decision"]["verdict"] == "GO":
        return "The first stage may start."
    if status["decision"]["verdict"] == "CONDITIONAL GO":
        return f"The first stage may start when the conditions are accepted: {decision(status)}"
    return f"No stage may start yet: {decision(status)}"


def no_path(status: Answer) -> str:
    """Why there is no path to show."""
    readiness = status["readiness"]
    if readiness["value"] is not None and readiness["value"] >= readiness["target"]:
        return "The target is reached."
    return "No criterion of the plan can add points: check the plan."
