"""What a report states of itself against what it lists: the greener of the two never wins unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.registry import read_bytes
from ingest.readers.test_results.agreement import Hits, Stated, settle_tests, worse_hits
from ingest.readers.test_results.tally import Tally

CASES = Path(__file__).parents[2] / "fixtures" / "cases"


def read(data, name="report.txt", hint=None):
    """The only reading of some bytes, a text, or a JSON document."""
    if not isinstance(data, bytes | str):
        data = json.dumps(data)
    (reading,) = read_bytes(data.encode() if isinstance(data, str) else data, name, hint)
    return reading


def case(start):
    """The reading of a collected case."""
    (path,) = CASES.glob(f"{start}-*")
    return read(path.read_bytes(), path.name)


def values(reading, scope=""):
    """Metric -> value of one scope."""
    return {figure.metric: figure.value for figure in reading.figures if figure.scope == scope}


def counts_of(reading):
    """(total, passed, failed, errored)."""
    found = values(reading)
    return tuple(found[f"tests_{word}"] for word in ("total", "passed", "failed", "errored"))


def test_an_error_of_a_suite_is_an_errored_test():
    """A class that does not load carries its error on the suite, outside of any case."""
    reading = case("01")
    assert counts_of(reading) == (3, 2, 1, 1)
    assert [item.text for item in reading.items] == ["shop.MailTest: no class shop/Mail"]


def test_a_failure_that_no_case_carries_is_never_all_green():
    """The root states one failure over two passing cases."""
    reading = case("03")
    assert values(reading)["tests_passed_percent"] < 100
    assert "states 1 failure and lists 0" in reading.warnings[0]


def test_a_partial_report_says_what_it_states_and_what_it_lists():
    """1425 tests and 23 failures over two cases: the failures count, and the warnings name the figures."""
    reading = case("04")
    reported = " ".join(reading.warnings)
    assert values(reading)["tests_failed"] == 23
    assert all(words in reported for words in ("1425 tests", "23 failures", "lists 2", "19 tests", "partial"))


def test_a_scan_of_nothing_is_unknown():
    """Semgrep met a fatal error and scanned no file."""
    reading = case("06")
    assert set(values(reading).values()) == {None}
    assert "no rules to run" in reading.figures[0].reason


def test_a_decimal_comma_is_no_thousands_sign():
    """0,03 + 0,160 + 0,500000 seconds."""
    assert values(case("07"))["tests_duration_seconds"] == pytest.approx(0.69)


def test_a_comment_after_the_last_record_is_no_damage():
    """lcov takes comments anywhere between records."""
    assert values(case("09"))["coverage_line_percent"] == 50


def test_a_header_of_no_branches_says_nothing_against_listed_conditions():
    """PHPUnit's header has 0 of 0 branches over two of four."""
    assert values(case("27"))["coverage_branch_percent"] == 50


def junit(body, root=""):
    """A JUnit document."""
    return f"<testsuites {root}>{body}</testsuites>"


def suite(attributes="", *cases, more=""):
    """A suite of passing cases of these names, and whatever else lies in it."""
    return f"<testsuite {attributes}>{''.join(f'<testcase name={c!r} />' for c in cases)}{more}</testsuite>"


FAIL = '<testcase name="f"><failure message="no"/></testcase>'
JUNIT = {  # what hides the failure -> (document, failed)
    "failure of a suite": (junit(suite('name="s"', "a", more='<failure message="setup"/>')), 1),
    "error of the root": (
        '<testsuites><error message="boom"/><testsuite><testcase name="a"/></testsuite></testsuites>',
        1,
    ),
    "error of a nested suite": (junit(suite('name="o"', "a", more=suite('name="i" errors="1"', more="<error/>"))), 1),
    "error of a suite without a case": (junit(suite('name="s" tests="0"', more='<error message="x"/>')), 1),
    "two errors of one suite": (junit(suite('name="s"', "a", more="<error/><error/>")), 2),
    "root errors": (junit(suite('name="s"', "a", "b"), 'tests="2" errors="2"'), 2),
    "root failures and errors": (junit(suite('name="s"', "a", "b"), 'failures="1" errors="1"'), 2),
    "suite failures": (junit(suite('name="s" failures="3" tests="5"', "a", "b")), 3),
    "suite errors beside a failing case": (junit(suite('name="s" failures="1" errors="1"', "a", more=FAIL)), 2),
    "nested suite failures": (junit(suite('name="o"', "a", more=suite('name="i" failures="1"', "b"))), 1),
    "outer suite failures": (junit(suite('name="o" failures="1"', "a", more=suite('name="i"', "b"))), 1),
    "two suites, each with one": (junit(suite('errors="1"', "a") + suite('errors="1"', "b"), 'errors="2"'), 2),
    "root of one suite": (suite('name="s" failures="1" tests="1"', "a"), 1),
    "header that knows of fewer": (junit(suite('name="s" failures="0" tests="2"', "a", more=FAIL)), 1),
    "root that counts nested suites twice": (
        junit(
            suite('name="o" tests="2" failures="1"', more=suite('name="i" tests="2" failures="1"', "a", more=FAIL)),
            'tests="4" failures="2"',
        ),
        1,
    ),
}


@pytest.mark.parametrize("what", JUNIT)
def test_no_failure_hides_in_a_junit_report(what):
    """Failures count once, wherever the report keeps them."""
    document, failed = JUNIT[what]
    found = values(read(document, "junit.xml"))
    assert found["tests_failed"] == failed
    assert found["tests_passed_percent"] < 100


def test_skipped_tests_without_a_mark_are_not_passed():
    """A suite of three tests that states two skipped ones and marks none."""
    reading = read(suite('name="s" tests="3" skipped="2"', "a", "b", "c"), "junit.xml")
    assert (values(reading)["tests_passed"], values(reading)["tests_skipped"]) == (1, 2)
    assert "states 2 skipped tests and lists 0" in reading.warnings[0]


JEST = {"numTotalTests": 2, "numPassedTests": 2, "numFailedTests": 0, "success": True}
JEST_FILE = {"name": "a.js", "status": "passed", "message": "", "assertionResults": [{"status": "passed"}] * 2}
PLAYWRIGHT = {"config": {}, "suites": [{"specs": [{"title": "a", "tests": [{"status": "expected", "results": []}]}]}]}
PASS = {"title": "a", "fullTitle": "a", "duration": 1}
MOCHA = {"passes": [PASS, PASS], "failures": [], "pending": [], "tests": [PASS, PASS]}
RSPEC = {"version": "3", "examples": [{"full_description": "a", "status": "passed", "run_time": 1}], "summary_line": ""}
GTEST = {"testsuites": [{"testsuite": [{"name": "a", "status": "RUN", "result": "COMPLETED", "time": "1s"}]}]}
PYTEST = {
    "exitcode": 0,
    "summary": {"passed": 1, "total": 1, "collected": 1},
    "tests": [{"nodeid": "a::b", "outcome": "passed"}],
}
XUNIT = '<assembly name="a" {}><collection><test name="t" result="Pass"/></collection></assembly>'
NUNIT = '<test-run {}><test-suite><test-case name="t" fullname="t" result="Passed"/></test-suite></test-run>'
NUNIT2 = (
    '<test-results {}><test-suite><results><test-case name="t" executed="True" success="True"/>'
    "</results></test-suite></test-results>"
)
TRX = (
    '<TestRun><Results><UnitTestResult testName="t" outcome="Passed"/></Results>'
    '<ResultSummary outcome="{}"><Counters {}/></ResultSummary></TestRun>'
)
DART = [
    '{"protocolVersion":"0.1.1","runnerVersion":"1.2","type":"start"}',
    '{"test":{"id":1,"name":"t","suiteID":0},"type":"testStart","time":1}',
]
DART_DONE = '{"testID":1,"result":"success","skipped":false,"hidden":false,"type":"testDone","time":2}'
RUNS = {  # a run whose list is all green -> (document, failed, words of its warning)
    "jest failed": (
        {**JEST, "numFailedTests": 1, "numTotalTests": 3, "testResults": [JEST_FILE]},
        1,
        "states 1 failure",
    ),
    "jest suites that did not start": (
        {**JEST, "numRuntimeErrorTestSuites": 2, "testResults": [JEST_FILE]},
        2,
        "states 2 failures",
    ),
    "jest success": ({**JEST, "success": False, "testResults": [JEST_FILE]}, 1, "success is false"),
    "jest passed": ({**JEST, "numPassedTests": 1, "testResults": [JEST_FILE]}, 1, "states 1 passed test and lists 2"),
    "playwright": (
        {**PLAYWRIGHT, "stats": {"expected": 0, "unexpected": 1, "flaky": 0, "skipped": 0}},
        1,
        "states 1 failure",
    ),
    "mocha": ({**MOCHA, "stats": {"tests": 2, "passes": 2, "failures": 1, "pending": 0}}, 1, "states 1 failure"),
    "mocha passes": ({**MOCHA, "stats": {"tests": 2, "passes": 1, "failures": 0, "pending": 0}}, 1, "states 1 passed"),
    "rspec": (
        {**RSPEC, "summary": {"example_count": 2, "failure_count": 1, "pending_count": 0}},
        1,
        "states 1 failure",
    ),
    "gtest": ({"tests": 1, "failures": 1, "errors": 0, **GTEST}, 1, "states 1 failure"),
    "gtest errors": ({"tests": 1, "failures": 0, "errors": 2, **GTEST}, 2, "states 2 failures"),
    "pytest summary": (
        {**PYTEST, "summary": {"passed": 1, "failed": 2, "total": 3, "collected": 3}},
        2,
        "states 2 failures",
    ),
    "pytest internal error": ({**PYTEST, "exitcode": 3}, 1, "exit code 3"),
    "xunit failed": (XUNIT.format('total="2" passed="1" failed="1" errors="0"'), 1, "states 1 failure"),
    "xunit errors": (XUNIT.format('total="1" passed="1" failed="0" errors="1"'), 1, "states 1 failure"),
    "xunit of assemblies": (
        "<assemblies>" + XUNIT.format('total="1" failed="1"') + "</assemblies>",
        1,
        "states 1 failure",
    ),
    "nunit failed": (NUNIT.format('total="2" passed="1" failed="1" result="Failed"'), 1, "states 1 failure"),
    "nunit result": (NUNIT.format('total="1" passed="1" failed="0" result="Failed"'), 1, "calls itself failed"),
    "nunit 2 errors": (NUNIT2.format('total="2" errors="1" failures="0"'), 1, "states 1 failure"),
    "nunit 2 invalid": (NUNIT2.format('total="1" errors="0" failures="0" invalid="1"'), 1, "states 1 failure"),
    "trx counters": (TRX.format("Completed", 'total="2" passed="1" failed="1"'), 1, "states 1 failure"),
    "trx timeouts": (TRX.format("Completed", 'total="2" passed="1" failed="0" timeout="1"'), 1, "states 1 failure"),
    "trx outcome": (TRX.format("Failed", 'total="1" passed="1" failed="0"'), 1, "outcome Failed"),
    "trx passed": (TRX.format("Completed", 'total="1" passed="0" failed="0"'), 1, "states 0 passed tests and lists 1"),
    "dart": ("\n".join([*DART, DART_DONE, '{"success":false,"type":"done","time":3}']), 1, "success is not true"),
    "dart without an end of a test": (
        "\n".join([*DART, '{"success":true,"type":"done","time":3}']),
        1,
        "did not finish",
    ),
    "tap plan": ("TAP version 13\n1..2\nok 1 - a\n", 1, "2 tests planned, 1 came"),
    "tap of more than planned": ("TAP version 13\n1..1\nok 1 - a\nok 2 - b\n", 1, "1 tests planned, 2 came"),
    "tap last lines": ("TAP version 13\nok 1 - a\n1..1\n# tests 2\n# pass 1\n# fail 1\n", 1, "states 1 failure"),
    "prove": ("t/a.t ..\nok 1 - a\n1..1\nok\nResult: FAIL\n", 1, "Result: FAIL"),
    "ctest summary": (
        "1/1 Test #1: a ....   Passed    0.01 sec\n\n50% tests passed, 1 tests failed out of 2\n",
        1,
        "states 1 failure",
    ),
}


@pytest.mark.parametrize("what", RUNS)
def test_no_run_that_states_a_failure_is_all_green(what):
    """Its list holds only passing tests; what it states of itself still counts, and a warning names it."""
    document, failed, words = RUNS[what]
    reading = read(document)
    found = values(reading)
    assert found["tests_failed"] == failed
    assert found["tests_passed_percent"] != 100
    assert words in " | ".join(reading.warnings)


COBERTURA = (
    '<coverage line-rate="{}" lines-covered="{}" lines-valid="{}"><class filename="a.py"><lines>'
    '<line number="1" hits="1"/><line number="2" hits="0"/></lines></class></coverage>'
)
JACOCO = (
    '<report name="m"><package name="p"><sourcefile name="A.java"><line nr="1" mi="0" ci="1"/>'
    '<line nr="2" mi="1" ci="0"/><counter type="LINE" missed="{0}" covered="{1}"/></sourcefile>'
    '<counter type="LINE" missed="{0}" covered="{1}"/></package>'
    '<counter type="LINE" missed="{2}" covered="{3}"/></report>'
)
CLOVER = (
    '<coverage generated="1"><project><file path="a.php"><line num="1" type="stmt" count="1"/>'
    '<line num="2" type="stmt" count="0"/><metrics statements="2" coveredstatements="{}"/></file>'
    '<metrics statements="2" coveredstatements="{}"/></project></coverage>'
)
LCOV = "SF:a.c\nDA:1,1\nDA:2,0\n{}end_of_record\n"
OPENCOVER = (
    '<CoverageSession><Summary numSequencePoints="4" visitedSequencePoints="{}"/><Module>'
    '<File uid="1" fullPath="a.cs"/><Method><SequencePoint vc="1" sl="1" sc="1" fileid="1"/>'
    '<SequencePoint vc="0" sl="1" sc="9" fileid="1"/>'
    '<SequencePoint vc="0" sl="2" sc="1" fileid="1"/>'
    '<SequencePoint vc="0" sl="2" sc="5" fileid="1"/></Method></Module></CoverageSession>'
)
PY = {
    "meta": {"format": 3, "version": "7", "branch_coverage": False},
    "files": {
        "a.py": {"executed_lines": [1], "missing_lines": [2], "summary": {"covered_lines": 1, "num_statements": 2}}
    },
}
ISTANBUL = {"a.js": {"lines": {"covered": 1, "total": 2, "pct": 50}}}
LLVM = {
    "type": "llvm.coverage.json.export",
    "data": [{"files": [{"filename": "a.c", "summary": {"lines": {"covered": 1, "count": 2}}}]}],
}
GCOVR = {"gcovr/summary_format_version": "0.5", "files": [{"filename": "a.c", "line_covered": 1, "line_total": 2}]}
XCCOV = {
    "targets": [
        {
            "coveredLines": 1,
            "executableLines": 2,
            "files": [{"path": "a.swift", "coveredLines": 1, "executableLines": 2, "lineCoverage": 0.5}],
        }
    ]
}
COVERAGE = {  # report -> (document, percent, whether the two statements differ)
    "cobertura header": (COBERTURA.format(1, 2, 2), 50, True),
    "cobertura rate": (COBERTURA.format(0.2, 1, 2), 20, True),
    "cobertura header that is worse": (COBERTURA.format(0, 0, 2), 0, True),
    "cobertura alike": (COBERTURA.format(0.5, 1, 2), 50, False),
    "cobertura header of nothing": (COBERTURA.format(0, 0, 0), 50, True),
    "jacoco root": (JACOCO.format(1, 1, 0, 2), 50, True),
    "jacoco lines": (JACOCO.format(0, 2, 0, 2), 50, True),
    "clover project": (CLOVER.format(1, 2), 50, True),
    "clover lines": (CLOVER.format(2, 2), 50, True),
    "lcov sums": (LCOV.format("LF:2\nLH:2\n"), 50, True),
    "lcov sums that are worse": (LCOV.format("LF:2\nLH:0\n"), 0, True),
    "lcov alike": (LCOV.format("LF:2\nLH:1\n"), 50, False),
    "opencover summary": (OPENCOVER.format(4), 50, True),
    "opencover alike": (OPENCOVER.format(1), 50, False),
    "coverage.py totals": ({**PY, "totals": {"covered_lines": 2, "num_statements": 2}}, 50, True),
    "istanbul total": ({"total": {"lines": {"covered": 2, "total": 2, "pct": 100}}, **ISTANBUL}, 50, True),
    "istanbul percentage": ({"total": {"lines": {"covered": 1, "total": 2, "pct": 90}}, **ISTANBUL}, 50, True),
    "llvm totals": ({**LLVM, "data": [{**LLVM["data"][0], "totals": {"lines": {"covered": 2, "count": 2}}}]}, 50, True),
    "gcovr summary": ({**GCOVR, "line_covered": 2, "line_total": 2}, 50, True),
    "xccov": ({**XCCOV, "coveredLines": 2, "executableLines": 2, "lineCoverage": 1}, 50, True),
}


@pytest.mark.parametrize("what", COVERAGE)
def test_coverage_is_the_lower_of_header_and_lines(what):
    """One of two lines ran; a header that says otherwise never makes it greener, and a warning names both."""
    document, percent, differs = COVERAGE[what]
    reading = read(document)
    assert values(reading)["coverage_line_percent"] == pytest.approx(percent)
    assert bool(reading.warnings) is differs


NPM = {"auditReportVersion": 2, "vulnerabilities": {"a": {"severity": "high", "via": []}}}
BANDIT = {"errors": [], "generated_at": "x", "results": []}
SEMGREP = {"version": "1", "results": [], "paths": {"scanned": ["a.py"]}}
SARIF = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": []}]}
PYRIGHT = {"version": "1", "generalDiagnostics": [], "summary": {"filesAnalyzed": 3, "errorCount": 2}}
ESLINT = [{"filePath": "a.js", "messages": [], "errorCount": 1, "warningCount": 1}]
K6 = {"metrics": {"http_req_duration": {"p(95)": 1}, "http_req_failed": {"rate": 0, "passes": 5, "fails": 5}}}
FAULTS = {  # report -> (document, metric, value)
    "npm totals": (
        {**NPM, "metadata": {"vulnerabilities": {"critical": 1, "high": 1, "moderate": 0, "low": 0}}},
        "findings_critical_count",
        1,
    ),
    "npm list": (
        {**NPM, "metadata": {"vulnerabilities": {"critical": 0, "high": 0, "moderate": 0, "low": 0}}},
        "findings_high_count",
        1,
    ),
    "bandit totals": ({**BANDIT, "metrics": {"a.py": {}, "_totals": {"SEVERITY.HIGH": 2}}}, "findings_high_count", 2),
    "pyright": (PYRIGHT, "type_errors_count", 2),
    "mypy": ("Found 3 errors in 1 file (checked 1 source file)\n", "type_errors_count", 3),
    "tsc": ("a.ts(1,2): error TS1: no\n\nFound 4 errors in 2 files.\n", "type_errors_count", 4),
    "eslint": (ESLINT, "lint_problems_count", 2),
    "k6": (K6, "request_error_percent", 50),
    "interrogate": (
        "| TOTAL | 10 | 5 | 10 | 100% |\nRESULT: PASSED (minimum: 80.0%, actual: 100.0%)\n",
        "docs_documented_percent",
        50,
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_faults_are_the_larger_of_total_and_list(what):
    """The worse of two statements is taken, and a warning names both."""
    document, metric, value = FAULTS[what]
    reading = read(document)
    assert values(reading)[metric] == value
    assert "taken" in " ".join(reading.warnings)


UNSCANNED = {
    "semgrep without a file": {**SEMGREP, "errors": [], "paths": {"scanned": []}},
    "semgrep with a fatal error": {**SEMGREP, "errors": [{"level": "error", "message": "invalid configuration"}]},
    "bandit without a file": {**BANDIT, "errors": [{"filename": "a.py"}], "metrics": {"_totals": {"loc": 0}}},
    "sarif that failed": {
        "version": "2.1.0",
        "runs": [{**SARIF["runs"][0], "invocations": [{"executionSuccessful": False}]}],
    },
    "sarif with an error that ended it": {
        "version": "2.1.0",
        "runs": [
            {
                **SARIF["runs"][0],
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [{"level": "error", "message": {"text": "out of memory"}}],
                    }
                ],
            }
        ],
    },
}


@pytest.mark.parametrize("what", UNSCANNED)
def test_a_scan_that_did_not_happen_is_no_clean_scan(what):
    """Nothing found by a scanner that looked at nothing is unknown, with a reason."""
    reading = read(UNSCANNED[what], "report.sarif" if "sarif" in what else "report.json")
    assert {figure.value for figure in reading.figures} == {None}
    assert all(figure.reason for figure in reading.figures)


def test_a_scan_with_a_broken_file_still_counts():
    """One file that Semgrep could not parse is a warning, where others were scanned."""
    errors = [{"level": "warn", "type": "Syntax error", "path": "b.py"}]
    reading = read({**SEMGREP, "errors": errors})
    assert values(reading)["findings_high_count"] == 0
    assert "could not be scanned" in reading.warnings[0]


def _sarif_result(level: str) -> dict[str, object]:
    return {"ruleId": "r", "level": level, "message": {"text": "m"}}


def _sarif_note(level: str, path: str = "") -> dict[str, object]:
    place = [{"physicalLocation": {"artifactLocation": {"uri": path}}}] if path else []
    return {"level": level, "message": {"text": "no"}, "locations": place}


def _sarif_of(results: list[dict[str, object]], **invocation: object) -> dict[str, object]:
    run = {**SARIF["runs"][0], "results": results, "invocations": [{"executionSuccessful": True, **invocation}]}
    return {"version": "2.1.0", "runs": [run]}


GIVEN_UP = {
    "bandit": {
        "errors": [{"filename": "old.py", "reason": "syntax error while parsing AST from file"}],
        "generated_at": "2026-01-01T00:00:00Z",
        "metrics": {"_totals": {}, "shop.py": {"loc": 10}},
        "results": [{"test_id": "B1", "filename": "shop.py", "issue_text": "x", "issue_severity": "LOW"}],
    },
    "semgrep": {
        **SEMGREP,
        "results": [{"check_id": "r", "path": "a.py", "extra": {"severity": "INFO", "message": "m"}}],
        "errors": [{"level": "error", "type": "Timeout", "path": "old.py"}],
    },
    "semgrep that stopped": {
        **SEMGREP,
        "results": [{"check_id": "r", "path": "a.py", "extra": {"severity": "INFO", "message": "m"}}],
        "errors": [{"level": "error", "type": "Fatal error", "message": "out of memory"}],
    },
    "sarif": _sarif_of([_sarif_result("note")], toolExecutionNotifications=[_sarif_note("error", "old.py")]),
    "sarif that stopped": _sarif_of([_sarif_result("note")], executionSuccessful=False),
}


@pytest.mark.parametrize("what", GIVEN_UP)
def test_none_found_beside_a_file_given_up_is_unknown(what):
    """What the tool could not scan may hold the critical finding; what it found stays a figure."""
    found = values(read(GIVEN_UP[what], "report.sarif" if "sarif" in what else "report.json"))
    assert found["findings_critical_count"] is None
    assert found["findings_high_count"] is None
    assert found["findings_low_count"] == 1


NOT_LOOKED_AT = {
    "a.sarif": {
        "version": "2.1.0",
        "runs": [
            {
                **SARIF["runs"][0],
                "externalPropertyFileReferences": {"results": [{"location": {"uri": "r"}, "itemCount": 5}]},
            }
        ],
    },
    "grype.json": {
        "matches": [],
        "source": {"type": "image"},
        "distro": {"name": "debian"},
        "descriptor": {"name": "grype", "db": {"status": {"valid": False, "error": "the database is 40 days old"}}},
    },
}


@pytest.mark.parametrize("name", NOT_LOOKED_AT)
def test_findings_that_nobody_looked_at_are_unknown(name):
    """Results in a second file, or a database that the tool itself calls unfit."""
    assert values(read(NOT_LOOKED_AT[name], name))["findings_critical_count"] is None


def test_a_score_counts_whatever_the_level_says():
    """A tool that writes level none beside a score of 9.8 has found something critical."""
    result = {"ruleId": "r", "level": "none", "message": {"text": "m"}, "properties": {"security-severity": "9.8"}}
    assert values(read(_sarif_of([result]), "a.sarif"))["findings_critical_count"] == 1


@pytest.mark.parametrize(
    "end", ["Looks like your test exited with 2 just after 1.", "Looks like your test died just after 1."]
)
def test_a_program_that_ends_badly_after_its_last_test_failed(end):
    """Test::More says it in a remark, after every planned test has passed."""
    assert values(read(f"1..1\nok 1\n# {end}\n", "a.tap"))["tests_failed"] == 1


def test_an_operating_system_past_its_end_of_life_is_not_clean():
    """Trivy finds nothing where nobody publishes advisories any more, and says so beside the empty list."""
    system = {"OS": {"Family": "debian", "Name": "9.13", "EOSL": True}}
    result = [{"Target": "shop (debian 9.13)", "Class": "os-pkgs", "Type": "debian"}]
    report = {"SchemaVersion": 2, "ArtifactName": "shop", "Metadata": system, "Results": result}
    reading = read(report, "trivy.json")
    assert values(reading)["findings_critical_count"] is None
    assert "debian 9.13 is past its end of life" in reading.figures[0].reason


def test_a_stated_rate_over_no_line_is_unknown():
    """Tools call 0 of 0 lines a rate of 1: an empty run is not 100%."""
    report = '<coverage line-rate="1" lines-covered="0" lines-valid="0" version="1"><packages/></coverage>'
    assert values(read(report, "cobertura.xml"))["coverage_line_percent"] is None


HIDDEN = {
    "crystal": '<testsuite tests="1" errors="0" failed="1"><testcase name="a"/></testsuite>',
    "trx": '<TestRun><Results><UnitTestResult testName="a" outcome="Passed"/></Results><ResultSummary outcome='
    '"Completed"><Counters total="1" executed="1" passed="1" failed="0"/><RunInfos><RunInfo outcome="Error">'
    "<Text>Test host process crashed</Text></RunInfo></RunInfos></ResultSummary></TestRun>",
    "mochawesome": {
        "stats": {"suites": 1, "tests": 10, "passes": 5, "pending": 0, "failures": 0, "testsRegistered": 10}
        | {"skipped": 5, "hasSkipped": True, "passPercent": 100},
        "results": [],
    },
}


@pytest.mark.parametrize("tool", HIDDEN)
def test_a_failure_that_no_case_carries_counts(tool):
    """A count under another name, a crash after the last test, tests that a failed hook kept from running."""
    names = {"crystal": "output.xml", "trx": "a.trx", "mochawesome": "mochawesome.json"}
    assert values(read(HIDDEN[tool], names[tool]))["tests_failed"] >= 1


def test_a_warning_about_a_file_in_sarif_still_counts():
    """A notification of level warning is about a part of the file."""
    report = _sarif_of([], toolExecutionNotifications=[_sarif_note("warning", "old.py")])
    assert values(read(report, "report.sarif"))["findings_critical_count"] == 0


@given(
    passed=st.integers(0, 50),
    failed=st.integers(0, 50),
    stated=st.builds(Stated, *[st.none() | st.integers(0, 120)] * 4),
)
def test_no_statement_makes_a_tally_greener(passed, failed, stated):
    """Whatever a report states, passes never rise and failures never fall; stated failures are never lost."""
    tally = Tally()
    tally.counts.update({"passed": passed, "failed": failed})
    settle_tests(tally, stated)
    after = tally.counts["failed"] + tally.counts["errored"]
    assert tally.counts["passed"] <= passed
    assert after >= max(failed, stated.failed or 0)
    assert min(tally.counts.values()) >= 0


@given(*[st.integers(0, 1000)] * 4)
def test_the_rate_taken_is_never_above_either(hit, missed, theirs, others):
    """Of two statements with something to count, the lower rate is taken."""
    listed, stated = Hits(hit, hit + missed), Hits(theirs, theirs + others)
    taken, reported = worse_hits(stated, listed, "lines")
    known = [rate.percent for rate in (listed, stated) if rate.whole]
    assert not known or taken.percent == min(known)
    assert bool(reported) <= (len(known) == 2)
