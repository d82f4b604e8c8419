"""Test results as XML outside JUnit: TRX, NUnit 2 and 3, xUnit.net and CTest's dashboard file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.readers.reading import Reader, Reading, number
from ingest.readers.tally import METRICS, Outcome, Tally
from ingest.readers.text_xml import children, parse_xml, root_of

_CLOCK = re.compile(r"^(?:(\d{1,4})\.)?(\d{1,4}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$")

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
_XUNIT: dict[str, Outcome] = {"pass": "passed", "fail": "failed"}
_CTEST: dict[str, Outcome] = {"passed": "passed", "failed": "failed"}


def _detect_trx(head: bytes, name: str) -> float:
    return 0.95 if root_of(head)[0] == "TestRun" else 0.0


def _detect_nunit(head: bytes, name: str) -> float:
    return 0.95 if root_of(head)[0] in ("test-run", "test-results") else 0.0


def _detect_xunit(head: bytes, name: str) -> float:
    tag, attributes = root_of(head)
    if tag == "assemblies":
        return 0.95
    return 0.9 if tag == "assembly" and "total" in attributes else 0.0


def _detect_ctest(head: bytes, name: str) -> float:
    return 0.95 if root_of(head)[0] == "Site" and b"<Testing" in head else 0.0


def read_trx(data: bytes, name: str) -> Reading:
    """Leaves only: a data-driven test contains its rows as inner results."""
    tally = Tally()
    for result in parse_xml(data).iter("UnitTestResult"):
        if result.find("InnerResults") is None:
            outcome = _TRX.get(result.get("outcome", "").lower(), "skipped")
            message = next((entry.text or "" for entry in result.iter("Message")), "")
            _count(tally, outcome, result.get("testName", ""), _seconds(result.get("duration")), message)
    return Reading("trx", "VSTest", "", tally.figures(), tuple(tally.items))


def read_nunit(data: bytes, name: str) -> Reading:
    """NUnit 3 (`test-run`) and 2 (`test-results`)."""
    root = parse_xml(data)
    tally = Tally()
    for case in root.iter("test-case"):
        result, label = case.get("result", "").lower(), case.get("label", "").lower()
        outcome = _NUNIT.get(label if label in ("error", "cancelled") else result, "skipped")
        title = case.get("fullname", "") or case.get("name", "")
        seconds = number(case.get("duration") or case.get("time"))
        message = next((entry.text or "" for entry in case.iter("message")), "")
        _count(tally, outcome, title, seconds, message)
    version = root.get("engine-version", "")
    return Reading("nunit", "NUnit", version, tally.figures(), tuple(tally.items))


def read_xunit(data: bytes, name: str) -> Reading:
    """xUnit.net; an error of an assembly (a fixture that broke) counts as an errored test."""
    root = parse_xml(data)
    tally = Tally()
    for test in root.iter("test"):
        outcome = _XUNIT.get(test.get("result", "").lower(), "skipped")
        message = next((entry.text or "" for entry in test.iter("message")), "")
        _count(tally, outcome, test.get("name", ""), number(test.get("time")), message)
    for errors in root.iter("errors"):
        for error in children(errors, "error"):
            _count(tally, "errored", error.get("name") or error.get("type") or "assembly", None, "")
    return Reading("xunit", "xUnit.net", "", tally.figures(), tuple(tally.items))


def read_ctest(data: bytes, name: str) -> Reading:
    """CTest's Test.xml."""
    root = parse_xml(data)
    tally = Tally()
    for test in _tests(root):
        outcome = _CTEST.get(test.get("Status", "").lower(), "skipped")
        title = test.findtext("FullName") or test.findtext("Name") or ""
        _count(tally, outcome, title, _ctest_seconds(test), "")
    return Reading(
        "ctest-xml", "CTest", root.get("Generator", "").removeprefix("ctest-"), tally.figures(), tuple(tally.items)
    )


def _tests(root: Element) -> Iterator[Element]:
    """The tests themselves; the list of names before them uses the same element."""
    return (test for test in root.iter("Test") if test.get("Status") is not None)


def _ctest_seconds(test: Element) -> float | None:
    for measure in test.iter("NamedMeasurement"):
        if measure.get("name") == "Execution Time":
            return number(measure.findtext("Value"))
    return None


def _count(tally: Tally, outcome: Outcome, title: str, seconds: float | None, message: str) -> None:
    tally.add(outcome, seconds)
    if outcome in ("failed", "errored"):
        lines = message.strip().splitlines()
        tally.fail(outcome, title, lines[0] if lines else "")


def _seconds(clock: str | None) -> float | None:
    """`d.hh:mm:ss.fffffff` in seconds."""
    found = _CLOCK.match(clock or "")
    if not found:
        return None
    days, hours, minutes = (int(found[group] or 0) for group in (1, 2, 3))
    return 86400 * days + 3600 * hours + 60 * minutes + float(found[4])


READERS = (
    Reader("trx", "Visual Studio TRX", "VSTest", METRICS, _detect_trx, read_trx),
    Reader("nunit", "NUnit 2 and 3 XML", "NUnit", METRICS, _detect_nunit, read_nunit),
    Reader("xunit", "xUnit.net XML", "xUnit.net", METRICS, _detect_xunit, read_xunit),
    Reader("ctest-xml", "CTest Test.xml", "CTest", METRICS, _detect_ctest, read_ctest),
)
