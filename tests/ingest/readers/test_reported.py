"""Misreadings that users of other tools reported in public: what the report holds, and what we answer.

Each name is the repository and number of the report; the documents are written for this project with its figures.
"""

from __future__ import annotations

import json

import pytest

from ingest.readers.registry import read_bytes

TIMES = {
    "testng-team/testng#198": ("0,160", 0.16),
    "apache/maven-surefire#1025": ("0,03", 0.03),
    "ben-challis/greenlight#1786": ("0,500000", 0.5),
    "apache/maven-surefire#2707": ("2,120.532", 2120.532),
    "apache/maven-surefire#2707 (case)": ("1,024.12", 1024.12),
    "junit-team/junit-framework#1381": ("14,029.255", 14029.255),
    "joshdk/go-junit#38": ("1,234.56", 1234.56),
    "weiwei/junitparser#58": ("1,200.058", 1200.058),
    "jenkinsci/junit-plugin#43 (nobody can tell)": ("1,234", None),
    "a second in nanoseconds": ("1000000000", None),
}


def values(document, name="report"):
    """Metric -> value of the whole, and all warnings in one text."""
    data = document if isinstance(document, str) else json.dumps(document)
    (reading,) = read_bytes(data.encode(), name)
    return {f.metric: f.value for f in reading.figures if not f.scope}, " | ".join(reading.warnings)


@pytest.mark.parametrize("source", TIMES)
def test_a_duration_is_read_as_it_was_written(source):
    """A decimal comma, a thousands sign, or unknown where nobody can tell."""
    text, seconds = TIMES[source]
    found, _ = values(f'<testsuite tests="1"><testcase name="a" time="{text}"/></testsuite>')
    assert found["tests_duration_seconds"] == (None if seconds is None else pytest.approx(seconds))


def test_one_telling_duration_explains_the_others():
    """ "1,234" beside "0,5" has a decimal comma; beside "2,120.5" it is a thousand."""
    for other, seconds in (("0,5", 1.734), ("2,120.5", 3354.5)):
        cases = "".join(f'<testcase name="{text}" time="{text}"/>' for text in ("1,234", other))
        assert values(f"<testsuite>{cases}</testsuite>")[0]["tests_duration_seconds"] == pytest.approx(seconds)


def cobertura(attributes: str, hits: str) -> str:
    """A Cobertura file with these attributes of its root, and one line a digit."""
    lines = "".join(f'<line number="{at}" hits="{hit}"/>' for at, hit in enumerate(hits, 1))
    return f'<coverage {attributes}><class filename="a.py"><lines>{lines}</lines></class></coverage>'


PASSING = '<testcase name="a" classname="c"/>'
ERROR = '<testcase name="b" classname="Test suite failed to run"><error>no module</error></testcase>'
REPORTED = {  # source -> (document, metric, value, whether a warning is due)
    "jeremiah-c-leary/vhdl-style-guide#167": (
        f'<testsuite errors="0" failures="7">{PASSING}</testsuite>',
        "tests_failed",
        7,
        True,
    ),
    "dorny/test-reporter#221": (
        f'<testsuites errors="1"><testsuite errors="1" tests="0">{ERROR}</testsuite></testsuites>',
        "tests_errored",
        1,
        False,
    ),
    "test-results-reporter/parser#126": (
        f'<testsuites tests="2" errors="1"><testsuite tests="2" errors="1">{PASSING}{ERROR}</testsuite></testsuites>',
        "tests_failed",
        1,
        False,
    ),
    "jest-community/jest-junit#46": (
        f'<testsuites tests="1" errors="1"><testsuite tests="1">{PASSING}</testsuite></testsuites>',
        "tests_failed",
        1,
        True,
    ),
    "xd009642/tarpaulin#872": (
        cobertura('lines-covered="158" lines-valid="217" line-rate="0.364"', "1"),
        "coverage_line_percent",
        36.4,
        True,
    ),
    "dotnet/skills#945": (
        cobertura('lines-covered="35" lines-valid="60" line-rate="0.47"', "1"),
        "coverage_line_percent",
        47,
        True,
    ),
    "dotnet/skills#958": (cobertura('line-rate="0.75"', "1001"), "coverage_line_percent", 50, False),
    "danielpalme/ReportGenerator#153": (
        cobertura('line-rate="78" lines-covered="676" lines-valid="2316"', ""),
        "coverage_line_percent",
        100 * 676 / 2316,
        False,
    ),
    "scoverage/scalac-scoverage-plugin#148": (
        cobertura('line-rate="0.5" lines-covered="4" lines-valid="2"', "1100"),
        "coverage_line_percent",
        50,
        True,
    ),
    "npm/cli#5524": (
        {
            "auditReportVersion": 2,
            "vulnerabilities": {"a": {"severity": "high", "via": []}},
            "metadata": {"vulnerabilities": {"low": 0, "moderate": 0, "high": 0, "critical": 0, "total": 13}},
        },
        "findings_high_count",
        1,
        True,
    ),
    "semgrep/semgrep#10072": (
        {
            "version": "1",
            "results": [],
            "errors": [{"code": 2, "level": "error", "message": "Other syntax error"}],
            "paths": {"scanned": []},
        },
        "findings_high_count",
        None,
        False,
    ),
    "semgrep/semgrep-action#407": (
        {"version": "1", "results": [], "errors": [], "paths": {"scanned": []}},
        "findings_high_count",
        None,
        False,
    ),
    "hapijs/lab#682": (
        "TAP version 13\nok 1 - a\nok 2 - b\n1..2\n# tests 2\n# pass 2\n# fail 1\n",
        "tests_failed",
        1,
        True,
    ),
}


@pytest.mark.parametrize("source", REPORTED)
def test_a_reported_misreading_is_not_ours(source):
    """The failing side of the report counts, or nothing does; a contradiction is reported."""
    document, metric, value, warned = REPORTED[source]
    found, reported = values(document)
    assert found[metric] == (None if value is None else pytest.approx(value))
    assert bool(reported) is warned
