"""The unit of a single thing in English."""

from __future__ import annotations

import pytest

from app.wording.numbers import pace, pace_amount, quantity


@pytest.mark.parametrize(
    ("unit", "text"),
    [("matches", "1 match"), ("entries", "1 entry"), ("tests", "1 test"), ("files", "1 file"), ("MB/h", "1 MB/h")],
)
def test_one_of_a_unit_is_singular(unit: str, text: str) -> None:
    """Plurals on -es and -ies lose the whole ending."""
    assert quantity(1, unit) == text


@pytest.mark.parametrize(("value", "unit", "text"), [(-1, "markers", "−1 marker"), (1, "percent", "+1 pp")])
def test_a_pace_of_one_is_singular(value: float, unit: str, text: str) -> None:
    """A pace carries its sign before the amount."""
    assert pace_amount(value, unit) == text


def test_a_pace_of_one_percentage_point_is_singular() -> None:
    """In a sentence the unit is written out."""
    assert pace(1, "percent") == "+1 percentage point a week"
