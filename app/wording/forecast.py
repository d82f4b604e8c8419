"""The sentences about the date: why it is what it is, what-if, goal, slip, claimed timelines, track record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.wording.numbers import odds, pace, share
from app.wording.reasons import readable
from app.wording.text import day, sentence, span

Answer = Mapping[str, Any]
_BINDS = re.compile(r"^(?P<id>\S+) binds: it is the last to arrive in (?P<share>\d+)% of the draws that get there$")
_REMAIN = re.compile(r"^\S+ of \S+ remain \((?P<share>-?\d+)% of the way\)$")
_HELD = re.compile(r" or better for (?P<days>\d+) days$")


def why(answer: Answer) -> list[str]:
    """Why this date: what decides it, then pace seen against pace needed and the reference class, factor by factor."""
    titles = {part["id"]: part["title"] for part in answer["criteria"]}
    told = [driver_words(text, titles) for text in answer["go"]["drivers"]]
    if not told and answer["outcome"] != "not_enough_evidence":
        told = [answer["because"]]
    thin = [part for part in answer["criteria"] if part["outcome"] == "not_enough_evidence"]
    known = [part for part in answer["criteria"] if part not in thin and not holds_now(part)]
    return [*told, *map(factor_why, known), *_too_little(thin)]


def further_reasons(answer: Answer) -> list[str]:
    """The same where `because` has been told already."""
    return [reason for reason in why(answer) if reason != answer["because"]]


def _too_little(thin: Sequence[Answer]) -> list[str]:
    """The factors with too little evidence, those with the same reason in one sentence."""
    reasons: dict[str, list[str]] = {}
    for part in thin:
        reasons.setdefault(part["because"], []).append(part["title"])
    return [f"{_some(titles)}: {because}" for because, titles in reasons.items()]


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles) if len(titles) <= 3 else f"{', '.join(titles[:2])} and {len(titles) - 2} more factors"


def driver_words(text: str, titles: Mapping[str, str]) -> str:
    """A driver of the joint event with the criterion's title instead of its id."""
    found = _BINDS.match(text)
    if not found:
        return text
    name = titles.get(found["id"], found["id"])
    return f"{name} decides the date: in {found['share']}% of the futures in which GO comes, it is the last to arrive"


def factor_why(part: Answer) -> str:
    """One factor: its pace beside the pace that would do, what is left, and what became of others like it."""
    if part["outcome"] == "not_enough_evidence":
        return f"{part['title']}: {part['because']}"
    seen, needed = (pace(part[key], part["unit"]) for key in ("pace_seen", "pace_needed"))
    told = [part["because"]] if part["outcome"] == "not_at_this_rate" else []
    told += [f"{seen} seen over 13 weeks, {needed} would be there in 26"]
    told += [words for text in part["drivers"][1:] if (words := _driver(text))]
    return f"{part['title']}: {'; '.join(told)}"


def _driver(text: str) -> str:
    left = _REMAIN.match(text)
    return f"{left['share']}% of the way is left" if left else text


def held_for(part: Answer) -> str:
    """For how long a factor that holds has held, as its driver says."""
    found = next((match for text in part["drivers"] if (match := _HELD.search(text))), None)
    return span(float(found["days"])).replace("today", "since today") if found else "–"


def lines(texts: Sequence[str]) -> list[str]:
    """Sentences with capital and full stop."""
    return [sentence(readable(text)) for text in texts if text]


def odds_within(part: Mapping[str, Any], days: int) -> float | None:
    """The odds of a crossing answer within about `days` (its nearest listed horizon), or None where none are told."""
    rows = part["probability_by"]
    if not rows:
        return None
    first = date.fromisoformat(rows[0]["date"])
    nearest = min(rows, key=lambda row: abs((date.fromisoformat(row["date"]) - first).days + 7 - days))
    return float(nearest["probability"])


def forecast_headline(answer: Mapping[str, Any]) -> str:
    """The sentence that stands on top of every forecast: dates with odds, or the refusal."""
    return part_headline(f"GO with readiness ≥ {answer['target']:g}", answer, answer["horizon_days"])


def measured_headline(answer: Mapping[str, Any]) -> str:
    """The measured part in one sentence; "" where GO has a date of its own, or nothing is measured for long enough."""
    part = answer.get("measured")
    if answer["outcome"] != "not_enough_evidence" or not part or part["outcome"] == "not_enough_evidence":
        return ""
    subject = f"Of what is measured ({share(part['weight'] / 100)} of the weight)"
    return part_headline(subject, part, answer["horizon_days"])


def needed_lines(answer: Mapping[str, Any]) -> list[str]:
    """What GO lacks evidence for, each with the step that would measure it; those with the same step in one line."""
    steps: dict[str, list[str]] = {}
    for part in answer.get("needed_for_go", ()):
        steps.setdefault(part["next"], []).append(part["title"])
    return [f"{', '.join(titles)}: {step}" if step else ", ".join(titles) for step, titles in steps.items()]


def holds_now(part: Mapping[str, Any]) -> bool:
    """Whether a crossing answer says that the threshold is met at its origin (its first odds are a week later)."""
    if part["outcome"] != "dated" or not part["probability_by"] or not part["quantiles"]["p50"]:
        return False
    week_later = date.fromisoformat(part["probability_by"][0]["date"])
    return (week_later - date.fromisoformat(part["quantiles"]["p50"])).days >= 7


def part_headline(subject: str, part: Mapping[str, Any], horizon_days: int) -> str:
    """One crossing answer as a sentence; never a bare date."""
    if part["outcome"] == "not_enough_evidence":
        return f"{subject}: no date, there is not enough evidence."
    if holds_now(part):
        return f"{subject}: holds now."
    within = f"within {span(horizon_days)}"
    last = odds(part["probability_by"][-1]["probability"]) if part["probability_by"] else "unknown"
    if part["outcome"] == "not_at_this_rate":
        return f"{subject}: not at this rate ({last} {within})."
    dates = part["quantiles"]
    told = [
        f"{name} chance by {day(date.fromisoformat(dates[key]))}"
        for key, name in (("p80", "80%"), ("p50", "50%"))
        if dates[key]
    ]
    return f"{subject}: {'; '.join(told)}." if told else f"{subject}: beyond {span(horizon_days)} ({last} {within})."
