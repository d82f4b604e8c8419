"""Figures in words: comparator, value and unit, as a person would read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.plan_drafting.language.quantities import demands, figures, in_unit, unit_of


@pytest.mark.parametrize(
    ("words", "comparator", "value", "dimension"),
    [
        (">15%", ">", 15, "share"),
        ("<10MB", "<", 10_000_000, "bytes"),
        ("<10MB/hr", "<", 10_000_000, "bytes/hour"),
        ("Memory growth <10MB/hour", "<", 10_000_000, "bytes/hour"),
        (">7.0", ">", 7, ""),
        ("Minimum 15% test coverage achieved", ">=", 15, "share"),
        ("Load time <5 seconds", "<", 5, "seconds"),
        ("Rollback procedures tested (<60s)", "<", 60, "seconds"),
        ("p95 < 300 ms", "<", 0.3, "seconds"),
        ("at most 2 minutes", "<=", 120, "seconds"),
        ("≥ 90 %", ">=", 90, "share"),
        ("coverage of 80% or more", ">=", 80, "share"),
        ("no more than 1,200 errors", "<=", 1200, ""),
        ("61,2 % or better", ">=", 61.2, "share"),
        ("< 4 MiB", "<", 4 * 2**20, "bytes"),
        ("39+ TODO markers", ">=", 39, ""),
        ("zero critical incidents", "<=", 0, ""),
        ("No TODO markers", "<=", 0, ""),
        ("scores (>4.0/5.0)", ">", 4, "mark"),
    ],
)
def test_demands_are_read_as_written(words, comparator, value, dimension):
    """Comparator, value in the base unit and dimension come out of the words."""
    (found,) = demands(words)
    assert (found.comparator, found.dimension) == (comparator, dimension)
    assert found.value == pytest.approx(value)
    assert found.words in words


@pytest.mark.parametrize(
    "words", ["OpenAPI 3.0.3", "AES-256-GCM", "2025-09-08 10:30", "HTTP2", "v1.2", "24-48 hours", ""]
)
def test_versions_dates_and_names_are_no_figures(words):
    """Digits that are part of a name, a version or a date say nothing."""
    assert figures(words) == []


def test_marks_and_plain_statements_carry_no_comparator():
    """8.2/10 and 465MB state something and demand nothing."""
    mark, size = figures("8.2/10")[0], figures("465MB bundle")[0]
    assert (mark.value, mark.of, mark.comparator, unit_of(mark)) == (8.2, 10, None, "points of 10")
    assert (size.value, size.comparator) == (465_000_000, None)


@pytest.mark.parametrize(
    ("words", "unit", "value"),
    [
        ("8.2/10", "percent", None),
        ("68/100", "percent", 68),
        ("10MB", "bytes", 10_000_000),
        ("10MB", "seconds", None),
        ("10MB/h", "MB/h", 10),
        ("10MB", "MB/h", None),
        ("6/7 tests", "tests", 6),
        ("39+", "markers", 39),
        ("5s", "percent", None),
        ("90/100", "points", 90),
    ],
)
def test_a_figure_meets_only_metrics_of_its_unit(words, unit, value):
    """A size never becomes a time, and a mark out of ten never a percentage."""
    assert in_unit(figures(words)[0], unit) == value


@given(st.text(max_size=200))
def test_any_text_is_read_without_trouble(text):
    """Places lie inside the text and values are finite."""
    for figure in figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.value >= 0 and figure.value < 1e30
