"""Reports of tools that run nowhere here, reduced to their figures, give what was counted without our readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.readers.coverage.merge import merge_coverage
from ingest.readers.registry import read_bytes
from tests.testing.reports import read

FORMATS = Path(__file__).parents[2] / "fixtures/formats"
LINES, BRANCHES = "coverage_line_percent", "coverage_branch_percent"

# file -> (passed, failed with errored ones, errored, skipped)
DART = {"dart-1.15-figures.jsonl": (1, 4, 3, 1), "dart-1.23-figures.jsonl": (16, 3, 2, 1)}
# file -> (covered lines, lines)
XCODE = {"xccov-figures.json": (294, 587), "xccov-targets-figures.json": (125, 2167)}
# file -> (reader, tool's version, critical, high, medium, low)
FINDINGS = {
    "grype-0.24-figures.json": ("grype", "0.24.0", (2, 2, 5, 0)),
    "grype-0.94-figures.json": ("grype", "0.94.0", (1, 10, 2, 2)),
    "grype-0.63-figures.json": ("grype", "0.63.1", (0, 2, 1, 0)),
    "grype-0.71-figures.json": ("grype", "0.71.0", (3, 11, 7, 12)),
    "grype-0.96-figures.json": ("grype", "0.96.0", (1, 19, 13, 2)),
    # A list, before schema 2; one of its severities is UNKNOWN. Versions are stated since 0.69.
    "trivy-schema1-figures.json": ("trivy", "", (0, 19, 9, 65)),
    "trivy-0.20-figures.json": ("trivy", "", (1, 1, 1, 1)),
    "trivy-0.69-figures.json": ("trivy", "0.69.1", (0, 0, 1, 2)),
    # Groups without a severity: that of the advisory behind the group counts, and unknown is high.
    "osv-scanner-1.6-figures.json": ("osv-scanner", "", (5, 18, 14, 0)),
    "osv-scanner-2.5-figures.json": ("osv-scanner", "", (0, 5, 1, 0)),
    "osv-scanner-2.5-many-figures.json": ("osv-scanner", "", (0, 4, 3, 2)),
    "osv-scanner-2.5-uncalled-figures.json": ("osv-scanner", "", (0, 5, 0, 0)),
    "codeql-2.12-figures.sarif": ("sarif", "2.12.5", (0, 4, 12, 0)),
    "codeql-2.20-figures.sarif": ("sarif", "2.20.7", (3, 18, 0, 0)),
    "codeql-2.23-figures.sarif": ("sarif", "2.23.0", (2, 0, 0, 0)),
}
# file -> (reader, covered lines, lines, covered branches, branches)
COVERAGE = {
    # OpenCover prints 32 of 62 branches: 5 of 8, and the ways into 27 of 54 methods; F# 4 of 14 and 14 of 26.
    "opencover-4.6-figures.xml": ("opencover", 118, 184, 32, 62),
    "opencover-fsharp-figures.xml": ("opencover", 30, 43, 18, 40),
    # AltCover counts the ways in, 10 + 39, but not their visits: it says 11 where its points say 7 + 22.
    "altcover-opencover-figures.xml": ("opencover", 116, 174, 29, 49),
    "altcover-cobertura-figures.xml": ("cobertura", 116, 174, 7, 10),
    "coverlet-2025-opencover-figures.xml": ("opencover", 156, 255, 9, 14),
    "coverlet-2025-cobertura-figures.xml": ("cobertura", 156, 255, 9, 14),
    "dotnet-coverage-figures.xml": ("cobertura", 163, 235, 15, 18),
    "cobertura-2.1-figures.xml": ("cobertura", 24, 36, 1, 4),
    "openclover-4.3-figures.xml": ("clover", 15, 22, 1, 2),
    "jacoco-0.7.7-figures.xml": ("jacoco", 26, 38, 1, 4),
    "jacoco-0.8.3-figures.xml": ("jacoco", 26, 38, 1, 4),
    "simplecov-0.21-figures.json": ("simplecov", 13, 16, 0, 0),
}
# file -> (reader, tool's version, passed, failed, errored, skipped)
RUNS = {
    "nunit-3.8-figures.xml": ("nunit", "3.8.0.0", 3, 3, 0, 0),
    "nunit-3.12-figures.xml": ("nunit", "3.12.0.0", 3, 3, 2, 1),
    "nunit-vstest-figures.trx": ("trx", "", 2, 3, 0, 1),
    "mstest-1-figures.trx": ("trx", "", 3, 1, 0, 0),
    "xunit-2.3-figures.xml": ("xunit", "", 5, 0, 0, 0),
    "xunit-v3-figures.trx": ("trx", "", 1, 3, 0, 0),
}


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


@pytest.mark.parametrize("name", COVERAGE)
def test_coverage_counts_what_the_report_counts(name):
    """The whole is what an own count of its lines and branches gives, in every tool's dialect."""
    reading = read(name)
    form, lines_hit, lines, branches_hit, branches = COVERAGE[name]
    whole = {figure.metric: figure.value for figure in reading.figures if not figure.scope}

    assert reading.format == form
    assert whole[LINES] == pytest.approx(100 * lines_hit / lines)
    assert whole[BRANCHES] == (pytest.approx(100 * branches_hit / branches) if branches else None)


@pytest.mark.parametrize("name", ["opencover-4.6-figures.xml", "opencover-fsharp-figures.xml"])
def test_shards_of_opencover_count_as_one_report_does(name):
    """The ways into methods and points at the same place are the same ones in every shard."""
    data = (FORMATS / name).read_bytes()
    alone, both = read(name), merge_coverage([("a.xml", data), ("b.xml", data)])

    assert [one.value for one in both.figures] == pytest.approx([one.value for one in alone.figures])


@pytest.mark.parametrize("name", RUNS)
def test_each_outcome_of_a_run_is_counted(name):
    """Errors apart from failures, what was not executed as skipped, and an item for each failing test."""
    reading = read(name)
    form, version, passed, failed, errored, skipped = RUNS[name]
    figures = {figure.metric: figure.value for figure in reading.figures if not figure.scope}

    assert (reading.format, reading.tool_version) == (form, version)
    assert (figures["tests_passed"], figures["tests_failed"]) == (passed, failed + errored)
    assert (figures["tests_errored"], figures["tests_skipped"]) == (errored, skipped)
    assert len(reading.items) == failed + errored


def test_what_is_never_called_does_not_count():
    """osv-scanner leaves it out of its own verdict; the report says how many there are."""
    assert [words for words in read("osv-scanner-2.5-uncalled-figures.json").warnings if "never called" in words]
    shape = (
        '{"results":[{"source":{"path":"go.mod"},"packages":[{"package":{"name":"a","version":"1"},"groups":[%s]}]}]}'
    )
    group = '{"ids":["GO-1"],"max_severity":"9.1","experimentalAnalysis":{"GO-1":{"called":%s}}}'
    for called, critical in (("true", 1), ("false", 0)):
        (reading,) = read_bytes((shape % (group % called)).encode(), "osv.json")
        assert reading.figures[0].value == critical


def test_checks_and_secrets_of_trivy_are_counted_apart():
    """Two libraries and a failed check of a Dockerfile, and two secrets that are no findings."""
    reading = read("trivy-misconfig-figures.json")
    assert [figure.value for figure in reading.figures] == [0, 2, 1, 0, 2]
    assert sorted(item.label for item in reading.items) == ["high", "high", "medium", "secret", "secret"]


@pytest.mark.parametrize("name", sorted(path.name for path in FORMATS.glob("*-figures.*") if path.suffix != ".md"))
def test_nothing_but_figures_is_kept_of_a_foreign_report(name):
    """No address but that of the schema, no sentence, nobody's path."""
    text = (FORMATS / name).read_text(encoding="utf-8")
    words = set(re.findall(r'"((?:[^"\\]|\\.)*)"', text))

    assert len(text) < 40_000
    assert not [word for word in words if "://" in word and not re.match(r"https://[\w./-]+schema|http://127\.", word)]
    assert not [word for word in words if word.count(" ") > 3 or len(word) > 90]
    between = re.findall(r">([^<>]*)<", text) if text.startswith("<") else []
    assert not [words for words in between if words.strip().count(" ") > 3]
