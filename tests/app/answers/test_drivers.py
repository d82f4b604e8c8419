"""A reader of a refusal meets each reason once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from app.answers.forecast import crossing_answer
from models.reasons.forecast import NoProgress, Stalled, StoppedJustShort, StoppedShort
from models.series.curve import CrossingForecast


@pytest.mark.parametrize(
    ("because", "kinds"),
    [
        (StoppedShort(0.3, 730), ["stalled"]),
        (NoProgress(0.0, 26.0, 0.3, 730), ["stopped_just_short", "stalled"]),
    ],
)
def test_no_driver_repeats_the_reason(because: StoppedShort | NoProgress, kinds: list[str]) -> None:
    """That progress stopped just short is the reason or a driver, not both."""
    days, chances = np.array([0.0, 730.0]), np.array([0.0, 0.3])
    drivers = (StoppedJustShort(), Stalled(170.0))
    crossing = CrossingForecast(
        "not_at_this_rate", because, pd.Timestamp("2026-11-27", tz="UTC"), 730, days, chances, drivers
    )
    found = crossing_answer(crossing)
    words = " ".join([found["because"], *found["drivers"]])
    assert [reason["kind"] for reason in found["driver_reasons"]] == kinds
    assert len(found["drivers"]) == len(kinds) and words.count("stopped just short") == 1
