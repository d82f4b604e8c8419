"""Older and other versions of one tool, each run on a program of our own, are read as that version itself counts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ingest.readers.coverage.merge import merge_coverage
from ingest.readers.registry import read_bytes
from tests.testing.reports import read, whole

FORMATS = Path(__file__).parents[2] / "fixtures/formats"

# file -> (reader, covered lines, lines, covered branches, branches), as the tool prints them
COVERAGE = {
    # coverage report: 20 statements, 5 missed (version 5 does not know Python 3.11); 18 and 3; 8 branches, 2 missed.
    "coverage-py-5.5.json": ("coverage-py-json", 15, 20, 6, 8),
    "coverage-py-5.5.cobertura.xml": ("cobertura", 15, 20, 6, 8),
    "coverage-py-6.5.json": ("coverage-py-json", 15, 18, 6, 8),
    "coverage-py-7.2.lcov.info": ("lcov", 15, 18, 6, 8),
    # Its lcov counts two docstrings as covered, and not among its lines: it would be 17 of 18.
    "coverage-py-6.5.lcov.info": ("lcov", 15, 18, 6, 8),
    # gcovr: 8 of 10 lines, 3 of 6 branches.
    "gcovr-5.2.json": ("gcovr-json", 8, 10, 3, 6),
    "gcovr-5.2.summary.json": ("gcovr-json", 8, 10, 3, 6),
    "gcovr-5.2.cobertura.xml": ("cobertura", 8, 10, 3, 6),
    "gcovr-6.0.json": ("gcovr-json", 8, 10, 3, 6),
    "gcovr-7.2.json": ("gcovr-json", 8, 10, 3, 6),
    "gcovr-7.2.cobertura.xml": ("cobertura", 8, 10, 3, 6),
    "gcovr-7.2.lcov.info": ("lcov", 8, 10, 3, 6),
    # The counter of its report is that of the last file, 3 of 3.
    "gcovr-7.2.jacoco.xml": ("jacoco", 8, 10, 3, 6),
    # It counts elements, and statements and conditionals not at all.
    "gcovr-7.2.clover.xml": ("clover", 8, 10, 0, 0),
    # nyc: lines 5 of 6, branches 3 of 4; c8 asks V8: 10 of 13, 4 of 5.
    "nyc-14.1-final.json": ("istanbul-final", 5, 6, 3, 4),
    "nyc-14.1-summary.json": ("istanbul-summary", 5, 6, 3, 4),
    "nyc-15.1.clover.xml": ("clover", 5, 6, 3, 4),
    "nyc-15.1.cobertura.xml": ("cobertura", 5, 6, 3, 4),
    "nyc-15.1.lcov.info": ("lcov", 5, 6, 3, 4),
    "c8-7.14-final.json": ("istanbul-final", 10, 13, 4, 5),
}
# file -> (reader, passed, failed, errored, skipped, todo); errored ones apart from failed ones
TESTS = {
    "pytest-6.2-xunit1-junit.xml": ("junit", 3, 1, 1, 2, 0),
    "pytest-6.2-junit.xml": ("junit", 3, 1, 1, 2, 0),
    "pytest-json-report-1.2.json": ("pytest-json", 3, 1, 1, 2, 0),
    # Robot Framework 3.2 has no skipped tests yet: the one that skips itself fails.
    "robot-3.2-junit.xml": ("junit", 1, 3, 0, 0, 0),
    "robot-4.1-junit.xml": ("junit", 1, 2, 0, 1, 0),
    # A file that does not load is an errored test; jest 24 and 26 run a test again with another runner only.
    "jest-24.json": ("jest", 1, 2, 1, 1, 1),
    "jest-26.json": ("jest", 1, 2, 1, 1, 1),
    "jest-28.json": ("jest", 2, 1, 1, 1, 1),
    # It calls the file that does not load passed, and three tests of four.
    "vitest-0.34.json": ("jest", 1, 1, 1, 1, 1),
    "vitest-0.34-junit.xml": ("junit", 1, 2, 0, 2, 0),
    "mocha-6.json": ("mocha", 2, 2, 0, 2, 0),
    "mocha-8.json": ("mocha", 2, 2, 0, 2, 0),
    "mochawesome-4.json": ("mocha", 2, 2, 0, 2, 0),
    "mochawesome-6.json": ("mocha", 2, 2, 0, 2, 0),
    "playwright-1.20.json": ("playwright", 3, 2, 0, 2, 0),
    "playwright-1.30.json": ("playwright", 3, 2, 0, 2, 0),
    "playwright-1.50.json": ("playwright", 3, 2, 0, 2, 0),
    "tape-5.tap": ("tap", 1, 1, 0, 1, 1),
    "tap-16.tap": ("tap", 2, 1, 0, 1, 1),
    "ava-5.tap": ("tap", 2, 1, 0, 1, 1),
}
# file -> (reader, version as the report states it, critical, high, medium, low)
FINDINGS = {
    "bandit-1.6.json": ("bandit", "", 0, 1, 0, 2),
    "bandit-1.7.json": ("bandit", "", 0, 1, 0, 2),
    "bandit-1.7.sarif": ("sarif", "1.7.10", 0, 1, 0, 2),
    "semgrep-0.122.json": ("semgrep", "0.122.0", 0, 1, 1, 1),
    "semgrep-1.50.json": ("semgrep", "1.50.0", 0, 1, 1, 1),
    "semgrep-1.50.sarif": ("sarif", "1.50.0", 0, 1, 1, 1),
}
SECRETS = {
    "detect-secrets-0.13.json": "0.13.1",
    "detect-secrets-0.14.json": "0.14.3",
    "detect-secrets-1.0.json": "1.0.3",
    "detect-secrets-1.4.json": "1.4.0",
}
# file -> (reader, metric, value)
SINGLE = {
    "ruff-0.0.292.json": ("ruff", "lint_problems_count", 6),
    "ruff-0.5.json": ("ruff", "lint_problems_count", 6),
    # ESLint: 15 problems; its second format puts the same list beside what it knows of the rules.
    "eslint-7.32.json": ("eslint", "lint_problems_count", 15),
    "eslint-7.32-metadata.json": ("eslint", "lint_problems_count", 15),
    "mypy-0.910.txt": ("mypy", "type_errors_count", 5),
    "mypy-1.11.txt": ("mypy", "type_errors_count", 5),
    "mypy-1.11.jsonl": ("mypy", "type_errors_count", 5),
    # interrogate: 9 things, 3 documented.
    "interrogate-1.3-vv.txt": ("interrogate", "docs_documented_percent", 100 * 3 / 9),
    # TypeDoc 0.26 warns of 9 undocumented among 13; up to 0.20 it numbers the kinds of things otherwise.
    "typedoc-0.20.json": ("typedoc", "docs_documented_percent", 100 * 4 / 13),
    "typedoc-0.22.json": ("typedoc", "docs_documented_percent", 100 * 4 / 13),
    "typedoc-0.23.json": ("typedoc", "docs_documented_percent", 100 * 4 / 13),
    "typedoc-0.26.json": ("typedoc", "docs_documented_percent", 100 * 4 / 13),
}
# file -> (version, LCP, TTI, speed index in seconds, bytes, score)
LIGHTHOUSE = {
    "lighthouse-6.5.json": ("6.5.0", 0.951605, 5.039605, 4.618771, 1055, 67),
    "lighthouse-7.5.json": ("7.5.0", 0.895826, 6.091913, 5.628358, 1055, 63),
    "lighthouse-8.6.json": ("8.6.0", 0.871088, 5.038044, 4.763662, 1055, 65),
    "lighthouse-9.6.json": ("9.6.8", 4.603013, 4.723013, 4.603013, 1055, 70),
    "lighthouse-10.4.json": ("10.4.0", 3.607427, 3.833427, 3.607427, 1055, 80),
    "lighthouse-11.7.json": ("11.7.1", 5.279944, 5.330944, 6.461427, 1055, 65),
}
# file -> (reader, all assets as they lie on disk, how far the printed sizes are rounded)
BUNDLES = {
    "esbuild-0.8.meta.json": ("esbuild-metafile", 99 + 108 + 15 + 136 + 123, 0),
    "esbuild-0.14.meta.json": ("esbuild-metafile", 99 + 108 + 53 + 145 + 132, 0),
    "vite-2.9.build.txt": ("vite-output", 1675, 21),
    "vite-3.2.build.txt": ("vite-output", 1846, 21),
    "vite-4.5.build.txt": ("vite-output", 1980, 20),
    "vite-6.4.build.txt": ("vite-output", 2256, 20),
}
ALL = (*COVERAGE, *TESTS, *FINDINGS, *SECRETS, *SINGLE, *LIGHTHOUSE, *BUNDLES)


@pytest.mark.parametrize("name", COVERAGE)
def test_coverage_is_what_the_tool_prints(name):
    """Every version and every format of one run gives the counts that its own summary prints."""
    form, lines_hit, lines, branches_hit, branches = COVERAGE[name]
    reading = read(name)
    figures = whole(reading)

    assert reading.format == form
    assert figures["coverage_line_percent"] == pytest.approx(100 * lines_hit / lines)
    if branches:
        assert figures["coverage_branch_percent"] == pytest.approx(100 * branches_hit / branches)
    else:
        assert figures["coverage_branch_percent"] is None


@pytest.mark.parametrize("name", TESTS)
def test_tests_are_what_the_tool_prints(name):
    """Each outcome is counted as its tool counts it, and each failing test is an item."""
    form, passed, failed, errored, skipped, todo = TESTS[name]
    reading = read(name)
    figures = whole(reading)

    assert reading.format == form
    assert (figures["tests_passed"], figures["tests_failed"]) == (passed, failed + errored)
    assert (figures["tests_errored"], figures["tests_skipped"]) == (errored, skipped)
    assert figures.get("tests_todo", 0) == todo
    assert len(reading.items) == failed + errored


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_are_what_the_tool_prints(name):
    """A severity is that of the tool, in its own format as in SARIF."""
    form, version, *counts = FINDINGS[name]
    reading = read(name)

    assert (reading.format, reading.tool_version) == (form, version)
    assert list(whole(reading).values()) == counts
    assert len(reading.items) == sum(counts)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_of_every_baseline_are_counted_and_never_kept(name):
    """The list of plug-ins changed its shape twice; the two findings and their places did not."""
    reading = read(name)

    assert (reading.format, reading.tool_version) == ("detect-secrets", SECRETS[name])
    assert whole(reading) == {"secrets_count": 2}
    hashes = re.findall(r'"hashed_secret": "(\w+)"', (FORMATS / name).read_text())
    assert hashes and not [item for item in reading.items if any(one in str(item) for one in hashes)]


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_figure_is_what_the_tool_prints(name):
    """Problems, type errors and the share of what is documented."""
    form, metric, value = SINGLE[name]
    reading = read(name)

    assert reading.format == form
    assert whole(reading) == {metric: pytest.approx(value)}


@pytest.mark.parametrize("name", LIGHTHOUSE)
def test_lighthouse_keeps_its_figures_through_the_versions(name):
    """Largest paint, time to interactive, speed index, bytes and score; the device is part of the tool's name."""
    version, *values = LIGHTHOUSE[name]
    reading = read(name)

    assert (reading.format, reading.tool_version) == ("lighthouse", version)
    assert reading.tool == "lighthouse (mobile, simulate)"
    assert list(whole(reading).values()) == pytest.approx(values, abs=1e-6)


@pytest.mark.parametrize("name", BUNDLES)
def test_assets_are_as_large_as_they_lie_on_disk(name):
    """Exactly where bytes are written, to the printed digit where they are rounded."""
    form, size, rounded = BUNDLES[name]
    reading = read(name)
    found = next(one.value for one in reading.figures if (one.metric, one.scope) == ("bundle_raw_bytes", "all-assets"))

    assert reading.format == form
    assert abs(found - size) <= rounded


def test_a_cut_list_of_a_newer_vite_is_still_refused():
    """Only Vite 2 and 3 end with their list of files."""
    text = (FORMATS / "vite-4.5.build.txt").read_bytes()
    reading = read_bytes(text[: text.index(b"\xe2\x9c\x93 built in")], "build.txt")[0]
    assert {one.value for one in reading.figures} == {None}


def test_a_run_that_calls_itself_failed_without_a_failing_test_is_reported():
    """Something outside of the tests broke: an errored test, with a warning to look."""
    document = b'{"numTotalTests":1,"numPassedTests":1,"success":false,"testResults":[{"name":"a.js","status":"passed",'
    document += b'"message":"","assertionResults":[{"status":"passed","fullName":"a"}]}]}'
    (reading,) = read_bytes(document, "out.json")

    assert whole(reading)["tests_failed"] == whole(reading)["tests_errored"] == 1
    assert "calls itself failed" in reading.warnings[0]


@pytest.mark.parametrize("shape", ["coverage.py JSON", "lcov"])
def test_docstrings_of_shards_are_no_covered_lines(shape):
    """Lines 1 and 2 are docstrings: of three statements the shards together ran two, not four of five lines."""
    ran = ((1, 2, 4), (1, 2, 5))
    if shape == "lcov":
        body = "SF:a.py\n{}LF:3\nLH:1\nend_of_record\n"
        shards = [body.format("".join(f"DA:{at},{int(at in hit)}\n" for at in (1, 2, 4, 5, 6))) for hit in ran]
    else:
        meta = {"meta": {"version": "6.5", "format": 2, "branch_coverage": False}, "totals": {"num_statements": 3}}
        files = [
            {"executed_lines": hit, "missing_lines": [*({4, 5, 6} - {*hit})], "summary": {"num_statements": 3}}
            for hit in ran
        ]
        shards = [json.dumps({**meta, "files": {"a.py": one}}) for one in files]

    merged = merge_coverage([(str(n), shard.encode()) for n, shard in enumerate(shards)])
    assert merged.figures[0].value == pytest.approx(100 * 2 / 3)


def test_a_report_of_gcovr_without_hits_is_not_merged_as_empty():
    """Its JaCoCo lines say where they are and not whether they ran: two shards of it are unknown, not 0%."""
    shard = (FORMATS / "gcovr-7.2.jacoco.xml").read_bytes()
    merged = merge_coverage([("a.xml", shard), ("b.xml", shard)])

    assert {one.value for one in merged.figures} == {None}
    assert "no hits" in merged.figures[0].reason


@pytest.mark.parametrize("name", ALL)
def test_no_sample_names_the_machine_it_was_made_on(name):
    """Folders, hosts and users of the machine are replaced."""
    text = (FORMATS / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w.:/)>*@\]-])/(\w+)/", text)) <= {"home", "usr"}
    assert set(re.findall(r"/home/\w+", text)) <= {"/home/ci"}
    assert set(re.findall(r'hostname="([^"]*)"', text)) <= {"runner"}
