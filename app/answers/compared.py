"""The figures of a review as known then beside those as known now."""

from __future__ import annotations

from app.answers.blockers import criteria_of
from app.answers.types.review import FigureThenAndNow, ReviewAnswer
from app.answers.types.status import CriterionAnswer
from app.wording.numbers import number, points, quantity
from app.wording.promised import promised_value
from app.wording.status import STATE_WORDS
from app.wording.text import when

GONE = "not in the plan"


def figures_then_and_now(then: ReviewAnswer, now: ReviewAnswer) -> list[FigureThenAndNow]:
    """Verdict, readiness, its change, odds and dates, then each criterion; plans are those in force on the day."""
    before, after = (_heads(review) for review in (then, now))
    rows = [_row(name, before[name], after[name]) for name in before]
    old, new = criteria_of(then["status"]), criteria_of(now["status"])
    for identity, criterion in {**old, **new}.items():
        words = [_criterion(found[identity]) if identity in found else GONE for found in (old, new)]
        rows.append(_row(criterion["title"], *words))
    return rows


def _row(figure: str, then: str, now: str) -> FigureThenAndNow:
    return {"figure": figure, "then": then, "now": now, "is_same": then == now}


def _heads(review: ReviewAnswer) -> dict[str, str]:
    readiness, quantiles = review["moved"]["readiness"], review["forecast"]["quantiles"]
    change = readiness["change"]
    return {
        "Verdict": review["status"]["decision"]["verdict"],
        "Readiness": number(readiness["after"]),
        "Change in the week": "unknown" if change is None else points(change),
        "Odds of GO by the promised day": promised_value(review["forecast"]) or "none promised",
        "GO, 50% by": when(quantiles["p50"], "no date"),
        "GO, 80% by": when(quantiles["p80"], "no date"),
    }


def _criterion(criterion: CriterionAnswer) -> str:
    state = STATE_WORDS[criterion["state"]]
    if criterion["value"] is None:
        return state
    return f"{state}, {quantity(criterion['value'], criterion['unit'], criterion['threshold'])}"
