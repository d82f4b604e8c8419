"""Reports in public trackers of failures that a report hides by silence: a crash, an empty scan, a missing word.

Each name is the repository and number of the report; the documents are written for this project with its figures.
"""

from __future__ import annotations

import json

import pytest

from ingest.readers.registry import read_bytes

HIGH, CRITICAL, MEDIUM = (f"findings_{word}_count" for word in ("high", "critical", "medium"))
LINES, FAILED, ERRORED, SKIPPED = ("coverage_line_percent", "tests_failed", "tests_errored", "tests_skipped")
UNREAD = "not read at all"


def values(document, name="report"):
    """Metric -> value of the whole, and all warnings and reasons in one text."""
    data = document if isinstance(document, str) else json.dumps(document)
    (reading,) = read_bytes(data.encode(), name)
    reported = " | ".join((*reading.warnings, *(figure.reason for figure in reading.figures)))
    return {f.metric: f.value for f in reading.figures if not f.scope}, reported


def sarif(result, rule=None):
    """A SARIF run of one rule and one result."""
    rules = [{"id": "r", **(rule or {})}]
    found = {"ruleId": "r", "ruleIndex": 0, "message": {"text": "m"}, **result}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t", "rules": rules}}, "results": [found]}]}


def jest(**more):
    """A jest report of one file that did not load beside one that passed."""
    broken = {"name": "a.test.js", "status": "failed", "message": "cannot find module", "assertionResults": [], **more}
    good = {"name": "b.test.js", "status": "passed", "assertionResults": [{"status": "passed", "title": "t"}]}
    totals = {"numTotalTests": 1, "numPassedTests": 1, "numFailedTests": 0, "numRuntimeErrorTestSuites": 1}
    return {**totals, "success": False, "testResults": [broken, good]}


def classes(*lines, attributes=""):
    """A Cobertura file with a class for each text of hits."""
    rows = "".join(
        f'<class filename="f{at}.py" line-rate="1"><lines>'
        + "".join(f'<line number="{number}" hits="{hit}"/>' for number, hit in enumerate(hits, 1))
        + "</lines></class>"
        for at, hits in enumerate(lines)
    )
    package = f"<packages><package><classes>{rows}</classes></package></packages>"
    return f'<coverage version="7.10" {attributes}>{package}</coverage>'


CASE, FAILURE = (
    '<testcase classname="c" name="a"/>',
    '<testcase classname="c" name="b"><failure message="no"/></testcase>',
)
XFAIL = '<testcase classname="c" name="x"><skipped type="pytest.xfail" message=""/></testcase>'
REPORTED = {  # source -> (document, metric, value)
    "martijnvandervlag/newman-reporter-junitfull#5": (
        f'<testsuites><testsuite tests="1" failures="0" errors="0">{FAILURE}</testsuite></testsuites>',
        FAILED,
        1,
    ),
    "test-results-reporter/parser#98": (
        f'<testsuite tests="2" errors="0" skipped="0" failures="1">{FAILURE}{CASE}</testsuite>',
        FAILED,
        1,
    ),
    "kubevirt-ui/kubevirt-plugin#4441": (
        f'<testsuites tests="3" failures="0" errors="1"><testsuite tests="3">{CASE}</testsuite></testsuites>',
        FAILED,
        1,
    ),
    "sonic-net/sonic-mgmt#25733": (f'<testsuite tests="2">{CASE}{XFAIL}</testsuite>', SKIPPED, 1),
    "mesonbuild/meson#13535": ("TAP version 13\nBail out!\n", FAILED, (1, None)),
    "nodejs/tap2junit#22": ("TAP version 13\n1..5\nok 1 - a\nok 2 - b\nBail out! no disk\n", FAILED, (1, 3, 4, None)),
    "zoubin/tap-summary#8": ("TAP version 13\n1..5\nok 1 - a\nok 2 - b\nok 3 - c\n", FAILED, (1, 2, None)),
    "tapjs/tap-parser#23": ("TAP version 13\nok 1 - a\n1..0\n", FAILED, (1, None)),
    "jestjs/jest#589": (jest(), ERRORED, 1),
    "hendrikdp/bamboo-jest-reporter#2": (jest(testExecError={"message": "boom"}, failureMessage="boom"), FAILED, 1),
    "manashmandal/litecov#51": (classes("", "11111100000", attributes='line-rate="0.5455"'), LINES, 100 * 6 / 11),
    "manashmandal/litecov#58": (
        '<coverage version="7.10.7" lines-valid="0" lines-covered="0" line-rate="0"><packages/></coverage>',
        LINES,
        None,
    ),
    "coveragepy/coveragepy#345": (classes("", "1111", "11", attributes='line-rate="1"'), LINES, 100),
    "simplecov-ruby/simplecov#603": ({"RSpec": {"coverage": {}, "timestamp": 1}}, LINES, (None, UNREAD)),
    "aquasecurity/trivy#127": ([{"Target": "alpine:3.10 (alpine 3.10.2)", "Vulnerabilities": None}], HIGH, 0),
    "aquasecurity/trivy#127 (no list)": ({"alpine-test-me (ubuntu 15.04)": None}, HIGH, UNREAD),
    "aquasecurity/trivy#271": ("null", HIGH, UNREAD),
    "huntridge-labs/argus#18": ({"Results": []}, HIGH, (None, UNREAD)),
    "huntridge-labs/argus#19": (
        {"SchemaVersion": 2, "ArtifactName": "x", "Results": [], "scan_error": True},
        HIGH,
        None,
    ),
    "secureCodeBox/secureCodeBox#1489": (
        {"SchemaVersion": 2, "ArtifactName": "nmap:7", "Metadata": {"OS": {"Family": "alpine"}}},
        HIGH,
        None,
    ),
    "trailofbits/skills#262": (sarif({}, {"defaultConfiguration": {"level": "error"}}), HIGH, 1),
    "security-alert/security-alert#50": (sarif({}), MEDIUM, 1),
    "mitre/saf#1939": (sarif({"level": "error"}, {"properties": {"security-severity": "9.8"}}), CRITICAL, 1),
    "microsoft/sarif-visualstudio-extension#120": (
        sarif({"level": "error", "suppressions": [{"kind": "external", "status": "rejected"}]}),
        HIGH,
        1,
    ),
    "composer/composer#11846": ({"advisories": [], "abandoned": {"acme/old": None}}, HIGH, 0),
    "MrPunyapal/laravel-auditor#14": ("", HIGH, UNREAD),
}


@pytest.mark.parametrize("source", REPORTED)
def test_silence_is_no_success(source):
    """The failing side of the report counts, or nothing is known."""
    document, metric, value = REPORTED[source]
    found, reported = values(document)
    allowed = value if isinstance(value, tuple) else (value,)
    if found.get(metric, UNREAD) in (None, UNREAD):
        assert found.get(metric, UNREAD) in allowed
        assert reported
    else:
        assert any(isinstance(one, int | float) and found[metric] == pytest.approx(one) for one in allowed), found
