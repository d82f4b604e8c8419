"""What must hold for every history."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecast import CrossingForecast, forecast_crossing

DAYS = [0, 1, 7, 20, 60, 182, 365, 600, 730]
START = pd.Timestamp("2024-03-01", tz="UTC")
FEW = settings(max_examples=15, deadline=None)


@st.composite
def histories(draw: Any) -> pd.Series:
    """Irregular histories that rise from about 0 toward 100 with stalls, steps and setbacks."""
    count = draw(st.integers(12, 60))
    gaps = draw(st.lists(st.integers(3, 14), min_size=count, max_size=count))
    steps = draw(st.lists(st.sampled_from([0.0, 0.0, 0.25, 1.0, 2.5, 9.0, -0.5, -3.0]), min_size=count, max_size=count))
    days = pd.to_timedelta(np.cumsum(gaps), unit="D")
    return pd.Series(np.minimum(np.cumsum(steps), 95.0), index=START + days)


def ask(history: pd.Series, threshold: float = 100.0, **more: Any) -> CrossingForecast:
    return forecast_crossing(history, threshold=threshold, direction="higher", baseline=-5.0, **more)


@FEW
@given(histories())
def test_odds_rise_with_the_horizon(history: pd.Series) -> None:
    """P(crossed by d) never falls with d and never says 0 or 1."""
    odds = ask(history).probability_by(DAYS)

    assert np.all(np.diff(odds) >= 0)
    assert np.all((odds > 0) & (odds < 1))


@FEW
@given(histories(), st.floats(96, 150), st.floats(0.5, 80))
def test_a_harder_threshold_is_never_sooner(history: pd.Series, threshold: float, more: float) -> None:
    """More remaining way, all else equal, lowers the odds for every day."""
    easier, harder = ask(history, threshold), ask(history, threshold + more)

    assert np.all(harder.probability_by(DAYS) <= easier.probability_by(DAYS) + 1e-9)


@FEW
@given(histories(), st.floats(0.2, 0.9), st.floats(0.5, 60))
def test_who_is_there_is_not_behind_who_is_on_the_way(history: pd.Series, share: float, more: float) -> None:
    """A threshold that is reached already has at least the odds of a harder one, for every day."""
    reached = -5.0 + share * (float(history.iloc[-1]) + 5.0)
    there, harder = ask(history, reached), ask(history, max(reached, float(history.iloc[-1])) + more)

    assert np.all(harder.probability_by(DAYS) <= there.probability_by(DAYS) + 1e-9)


@FEW
@given(histories(), st.sampled_from([0.001, 0.1, 3.0, 1024.0]), st.sampled_from([-1000.0, 0.0, 7.0]))
def test_units_change_nothing(history: pd.Series, scale: float, shift: float) -> None:
    """A metric in other units, with another offset, or counted down instead of up gets the same odds."""
    plain = ask(history).probability_by(DAYS)
    scaled = forecast_crossing(
        history * scale + shift, threshold=100 * scale + shift, direction="higher", baseline=-5 * scale + shift
    )
    mirrored = forecast_crossing(-history, threshold=-100.0, direction="lower", baseline=5.0)

    assert scaled.probability_by(DAYS) == pytest.approx(plain, abs=1e-6)
    assert mirrored.probability_by(DAYS) == pytest.approx(plain, abs=1e-6)


@FEW
@given(histories(), st.integers(0, 50))
def test_repeated_rows_change_nothing(history: pd.Series, row: int) -> None:
    """The same observation twice is one observation."""
    place = row % len(history)
    twice = pd.concat([history, history.iloc[[place]]]).sort_index(kind="stable")

    assert np.array_equal(ask(twice).odds, ask(history).odds, equal_nan=True)


@FEW
@given(histories(), st.floats(-1e6, 1e6))
def test_the_future_is_never_read(history: pd.Series, poison: float) -> None:
    """Rows after the origin, however wild, leave the forecast as it is."""
    origin = history.index[-1]
    after = pd.Series([poison, math.inf, -poison], index=origin + pd.to_timedelta([1, 2, 400], unit="h") * 24)

    assert np.array_equal(ask(pd.concat([history, after]), origin=origin).odds, ask(history).odds, equal_nan=True)


@FEW
@given(histories())
def test_quantiles_invert_the_odds(history: pd.Series) -> None:
    """The odds at the p-quantile are p, wherever a date is given."""
    found = ask(history)
    for p in (0.1, 0.5, 0.8):
        days = found.quantile(p)
        assert math.isinf(days) or found.probability_by(days) == pytest.approx(p, abs=1e-9)


# Of 500 such series the median move is 0.06 points and the 99th percentile 1.3; rare ones, which stand for long after
# one step, reach 8. The same series each time: the bound is a measured one, not a law.
@settings(FEW, derandomize=True)
@given(histories(), st.sampled_from([91, 182, 365]))
def test_one_more_equal_observation_hardly_moves_the_odds(history: pd.Series, day: int) -> None:
    """The last value measured again a day later changes the odds by a fixed day by less than 10 percentage points."""
    again = pd.concat([history, pd.Series([history.iloc[-1]], index=[history.index[-1] + pd.Timedelta(days=1)])])

    assert abs(ask(again).probability_by(day - 1) - ask(history).probability_by(day)) < 0.10


def test_same_seed_same_answer() -> None:
    """Two calls with one seed agree to the last bit; time zones and order of rows do not matter."""
    index = pd.date_range("2025-01-01", periods=30, freq="5D", tz="UTC")
    history = pd.Series(np.linspace(0, 60, 30) + np.sin(np.arange(30)), index=index)
    moved = history.sample(frac=1, random_state=1).tz_convert("Asia/Tokyo")

    assert np.array_equal(ask(history, seed=3).odds, ask(history, seed=3).odds)
    assert np.array_equal(ask(moved).odds, ask(history).odds)


def test_a_longer_horizon_does_not_change_nearer_odds() -> None:
    """Asking three years ahead leaves the odds of the first two as they were."""
    index = pd.date_range("2025-01-01", periods=30, freq="7D", tz="UTC")
    history = pd.Series(np.linspace(0, 60, 30), index=index)
    near, far = ask(history, horizon_days=365), ask(history, horizon_days=1095)

    assert near.probability_by([30, 200, 360]) == pytest.approx(far.probability_by([30, 200, 360]), abs=1e-9)
    assert far.probability_by(1095) >= far.probability_by(730)
