"""The sentences of the pages. Text of others (titles, claims, subjects) goes through `safe` first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from app.answers.blockers import open_blockers
from app.answers.types.explain import PlanNote
from app.answers.types.forecast import JointForecastAnswer
from app.answers.types.review import ReviewAnswer
from app.answers.types.status import CriterionAnswer, GateAnswer, StatusAnswer
from app.dashboard.tables import common as frames
from app.dashboard.tables.download import safe
from app.wording import forecast as forecast_words
from app.wording import numbers
from app.wording.forecast import forecast_headline, holds_now
from app.wording.next_steps import next_step
from app.wording.numbers import number, number_beside, points, share
from app.wording.promised import assumed_sentence, promised_sentence, promised_value, together_sentence
from app.wording.status import STATE_WORDS, is_counted_from_git, nothing_known, with_lag
from app.wording.text import age, count, count_of, listing, sentence, span, when

Figure = tuple[str, str, str, str]  # label, value, change in words, tone


def change_since(now: StatusAnswer, before: StatusAnswer) -> float | None:
    """The change of readiness; None where it is unknown at one end."""
    ends = (now["readiness"]["value"], before["readiness"]["value"])
    return None if ends[0] is None or ends[1] is None else ends[0] - ends[1]


def verdict(status: StatusAnswer, change: float | None, since: str, *, is_first: bool = False) -> str:
    """The sentence of the week; `is_first`: nothing had been measured by `since`."""
    goal = status["readiness"]["target"]
    value = number_beside(status["readiness"]["value"], goal)
    moved = "unchanged" if not change else points(change)
    blockers = open_blockers(status)
    tail = f" {_blocked(len(blockers))}" if blockers else ""
    if is_first:
        return f"Readiness is {value} of 100, target {goal:g}; by {when(since)} nothing had been measured.{tail}"
    return f"Readiness is {value} of 100, target {goal:g}, {moved} since {when(since)}.{tail}"


def _blocked(amount: int) -> str:
    return "One blocker is open." if amount == 1 else f"{amount} blockers are open."


def date_sentence(forecast: JointForecastAnswer) -> str:
    """The odds of the promised day, then the date or why there is none."""
    promised, headline = safe(promised_sentence(forecast)), safe(forecast_headline(forecast))
    lead = f"**{promised}** {headline}" if promised else headline
    if forecast["outcome"] == "dated":
        return lead
    parts = [lead, safe(sentence(forecast["because"])), safe(forecast_words.measured_headline(forecast))]
    return " ".join(part for part in parts if part)


def forecast_lead(forecast: JointForecastAnswer) -> tuple[str, str]:
    """The first line of a page about the date, and the second: the promised day before the dates with odds."""
    promised, headline = safe(promised_sentence(forecast)), safe(forecast_headline(forecast))
    return (promised, headline) if promised else (headline, "")


def review_figures(review: ReviewAnswer) -> list[Figure]:
    """The figures of the week, the promised day first: (label, value, change, tone)."""
    standing = standing_figures(review["status"], review["before"], review["moved"]["readiness"]["change"])
    dates = [_date_figure(review, "50%", "p50"), _date_figure(review, "80%", "p80")]
    if nothing_known(review["before"]):
        dates = [(label, value, "first measured", "same") for label, value, _, _ in (*_promised_figure(review), *dates)]
        return [*dates[:-2], *standing, *dates[-2:]]
    return [*_promised_figure(review), *standing, *dates]


def standing_figures(now: StatusAnswer, before: StatusAnswer, change: float | None) -> list[Figure]:
    """Readiness, what is measured, and the open blockers: the figures that need no forecast."""
    if nothing_known(before):
        return [(label, value, "first measured", "same") for label, value, _, _ in _figures(now, now, None)]
    return _figures(now, before, change)


def _promised_figure(review: ReviewAnswer) -> list[Figure]:
    """The odds of the promised day, and how they moved; nothing where no day is promised."""
    now, before = review["forecast"]["promised"], review["forecast_before"]["promised"]
    if now is None:
        return []
    name = f"GO by {when(now['date'])}, promised"
    value = promised_value(review["forecast"])
    if before is None or before["date"] != now["date"]:
        then = f"promised before: {when(before['date'])}" if before else "not promised before"
        return [(name, value, then, "same")]
    if now["probability"] is None or before["probability"] is None:
        return [(name, value, f"before: {promised_value(review['forecast_before'])}", "same")]
    change = (now["probability"] - before["probability"]) * 100
    moved = f"{points(change, 0)} percentage points" if abs(change) >= 0.5 else "no change"
    return [(name, value, moved, _tone(change if abs(change) >= 0.5 else 0))]


def _figures(now: StatusAnswer, before: StatusAnswer, change: float | None) -> list[Figure]:
    return [
        (
            "Readiness",
            number_beside(now["readiness"]["value"], now["readiness"]["target"]),
            _change(change, points(change) if change is not None else ""),
            _tone(change),
        ),
        ("Measured weight", share(now["readiness"]["known_weight"]), *_measured_change(now, before)),
        ("Open blockers", str(len(open_blockers(now))), *_blocker_change(now, before)),
    ]


def _date_figure(review: ReviewAnswer, odds: str, level: Literal["p50", "p80"]) -> Figure:
    now, before = review["forecast"]["quantiles"][level], review["forecast_before"]["quantiles"][level]
    value = "holds now" if holds_now(review["forecast"]) else when(now, "no date")
    return (f"{odds} date of GO", value, *_date_change(review, now, before))


def _change(change: float | None, words: str) -> str:
    return words if change else "no change"


def _tone(change: float | None) -> str:
    return "same" if not change else "good" if change > 0 else "bad"


def _measured_change(now: StatusAnswer, before: StatusAnswer) -> tuple[str, str]:
    change = (now["readiness"]["known_weight"] - before["readiness"]["known_weight"]) * 100
    return (f"{points(change, 0)} percentage points", _tone(change)) if abs(change) >= 0.5 else ("no change", "same")


def _blocker_change(now: StatusAnswer, before: StatusAnswer) -> tuple[str, str]:
    change = len(open_blockers(now)) - len(open_blockers(before))
    if not change:
        return "no change", "same"
    return (f"{change:,} more", "bad") if change > 0 else (f"{-change} fewer", "good")


def _dates(review: ReviewAnswer) -> tuple[str, str | None, str | None]:
    """The odds shown ("80%", or "50%" where neither forecast reaches 80%), with the date now and before."""
    now, before = review["forecast"]["quantiles"], review["forecast_before"]["quantiles"]
    if not (now["p80"] or before["p80"]) and (now["p50"] or before["p50"]):
        return "50%", now["p50"], before["p50"]
    return "80%", now["p80"], before["p80"]


def _held_both_times(review: ReviewAnswer) -> bool:
    """Whether GO held at both times: then the date has not moved."""
    return holds_now(review["forecast"]) and holds_now(review["forecast_before"])


def _date_change(review: ReviewAnswer, now: str | None, before: str | None) -> tuple[str, str]:
    days = frames.days_between(now, before)
    if _held_both_times(review):
        return "held before, too", "same"
    if now is None and before is None:
        return "none before, either", "same"
    if days is None:
        return ("a date now, none before", "good") if now else ("lost its date", "bad")
    if not days:
        return "no change", "same"
    return f"{count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}", "bad" if days > 0 else "good"


def slip(review: ReviewAnswer) -> str:
    """How the date moved over the window."""
    odds, now, before = _dates(review)
    then = when(review["since"])
    if _held_both_times(review):
        return f"GO held on {then}, and holds now."
    if now is None and before is None:
        return f"GO had no date on {then}, and has none now."
    if now is None:
        return f"On {then} the {odds} date of GO was {when(before)}; now there is none."
    if before is None:
        return f"On {then} GO had no {odds} date; now it is {when(now)}."
    days = frames.days_between(now, before) or 0
    if not days:
        return f"The {odds} date of GO is {when(now)}, as it was on {then}."
    if days > 0:
        return f"The {odds} date of GO slipped from {when(before)} to {when(now)}: {count(days, 'day')} later."
    return f"The {odds} date of GO came forward from {when(before)} to {when(now)}: {count(-days, 'day')} earlier."


def beyond(forecast: JointForecastAnswer) -> str:
    """A sentence where the 80% date is beyond the horizon: the chance within it."""
    rows = forecast["go"]["probability_by"]
    if forecast["outcome"] != "dated" or forecast["quantiles"]["p80"] or not rows:
        return ""
    chance = numbers.odds(rows[-1]["probability"])
    return f"The 80% date of GO is beyond {span(forecast['horizon_days'])}: the chance within that time is {chance}."


def drivers(forecast: JointForecastAnswer) -> list[str]:
    """What drives the date, escaped."""
    reasons = forecast["go"]["drivers"] or [forecast["because"]]
    return [
        safe(sentence(words))
        for words in (together_sentence(forecast), assumed_sentence(forecast), beyond(forecast), *reasons)
        if words
    ]


def why(forecast: JointForecastAnswer) -> list[str]:
    """Why this date: what decides it, then each factor that is still open; escaped."""
    reasons = [
        *filter(None, [together_sentence(forecast), assumed_sentence(forecast), beyond(forecast)]),
        *forecast_words.why(forecast),
    ]
    return [safe(text) for text in forecast_words.lines(reasons)]


def refusal(forecast: JointForecastAnswer, status: StatusAnswer) -> str:
    """Why there is no date, and what would give one; what the reason names already is not listed again."""
    unknown = frames.unmeasured(status)
    named = frozenset(cast("list[str]", forecast["reason"].get("unmeasured", [])))
    others = [safe(c["title"]) for c in unknown if c["id"] not in named]
    reason = f"**Why there is no date:** {safe(sentence(forecast['because']))}"
    if others:
        reason += f" {'Beside these, not' if named else 'Not'} measured now: {listing(others, 5)}."
    if unknown:
        reason += " Data health shows how to measure each."
    if forecast["reason"].get("short"):
        return reason
    return f"{reason} A factor needs at least six observations over four weeks to be forecast."


def decision(status: StatusAnswer) -> str:
    """How many rules hold, prevent GO, or cannot be answered."""
    rules = status["decision"]["rules"]
    against = sum(rule["holds"] is False for rule in rules)
    unknown = sum(rule["holds"] is None for rule in rules)
    if not against + unknown:
        required = [condition for condition in status["decision"]["conditions"] if condition["is_required"]]
        tail = f", {len(required)} of the required criteria under a condition" if required else ""
        return f"All {len(rules)} rules hold{tail}."
    parts = [f"{count(against, 'rule')} {'fails' if against == 1 else 'fail'}"] if against else []
    parts += [f"{count(unknown, 'rule')} cannot be answered"] if unknown else []
    return f"{listing(parts)}."


def gate_sentence(gate: GateAnswer) -> str:
    """A gate by evidence, and what the document says of it."""
    measured = f"**{frames.GATE_WORDS[gate['status']]}**, {number(gate['completion'])}% by evidence"
    measured += f" ({' of '.join(numbers.earned(gate['points'], gate['points_possible']))} points)."
    return measured + (f" The document says: “{safe(gate['claim'])}”." if gate["claim"] else "")


def factors_sentence(criteria: Mapping[str, CriterionAnswer]) -> str:
    """How many criteria are in which state."""
    states = ["attested" if frames.is_attested(c) else c["state"] for c in criteria.values()]
    amounts = [f"{states.count(state)} {word}" for state, word in STATE_WORDS.items() if state in states]
    return f"Of {count_criteria(len(states))}: {listing(amounts, 8)}."


def count_criteria(amount: int) -> str:
    """An amount of criteria."""
    return count_of(amount, "criterion", "criteria")


def factor_sentence(criterion: CriterionAnswer) -> str:
    """The state of one factor."""
    now = frames.value(criterion)
    blocker = " It is a blocker." if criterion["blocker"] else ""
    state = frames.state(criterion)
    known = "" if state.endswith(now) else f": {safe(now)}"  # "not measured" once
    return f"**{state}**{known}, needs {safe(frames.wanted(criterion))}.{blocker}"


def factor_notes(criterion: CriterionAnswer, plan: PlanNote | None) -> list[str]:
    """Why it counts, how to fix it, where it can be checked, what the document says."""
    evidence = criterion["evidence"]
    notes = [("Why it counts", plan["why"] if plan else ""), next_step(criterion)]
    if evidence["observed_at"]:
        place = with_lag(frames.place(evidence) or evidence["source"], evidence)
        old = "" if is_counted_from_git(evidence) else f" ({age(evidence['age_days'])})"
        notes.append(("Evidence", f"{place}, {when(evidence['observed_at'])}{old}"))
    notes.append(("The document says", frames.ticked(criterion["claim"])))
    return [f"{name}: {safe(words)}" for name, words in notes if words]


def no_path(status: StatusAnswer) -> str:
    """Why there is no path to show."""
    readiness = status["readiness"]
    if readiness["value"] is not None and readiness["value"] >= readiness["target"]:
        return "The target is reached."
    return "No criterion of the plan can add points: check the plan."
