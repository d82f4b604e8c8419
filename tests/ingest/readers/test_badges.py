"""Coverage badges, as real tools draw them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.readers.registry import read_bytes

FIXTURES = Path(__file__).parents[2] / "fixtures" / "badges"


def read(data: bytes, name: str = "badge.svg"):
    return read_bytes(data, name)[0]


@pytest.mark.parametrize(
    ("name", "value"), [("anybadge-1.16.0.svg", 87.4), ("coverage-badge-1.1.2.svg", 87), ("genbadge-1.1.3.svg", 87.42)]
)
def test_the_number_in_the_picture_is_the_coverage(name, value):
    """Each tool's picture gives the percentage that it shows."""
    reading = read((FIXTURES / name).read_bytes(), name)
    assert reading.format == "badge-svg"
    assert [(f.metric, f.value, f.unit) for f in reading.figures] == [("coverage_line_percent", value, "percent")]


def test_the_document_behind_a_badge_of_jacoco():
    """jacoco-badge-generator 2.12.1 prints coverage=0.7236842105263158 and cuts it to 72.3% in its document."""
    data = (FIXTURES.parent / "formats" / "jacoco-badge-2.12.json").read_bytes()
    (reading,) = read_bytes(data, "jacoco.json")
    assert reading.format == "badge-json"
    assert [(f.metric, f.value, f.unit) for f in reading.figures] == [("coverage_line_percent", 72.3, "percent")]


def endpoint(label: str, message: str) -> bytes:
    return json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": "green"}).encode()


@pytest.mark.parametrize(
    ("label", "message", "metric", "value"),
    [
        ("coverage", "87%", "coverage_line_percent", 87),
        ("Coverage", "87.25 %", "coverage_line_percent", 87.25),
        ("coverage: branches", "61%", "coverage_branch_percent", 61),
        ("coverage", "unknown", "coverage_line_percent", None),
        ("coverage", "n/a of 80% and 90%", "coverage_line_percent", None),
        ("coverage:statements", "61%", "coverage_line_percent", None),
        ("docs coverage", "61%", "coverage_line_percent", None),
        ("coverage", "187%", "coverage_line_percent", None),
    ],
)
def test_endpoint_json(label, message, metric, value):
    """Label and message decide; another kind of coverage, no number or two are unknown with the reason."""
    figure = read(endpoint(label, message), "badge.json").figures[0]
    assert (figure.metric, figure.value) == (metric, value)
    assert bool(figure.reason) == (value is None)


def test_other_pictures_are_no_badges():
    """A drawing, and the badge of a licence, are left alone."""
    for text in ("<svg><path d='M0 0'/></svg>", "<svg><text>licence</text><text>MIT</text></svg>"):
        assert read(text.encode()).figures == ()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2000), st.integers(0, 255), st.integers(0, 2000))
def test_a_damaged_badge_shows_no_figure_of_its_own(place, byte, end):
    """Cut off or with a flipped byte, a badge gives a percentage or a reason, never an error."""
    data = bytearray((FIXTURES / "anybadge-1.16.0.svg").read_bytes())
    data[place % len(data)] = byte
    for figure in read(bytes(data[: max(end, 1)])).figures:
        assert figure.reason if figure.value is None else 0 <= figure.value <= 100
