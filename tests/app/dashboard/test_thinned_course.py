"""A course of very many values in a chart that is a thousand pixels wide."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dashboard.alt_texts import series_about
from app.dashboard.tables.factors import MOST_POINTS, thinned

SHAPES = st.tuples(st.integers(MOST_POINTS + 1, 1500), st.integers(0, 2**31), st.floats(0, 1))


def course(values: list[float]) -> pd.DataFrame:
    """A frame as the chart gets it, its index not in order."""
    at = pd.date_range("2025-01-01", periods=len(values), tz="UTC")
    return pd.DataFrame({"at": at, "value": values, "kind": "measured"}, index=range(len(values), 0, -1))


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_no_extreme_and_no_end_is_lost(shape: tuple[int, int, float]) -> None:
    """Ends, the lowest and the highest value and every gap stay, in order; at most four rows of each stretch."""
    many, seed, gaps = shape
    chance = np.random.default_rng(seed)
    whole = course(list(np.where(chance.random(many) < gaps, np.nan, chance.integers(-5, 5, many))))
    drawn = thinned(whole)
    assert drawn["at"].is_monotonic_increasing
    assert (drawn.iloc[0]["at"], drawn.iloc[-1]["at"]) == (whole.iloc[0]["at"], whole.iloc[-1]["at"])
    assert drawn["value"].isna().sum() == whole["value"].isna().sum()
    for ask in (np.nanmin, np.nanmax):
        if whole["value"].notna().any():
            assert ask(drawn["value"]) == ask(whole["value"])
    assert drawn["value"].notna().sum() <= MOST_POINTS


def test_a_course_that_fits_is_drawn_whole() -> None:
    """Nothing is left out of as many values as a chart can show; of more, the words below it say so."""
    fits = course([float(n % 7) for n in range(MOST_POINTS)])
    assert thinned(fits) is fits
    assert "are drawn" not in series_about(fits)
    many = course([float(n % 7) for n in range(1460)])
    assert len(thinned(many)) <= MOST_POINTS
    assert "Of 1,460 values, those at the ends and the lowest and highest of each stretch are drawn." in series_about(
        many
    )
