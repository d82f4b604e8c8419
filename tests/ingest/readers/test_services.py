"""Answers of quality services that were saved as files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

ROOT = Path(__file__).parents[3]
FORMATS = ROOT / "tests/fixtures/formats"


def reading(document):
    """The one reading of a fixture's name or of a document."""
    data = (FORMATS / document).read_bytes() if isinstance(document, str) else json.dumps(document).encode()
    (found,) = read_bytes(data, "answer.json")
    return found


def values(found):
    """Value by metric, or by metric and scope."""
    return {(f.metric, f.scope) if f.scope else f.metric: f.value for f in found.figures}


def gate(status, *conditions, **others):
    """The answer of the quality gate."""
    return {"projectStatus": {"status": status, "conditions": [*conditions], **others}}


def measures(*measured, **component):
    """The answer of the measures."""
    return {"component": {"key": "shop", "qualifier": "TRK", **component, "measures": [*measured]}}


def test_scorecard_gives_the_aggregate_and_each_check():
    """The aggregate and 18 checks, of ten; the three without a conclusion are unknown with its reason."""
    found = reading("scorecard-5.1-figures.json")
    scores = values(found)

    assert (found.format, found.tool_version, scores["scorecard_score"], len(scores)) == (
        "scorecard",
        "5.1.1-45-g40bbc9c9",
        2.6,
        19,
    )
    unknown = {f.scope: f.reason for f in found.figures if f.value is None}
    assert unknown == {
        "CI-Tests": "inconclusive (-1): no pull request found",
        "Packaging": "inconclusive (-1): packaging workflow not detected",
        "Signed-Releases": "inconclusive (-1): no releases found",
    }
    assert len(found.items) == 13  # below ten, unknown ones left out


@pytest.mark.parametrize("score", [-1, -1.0, "-1", 11, -2, None, "many", True])
def test_a_score_that_cannot_be_is_unknown(score):
    """What is not between 0 and 10 is unknown with a reason, never 0."""
    document = {
        "repo": {"name": "r"},
        "scorecard": {"version": "v5.5.0"},
        "score": score,
        "checks": [{"name": "Fuzzing", "score": score}],
    }

    assert [(f.value, bool(f.reason)) for f in reading(document).figures] == [(None, True)] * 2


@pytest.mark.parametrize("checks", [None, [], [{"score": 10}]])
def test_a_scorecard_without_checks_is_unknown(checks):
    """A report that lists no check proves nothing, whatever its aggregate."""
    document = {"repo": {"name": "r"}, "scorecard": {"version": "v5.5.0"}, "score": 10, "checks": checks}

    assert values(reading(document)) == {"scorecard_score": None}


def test_sonar_measures_are_those_of_the_answer():
    """Counts and shares as Sonar states them; 0.0% coverage is doubted."""
    found = reading("sonar-7-measures-figures.json")

    assert values(found) == {
        "bugs_count": 26,
        "vulnerabilities_count": 6,
        "code_smells_count": 1853,
        "duplicated_lines_percent": 41.3,
        "coverage_combined_percent": 0,
    }
    assert "no coverage report was imported" in " ".join(found.warnings)


def test_a_measure_that_sonar_does_not_have_is_unknown():
    """With the metrics asked for in the answer, one without a value is unknown; new code is a scope of its own."""
    assert values(reading("sonar-2026-measures.json")) == {
        "coverage_combined_percent": 81.4,
        "coverage_line_percent": 84,
        "coverage_branch_percent": 73.5,
        "bugs_count": 0,
        "code_smells_count": 212,
        "quality_gates_failed_count": 0,
        ("coverage_combined_percent", "new code"): pytest.approx(82.50562381034781),
        "vulnerabilities_count": None,
        ("duplicated_lines_percent", "new code"): None,
    }


def test_measures_of_a_part_do_not_count_for_the_whole():
    """A pull request and a file have scopes of their own."""
    bugs = {"metric": "bugs", "value": "3"}

    assert values(reading(measures(bugs, pullRequest="12"))) == {("bugs_count", "pull request 12"): 3}
    assert values(reading(measures(bugs, qualifier="FIL", path="src/a.py"))) == {("bugs_count", "src/a.py"): 3}


def test_measures_of_something_else_claim_nothing():
    """An answer to another question gives no figure, and says what to ask for."""
    found = reading(measures({"metric": "complexity", "value": "12"}))

    assert (found.figures, "metricKeys" in found.warnings[0]) == ((), True)


@pytest.mark.parametrize(
    ("answer", "value", "items"),
    [
        ("sonar-7-gate-figures.json", 1, 1),
        ("sonar-2025-gate-none-figures.json", None, 0),
        (gate("OK"), 0, 0),
        (gate("WARN"), 0, 0),
        (gate("ERROR"), 1, 0),
        (gate("NONE", {"status": "ERROR", "metricKey": "bugs"}), None, 1),
        (gate("OK", {"status": "ERROR", "metricKey": "bugs"}), 1, 1),
        (gate(None), None, 0),
        (gate("ok"), None, 0),
        (gate({"status": "OK"}), None, 0),
    ],
)
def test_a_gate_fails_passes_or_is_unknown(answer, value, items):
    """OK is 0 failed gates and ERROR is 1; NONE and any other word are unknown; a failed condition wins over OK."""
    found = reading(answer)

    assert (values(found), len(found.items)) == ({"quality_gates_failed_count": value}, items)
    assert all(f.value is not None or f.reason for f in found.figures)


def test_an_error_of_sonar_is_not_a_report():
    """The error document of a wrong key gives no figure."""
    found = reading({"errors": [{"msg": "Component key 'shop' not found"}]})

    assert (found.figures, found.warnings) == ((), ("an error document, not a report",))


def test_incidents_of_a_status_page_become_figures(tmp_path):
    """The program that docs/readers.md shows turns an export into figures that the generic reader takes."""
    page = (ROOT / "docs/readers.md").read_text(encoding="utf-8")
    program = re.search(r"<!-- file incidents_to_figures\.py.*?```python\n(.*?)```", page, re.DOTALL)
    assert program
    export = {
        "page": {"id": "p", "name": "Shop"},
        "incidents": [
            {"status": "investigating", "impact": "critical", "created_at": "2026-01-02T03:04:05.000Z"},
            {"status": "monitoring", "impact": "minor", "created_at": "2026-01-03T03:04:05.000+00:00"},
            {"status": "resolved", "impact": "critical", "created_at": "2026-01-01T00:00:00.000Z"},
            {"status": "postmortem", "impact": "major", "created_at": "2026-01-01T00:00:00.000Z"},
        ],
    }
    run = subprocess.run(
        [sys.executable, "-c", program[1]], input=json.dumps(export).encode(), capture_output=True, check=True
    )
    (found,) = read_bytes(run.stdout, "incidents.json")
    figures = values(found)

    assert found.format == "generic-json"
    assert figures.pop("incident_oldest_hours") > 24
    assert figures == {
        "incidents_open_count": 2,
        ("incidents_open_count", "critical"): 1,
        ("incidents_open_count", "major"): 0,
        ("incidents_open_count", "minor"): 1,
    }
