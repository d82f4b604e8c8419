"""The promised day is the first figure, and its sentence is true of every outcome."""

from __future__ import annotations

from typing import Any

import pytest

from app.wording.promised import promised_sentence, promised_value, together_sentence


def answer(outcome: str = "dated", days: int = 130, probability: float | None = 0.34, held: bool | None = None) -> Any:
    promised = {"date": "2026-03-31", "days": days, "probability": probability, "held": held}
    return {"outcome": outcome, "promised": promised, "horizon_days": 730}


@pytest.mark.parametrize(
    ("given", "sentence", "value"),
    [
        (answer(), "Odds of GO by 31 Mar 2026, the promised day: 34%.", "34%"),
        (answer("not_at_this_rate", probability=0.04), "Odds of GO by 31 Mar 2026, the promised day: 4%.", "4%"),
        (
            answer("not_enough_evidence", probability=None),
            "Odds of GO by 31 Mar 2026, the promised day: unknown, there is not enough evidence.",
            "unknown",
        ),
        (
            answer(days=800, probability=None),
            "Odds of GO by 31 Mar 2026, the promised day: unknown, the forecast ends after 24 months.",
            "unknown",
        ),
        (answer("holds", probability=1.0), "GO holds now, before 31 Mar 2026, the promised day.", "holds now"),
        (answer(days=-1, probability=None, held=True), "GO held on 31 Mar 2026, the promised day.", "held"),
        (answer(days=-1, probability=None, held=False), "GO did not hold on 31 Mar 2026, the promised day.", "missed"),
        (
            answer("holds", days=-1, probability=None),
            "31 Mar 2026, the promised day, has passed; nothing measured says whether GO held then.",
            "unknown",
        ),
    ],
)
def test_the_promised_day_is_one_sentence(given: Any, sentence: str, value: str) -> None:
    """Its odds while it is to come, whether GO held when it has passed, and never a certainty."""
    assert (promised_sentence(given), promised_value(given)) == (sentence, value)


def test_no_promise_no_sentence() -> None:
    """A plan that promises no day says nothing about one."""
    assert promised_sentence({"promised": None}) == ""


def part(title: str, p50: str | None, chance: float) -> dict[str, Any]:
    odds = [{"date": "2026-01-01", "probability": chance}, {"date": "2026-06-01", "probability": chance}]
    return {"title": title, "outcome": "dated", "quantiles": {"p50": p50}, "probability_by": odds}


def joint(p50: str | None, *parts: dict[str, Any]) -> dict[str, Any]:
    return {**part("GO", p50, 0.2), "criteria": list(parts)}


def test_why_go_is_later_than_its_parts_has_the_dates() -> None:
    """One sentence names the latest part with its date, and the date of all together."""
    shown_text = together_sentence(
        joint("2026-09-20", part("Coverage", "2026-02-03", 0.6), part("Load", "2026-01-02", 0.7))
    )
    assert "the 50% date is 3 Feb 2026 for Coverage, the latest of them, and 20 Sep 2026 for GO." in shown_text


def test_without_dates_the_odds_of_one_day_are_compared() -> None:
    """Where GO or a part has no 50% date, the odds by one day take its place."""
    shown_text = together_sentence(joint(None, part("Coverage", None, 0.4), part("Load", "2026-01-02", 0.7)))
    assert "by 1 Jun 2026 Coverage has a chance of 40%, GO one of 20%." in shown_text


def test_one_part_needs_no_explanation() -> None:
    """A single criterion, or none with a date, has nothing to be compared with."""
    assert together_sentence(joint("2026-09-20", part("Coverage", "2026-02-03", 0.6))) == ""
