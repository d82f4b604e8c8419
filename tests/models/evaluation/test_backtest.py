"""Backtest: cases, baselines and scores."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers.reasons import reason_value
from models.distributions import normal_cdf, normal_quantile
from models.evaluation.backtest import backtest, score_odds
from models.evaluation.learned_baselines import CONSTANT
from models.reasons.evaluation import NothingToScore
from models.series.baselines import baseline_methods, recent_line, straight_line, throughput
from models.series.cases import Effort, effort_cases, group_weights, look_from
from models.series.curve import GRID
from models.series.history import first_crossing, progress_of
from models.series.scoring import (
    KaplanMeier,
    brier_by_day,
    calibration_error,
    coverage,
    equal_coverage_width,
    ipcw_weights,
    quantile_days,
    reliability,
    weighted_quantile,
    width,
)

START = pd.Timestamp("2023-01-02", tz="UTC")


def effort(name: str = "e", weeks: int = 60, slope: float = 2.0, group: str = "p") -> Effort:
    index = pd.date_range(START, periods=weeks, freq="7D")
    return Effort(name, group, pd.Series(np.minimum(100.0, slope * np.arange(weeks)), index=index), 90.0, "higher", 0.0)


def test_crossing_must_stay_for_four_weeks() -> None:
    """A touch that falls back within 28 days is no crossing; one that stays, or that ends the series, is."""
    days = np.array([0.0, 10, 20, 30, 60, 70])

    assert first_crossing(days, np.array([0, 1, 0.5, 1, 1, 1.0])) == 30
    assert first_crossing(days, np.array([0, 1, 1, 1, 0.9, 0.9])) == 10
    assert first_crossing(days, np.array([0, 0, 0, 0, 0, 1.0])) == 70
    assert math.isinf(first_crossing(days, np.array([0, 0.5, 1, 0.5, 0.5, 0.9])))


def test_cases_stop_at_the_crossing_and_read_no_future() -> None:
    """Origins run every 28 days from eight weeks on, before the crossing; what is seen ends at the origin."""
    cases = effort_cases(effort())

    assert [-case.seen.days[0] for case in cases] == [56 + 28 * k for k in range(len(cases))]
    assert all(case.crossed == 45 * 7 + case.seen.days[0] for case in cases)
    assert all(case.seen.days[-1] <= 0 and case.crossed > 0 for case in cases)
    assert all(case.seen.now == pytest.approx(2 * (-case.seen.days[0] // 7) / 90) for case in cases)


def test_looking_back_equals_cutting_the_series() -> None:
    """Seen from an origin, the whole history looks exactly as if it had been cut there before it was read."""
    whole = effort()
    origin = START + pd.Timedelta(days=123)
    cut = progress_of(whole.history, threshold=90, direction="higher", origin=origin, baseline=0)
    back = look_from(whole.whole(), 123.0 - 59 * 7)

    assert np.array_equal(cut.days, back.days)
    assert np.array_equal(cut.progress, back.progress)
    assert cut.origin == back.origin


def test_every_project_weighs_the_same() -> None:
    """Weights of a project's cases add up to 1."""
    weights = group_weights(["a", "a", "b", "a"])

    assert weights.tolist() == pytest.approx([1 / 3, 1 / 3, 1, 1 / 3])


def test_rivals_on_a_straight_road() -> None:
    """On a noiseless line every method knows the week of the crossing."""
    seen = look_from(effort().whole(), -29 * 7.0)
    for method in (straight_line, recent_line, throughput):
        odds = method(seen, np.array([90.0, 119.0]))
        assert odds[0] < 0.01
        assert odds[1] > 0.99


def test_missing_rival_says_why() -> None:
    """AutoETS takes part only where statsforecast is installed, and is named otherwise."""
    here, skipped = baseline_methods()

    assert ("AutoETS" in here) != ("AutoETS" in skipped)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 50), st.booleans(), st.floats(0.1, 3)), min_size=1, max_size=12))
def test_kaplan_meier_equals_its_definition(cases: list[tuple[float, bool, float]]) -> None:
    """The weighted survival curve is the product over event times of one minus events over those at risk."""
    times, events, weights = (np.array(column) for column in zip(*cases, strict=True))
    curve = KaplanMeier(times.astype(float), events.astype(float), weights.astype(float))
    for moment in (0.5, 7.0, 25.0, 60.0):
        expected = 1.0
        for time in sorted({t for t, e, _ in cases if e and t < moment}):
            died = sum(w for t, e, w in cases if e and t == time)
            expected *= 1 - died / sum(w for t, _, w in cases if t >= time)
        assert float(curve(np.array([moment]))[0]) == pytest.approx(max(expected, 0.0), abs=1e-9)


def test_brier_without_running_cases_is_the_plain_mean() -> None:
    """With every case followed to the end the weights are the cases' own, and the score is the mean squared error."""
    random = np.random.default_rng(1)
    crossed, watched = np.where(random.random(40) < 0.5, random.uniform(1, 700, 40), np.inf), np.full(40, 800.0)
    odds = np.sort(random.random((40, 24)), axis=1)
    days = GRID[1:]
    known = ipcw_weights(crossed, watched, np.ones(40), days)
    plain = [np.mean([(odds[i, k] - (crossed[i] <= days[k])) ** 2 for i in range(40)]) for k in range(24)]

    assert brier_by_day(odds, crossed, known, days) == pytest.approx(plain)


def test_true_odds_are_calibrated() -> None:
    """Odds that are true come out calibrated and with the promised coverage, also when most histories end early."""
    random = np.random.default_rng(2)
    pace = random.uniform(0.001, 0.01, 4000)
    times, watched = random.exponential(1 / pace), random.uniform(30, 900, 4000)
    crossed = np.where(times <= watched, times, np.inf)
    odds = 1 - np.exp(-pace[:, None] * GRID)
    weights = np.ones(4000)
    known = ipcw_weights(crossed, watched, weights, GRID[1:])

    assert calibration_error(reliability(odds[:, 1:], crossed, known, GRID[1:])) < 0.02
    assert coverage(odds, crossed, watched, weights, GRID, 0.8) == pytest.approx(0.8, abs=0.02)


def test_sure_and_wrong_is_outside_the_interval() -> None:
    """A method that was sure of a date that did not come covers nothing."""
    odds = np.tile(np.where(GRID > 20, 0.995, 0.005), (10, 1))
    never = np.full(10, np.inf)

    assert coverage(odds, never, np.full(10, 900.0), np.ones(10), GRID, 0.8) == 0.0


def test_quantile_days_and_width() -> None:
    """Quantiles invert the odds; beyond the horizon they are infinite and the width counts the horizon."""
    odds = (1 - np.exp(-0.01 * GRID))[None, :]

    assert quantile_days(odds, GRID, 0.5)[0] == pytest.approx(math.log(2) / 0.01, rel=1e-6)
    assert math.isinf(quantile_days(odds * 0.1, GRID, 0.5)[0])
    assert width(odds, np.ones(1), GRID, 0.8) == pytest.approx(math.log(math.log(10) / math.log(1 / 0.9)), rel=1e-6)


def test_scores_are_kept_as_json() -> None:
    """A backtest of two efforts gives one row a method, best first, and survives a round trip through JSON."""
    answer = backtest([effort("a", 40), effort("b", 60, 1.0, "q")], every=56)
    shown_text = json.loads(json.dumps(answer, default=reason_value))

    assert shown_text["methods"][0]["brier"] <= shown_text["methods"][-1]["brier"]
    assert {row["method"] for row in shown_text["methods"]} >= {
        "T-minus",
        "straight line",
        "13-week line",
        "throughput",
    }
    assert set(shown_text["columns"]) <= set(shown_text["methods"][0])
    assert shown_text["learned_from"] == []


def test_nothing_to_score_says_what_is_needed() -> None:
    """Too short a history gives no rows and says what it takes."""
    answer = backtest([effort("a", 7)])

    assert answer["methods"] == []
    assert answer["because"] == NothingToScore(8, 6)


def test_scores_do_not_depend_on_how_often_a_project_appears() -> None:
    """A project whose series is there twice counts as before."""
    odds = np.sort(np.random.default_rng(0).random((3, 25)), axis=1)
    crossed, watched = np.array([50.0, np.inf, 200.0]), np.array([400.0, 300.0, 800.0])
    once = score_odds(odds, crossed, watched, group_weights(["a", "b", "c"]))
    double = [0, 1, 2, 2]
    twice = score_odds(odds[double], crossed[double], watched[double], group_weights(["a", "b", "c", "c"]))

    assert twice["brier"] == pytest.approx(once["brier"])
    assert twice["calibration_error"] == pytest.approx(once["calibration_error"])


def test_a_too_narrow_interval_is_stretched_before_widths_compare() -> None:
    """At equal coverage a method that is too sure is no narrower than one that says the same with its true spread."""
    random = np.random.default_rng(3)
    centre, weights = random.uniform(3.5, 5.0, 2000), np.ones(2000)
    crossed = np.exp(centre + 0.5 * random.normal(size=2000))
    log_days = np.log(np.maximum(GRID, 1e-9))
    curves = [normal_cdf((log_days - centre[:, None]) / spread) for spread in (0.5, 0.05)]
    honest, sure = (equal_coverage_width(odds, crossed, weights, GRID, 0.8) for odds in curves)
    plain = [width(odds, weights, GRID, 0.8) for odds in curves]

    assert plain[1] < 0.5 * plain[0]
    assert honest == pytest.approx(2 * normal_quantile(np.array([0.9]))[0] * 0.5, rel=0.1)
    assert sure == pytest.approx(honest, rel=0.1)


def test_width_at_equal_coverage_holds_the_share_it_names() -> None:
    """Stretched by what the score found, the intervals hold exactly the share of crossings that was asked for."""
    crossed = np.array([10.0, 20, 40, 80, 160])
    odds = np.tile(np.where(GRID >= 30, 0.95, 0.01), (5, 1))
    ends = [np.log(quantile_days(odds, GRID, p)) for p in (0.1, 0.9)]
    found = equal_coverage_width(odds, crossed, np.ones(5), GRID, 0.8)
    stretch = (found - (ends[1] - ends[0])[0]) / 2
    inside = (np.log(crossed) >= ends[0] - stretch - 1e-9) & (np.log(crossed) <= ends[1] + stretch + 1e-9)

    assert inside.mean() == 0.8
    assert equal_coverage_width(odds, np.full(5, np.inf), np.ones(5), GRID, 0.8) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=12), st.sampled_from([0.5, 0.8]))
def test_weighted_quantile_equals_repeating_the_values(pairs: list[tuple[int, int]], p: float) -> None:
    """A value of weight k counts as k values of weight 1."""
    values, weights = (np.array(column, np.float64) for column in zip(*pairs, strict=True))
    spread = np.sort(np.repeat(values, weights.astype(int)))

    assert weighted_quantile(values, weights, p) == spread[math.ceil(p * len(spread) - 1e-9) - 1]


def test_rivals_that_learned_elsewhere_take_part() -> None:
    """A constant per day is beside the others, and the Brier score by project beside that of the question asked."""
    answer = backtest([effort("a", 40), effort("b", 60, 1.0, "q")], every=56)
    methods = {row["method"]: row for row in answer["methods"]}

    assert CONSTANT in methods
    assert ("AutoETS, recalibrated" in methods) == ("AutoETS" in methods)
    assert all(0 <= row["brier_by_project"] <= 1 for row in methods.values())
