"""Sentences about the date: the headline, and why it is what it is. Answers in, text out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from app.answers.types.forecast import CriterionForecast, DatesAnswer, JointForecastAnswer
from app.wording.numbers import odds, share
from app.wording.text import sentence, span, when

# The dates that sentences name: the odds that a plan can be built on first.
SHOWN_QUANTILES: Final[tuple[tuple[Literal["p80", "p50"], str], ...]] = (("p80", "80%"), ("p50", "50%"))


def why(answer: JointForecastAnswer) -> list[str]:
    """Why this date: what decides it, then pace, distance and reference class of each open factor."""
    known = list(answer["go"]["drivers"])
    if not known and answer["outcome"] != "not_enough_evidence":
        known = [answer["because"]]
    thin = [part for part in answer["criteria"] if part["outcome"] == "not_enough_evidence"]
    moving = [part for part in answer["criteria"] if part not in thin and not holds_now(part)]
    return [*known, *map(factor_why, moving), *_too_little(thin)]


def further_reasons(answer: JointForecastAnswer) -> list[str]:
    """The same where `because` is shown already."""
    return [reason for reason in why(answer) if reason != answer["because"]]


def _too_little(thin: Sequence[CriterionForecast]) -> list[str]:
    """The factors with too little evidence, those with the same reason in one sentence."""
    reasons: dict[str, list[str]] = {}
    for part in thin:
        reasons.setdefault(part["because"], []).append(part["title"])
    return [f"{_some(titles)}: {because}" for because, titles in reasons.items()]


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles) if len(titles) <= 3 else f"{', '.join(titles[:2])} and {len(titles) - 2} more factors"


def factor_why(part: CriterionForecast) -> str:
    """One factor: why it gets no date, its pace beside the pace needed, what is left, how similar efforts ended."""
    if part["outcome"] == "not_enough_evidence":
        return f"{part['title']}: {part['because']}"
    first = [sentence(part["because"])] if part["outcome"] == "not_at_this_rate" else []
    return f"{part['title']}: {' '.join([*first, *part['drivers']])}"


def held_for(part: CriterionForecast) -> str:
    """For how long a factor has met its threshold."""
    days = next((r["days"] for r in part["driver_reasons"] if r["kind"] == "held_for"), None)
    if not isinstance(days, (int, float)):
        return "–"
    return "since today" if days < 1 else span(days)


def lines(texts: Sequence[str]) -> list[str]:
    """Sentences with capital and full stop."""
    return [sentence(text) for text in texts if text]


def odds_within(part: DatesAnswer, days: int) -> float | None:
    """The odds of a crossing answer within about `days` (its nearest listed horizon), or None where none are given."""
    rows = part["probability_by"]
    if not rows:
        return None
    first = date.fromisoformat(rows[0]["date"])
    nearest = min(rows, key=lambda row: abs((date.fromisoformat(row["date"]) - first).days + 7 - days))
    return float(nearest["probability"])


def forecast_headline(answer: JointForecastAnswer) -> str:
    """The first sentence of every forecast: dates with odds, or the refusal."""
    return part_headline(f"GO with readiness ≥ {answer['target']:g}", answer, answer["horizon_days"])


def measured_headline(answer: JointForecastAnswer) -> str:
    """The measured part in one sentence; "" where GO has a date of its own, or nothing is measured for long enough."""
    part = answer["measured"]
    if answer["outcome"] != "not_enough_evidence" or part["outcome"] == "not_enough_evidence":
        return ""
    weight = share(part["weight"] / 100)
    subject = f"Measured part ({weight} of the weight), {answer['target']:g}% of its points"
    return part_headline(subject, part, answer["horizon_days"])


def needed_lines(answer: JointForecastAnswer) -> list[str]:
    """What GO lacks evidence for, each with the step that measures it; those with the same step in one line."""
    steps: dict[str, list[str]] = {}
    for part in answer["needed_for_go"]:
        steps.setdefault(part["next"], []).append(part["title"])
    return [f"{', '.join(titles)}: {step}" if step else ", ".join(titles) for step, titles in steps.items()]


def holds_now(part: DatesAnswer) -> bool:
    """Whether in a crossing answer the threshold is met at its origin (its first odds are a week later)."""
    if part["outcome"] == "holds":
        return True
    if part["outcome"] != "dated" or not part["probability_by"] or not part["quantiles"]["p50"]:
        return False
    week_later = date.fromisoformat(part["probability_by"][0]["date"])
    return (week_later - date.fromisoformat(part["quantiles"]["p50"])).days >= 7


def part_headline(subject: str, part: DatesAnswer, horizon_days: int) -> str:
    """One crossing answer as a sentence; never a date without odds."""
    return f"{subject}: {part_outcome(part, horizon_days)}."


def part_outcome(part: DatesAnswer, horizon_days: int) -> str:
    """The dates of a crossing answer with their odds, or why it has none, as a clause."""
    if part["outcome"] == "not_enough_evidence":
        return "no date, there is not enough evidence"
    if holds_now(part):
        return "holds now"
    within = f"within {span(horizon_days)}"
    last = odds(part["probability_by"][-1]["probability"]) if part["probability_by"] else "unknown"
    if part["outcome"] == "not_at_this_rate":
        return f"not at this rate (chance {within}: {last})"
    dates = part["quantiles"]
    dated = [f"{name} chance by {when(dates[key])}" for key, name in SHOWN_QUANTILES if dates[key]]
    return "; ".join(dated) if dated else f"beyond {span(horizon_days)} (chance {within}: {last})"
