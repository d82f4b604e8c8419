"""Reports of tools that run nowhere here, reduced to their figures, give what was counted without our readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parent / "fixtures/formats"

# file -> (passed, failed with errored ones, errored, skipped)
DART = {"dart-1.15-figures.jsonl": (1, 4, 3, 1), "dart-1.23-figures.jsonl": (16, 3, 2, 1)}
# file -> (covered lines, lines)
XCODE = {"xccov-figures.json": (294, 587), "xccov-targets-figures.json": (125, 2167)}
# file -> (reader, tool's version, critical, high, medium, low)
FINDINGS = {
    "grype-0.24-figures.json": ("grype", "0.24.0", (2, 2, 5, 0)),
    "grype-0.94-figures.json": ("grype", "0.94.0", (1, 10, 2, 2)),
    "codeql-2.12-figures.sarif": ("sarif", "2.12.5", (0, 4, 12, 0)),
    "codeql-2.20-figures.sarif": ("sarif", "2.20.7", (3, 18, 0, 0)),
    "codeql-2.23-figures.sarif": ("sarif", "2.23.0", (2, 0, 0, 0)),
}


def read(name: str):
    (reading,) = read_bytes((FORMATS / name).read_bytes(), name)
    return reading


@pytest.mark.parametrize("name", DART)
def test_dart_counts_what_ran_and_not_the_loading_of_files(name):
    """Hidden tests are the runner's own; an error is a failure of another kind, and both are items."""
    reading = read(name)
    figures = {figure.metric: figure.value for figure in reading.figures if not figure.scope}
    passed, failed, errored, skipped = DART[name]

    assert reading.format == "dart-test"
    assert figures["tests_total"] == passed + failed + skipped
    assert (figures["tests_passed"], figures["tests_failed"]) == (passed, failed)
    assert (figures["tests_errored"], figures["tests_skipped"]) == (errored, skipped)
    assert len(reading.items) == failed


@pytest.mark.parametrize("name", XCODE)
def test_xcode_states_lines_of_targets(name):
    """The whole is the share of all lines, with a list of targets as with a full report."""
    reading = read(name)
    whole = {figure.metric: figure.value for figure in reading.figures if not figure.scope}
    covered, lines = XCODE[name]

    assert reading.format == "xccov"
    assert whole["coverage_line_percent"] == pytest.approx(100 * covered / lines)
    assert whole["coverage_branch_percent"] is None


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_are_counted_by_severity(name):
    """Grype names severities, CodeQL scores its rules, which results name by their index."""
    reading = read(name)
    form, version, counts = FINDINGS[name]
    figures = [figure.value for figure in reading.figures if not figure.scope]

    assert (reading.format, reading.tool_version) == (form, version)
    assert tuple(figures) == counts
    assert len(reading.items) == sum(counts)


@pytest.mark.parametrize("name", [*DART, *XCODE, *FINDINGS])
def test_nothing_but_figures_is_kept_of_a_foreign_report(name):
    """No address but that of the schema, no sentence, nobody's path."""
    text = (FORMATS / name).read_text(encoding="utf-8")
    words = set(re.findall(r'"((?:[^"\\]|\\.)*)"', text))

    assert len(text) < 40_000
    assert not [word for word in words if "://" in word and not re.match(r"https://[\w./-]+schema|http://127\.", word)]
    assert not [word for word in words if word.count(" ") > 3 or len(word) > 90]
