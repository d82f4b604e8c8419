"""Sentences about what a change moves."""

from __future__ import annotations

from app.answers.types.change import ChangeAnswer, DateMove
from app.wording.numbers import number, odds, points
from app.wording.text import count


def readiness_sentence(answer: ChangeAnswer) -> str:
    """Readiness at both ends: "readiness 61.2 → 62.4 (+1.2 points)"."""
    found = answer["readiness"]
    before, after, moved = found["before"], found["after"], found["change"]
    if before is None or after is None or moved is None:
        return "readiness is unknown: no criterion applies"
    text = f"readiness {number(before)} → {number(after)} of 100 ({points(moved)})"
    edits = found["plan_edits"]
    return f"{text}, {points(edits)} of it by editing the plan" if edits else text


def date_sentence(move: DateMove) -> str:
    """How many days the date of GO moves, with the interval; without a date, why there is none and what the odds do."""
    if move["outcome_after"] == "holds":
        return "GO holds with this change."
    if move["after"] is None:
        return f"No date of GO with this change: {move['because']}.{_odds(move)}"
    low, high = move["interval_after"]
    interval = f"80% interval {low or 'unknown'} to {high or 'beyond the horizon'}"
    if move["days"] is None:
        return f"Date of GO (even odds): {move['after']}, {interval}; without this change there is none."
    earlier = {True: "earlier", False: "later"}[move["days"] < 0]
    moved = f"{count(abs(move['days']), 'day')} {earlier}" if move["days"] else "no day earlier or later"
    return f"Date of GO (even odds): {move['before']} → {move['after']}, {moved}; {interval}."


def _odds(move: DateMove) -> str:
    before, after = move["odds_before"], move["odds_after"]
    if before is None or after is None:
        return ""
    return f" Odds of GO within {move['odds_within']} days: {odds(before)} → {odds(after)}."
