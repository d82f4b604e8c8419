"""Sentences about decisions, frozen reviews and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.answers.types.meeting import DecisionEntry, FrozenReview
from app.answers.types.status import CriterionAnswer, StatusAnswer
from app.wording.next_steps import is_decided_by_parts
from app.wording.numbers import number_beside, points, quantity
from app.wording.status import UNKNOWN_STATES, condition_words
from app.wording.text import count, count_of, times, when


def state_words(entry: DecisionEntry, today: date) -> str:
    """How a decision is: "overdue by 3 days", "open", "done on 14 Nov 2025"; with how often it was carried over."""
    if entry["outcome"] != "open":
        return f"{entry['outcome']} on {when(entry['changed_at'])}"
    carried = f", carried over {times(entry['carried'])}" if entry["carried"] else ""
    if entry["is_overdue"] and entry["due"]:
        late = (today - date.fromisoformat(entry["due"])).days
        return f"overdue by {count(late, 'day')}{carried}"
    return f"open{carried}"


def decisions_about(decisions: Sequence[DecisionEntry]) -> str:
    """How many decisions are open and overdue, and how many were closed since the last review."""
    still_open = [entry for entry in decisions if entry["outcome"] == "open"]
    late, closed = sum(entry["is_overdue"] for entry in still_open), len(decisions) - len(still_open)
    overdue = f", {late:,} of them overdue" if late else ""
    return f"{len(still_open):,} open{overdue}; {closed:,} closed since the last review."


def needs_action(
    status: StatusAnswer, decisions: Sequence[DecisionEntry], today: date, blockers: int
) -> list[tuple[str, str]]:
    """What waits for somebody, in numbers, each with the section of the page that lists it; zeros are left out.

    `blockers`: how many are open.
    """
    still_open = [entry for entry in decisions if entry["outcome"] == "open"]
    late = sum(entry["is_overdue"] for entry in still_open)
    week = (today + timedelta(days=7)).isoformat()
    soon = sum(bool(entry["due"] and entry["due"] <= week) for entry in still_open) - late
    criteria = [criterion for gate in status["gates"] for criterion in gate["criteria"]]
    unknown = sum(map(_is_unmeasured, criteria))
    amounts = (
        (late, f"{count(late, 'decision')} overdue", "tm-decisions"),
        (soon, f"{count(soon, 'decision')} due within a week", "tm-decisions"),
        (blockers, count(blockers, "open blocker"), "tm-stuck"),
        (unknown, f"{count_of(unknown, 'criterion', 'criteria')} without fresh evidence", "tm-unmeasured"),
    )
    return [(words, section) for amount, words, section in amounts if amount]


def _is_unmeasured(criterion: CriterionAnswer) -> bool:
    is_named = criterion["attested"] or is_decided_by_parts(criterion)
    return criterion["state"] in UNKNOWN_STATES and not is_named


def since_words(entry: DecisionEntry) -> str:
    """The evidence since a decision: "13.8% from 12.7%"; what is unknown is called so."""
    since = entry["since"]
    if since is None:
        return "–"
    before, after = (_figure(since[key], since["unit"]) for key in ("before", "after"))
    if since["before"] == since["after"]:
        return f"{after}, unchanged" if since["after"] is not None else "not measured"
    return f"{after} from {before}"


def _figure(value: float | None, unit: str) -> str:
    return "not measured" if value is None else quantity(value, unit)


def conditions(status: StatusAnswer) -> list[str]:
    """What GO rests on beside measured values, those that it needs first; and when an edit of the plan takes effect."""
    ordered = sorted(status["decision"]["conditions"], key=lambda condition: not condition["is_required"])
    lines = [f"{condition_words(c)}{'' if c['is_required'] else '; GO does not need it'}." for c in ordered]
    if status["next_plan_from"]:
        lines.append(
            f"An edit of the plan takes effect on {when(status['next_plan_from'])}; this review does not use it."
        )
    return lines


def path_gain(earned: float, before: float, then: float, target: float) -> str:
    """What a step of the path brings, with the cap of open blockers where it takes part of that, or ends."""
    cap, gain, reached = then - before - earned, f"{points(earned)} points", number_beside(then, target)
    if cap > 0.05:
        return f"{gain}, and {points(cap)} as no blocker is open any more: then {reached}"
    if cap < -0.05:
        return f"{gain}, but open blockers hold readiness at {reached}"
    return f"{gain}, then {reached}"


def frozen_words(review: FrozenReview) -> str:
    """When and by whom a review was frozen: "frozen 21 Nov 2025 10:41 by Kim"."""
    moment = datetime.fromisoformat(review["frozen_at"])
    by = f" by {review['frozen_by']}" if review["frozen_by"] else ""
    return f"frozen {when(review['frozen_at'])} {moment:%H:%M}{by}"
