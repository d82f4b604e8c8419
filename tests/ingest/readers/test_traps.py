"""One test a known trap of the collected CI outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes
from tests.testing.reports import read as read_report

OUTPUTS = Path(__file__).parents[2] / "fixtures" / "ci_outputs"


def read(name):
    """The only reading of one collected output."""
    return read_report(name, OUTPUTS)


def value(reading, metric, scope=""):
    """One figure's value."""
    return next(f.value for f in reading.figures if (f.metric, f.scope) == (metric, scope))


def reason(reading, metric, scope=""):
    """Why a figure is unknown."""
    return next(f.reason for f in reading.figures if (f.metric, f.scope) == (metric, scope))


def test_jest_junit_counts_elements_and_tells_todo_apart():
    """`tests="3"` is stated over four cases: four tests, one of them a todo, as jest's own JSON says."""
    junit, own = read("js/jest-junit.xml"), read("js/jest-results.json")
    for reading in (junit, own):
        counts = [value(reading, f"tests_{word}") for word in ("total", "passed", "failed", "skipped", "todo")]
        assert counts == [4, 1, 1, 1, 1]


def _suites(*suites):
    """A JUnit document of suites of one name."""
    listed = "".join(f'<testsuite name="s">{cases}</testsuite>' for cases in suites)
    return f"<testsuites>{listed}</testsuites>"


_FAILED, _PASSED, _SKIPPED = (
    f'<testcase classname="c" name="x">{inner}</testcase>' for inner in ("<failure/>", "", "<skipped/>")
)


@pytest.mark.parametrize(
    ("suites", "failed"),
    [
        (_suites(_FAILED + _PASSED), 0),
        (_suites(_FAILED + _SKIPPED), 1),
        (_suites(_FAILED, _PASSED), 1),
        (_suites(_PASSED, _FAILED), 1),
    ],
)
def test_only_a_later_run_in_the_same_suite_takes_back_a_failure(suites, failed):
    """A namesake that is skipped, or that passed in a suite of another platform, is another test."""
    assert value(read_bytes(suites.encode(), "junit.xml")[0], "tests_failed") == failed


def test_vitest_json_tells_todo_from_skipped():
    """vitest's JUnit writes a todo as skipped; its JSON knows better."""
    assert value(read("js/vitest-junit.xml"), "tests_skipped") == 2
    own = read("js/vitest-results.json")
    assert (value(own, "tests_skipped"), value(own, "tests_todo"), value(own, "tests_total")) == (1, 1, 6)


def test_pytest_totals_come_from_the_cases():
    """Totals stand on the inner element only; xfail is skipped; a fixture's error is an error and a failure."""
    reading = read("python/pytest-junit.xml")
    counts = [value(reading, f"tests_{word}") for word in ("total", "passed", "failed", "errored", "skipped")]
    assert counts == [5, 1, 2, 1, 2]
    assert value(reading, "tests_passed_percent") == pytest.approx(100 / 3)
    assert [item.label for item in reading.items] == ["failed", "errored"]


def test_two_failures_in_one_case_are_one_failed_test():
    """Schemathesis writes three <failure> elements for two failed operations."""
    reading = read("python/schemathesis-junit.xml")
    assert value(reading, "tests_failed") == 2
    assert value(reading, "tests_total") == 3


@pytest.mark.parametrize("name", ["jest", "nyc"])
def test_unknown_branches_are_unknown(name):
    """`pct: "Unknown"` and `0/0 = 100` are no coverage."""
    reading = read(f"js/{name}.coverage-summary.json")
    assert value(reading, "coverage_branch_percent") is None
    assert reason(reading, "coverage_branch_percent") == "no branches in the report"
    assert value(reading, "coverage_line_percent") == 100


def test_paths_of_the_ci_machine_are_made_relative():
    """Keys like /home/runner/work/x/x/src/a.js give the directory src."""
    assert value(read("js/vitest-v8.coverage-summary.json"), "coverage_line_percent", "src") == pytest.approx(100 / 3)


def test_coverage_py_means_the_same_in_all_its_formats():
    """The JSON's percent_covered (54.5) mixes branches in; lines are 57.14 in JSON, Cobertura and lcov."""
    for name in ("coverage-py.json", "coverage-py.cobertura.xml", "coverage-py.lcov"):
        reading = read(f"python/{name}")
        assert value(reading, "coverage_line_percent") == pytest.approx(400 / 7)
        assert value(reading, "coverage_branch_percent") == 50


@pytest.mark.parametrize(
    ("name", "line", "branch"),
    [("c8", 400 / 9, 60), ("jest", 100, None), ("nyc", 100, None)],
)
def test_one_run_gives_one_number_in_every_format(name, line, branch):
    """Cobertura, lcov and summary of one run agree to the last digit: counts are used, not rounded rates."""
    for suffix in ("cobertura.xml", "coverage-summary.json", "lcov.info"):
        reading = read(f"js/{name}.{suffix}")
        assert value(reading, "coverage_line_percent") == pytest.approx(line)
        assert value(reading, "coverage_branch_percent") == branch


def test_vitest_formats_agree():
    """Five reports of one vitest run: two of six lines."""
    for suffix in ("clover.xml", "cobertura.xml", "coverage-final.json", "coverage-summary.json", "lcov.info"):
        reading = read(f"js/vitest-v8.{suffix}")
        assert value(reading, "coverage_line_percent") == pytest.approx(100 / 3)
        assert value(reading, "coverage_branch_percent") == 50


def test_the_provider_is_kept_with_the_number():
    """v8, istanbul and c8 have other denominators: who counted is named beside the figure."""
    names = [
        "vitest-v8.coverage-summary.json",
        "vitest-istanbul.coverage-summary.json",
        "c8.lcov.info",
        "nyc.cobertura.xml",
    ]
    assert [read(f"js/{name}").tool for name in names] == ["v8", "istanbul", "c8", "nyc"]


def test_webpack_sizes_say_what_is_measured():
    """The entry and all assets are two figures, source maps in neither."""
    reading = read("js/webpack-stats.json")
    assert value(reading, "bundle_raw_bytes", "entry:main") == 2819
    assert value(reading, "bundle_raw_bytes", "all-assets") == 2819 + 218
    assert (reading.tool, reading.tool_version) == ("webpack", "5.112.2")


def test_esbuild_bytes_leave_source_maps_out():
    """The metafile lists .map files among its outputs."""
    reading = read("js/esbuild-meta.json")
    assert value(reading, "bundle_raw_bytes", "all-assets") == 254 + 121
    assert value(reading, "bundle_raw_bytes", "entry:src/index.js") == 254


def test_a_manifest_has_no_sizes():
    """Names only: the size is unknown, with the way out."""
    assert "names and no sizes" in reason(read("js/vite-manifest.json"), "bundle_raw_bytes")


def test_an_exceeded_limit_is_still_a_size():
    """size-limit exits with 1; its JSON is good."""
    reading = read("js/size-limit.json")
    assert value(reading, "bundle_brotli_bytes", "entry:app esbuild strict") == 362


def test_lighthouse_figures():
    """Numbers come from numericValue; how the load was throttled is part of the tool."""
    reading = read("js/lighthouse.lhr.json")
    assert value(reading, "load_lcp_seconds") == pytest.approx(0.7929441999)
    assert value(reading, "load_bytes") == 3888
    assert value(reading, "load_score") == 100
    assert (reading.tool, reading.tool_version) == ("lighthouse (mobile, simulate)", "12.8.2")


def test_lighthouse_runs_give_their_median():
    """Three runs in an array count as one figure, a failed run not at all."""
    import json

    runs = []
    for milliseconds in (1000, 3000, 1500):
        audits = {"largest-contentful-paint": {"numericValue": milliseconds}}
        runs.append({"lighthouseVersion": "12", "requestedUrl": "http://127.0.0.1:1/a?token=x", "audits": audits})
    runs.append({"lighthouseVersion": "12", "runtimeError": {"code": "NO_FCP"}, "audits": {}})
    reading = read_bytes(json.dumps(runs).encode(), "runs.json")[0]
    assert value(reading, "load_lcp_seconds", "/a") == 1.5
    assert reading.warnings == ("1 of 4 runs failed and are left out",)


def test_an_error_answer_of_prometheus_is_unknown():
    """A 400 body is not an empty series."""
    assert "bad_data" in reason(read("prometheus/query_error.json"), "memory_growth_mb_per_hour")


def test_an_instant_query_cannot_grow():
    """A vector is one moment."""
    assert "one moment" in reason(read("prometheus/query_instant_deriv.json"), "memory_growth_mb_per_hour")


def test_a_short_series_is_undetermined():
    """Two minutes of Prometheus, psrecord or Node say nothing."""
    for name in ("prometheus/query_range_rss_backend.json", "memory/psrecord.csv", "memory/node-memoryUsage.jsonl"):
        assert reason(read(name), "memory_growth_mb_per_hour").startswith("undetermined: ")


def test_totals_of_one_run_are_no_growth():
    """memray's stats and one scrape hold no series."""
    for name in ("memory/memray-stats.json", "prometheus/metrics.txt"):
        assert value(read(name), "memory_growth_mb_per_hour") is None


@pytest.mark.parametrize("name", ["bandit.json", "bandit.sarif"])
def test_bandit_says_the_same_in_both_formats(name):
    """One high, one medium, two low."""
    reading = read(f"security/{name}")
    counts = [value(reading, f"findings_{word}_count") for word in ("critical", "high", "medium", "low")]
    assert counts == [0, 1, 1, 2]


def test_a_level_left_out_is_the_default_of_the_rule():
    """Semgrep's SARIF states the level on the rule only; "requires login" is no fingerprint."""
    assert value(read("security/semgrep.sarif"), "findings_high_count") == 1
    assert value(read("security/semgrep.json"), "findings_high_count") == 1


def test_two_detectors_on_one_secret_are_one_secret():
    """detect-secrets lists the same key twice."""
    assert value(read("security/detect-secrets.json"), "secrets_count") == 1


def test_zero_findings_of_nothing_audited_are_no_evidence():
    """pip-audit skipped all 74 dependencies: an empty list of findings proves nothing."""
    reading = read("security/pip-audit.json")
    assert value(reading, "findings_high_count") is None
    assert "none of the 74 dependencies" in reason(reading, "findings_high_count")


def test_files_that_are_no_reports_say_so():
    """A configuration, a list of targets and a read-me give no figure and one line."""
    for name in ("prometheus/prometheus.yml", "prometheus/targets.json"):
        reading = read(name)
        assert reading.figures == () and len(reading.warnings) == 1
