"""Sentences about the promised day, and why all parts of GO together come later than each alone."""

from __future__ import annotations

from app.answers.types.forecast import CriterionForecast, JointForecastAnswer, PromisedAnswer
from app.wording.numbers import odds
from app.wording.text import span, when


def promised_sentence(answer: JointForecastAnswer) -> str:
    """The odds of GO by the promised day or, when it has passed, whether GO held; empty where no day is promised."""
    promised = answer["promised"]
    if promised is None:
        return ""
    day = f"{when(promised['date'])}, the promised day"
    if promised["days"] < 0:
        return _passed(promised, day)
    if answer["outcome"] == "holds":
        return f"GO holds now, before {day}."
    if promised["probability"] is not None:
        return f"Odds of GO by {day}: {odds(promised['probability'])}."
    if answer["outcome"] == "not_enough_evidence":
        return f"Odds of GO by {day}: unknown, there is not enough evidence."
    return f"Odds of GO by {day}: unknown, the forecast ends after {span(answer['horizon_days'])}."


def _passed(promised: PromisedAnswer, day: str) -> str:
    if promised["held"] is None:
        return f"{day}, has passed; nothing measured says whether GO held then."
    return f"GO held on {day}." if promised["held"] else f"GO did not hold on {day}."


def promised_value(answer: JointForecastAnswer) -> str:
    """The same in a word, for a figure: "34%", "holds now", "held", "missed", "unknown"."""
    promised = answer["promised"]
    if promised is None:
        return ""
    if promised["days"] < 0:
        return {True: "held", False: "missed", None: "unknown"}[promised["held"]]
    if answer["outcome"] == "holds":
        return "holds now"
    return "unknown" if promised["probability"] is None else odds(promised["probability"])


def together_sentence(answer: JointForecastAnswer) -> str:
    """Why GO comes later than each open criterion alone, with the dates; empty where there is nothing to compare."""
    parts = [part for part in answer["criteria"] if part["outcome"] == "dated" and part["probability_by"]]
    if answer["outcome"] != "dated" or len(parts) < 2:
        return ""
    rule = "GO needs every criterion on the same day, so it comes later than each of them alone"
    last = max(parts, key=lambda part: part["quantiles"]["p50"] or "9999")
    alone, together = last["quantiles"]["p50"], answer["quantiles"]["p50"]
    if alone and together:
        if alone >= together:
            return ""
        dates = f"{when(alone)} for {last['title']}, the latest of them, and {when(together)} for GO"
        return f"{rule}: the 50% date is {dates}."
    return f"{rule}: {_odds_apart(parts, answer)}"


def assumed_sentence(answer: JointForecastAnswer) -> str:
    """What a date takes as given: attestations and waivers, and when the first ends; empty where there is none."""
    if answer["outcome"] not in ("dated", "holds"):
        return ""
    subject = "The date" if answer["outcome"] == "dated" else "GO"
    given = (("attestations", answer["attested_until"]), ("waivers", answer.get("waived_until")))
    return " ".join(
        f"{subject} takes the {kind} as given; the first of them ends on {when(until)}."
        for kind, until in given
        if until
    )


def _odds_apart(parts: list[CriterionForecast], answer: JointForecastAnswer) -> str:
    """The odds of the least likely part beside those of GO, by the last listed day within about a year."""
    index = max(k for k, row in enumerate(answer["probability_by"]) if k <= 11)
    row = answer["probability_by"][index]
    least = min(parts, key=lambda part: part["probability_by"][index]["probability"])
    chance = odds(least["probability_by"][index]["probability"])
    return f"by {when(row['date'])} {least['title']} has a chance of {chance}, GO one of {odds(row['probability'])}."
