"""The unit of a single thing in English."""

from __future__ import annotations

import pytest

from app.wording.numbers import quantity


@pytest.mark.parametrize(
    ("unit", "text"),
    [("matches", "1 match"), ("entries", "1 entry"), ("tests", "1 test"), ("files", "1 file"), ("MB/h", "1 MB/h")],
)
def test_one_of_a_unit_is_singular(unit: str, text: str) -> None:
    """Plurals on -es and -ies lose the whole ending."""
    assert quantity(1, unit) == text
