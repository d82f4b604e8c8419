"""Why a date moved: the parts sum to the move, to the day."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecast import CriterionHistory, forecast_readiness
from models.forecast.slip import CAUSES, Question, Shown, Slip, slip_explained
from models.reasons.forecast import HeldBothTimes, NoCommonDate, NoOddsToCompare
from tests.testing.forecast_series import START, THRESHOLD, kinds

ORIGIN = START + pd.Timedelta(weeks=39)
THEN = START + pd.Timedelta(weeks=36)


def part(kind: str, until: pd.Timestamp = ORIGIN, name: str = "", **more: object) -> CriterionHistory:
    history = kinds()[kind]
    return CriterionHistory(name or kind, history[history.index <= until], THRESHOLD, "lower", None, 25.0, **more)  # type: ignore[arg-type]


def ask(*parts: CriterionHistory, origin: pd.Timestamp, target: float = 45, **more: object) -> Question:
    return Question(tuple(parts), target, origin, **more)  # type: ignore[arg-type]


def adds_up(slip: Slip) -> bool:
    if slip.unit == "none":
        return not slip.causes and slip.change is None
    return set(slip.causes) == set(CAUSES) and sum(slip.causes.values()) == slip.change


KINDS = st.lists(
    st.sampled_from(["steady", "single jump", "already there", "saw-tooth", "flat"]), min_size=1, max_size=3
)


@settings(max_examples=5, deadline=None)
@given(then=KINDS, now=KINDS, weeks=st.integers(1, 6), target=st.sampled_from([20.0, 24.0]))
def test_the_parts_sum_to_the_move(then: list[str], now: list[str], weeks: int, target: float) -> None:
    """Whatever was added, dropped or edited in between: the causes sum to the whole days or points of the change."""
    before = ORIGIN - pd.Timedelta(weeks=weeks)
    previous = ask(*(part(k, before, f"{k}{n}") for n, k in enumerate(then)), origin=before, target=20)
    current = ask(*(part(k, ORIGIN, f"{k}{n}") for n, k in enumerate(now)), origin=ORIGIN, target=target)

    assert adds_up(slip_explained(previous, current))


def test_the_move_is_that_of_the_dates_as_they_are_reported() -> None:
    """Before and after are the days that the two forecasts tell."""
    previous = ask(part("steady", THEN), part("already there", THEN), origin=THEN)
    current = ask(part("steady"), part("already there"), origin=ORIGIN)
    slip = slip_explained(previous, current, levels=(0.5,))
    shown_text = [
        forecast_readiness(q.parts, target=q.target, origin=q.origin).go.date(0.5) for q in (previous, current)
    ]

    assert slip.unit == "days"
    assert [slip.before, slip.after] == [date.toordinal() for date in shown_text]
    assert adds_up(slip)


@pytest.mark.parametrize(
    ("cause", "previous", "current"),
    [
        ("progress", ask(part("steady", THEN), origin=THEN, target=20), ask(part("steady"), origin=ORIGIN, target=20)),
        (
            "plan edits",
            ask(part("steady"), origin=ORIGIN, target=20),
            ask(part("steady"), origin=ORIGIN, target=24),
        ),
        (
            "new evidence",
            ask(part("steady"), origin=ORIGIN, target=20, held_points=25),
            ask(part("steady"), part("already there"), origin=ORIGIN, target=20, held_points=25),
        ),
    ],
)
def test_the_cause_is_named(cause: str, previous: Question, current: Question) -> None:
    """What alone changed between two questions carries the change; the other causes stay at nothing."""
    slip = slip_explained(previous, current, levels=(0.5,))

    assert adds_up(slip)
    others = {name for name, change in slip.causes.items() if change} - {cause, "waiting"}
    assert others == set()


def test_a_forecast_that_was_shown_differs_by_the_model() -> None:
    """Where the date shown then is not the one computed for that day now, the difference is the model's."""
    question = ask(part("steady", THEN), origin=THEN, target=20)
    day = forecast_readiness(question.parts, target=20, origin=THEN).go.date(0.5)
    slip = slip_explained(question, question, shown=Shown({0.5: day.toordinal() - 9}, None), levels=(0.5,))

    assert slip.change == slip.causes["model change"] == 9


def test_without_dates_the_odds_are_compared() -> None:
    """A refusal gives no date; the odds of GO by one day are compared instead, and that is reported."""
    flat = ask(part("flat"), origin=ORIGIN, target=20)
    slip = slip_explained(ask(part("flat", THEN), origin=THEN, target=20), flat)

    assert (slip.unit, slip.level) == ("points", None)
    assert NoCommonDate() in slip.because
    assert adds_up(slip)


def test_what_holds_both_times_has_not_moved() -> None:
    """A week in which GO held all along did not move its date by a week."""
    previous = ask(part("already there", THEN), origin=THEN, target=20)
    slip = slip_explained(previous, ask(part("already there"), origin=ORIGIN, target=20))

    assert (slip.unit, slip.causes, slip.because) == ("none", {}, (HeldBothTimes(),))


def test_without_odds_nothing_is_compared() -> None:
    """Where a side lacks evidence there is no number, and what to measure is named."""
    blind = ask(part("steady"), origin=ORIGIN, missing=("memory",))
    slip = slip_explained(ask(part("steady", THEN), origin=THEN, target=20), blind)

    assert (slip.unit, slip.change, dict(slip.causes)) == ("none", None, {})
    assert slip.because == (NoOddsToCompare("now"),)


def test_forecasts_at_hand_are_not_made_again() -> None:
    """The caller's own forecasts of the two ends give the same answer."""
    previous, current = ask(part("steady", THEN), origin=THEN, target=20), ask(part("steady"), origin=ORIGIN, target=20)
    known = {
        key: forecast_readiness(q.parts, target=q.target, origin=q.origin) for key, q in ((0, previous), (-1, current))
    }

    assert slip_explained(previous, current, known=known) == slip_explained(previous, current)
