"""The order of projects, and what holds them back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.overview import WORST_FIRST, HoldingBack, OpenCriterion, Standing, held_back_by, worst_first

STANDINGS = st.lists(
    st.builds(
        Standing,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(WORST_FIRST),
        st.none() | st.floats(0, 100),
        st.none() | st.floats(0, 1),
    ),
    max_size=6,
)


def test_the_worst_project_comes_first():
    """What cannot be read comes first, GO last; within a verdict unknown odds, then the lowest."""
    rows = [
        Standing("go", "GO", 95, None),
        Standing("likely", "NO-GO", 50, 0.9),
        Standing("unlikely", "NO-GO", 70, 0.1),
        Standing("unknown", "NO-GO", 80, None),
        Standing("gone", "unreadable", None, None),
        Standing("waived", "CONDITIONAL GO", 92, 0.5),
    ]
    assert [row.name for row in worst_first(rows)] == ["gone", "unknown", "unlikely", "likely", "waived", "go"]


@settings(max_examples=60, deadline=None)
@given(STANDINGS)
def test_the_order_loses_nothing(rows):
    """The list holds the same projects, and its order does not depend on the order they come in."""
    assert sorted(worst_first(rows), key=repr) == sorted(rows, key=repr)
    assert [r.name for r in worst_first(rows)] == [r.name for r in worst_first(rows[::-1])] or len(set(rows)) < len(
        rows
    )


def test_what_fails_most_often_holds_back_most():
    """A project counts once for a subject, as failing where any of its criteria of that subject fails."""
    rows = [
        OpenCriterion("a", "coverage", True),
        OpenCriterion("a", "coverage", False),
        OpenCriterion("b", "coverage", False),
        OpenCriterion("a", "tests", False),
        OpenCriterion("b", "tests", False),
        OpenCriterion("c", "bundle", True),
    ]
    assert held_back_by(rows) == [
        HoldingBack("coverage", ("a",), ("b",)),
        HoldingBack("tests", (), ("a", "b")),
        HoldingBack("bundle", ("c",), ()),
    ]
