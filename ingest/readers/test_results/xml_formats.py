"""Test results as XML outside JUnit: TRX, NUnit 2 and 3, xUnit.net and CTest's dashboard file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from ingest.readers.contract import Reader, Reading, count
from ingest.readers.test_results.agreement import Stated, settle_tests, settle_verdict
from ingest.readers.test_results.tally import METRICS, Outcome, Tally, outcome_of
from ingest.readers.text.durations import UNSURE, has_decimal_comma, is_unsure, seconds_of
from ingest.readers.text.xml import children, parse_xml, root_of

_CLOCK = re.compile(r"^(?:(\d{1,4})\.)?(\d{1,4}):(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)$")

_TRX: dict[str, Outcome] = {
    "passed": "passed",
    "passedbutrunaborted": "passed",
    "warning": "passed",
    "completed": "passed",
    "failed": "failed",
    "error": "errored",
    "timeout": "errored",
    "aborted": "errored",
    "disconnected": "errored",
    "inprogress": "errored",
    "notrunnable": "errored",  # as in NUnit: a test that cannot run is broken, not left out
}
_NUNIT: dict[str, Outcome] = {
    "passed": "passed",
    "success": "passed",
    "warning": "passed",
    "failed": "failed",
    "failure": "failed",
    "error": "errored",
    "notrunnable": "errored",
    "cancelled": "errored",
}
_NUNIT_BROKEN = frozenset({"failed", "failure", "error", "cancelled", "invalid", "notrunnable"})
_TRX_ENDS_WELL = frozenset({"", "completed", "passed", "warning", "inconclusive", "notexecuted", "pending"})
_XUNIT: dict[str, Outcome] = {"pass": "passed", "fail": "failed"}
# Words for a test that did not run by choice, or that decided nothing; any other unknown word is an error.
_LEFT_OUT = frozenset(
    {"notexecuted", "inconclusive", "pending", "skipped", "skip", "ignored", "notrun", "explicit", "disabled"}
)
_CTEST_BY_CHOICE = ("Disabled", "SKIP_")  # how the reasons begin for which CTest counts a test as not run, not failed


def _detect_trx(head: bytes, name: str) -> float:
    """CppUnit and AUnit have the same root, and below it nothing that we read."""
    foreign = b"<FailedTests" in head or b"<SuccessfulTests" in head
    return 0.95 if root_of(head)[0] == "TestRun" and not foreign else 0.0


def _detect_nunit(head: bytes, name: str) -> float:
    tag = root_of(head)[0]
    return 0.95 if tag in ("test-run", "test-results") else 0.9 if tag == "test-suite" else 0.0


def _detect_xunit(head: bytes, name: str) -> float:
    tag, attributes = root_of(head)
    if tag == "assemblies":
        return 0.95
    return 0.9 if tag == "assembly" and "total" in attributes else 0.0


def _detect_ctest(head: bytes, name: str) -> float:
    return 0.95 if root_of(head)[0] == "Site" and b"<Testing" in head else 0.0


_CRASHES = ("run was aborted", "host process crashed")


def read_trx(data: bytes, name: str) -> Reading:
    """Leaves only: a data-driven test contains its rows as inner results. A run that was aborted is an errored test."""
    root = parse_xml(data)
    tally = Tally()
    methods = {test.get("id"): test.find("TestMethod") for test in root.iter("UnitTest")}
    for result in root.iter("UnitTestResult"):
        if result.find("InnerResults") is None:
            outcome = outcome_of(result.get("outcome", "").lower(), _TRX, _LEFT_OUT)
            message = next((entry.text or "" for entry in result.iter("Message")), "")
            title = _trx_title(result.get("testName", ""), methods.get(result.get("testId")))
            _count(tally, outcome, title, _seconds(result.get("duration")), message)
    warnings = _trx_counters(root, tally)
    _trx_run(root, tally)
    verdict = next((summary.get("outcome", "") for summary in root.iter("ResultSummary")), "")
    warnings += settle_verdict(tally, verdict.lower() not in _TRX_ENDS_WELL, f"outcome {verdict}")
    return Reading("trx", "VSTest", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _failed_among(results: Iterable[Element]) -> int:
    return sum(_TRX.get(result.get("outcome", "").lower()) in ("failed", "errored") for result in results)


def _trx_counters(root: Element, tally: Tally) -> list[str]:
    """The counters of the run; a data-driven test counts there once, or once a row, by version."""
    counters = next(root.iter("Counters"), None)
    if counters is None:
        return []
    failed = _sum_of(counters, "failed", "error", "timeout", "aborted", "disconnected", "notRunnable")
    total, passed = count(counters.get("total")), _sum_of(counters, "passed", "warning", "completed")
    parents = [result for result in root.iter("UnitTestResult") if result.find("InnerResults") is not None]
    broken = _failed_among(parents)
    listed, listed_failed = sum(tally.counts.values()), tally.counts["failed"] + tally.counts["errored"]
    if total is not None and listed - len(parents) <= total <= listed + len(parents):
        total, passed = listed, None if parents else passed
    if failed is not None and parents and failed <= listed_failed + broken:
        failed = listed_failed
    return settle_tests(tally, Stated(total, passed, failed))


def _sum_of(element: Element, *keys: str) -> int | None:
    """The sum of the counts that are stated; None where none is."""
    found = [number for key in keys if (number := count(element.get(key))) is not None]
    return sum(found) if found else None


def _trx_title(title: str, method: Element | None) -> str:
    """MSTest names the method alone: two classes may have tests of one name."""
    if method is None:
        return title
    own, owner = method.get("name", ""), method.get("className", "").partition(",")[0].strip()
    return f"{owner}.{title}" if own and owner and title.startswith(own) and owner not in title else title


def _trx_run(root: Element, tally: Tally) -> None:
    """The tests after a crash of the test host are not listed: only the text about the run mentions it."""
    texts = [entry.text or "" for info in root.iter("RunInfo") for entry in info.iter("Text")]
    aborted = next((words for words in texts if any(sign in words.lower() for sign in _CRASHES)), None)
    if aborted is not None:
        _count(tally, "errored", "the run was aborted", None, aborted)


def _count_nunit(tally: Tally, case: Element, comma: bool | None) -> None:
    title = case.get("fullname", "") or case.get("name", "")
    message = next((entry.text or "" for entry in case.iter("message")), "")
    _count(tally, _nunit_outcome(case), title, _duration_of(tally, _nunit_time(case), comma), message)


def _nunit_version(root: Element) -> str:
    """NUnit 2 names its version in the environment; imitations write "na", which counts as none."""
    own = root.find("environment")
    version = root.get("engine-version", "") or (own.get("nunit-version", "") if own is not None else "")
    return version if version[:1].isdigit() else ""


def read_nunit(data: bytes, name: str) -> Reading:
    """NUnit 3 (`test-run`, or one of its suites alone) and 2 (`test-results`)."""
    root = parse_xml(data)
    tally = Tally()
    cases = list(root.iter("test-case"))
    comma = has_decimal_comma(_nunit_time(case) for case in cases)
    for case in cases:
        _count_nunit(tally, case, comma)
    warnings = settle_tests(tally, _nunit_stated(root, cases))
    for suite in root.iter("test-suite"):
        # Its console lists a broken tear-down of a fixture among the errors, and counts it nowhere.
        if suite.get("site") == "TearDown" and suite.get("result") == "Failed":
            _count(tally, "errored", suite.get("fullname", ""), None, suite.findtext("failure/message") or "")
    warnings += settle_verdict(tally, root.get("result", "").lower() in _NUNIT_BROKEN, f"result {root.get('result')}")
    return Reading("nunit", "NUnit", _nunit_version(root), tally.figures(), tuple(tally.items), tuple(warnings))


def _nunit_time(case: Element) -> str:
    return case.get("duration") or case.get("time") or ""


def _nunit_stated(root: Element, cases: list[Element]) -> Stated:
    """The counts of the root. Totals leave out explicit tests (NUnit 3) or those that did not run (NUnit 2)."""
    total = count(root.get("total"))
    total = None if total is None else max(total, len(cases))
    if root.tag == "test-results":
        return Stated(total, None, _sum_of(root, "errors", "failures", "invalid"))
    passed = count(root.get("passed"))
    warned = sum(case.get("result", "").lower() == "warning" for case in cases)
    return Stated(total, None if passed is None else passed + warned, count(root.get("failed")))


def _nunit_outcome(case: Element) -> Outcome:
    """Up to NUnit 2.4 a case has no result, only whether it was executed and a success."""
    result, label = case.get("result", "").lower(), case.get("label", "").lower()
    if not result and case.get("executed", "").lower() == "true":
        passed = case.get("success", "").lower() == "true" or ("success" not in case.attrib and not len(case))
        result = "passed" if passed else "failed"
    return outcome_of(label if label in ("error", "cancelled") else result, _NUNIT, _LEFT_OUT)


def read_xunit(data: bytes, name: str) -> Reading:
    """xUnit.net; an error of an assembly (a fixture that broke) counts as an errored test."""
    root = parse_xml(data)
    tally = Tally()
    tests = list(root.iter("test"))
    comma = has_decimal_comma(test.get("time", "") for test in tests)
    for test in tests:
        outcome = outcome_of(test.get("result", "").lower(), _XUNIT, _LEFT_OUT)
        _count(tally, outcome, test.get("name", ""), _duration_of(tally, test.get("time"), comma), _xunit_message(test))
    for errors in root.iter("errors"):
        for error in children(errors, "error"):
            title = error.get("name") or error.get("type") or "assembly"
            _count(tally, "errored", title, None, _xunit_message(error))
    warnings = settle_tests(tally, _xunit_stated(root))
    return Reading("xunit", "xUnit.net", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _xunit_stated(root: Element) -> Stated:
    """The sums over the assemblies; their totals do not include errors outside of tests."""
    parts = _counted_assemblies(root)
    totals = [_sum_of(part, "total", "errors") for part in parts]
    failed = [_sum_of(part, "failed", "errors") for part in parts]
    passed = [count(part.get("passed")) for part in parts]
    return Stated(*(sum(n or 0 for n in column) if any(column) else None for column in (totals, passed, failed)))


def _counted_assemblies(root: Element) -> list[Element]:
    """The elements that state a total: the assemblies, or a root without any."""
    parts = [root, *root.iter("assembly")] if root.tag == "assemblies" else [root]
    repeats = root.get("total") is not None and len(parts) > 1
    return [part for part in parts if part.get("total") is not None][repeats:]


def _xunit_message(entry: Element) -> str:
    """xUnit.net writes the ends of lines as a backslash and a letter."""
    texts = next((words.text or "" for words in entry.iter("message")), "")
    return re.sub(r"\\r\\n|\\n", "\n", texts)


def _count_ctest(tally: Tally, test: Element, comma: bool | None) -> None:
    measured = {entry.get("name", ""): entry.findtext("Value") or "" for entry in test.iter("NamedMeasurement")}
    outcome, message = _ctest_outcome(test.get("Status", "").lower(), measured)
    title = test.findtext("FullName") or test.findtext("Name") or ""
    _count(tally, outcome, title, _duration_of(tally, measured.get("Execution Time"), comma), message)


def read_ctest(data: bytes, name: str) -> Reading:
    """CTest's Test.xml; what could not run (no program, a fixture that failed) is an error, as CTest itself has it."""
    root = parse_xml(data)
    tally = Tally()
    tests = list(_tests(root))
    comma = has_decimal_comma(words for test in tests for words in test.itertext() if "," in words)
    for test in tests:
        _count_ctest(tally, test, comma)
    planned = sum(1 for names in root.iter("TestList") for _ in children(names, "Test"))
    warnings = settle_tests(tally, Stated(planned)) if planned > sum(tally.counts.values()) else []
    version = root.get("Generator", "").removeprefix("ctest-")
    return Reading("ctest-xml", "CTest", version, tally.figures(), tuple(tally.items), tuple(warnings))


def _tests(root: Element) -> Iterator[Element]:
    """The tests themselves; the list of names before them uses the same element."""
    return (test for test in root.iter("Test") if test.get("Status") is not None)


def _ctest_outcome(status: str, measured: dict[str, str]) -> tuple[Outcome, str]:
    if status == "passed":
        return "passed", ""
    if status == "failed":
        code = measured.get("Exit Code", "")
        return ("failed" if code in ("", "Failed", "Completed") else "errored"), code  # else Timeout, SEGFAULT ...
    reason = measured.get("Completion Status", "")
    if status not in ("notrun", "skipped", "disabled"):
        return "errored", reason or status
    return ("skipped" if not reason or reason.startswith(_CTEST_BY_CHOICE) else "errored"), reason


def _count(tally: Tally, outcome: Outcome, title: str, seconds: float | None, message: str) -> None:
    tally.add(outcome, seconds)
    if outcome in ("failed", "errored"):
        lines = message.strip().splitlines()
        tally.fail(outcome, title, lines[0] if lines else "")


def _duration_of(tally: Tally, words: str | None, decimal_comma: bool | None) -> float | None:
    """The seconds of a test; one that may be read in two ways makes the duration of the whole unknown."""
    if is_unsure(words, decimal_comma):
        tally.no_time = UNSURE
    return seconds_of(words, decimal_comma)


def _seconds(clock: str | None) -> float | None:
    """`d.hh:mm:ss.fffffff` in seconds."""
    found = _CLOCK.match(clock or "")
    if not found:
        return None
    days, hours, minutes = (int(found[group] or 0) for group in (1, 2, 3))
    return 86400 * days + 3600 * hours + 60 * minutes + float(found[4].replace(",", "."))


READERS = (
    Reader(
        "trx",
        "Visual Studio TRX",
        "VSTest 15.9, MSTest 2.1, jest-trx-results-processor 3.0, mocha-trx-reporter 3.3;"
        " MSTest 1, NUnit and xUnit.net v3 through VSTest (figures)",
        METRICS,
        _detect_trx,
        read_trx,
    ),
    Reader(
        "nunit",
        "NUnit 2 and 3 XML",
        "NUnit 2.6.4, 3.2.1, 3.6.1, pytest-nunit 1.0; 3.8, 3.12 (figures)",
        METRICS,
        _detect_nunit,
        read_nunit,
    ),
    Reader(
        "xunit",
        "xUnit.net XML",
        "xUnit.net 2.1 and 2.4, mocha-xunit-reporter 2.3; 2.3 (figures)",
        METRICS,
        _detect_xunit,
        read_xunit,
    ),
    Reader("ctest-xml", "CTest Test.xml", "CTest 3.25", METRICS, _detect_ctest, read_ctest),
)
