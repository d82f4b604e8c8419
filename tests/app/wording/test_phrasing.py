"""Numbers in words: rounded for reading, never across a threshold, never certain."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import numbers
from app.wording.forecast import measured_headline, part_headline
from app.wording.numbers import earned, number, number_beside, quantity, wanted
from app.wording.slip import date_slip
from app.wording.status import arithmetic, is_first
from app.wording.text import counts, day, times

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "shown_text"),
    [(0.0, "0"), (-0.0, "0"), (-0.01, "0"), (12.0, "12"), (12.34, "12.3"), (1234567.0, "1,234,567"), (math.nan, "–")],
)
def test_figures_read_well(value: float, shown_text: str) -> None:
    """A figure has one decimal at most, no empty decimals and no negative zero."""
    assert number(value) == shown_text


@given(value=FINITE, threshold=st.integers(-1000, 1000))
def test_no_figure_is_rounded_across_its_threshold(value: float, threshold: int) -> None:
    """What is shown beside a threshold is on the same side of it as the figure."""
    shown = float(number_beside(value, threshold).replace(",", "").replace("−", "-"))

    assert (shown < threshold) == (value < threshold)
    assert (shown > threshold) == (value > threshold)


def test_almost_ninety_is_not_ninety() -> None:
    """89.96 beside 90 reads 89.96, and 14.9999 beside 15 keeps its nines."""
    assert number_beside(89.96, 90) == "89.96"
    assert number_beside(14.9999, 15) == "14.9999"


@given(value=st.floats(1, 1e12), threshold=st.integers(1, 10**6))
def test_no_size_is_rounded_across_its_threshold(value: float, threshold: int) -> None:
    """A size shown beside a limit is on the same side of it, whatever unit it is shown in."""
    limit = threshold * 1e4
    amount, unit = quantity(value, "bytes", limit).split()
    shown = float(amount.replace(",", "")) * {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}[unit]

    assert (shown < limit) <= (value < limit) or math.isclose(value, limit, rel_tol=1e-6)
    assert (shown > limit) <= (value > limit) or math.isclose(value, limit, rel_tol=1e-6)
    assert quantity(10_040_000, "bytes", 10e6) == "10.04 MB"


@given(probability=st.floats(0, 1))
def test_odds_are_never_certain(probability: float) -> None:
    """No probability reads 0% or 100%."""
    assert numbers.odds(probability) not in ("0%", "100%")


@pytest.mark.parametrize(
    ("value", "unit", "shown_text"),
    [
        (24_089_656.0, "bytes", "24.1 MB"),
        (900.0, "bytes", "900 B"),
        (3.4, "percent", "3.4%"),
        (1.0, "tests", "1 test"),
        (2.0, "tests", "2 tests"),
        (7.5, "points of 10", "7.5 of 10"),
        (None, "tests", "unknown"),
    ],
)
def test_quantities_have_their_units(value: float | None, unit: str, shown_text: str) -> None:
    """Bytes read as people say them, single things in the singular, the unknown as unknown."""
    assert quantity(value, unit) == shown_text


def test_changes_have_a_sign_and_small_ones_are_not_nothing() -> None:
    """A gain, a loss, a tiny gain and no change are four different things."""
    assert [numbers.points(x) for x in (1.25, -0.4, 0.01, 0.0)] == ["+1.2", "−0.4", "+<0.1", "±0"]


def crossing(outcome: str, p50: str | None, p80: str | None) -> dict[str, object]:
    quantiles = {"p50": p50, "p80": p80}
    odds = [{"date": "2025-01-08", "probability": 0.1}, {"date": "2027-01-01", "probability": 0.34}]
    return {"outcome": outcome, "quantiles": quantiles, "probability_by": odds}


@pytest.mark.parametrize(
    ("part", "shown_text"),
    [
        (crossing("dated", "2025-03-01", "2025-04-02"), "GO: 80% chance by 2 Apr 2025; 50% chance by 1 Mar 2025."),
        (crossing("dated", "2025-03-01", None), "GO: 50% chance by 1 Mar 2025."),
        (crossing("dated", None, None), "GO: beyond 24 months (chance within 24 months: 34%)."),
        (crossing("dated", "2025-01-01", "2025-01-01"), "GO: holds now."),
        (crossing("not_at_this_rate", None, None), "GO: not at this rate (chance within 24 months: 34%)."),
        (crossing("not_enough_evidence", None, None), "GO: no date, there is not enough evidence."),
    ],
)
def test_a_forecast_is_a_sentence_with_odds_or_a_refusal(part: dict[str, object], shown_text: str) -> None:
    """There is no bare date: every sentence has odds, or says why there is no date."""
    assert part_headline("GO", part, 730) == shown_text


def test_a_slip_is_reported_in_days() -> None:
    """The 80% date of two forecasts is compared in days, and a missing one is named."""

    def shown_text(p80: str | None, p50: str | None = None) -> dict[str, object]:
        return {"outcome": "dated", "probability_by": week_later, "quantiles": {"p80": p80, "p50": p50}}

    week_later: list[dict[str, str]] = []
    now, before, only_half, none = (
        shown_text("2025-04-10"),
        shown_text("2025-04-02"),
        shown_text(None, "2025-03-01"),
        shown_text(None),
    )

    def slip(now: dict[str, object], before: dict[str, object]) -> str:
        return date_slip(now, before, "1 Apr 2025")

    assert slip(now, before) == "The 80% date of GO moved by 8 days, later."
    assert slip(before, before) == "The 80% date of GO has not moved since the last forecast."
    assert slip(only_half, shown_text(None, "2025-03-03")) == "The 50% date of GO moved by 2 days, earlier."
    assert slip(none, before) == "On 1 Apr 2025 the 80% date of GO was 2 Apr 2025; now it has none."
    assert slip(now, none) == "On 1 Apr 2025 GO had no date; now the 80% date of GO is 10 Apr 2025."
    assert slip(none, none) == "GO had no date on 1 Apr 2025, and has none now."
    week_later.append({"date": "2025-03-08"})
    assert slip(only_half, only_half) == "GO held on 1 Apr 2025, and holds now."


def test_arithmetic_can_be_checked_by_hand() -> None:
    """The line that explains points holds every number it takes to recompute them."""
    criterion = {
        "value": 11.8, "baseline": 3.4, "threshold": 15.0, "comparator": ">", "unit": "percent", "state": "failing",
        "attainment": 0.72414, "points": 4.526, "points_possible": 6.25,
    }  # fmt: skip

    assert arithmetic(criterion) == (
        "11.8%, needs > 15%: (11.8 − 3.4) / (15 − 3.4) = 0.724 of the way: 4.53 of 6.25 points"
    )


def test_days_read_like_dates() -> None:
    """A day is shown without leading zeros; no day is a dash."""
    assert (day(date(2026, 11, 4)), day(None)) == ("4 Nov 2026", "–")


def test_a_share_is_whole_only_when_it_is() -> None:
    """Nearly all is not all, and hardly anything is not nothing."""
    assert [numbers.share(x) for x in (0.0, 0.004, 0.5, 0.996, 1.0)] == ["0%", "<1%", "50%", ">99%", "100%"]


@given(possible=st.floats(0.1, 100), share=st.floats(0, 1, exclude_max=True))
def test_what_is_short_of_all_points_never_looks_like_all(possible: float, share: float) -> None:
    """Points short of what is possible are shown as less; all of them as all."""
    points = possible * share
    shown_text = earned(points, possible)

    assert shown_text[0] != shown_text[1] or points >= possible - 1e-9
    assert earned(possible, possible)[0] == earned(possible, possible)[1]


def test_points_show_hundredths_only_where_they_differ() -> None:
    """Tenths are enough, unless they would make a gap invisible."""
    assert earned(2.95, 3.03) == ("2.95", "3.03")
    assert earned(1.2, 3.03) == ("1.2", "3")
    assert earned(2.951, 2.954) == ("2.951", "2.954")


def test_counts_name_what_was_met_and_one_thing_in_the_singular() -> None:
    """Nothing is reported of what a source met none of."""
    assert counts({"commits": 1, "file_changes": 1, "blobs_missing": 0, "boxes_open": 1}) == (
        "1 commit, 1 file change, 1 box open"
    )
    assert counts({"file_changes": 53_077, "markers_open": 2}) == "53,077 file changes, 2 markers open"


def test_a_window_before_the_first_figure_shows_no_move() -> None:
    """What was unknown before did not move: it was measured."""
    unknown, known = {"before": None, "after": 3.0}, {"before": 2.0, "after": 3.0}
    assert is_first({"criteria": [unknown, unknown]})
    assert not is_first({"criteria": [unknown, known]})
    assert not is_first({"criteria": []})


def test_how_often_is_a_word_where_there_is_one() -> None:
    """Nobody says "1 times"."""
    assert [times(amount) for amount in (1, 2, 43)] == ["once", "twice", "43 times"]


@pytest.mark.parametrize(
    ("metric", "comparator", "threshold", "unit", "shown_text"),
    [
        ("", ">=", 1, "", "–"),
        ("", "<=", 0, "", "≤ 0"),
        ("", ">", 7, "points of 10", "> 7 of 10"),
        ("todo_count", "<=", 5, "markers", "≤ 5 markers"),
    ],
)
def test_a_persons_word_asks_for_no_figure(
    metric: str, comparator: str, threshold: float, unit: str, shown_text: str
) -> None:
    """What only a person can vouch for has no threshold to show; a figure that nothing measures yet has one."""
    asked = {"metric": metric, "comparator": comparator, "threshold": threshold, "unit": unit}
    assert wanted(asked) == shown_text


def test_the_measured_part_names_the_event_that_holds() -> None:
    """The headline gives the share of its points: one open factor beside "holds now" is then no contradiction."""
    part = {"outcome": "holds", "weight": 50.0, "quantiles": {"p50": None}, "probability_by": []}
    answer = {"outcome": "not_enough_evidence", "target": 90.0, "horizon_days": 730, "measured": part}
    assert measured_headline(answer) == "Measured part (50% of the weight), 90% of its points: holds now."
