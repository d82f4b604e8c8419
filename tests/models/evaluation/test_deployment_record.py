"""Forecasts of GO beside the day of the deployment."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd

from app.wording.track_record import deployment_record
from models.evaluation.deployment_record import score_deployment

DEPLOYED = datetime(2025, 9, 10, 22, 30, tzinfo=UTC)
DAY = date(2025, 9, 11)  # in the zone of the team


def kept(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(day, json.dumps({"quantiles": {"p50": p50, "p80": p80}})) for day, p50, p80 in rows],
        columns=["origin", "answer"],
    )
    origin = pd.to_datetime(frame["origin"], utc=True)
    return frame.assign(subject="go", origin=origin, made_at=origin)


def test_dates_are_compared_with_the_day_of_the_deployment() -> None:
    """The median error is that of the 50% dates; a forecast made after the deployment does not count."""
    forecasts = kept(
        ("2025-08-01", "2025-09-21", "2025-10-01"),
        ("2025-08-08", "2025-09-13", "2025-09-30"),
        ("2025-08-15", "2025-09-01", "2025-09-05"),
        ("2025-08-22", None, None),
        ("2025-09-12", "2025-09-01", "2025-09-01"),
    )

    scored = score_deployment(forecasts, DEPLOYED, DAY)

    assert scored == {
        "deployed_on": "2025-09-11",
        "forecasts": 4,
        "dated": 3,
        "median_error_days": 2.0,
        "came_by": {"p50": 2 / 3, "p80": 2 / 3},
    }
    assert deployment_record({"deployment": scored}) == (  # type: ignore[typeddict-item]
        "First deployed to users on 11 Sep 2025: the 50% date of 3 forecasts of GO was 2 days later (median); "
        "it came by the 80% date in 67% of them."
    )


def test_without_a_date_nothing_is_compared() -> None:
    """A forecast that gave no date before the deployment is no error of zero days."""
    scored = score_deployment(kept(("2025-08-22", None, None)), DEPLOYED, DAY)

    assert (scored["dated"], scored["median_error_days"], scored["came_by"]["p50"]) == (0, None, None)
    assert "none can be compared" in deployment_record({"deployment": scored})  # type: ignore[typeddict-item]
