"""Keeping a forecast changes the warehouse, but not the answers of the pages."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.kept import KeptForecasts

VERSIONS = st.lists(st.tuples(st.integers(1, 1000), st.integers(1, 1000)), min_size=2, max_size=6, unique=True)


@given(VERSIONS)
def test_versions_that_differ_by_kept_forecasts_are_one(versions: list[tuple[int, int]]) -> None:
    """However many forecasts are kept one after the other, every version leads to the first."""
    books = KeptForecasts()
    for day, (before, after) in enumerate(pairwise(versions)):
        books.note_kept("a", f"day {day}", before, after)

    assert {books.evidence_version("a", version) for version in versions} == {versions[0]}
    assert books.evidence_version("b", versions[-1]) == versions[-1]


def test_two_servers_share_nothing() -> None:
    """What one server has kept is not kept for another: no state is global."""
    first, second = KeptForecasts(), KeptForecasts()
    first.note_kept("a", "2025-11-17", (1, 1), (2, 2))

    assert first.is_kept("a", "2025-11-17")
    assert not second.is_kept("a", "2025-11-17")
    assert second.evidence_version("a", (2, 2)) == (2, 2)
