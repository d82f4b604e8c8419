"""Claims beside the evidence of their week."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from models.claims import ClaimedDay, most_contradictory_day, with_evidence


def claims(*rows: tuple[str, float]) -> pd.DataFrame:
    at = pd.to_datetime([day for day, _ in rows], utc=True)
    return pd.DataFrame({"at": at, "day": at.tz_localize(None).floor("D"), "value": [value for _, value in rows]})


WEEKLY = pd.DataFrame({"at": pd.to_datetime(["2025-09-01", "2025-09-08"], utc=True), "readiness": [10.0, 20.0]})


def test_a_claim_is_beside_the_nearest_week() -> None:
    """Each claim gets the readiness of the nearest week, none beyond a week; the newest claim comes first."""
    joined = with_evidence(claims(("2025-09-02", 90.0), ("2025-09-30", 95.0), ("2025-09-07", 80.0)), WEEKLY)

    assert list(joined["value"]) == [95.0, 80.0, 90.0]
    assert joined["readiness"].fillna(-1).tolist() == [-1.0, 20.0, 10.0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2025-09-02", 90.0)], ClaimedDay(date(2025, 9, 2), 1, 90.0, 90.0, 10.0)),
        (
            [("2025-09-02", 90.0), ("2025-09-02", 10.0), ("2025-09-08", 70.0), ("2025-09-08", 75.0)],
            ClaimedDay(date(2025, 9, 2), 2, 10.0, 90.0, 10.0),
        ),
        (
            [("2025-09-02", 90.0), ("2025-09-02", 10.0), *(("2025-10-08", value) for value in (1.0, 2.0, 3.0))],
            ClaimedDay(date(2025, 10, 8), 3, 1.0, 3.0, None),
        ),
    ],
)
def test_the_most_contradictory_day_has_the_most_values(rows: list[tuple[str, float]], expected: ClaimedDay) -> None:
    """More different values count first, then the wider range; evidence further than a week away is none."""
    assert most_contradictory_day(with_evidence(claims(*rows), WEEKLY)) == expected


def test_no_claims_have_no_day() -> None:
    """Without claims there is nothing to contradict."""
    assert most_contradictory_day(claims()) is None
