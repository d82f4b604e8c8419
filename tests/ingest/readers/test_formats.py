"""Every format gives the figures that its file states."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.observation import CATALOGUE
from ingest.readers.registry import READERS, read_bytes, recognise

FIXTURES = Path(__file__).parents[2] / "fixtures"
FORMATS = FIXTURES / "formats"


def outcomes(total, passed, failed, errored, skipped, seconds=None, **others):
    """The figures of a test report in short."""
    found = {
        "tests_total": total,
        "tests_passed": passed,
        "tests_failed": failed,
        "tests_errored": errored,
        "tests_skipped": skipped,
        **{f"tests_{key}": value for key, value in others.items()},
    }
    return found if seconds is None else {**found, "tests_duration_seconds": seconds}


def findings(critical, high, medium, low):
    """The figures of a scanner in short."""
    words = {"critical": critical, "high": high, "medium": medium, "low": low}
    return {f"findings_{word}_count": number for word, number in words.items()}


def coverage(line, branch):
    """Line and branch coverage."""
    return {"coverage_line_percent": line, "coverage_branch_percent": branch}


# file -> (reader, figures: metric or (metric, scope) -> value, None for unknown)
EXPECTED = {
    "go.cover.out": ("go-cover", coverage(50, None)),  # 5 of 10 statements: the repeated block counts once
    "jacoco.xml": ("jacoco", coverage(75, 50)),
    "phpunit.clover.xml": ("clover", coverage(75, None)),
    "opencover.xml": ("opencover", {**coverage(75, 50), ("coverage_line_percent", "src"): 75}),
    "llvm-cov.json": ("llvm-cov", coverage(60, 25)),
    "simplecov.resultset.json": ("simplecov", coverage(75, 50)),
    "simplecov.last_run.json": ("simplecov", coverage(85.27, 61.5)),
    "badge-shields.svg": ("badge-svg", {"coverage_line_percent": 87}),
    "badge-endpoint.json": ("badge-json", {"coverage_line_percent": 87.5}),
    "xccov.json": ("xccov", coverage(75, None)),
    "surefire-flaky.junit.xml": ("junit", outcomes(3, 2, 1, 0, 0, 1001.0, flaky=1)),
    "gradle-retry.junit.xml": ("junit", outcomes(3, 2, 1, 0, 0, 0.3, flaky=1)),
    "nested.junit.xml": ("junit", outcomes(3, 1, 1, 0, 1, 0.3)),
    "node-20.junit.xml": ("junit", outcomes(6, 2, 2, 0, 1, todo=1)),
    "node-20.tap": ("tap", outcomes(6, 2, 2, 0, 1, todo=1)),
    "vstest.trx": ("trx", outcomes(6, 2, 3, 1, 1, 63.75)),
    "nunit3.xml": ("nunit", outcomes(5, 1, 2, 1, 2, 1.0)),
    "nunit2.xml": ("nunit", outcomes(4, 1, 2, 1, 1, 1.0)),
    "xunit2.xml": ("xunit", outcomes(4, 1, 2, 1, 1, 0.75)),
    "ctest.Test.xml": ("ctest-xml", outcomes(3, 1, 1, 0, 1, 0.75)),
    "ctest.txt": ("ctest-text", outcomes(4, 1, 2, 1, 1, 0.15)),
    "playwright.json": ("playwright", outcomes(4, 2, 1, 0, 1, 33.0, flaky=1)),
    "playwright-1.65.json": ("playwright", outcomes(4, 2, 1, 0, 1, flaky=1)),
    "mocha.json": ("mocha", outcomes(4, 2, 1, 0, 1, 0.012, flaky=1)),
    "mocha-12.json": ("mocha", outcomes(4, 2, 1, 0, 1, flaky=1)),
    "mochawesome.json": ("mocha", outcomes(4, 2, 1, 0, 1, 1.2)),
    "rspec.json": ("rspec", outcomes(4, 1, 2, 1, 1, 0.75)),
    "go-test.jsonl": ("go-test", outcomes(5, 2, 2, 1, 1, 0.75)),
    "dart.jsonl": ("dart-test", outcomes(3, 1, 1, 0, 1, 0.75)),
    "next-14.build.txt": (
        "next-build",
        {("bundle_gzip_bytes", "route:/"): 92400, ("bundle_gzip_bytes", "first-load-shared"): 87000},
    ),
    "next-16.build.txt": ("next-build", {"bundle_gzip_bytes": None}),
    "vite-8.build.txt": (
        "vite-output",
        {("bundle_raw_bytes", "all-assets"): 2780, ("bundle_gzip_bytes", "all-assets"): 1450},
    ),
    "bundle-stats-4.json": (
        "bundle-stats",
        {("bundle_raw_bytes", "all-assets"): 250000, ("bundle_raw_bytes", "initial-js"): 120000},
    ),
    "bundlewatch.txt": ("bundlewatch", {("bundle_gzip_bytes", "file:./dist/main.js"): 3584}),
    "rspack-stats.json": (
        "webpack-stats",
        {("bundle_raw_bytes", "all-assets"): 1300, ("bundle_raw_bytes", "entry:main"): 1000},
    ),
    "k6-summary-export.json": ("k6", {"request_p95_seconds": 0.16725, "request_error_percent": 0.9868421}),
    "k6-handle-summary.json": ("k6", {"request_p95_seconds": 0.16725, "request_error_percent": 1}),
    "k6-2.json": ("k6", {"request_p95_seconds": 0.16725, "request_error_percent": 2}),
    "browsertime.json": (
        "browsertime",
        {("load_lcp_seconds", "/cart"): 1.85, ("load_speed_index_seconds", "/cart"): 1.5},
    ),
    "web-vitals.jsonl": ("web-vitals", {("load_lcp_seconds", "field"): 2.6}),
    "memory-50.csv": ("memory-csv", {}),
    "docker-stats.jsonl": ("docker-stats", {("memory_growth_mb_per_hour", "shop"): None}),
    "docker-stats-no-time.jsonl": ("docker-stats", {"memory_growth_mb_per_hour": None}),
    "codeql.sarif": ("sarif", findings(1, 2, 2, 1)),
    "eslint.sarif": ("sarif", {"lint_problems_count": 2}),
    "ruff.sarif": ("sarif", {"lint_problems_count": 1}),
    "gitleaks.json": ("gitleaks", {"secrets_count": 2}),
    "npm-audit-7.json": ("npm-audit", findings(0, 0, 2, 1)),
    "npm-audit-6.json": ("npm-audit", findings(0, 1, 0, 1)),
    "npm-audit-error.json": ("npm-audit", findings(None, None, None, None)),
    "pip-audit-findings.json": ("pip-audit", findings(0, 2, 0, 0)),
    "osv-scanner.json": ("osv-scanner", findings(1, 1, 0, 0)),
    "trivy.json": ("trivy", {**findings(1, 2, 0, 0), "secrets_count": 1}),
    "grype.json": ("grype", findings(0, 1, 0, 1)),
    "openapi.json": ("openapi", {"api_declared_count": 5}),
    "openapi.yaml": ("openapi", {"api_declared_count": 5}),
    "schemathesis-4.ndjson": ("schemathesis-events", {"api_declared_count": 5, "api_proven_percent": 20}),
    "dredd.xunit.xml": ("junit", outcomes(3, 1, 1, 0, 1)),
    "tsc-two.txt": ("tsc", {"type_errors_count": 2}),
    "tsc-5.9.txt": ("tsc", {"type_errors_count": 1}),
    "tsc-pretty.txt": ("tsc", {"type_errors_count": 1}),
    "tsc-5.9-pretty.txt": ("tsc", {"type_errors_count": 1}),
    "tsc-5.9-config-error.txt": ("tsc", {"type_errors_count": None}),
    "mypy-1.txt": ("mypy", {"type_errors_count": 1}),
    "mypy-1.jsonl": ("mypy", {"type_errors_count": 1}),
    "pyright.json": ("pyright", {"type_errors_count": 1}),
    "type-coverage-2.30.json": ("type-coverage", {"type_coverage_percent": 1000 / 11}),
    "type-coverage-2.30.txt": ("type-coverage", {"type_coverage_percent": 1000 / 11}),
    "interrogate-1.7.txt": ("interrogate", {"docs_documented_percent": 200 / 3}),
    "typedoc-0.28.json": ("typedoc", {"docs_documented_percent": 25}),
    "vale-3.json": ("vale", {"docs_alerts_count": 2}),
    "eslint-9.json": ("eslint", {"lint_problems_count": 2}),
    "ruff.json": ("ruff", {"lint_problems_count": 1}),
    "generic.json": (
        "generic-json",
        {
            "rollback_seconds": 270,
            ("bundle_brotli_bytes", "entry:main"): 1.5e6,
            "tests_total": None,
            "load_score": None,
        },
    ),
    "generic.csv": (
        "generic-csv",
        {("coverage_line_percent", "frontend"): 81.5, "request_p95_seconds": 0.25, "tests_total": None},
    ),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_gives_the_figures_that_it_states(name):
    """The reader is found by content and its figures equal those worked out by hand."""
    reader, figures = EXPECTED[name]
    readings = read_bytes((FORMATS / name).read_bytes(), name)
    assert [reading.format for reading in readings] == [reader]
    found = {(figure.metric, figure.scope): figure.value for figure in readings[0].figures}
    for stated, value in figures.items():
        key = stated if isinstance(stated, tuple) else (stated, "")
        assert key in found
        assert found[key] == (None if value is None else pytest.approx(value))


def test_every_fixture_is_in_the_table():
    """No sample lies around unchecked."""
    others = set(Path(__file__).parents[2].rglob("test_*.py")) - {Path(__file__)}
    elsewhere = "".join(path.read_text() for path in others)
    samples = {path.name for path in FORMATS.iterdir() if path.suffix != ".md"}
    assert {name for name in samples if f'"{name}"' not in elsewhere} <= set(EXPECTED) <= samples


def test_every_reader_has_a_sample():
    """A reader without a real file would be a guess."""
    paths = [*FORMATS.iterdir(), *(FIXTURES / "ci_outputs").glob("*/*")]
    known = {found[0][1].name for path in paths if (found := recognise(path.read_bytes(), path.name))}
    assert {reader.name for reader in READERS} - known - {"built-file"} == set()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_content_decides_and_not_the_name(name):
    """A file under a wrong name is read all the same."""
    reader, _ = EXPECTED[name]
    assert read_bytes((FORMATS / name).read_bytes(), "download.bin")[0].format == reader


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_figures_carry_catalogued_units_and_reasons(name):
    """Each figure has the unit of its metric, and each unknown one a reason."""
    for figure in read_bytes((FORMATS / name).read_bytes(), name)[0].figures:
        assert figure.unit == CATALOGUE[figure.metric].unit
        assert (figure.value is None) == bool(figure.reason)


def test_names_of_readers_are_unique():
    """A hint names one reader."""
    assert len({reader.name for reader in READERS}) == len(READERS)


def test_the_generic_json_keeps_time_commit_and_kind():
    """What a row says of its own moment, commit and kind is handed on."""
    drill = read_bytes((FORMATS / "generic.json").read_bytes(), "x")[0].figures[0]
    assert (drill.at, drill.kind) == ("2026-01-02T03:04:05Z", "measured")
    assert drill.commit == "0123456789abcdef0123456789abcdef01234567"
    claimed = read_bytes((FORMATS / "generic.csv").read_bytes(), "x")[0].figures[1]
    assert (claimed.kind, claimed.value) == ("claimed", 95)


def test_another_parser_counts_the_same_cases():
    """junitparser, where it is installed, finds as many cases in each JUnit file; reruns are what we join on top."""
    junitparser = pytest.importorskip("junitparser")
    paths = [*FORMATS.glob("*.junit.xml"), *(FIXTURES / "ci_outputs").glob("*/*junit.xml")]
    for path in paths:
        root = junitparser.JUnitXml.fromfile(str(path))
        suites = list(root) if isinstance(root, junitparser.JUnitXml) else [root]
        theirs = sum(1 for suite in suites for _ in suite)
        mine = {figure.metric: figure.value for figure in read_bytes(path.read_bytes(), path.name)[0].figures}
        joined = 2 if path.name.startswith("gradle-retry") else 0
        direct = 4 if path.name.startswith("node-20") else 0  # it does not look for cases outside of a suite
        assert mine["tests_total"] == theirs - joined + direct
