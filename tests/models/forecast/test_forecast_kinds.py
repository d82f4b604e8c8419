"""Each kind of history gets the right kind of answer, as docs/forecast.md says."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from models.forecast import CrossingForecast, forecast_crossing
from models.reasons.forecast import ComparableMoments, DistanceLeft, Pace, StoppedJustShort, TooLittleHistory
from tests.testing.forecast_series import THRESHOLD, kinds

DOCS = Path(__file__).resolve().parents[3] / "docs" / "forecast.md"
ROW = re.compile(r"^\| ([a-z0-9% -]+) \| `(\w+)` \|", re.MULTILINE)


def ask(kind: str) -> CrossingForecast:
    return forecast_crossing(kinds()[kind], threshold=THRESHOLD, direction="lower")


def promised() -> list[tuple[str, str]]:
    return ROW.findall(DOCS.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "outcome"), promised())
def test_documented_kind(kind: str, outcome: str) -> None:
    """The table of the documentation is what the forecast answers."""
    assert ask(kind).outcome == outcome


def test_documentation_names_every_kind() -> None:
    """No kind of history is tested without being documented, or documented without being tested."""
    assert {kind for kind, _ in promised()} == set(kinds())


@pytest.mark.parametrize(
    "kind", ["flat", "falling", "saw-tooth", "oscillating", "three points", "stopped just below", "stalled at 95%"]
)
def test_no_date_without_evidence(kind: str) -> None:
    """A refusal gives no date at any level of odds, and says why."""
    found = ask(kind)

    assert all(math.isinf(found.quantile(p)) for p in (0.01, 0.1, 0.5, 0.9))
    assert found.interval(0.8) == (math.inf, math.inf)
    assert found.date(0.5) is None
    assert found.because


def test_thin_history_says_what_to_measure() -> None:
    """Too few observations: the answer names how many are wanted, and gives no odds at all."""
    found = ask("three points")

    assert isinstance(found.because, TooLittleHistory)
    assert (found.because.missing_observations, found.because.missing_weeks) == (3, 2)
    assert math.isnan(found.probability_by(90))


def test_already_there_is_dated_today() -> None:
    """A criterion that holds is dated at the origin, and is not certain to stay."""
    found = ask("already there")

    assert found.quantile(0.5) == 0.0
    assert 0.9 < found.probability_by(0) < 1.0
    assert found.date(0.5) == found.origin


def test_a_long_stay_is_surer_than_a_fresh_arrival() -> None:
    """The longer it has stood at the threshold, the likelier it stays."""
    assert ask("already there").probability_by(0) > ask("just arrived").probability_by(0)


def test_stopping_just_below_is_reported() -> None:
    """The most common failure is named among the reasons."""
    assert StoppedJustShort() in ask("stopped just below").drivers


def test_reasons_carry_figures() -> None:
    """Pace, pace needed, distance left and the outcome of comparable efforts are all among the drivers."""
    found = ask("steady")

    assert found.pace_seen == pytest.approx(-2.0)
    assert found.pace_needed == pytest.approx(-(22 - 10) / 26)
    pace, left, *_, comparable = found.drivers
    assert isinstance(pace, Pace)
    assert isinstance(left, DistanceLeft)
    assert isinstance(comparable, ComparableMoments)
    assert (pace.pace, left.left, left.whole) == (pytest.approx(-2.0), pytest.approx(12.0), pytest.approx(90.0))


def test_wrong_questions_are_refused() -> None:
    """A direction or threshold that means nothing raises at once."""
    with pytest.raises(ValueError, match="direction"):
        forecast_crossing(kinds()["steady"], threshold=1, direction="down")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="finite"):
        forecast_crossing(kinds()["steady"], threshold=math.nan, direction="lower")
