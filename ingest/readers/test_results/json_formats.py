"""Test results as one JSON document: jest and vitest, Playwright, mocha, RSpec, GoogleTest, pytest-json-report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count, number
from ingest.readers.test_results.agreement import Stated, settle_tests, settle_verdict
from ingest.readers.test_results.tally import METRICS, Outcome, Tally, outcome_of
from ingest.readers.text.json import ANSI, has, has_all, load_object, mapping, objects, sequence, text

_JEST: dict[str, Outcome] = {"passed": "passed", "failed": "failed", "todo": "todo"}
_PLAYWRIGHT: dict[str, Outcome] = {"expected": "passed", "flaky": "passed", "unexpected": "failed"}
# Words of each tool for a test that did not run by choice; any other word is an error.
_LEFT_OUT = frozenset({"skipped", "pending", "disabled", "xfailed", "rerun", "ignored", "suppressed", "notrun", "todo"})
_RSPEC: dict[str, Outcome] = {"passed": "passed", "failed": "failed"}
_PYTEST: dict[str, Outcome] = {"passed": "passed", "xpassed": "passed", "failed": "failed", "error": "errored"}
_PYTEST_ENDS_WELL = (0, 5)  # 5: no test was collected
MAX_DEPTH = 100


def _detect_jest(head: bytes, name: str) -> float:
    return (
        0.97
        if has_all(head, "numTotalTests", "testResults") or has_all(head, "numTotalTests", "numPassedTests")
        else 0.0
    )


def read_jest(data: bytes, name: str) -> Reading:
    """Test by test; a file that failed before its first test is an errored test, so a broken run never looks empty."""
    document = load_object(data)
    tally = Tally()
    broken = 0
    for file in objects(document.get("testResults")):
        path = text(file.get("name"))
        tests = list(objects(file.get("assertionResults")))
        for test in tests:
            _count_jest(tally, test, path)
        # vitest before 1.0 calls a file that does not load passed, and says in its message why it does not.
        if not tests and (text(file.get("status")) == "failed" or text(file.get("message")).strip()):
            broken += 1
            tally.add("errored")
            tally.fail("errored", "the file failed to start", _first(text(file.get("message"))), path)
    if "testResults" not in document:
        raise ReadError("no testResults: the run was cut off or is only a summary")
    warnings = [f"{broken} test files failed to start: each counts as one errored test"] if broken else []
    warnings += settle_tests(tally, _jest_stated(document, broken))
    warnings += settle_verdict(tally, document.get("success") is False, "success is false")
    warnings += settle_verdict(tally, document.get("wasInterrupted") is True, "wasInterrupted is true")
    tool = "jest" if "numRuntimeErrorTestSuites" in document else "vitest"
    return Reading("jest", tool, "", tally.figures(), tuple(tally.items), tuple(warnings))


def _jest_stated(document: dict[str, Any], broken: int) -> Stated:
    """The counts at the top, which know nothing of the tests of a file that failed to start."""
    total, passed, failed, pending, todo = (
        count(document.get(f"num{word}Tests")) for word in ("Total", "Passed", "Failed", "Pending", "Todo")
    )
    outside = max(broken, count(document.get("numRuntimeErrorTestSuites")) or 0)
    return Stated(
        None if total is None else total + outside,
        passed,
        None if failed is None else failed + outside,
        (pending or 0) + (todo or 0),
    )


def _count_jest(tally: Tally, test: dict[str, Any], path: str) -> None:
    outcome = outcome_of(text(test.get("status")), _JEST, _LEFT_OUT)
    tally.add(outcome, _milliseconds(test.get("duration")))
    # vitest, and jest before 28, do not state how often a test ran: no rerun is known then, not none.
    if "invocations" in test or "retryReasons" in test:
        again = (count(test.get("invocations")) or 1) > 1 or bool(sequence(test.get("retryReasons")))
        tally.flaky = (tally.flaky or 0) + (outcome == "passed" and again)
    if outcome in ("failed", "errored"):
        messages = sequence(test.get("failureMessages"))
        line = mapping(test.get("location")).get("line")
        tally.fail(outcome, text(test.get("fullName")), _first(text(messages[0]) if messages else ""), path, line)


def _detect_playwright(head: bytes, name: str) -> float:
    if has(head, "config", "projects") and has(head, "suites"):
        return 0.97
    return 0.9 if has(head, "suites", "[]", "specs") or (has_all(head, "config", "suites", "stats")) else 0.0


def read_playwright(data: bytes, name: str) -> Reading:
    """One test a project; its status already joins the retries. Errors outside tests count as errored."""
    document = load_object(data)
    tally = Tally(flaky=0)
    for spec in _specs(document, 0):
        for test in objects(spec.get("tests")):
            _count_playwright(tally, spec, test)
    warnings = settle_tests(tally, _playwright_stated(mapping(document.get("stats"))))
    for error in objects(document.get("errors")):
        tally.add("errored")
        tally.fail("errored", "outside of any test", _first(text(error.get("message"))))
    version = text(mapping(document.get("config")).get("version"))
    return Reading("playwright", "Playwright", version, tally.figures(), tuple(tally.items), tuple(warnings))


def _playwright_stated(stats: dict[str, Any]) -> Stated:
    counts = [count(stats.get(key)) for key in ("expected", "flaky", "unexpected", "skipped")]
    if None in counts:
        return Stated(failed=counts[2])
    expected, flaky, unexpected, skipped = (number or 0 for number in counts)
    return Stated(expected + flaky + unexpected + skipped, expected + flaky, unexpected, skipped)


def _specs(suite: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        raise ReadError(f"suites are nested deeper than {MAX_DEPTH}: refused")
    yield from objects(suite.get("specs"))
    for inner in objects(suite.get("suites")):
        yield from _specs(inner, depth + 1)


def _count_playwright(tally: Tally, spec: dict[str, Any], test: dict[str, Any]) -> None:
    status = text(test.get("status"))
    results = list(objects(test.get("results")))
    outcome = outcome_of(status, _PLAYWRIGHT, _LEFT_OUT)
    if outcome == "skipped" and any(result.get("status") == "interrupted" for result in results):
        outcome = "errored"  # Playwright calls a test skipped that it was stopped in
    tally.add(outcome, _milliseconds(sum(number(result.get("duration")) or 0 for result in results)))
    tally.flaky = (tally.flaky or 0) + (status == "flaky")
    if outcome in ("failed", "errored"):
        message = mapping(results[-1].get("error")).get("message") if results else ""
        project = text(test.get("projectName"))
        title = text(spec.get("title")) + (f" [{project}]" if project else "")
        tally.fail(outcome, title, _first(text(message)), text(spec.get("file")), spec.get("line"))


def _detect_mocha(head: bytes, name: str) -> float:
    if not (has(head, "stats", "passes") and has(head, "stats", "failures")):
        return 0.0
    return 0.95


def read_mocha(data: bytes, name: str) -> Reading:
    """The lists of passes, failures and pending tests; mochawesome has the counts in `stats` alone."""
    document = load_object(data)
    if "passes" not in document:
        return _mochawesome(document)
    tally = Tally(flaky=0)
    for test in objects(document.get("passes")):
        tally.add("passed", _milliseconds(test.get("duration")))
        tally.flaky = (tally.flaky or 0) + bool(count(test.get("currentRetry")))
    for test in objects(document.get("failures")):
        tally.add("failed", _milliseconds(test.get("duration")))
        message = text(mapping(test.get("err")).get("message"))
        tally.fail("failed", text(test.get("fullTitle")), _first(message), text(test.get("file")))
    for _ in objects(document.get("pending")):
        tally.add("skipped")
    warnings = settle_tests(tally, _mocha_stated(document, tally))
    return Reading("mocha", "mocha", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _mocha_stated(document: dict[str, Any], tally: Tally) -> Stated:
    """The counts of `stats`. Its tests leave out failed hooks, so that fewer tests than are listed are no surprise."""
    stats = mapping(document.get("stats"))
    tests, passes, failures, pending = (count(stats.get(key)) for key in ("tests", "passes", "failures", "pending"))
    listed = sum(tally.counts.values())
    failed = tally.counts["failed"]
    hooks = failed - failures if failures is not None and "passes" not in document else 0
    return Stated(None if tests is None else max(tests, listed), passes, failed if hooks > 0 else failures, pending)


def _mochawesome(document: dict[str, Any]) -> Reading:
    """Its results list failed hooks, which its own `failures` leaves out; counts alone where they were not kept."""
    stats = mapping(document.get("stats"))
    tally = Tally(seconds=_milliseconds(stats.get("duration")))
    for suite in objects(document.get("results")):
        _count_mochawesome(tally, suite, text(suite.get("file")), 0)
    if tally.counts:
        warnings = settle_tests(tally, _mocha_stated(document, tally))
        return Reading("mocha", "mochawesome", "", tally.figures(), tuple(tally.items), tuple(warnings))
    # Its `skipped` never ran because a hook failed, which is in no other count.
    pairs: tuple[tuple[Outcome, str], ...] = (
        *(("passed", "passes"), ("failed", "failures")),
        *(("skipped", "pending"), ("errored", "skipped")),
    )
    for outcome, key in pairs:
        tally.counts[outcome] = count(stats.get(key)) or 0
    return Reading("mocha", "mochawesome", "", tally.figures(), (), ("the report has only counts",))


def _failed_hooks(suite: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("beforeHooks", "afterHooks"):
        yield from (hook for hook in objects(suite.get(key)) if hook.get("fail"))


def _count_mochawesome(tally: Tally, suite: dict[str, Any], path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ReadError(f"suites are nested deeper than {MAX_DEPTH}: refused")
    path = text(suite.get("file")) or path
    for test in (*objects(suite.get("tests")), *_failed_hooks(suite)):
        if test.get("fail") is True or text(test.get("state")) == "failed":
            tally.add("failed")
            message = text(mapping(test.get("err")).get("message"))
            tally.fail("failed", text(test.get("fullTitle")), _first(message), path)
        elif test.get("pass") is True or test.get("pending") is True:
            tally.add("passed" if test.get("pass") is True else "skipped")
    for inner in objects(suite.get("suites")):
        _count_mochawesome(tally, inner, path, depth + 1)


def _detect_rspec(head: bytes, name: str) -> float:
    if has(head, "examples", "[]", "full_description"):
        return 0.97
    return 0.9 if has_all(head, "examples", "summary_line") else 0.0


def read_rspec(data: bytes, name: str) -> Reading:
    """Examples; errors outside of them (a spec file that does not load) count as errored."""
    document = load_object(data)
    tally = Tally()
    for example in objects(document.get("examples")):
        outcome = outcome_of(text(example.get("status")), _RSPEC, _LEFT_OUT)
        tally.add(outcome, number(example.get("run_time")))
        if outcome in ("failed", "errored"):
            message = _first(text(mapping(example.get("exception")).get("message")))
            place = text(example.get("file_path"))
            tally.fail(outcome, text(example.get("full_description")), message, place, example.get("line_number"))
    summary = mapping(document.get("summary"))
    counts = (count(summary.get(key)) for key in ("example_count", "failure_count", "pending_count"))
    total, failed, pending = counts
    warnings = settle_tests(tally, Stated(total, None, failed, pending))
    outside = count(summary.get("errors_outside_of_examples_count")) or 0
    messages = [words for words in map(_first, map(text, sequence(document.get("messages")))) if words]
    for at in range(min(outside, 1000)):
        tally.add("errored")
        tally.fail("errored", "outside of any example", messages[at] if at < len(messages) else "")
    version = text(document.get("version"))
    return Reading("rspec", "RSpec", version, tally.figures(), tuple(tally.items), tuple(warnings))


def _detect_gtest(head: bytes, name: str) -> float:
    return 0.97 if has(head, "testsuites", "[]", "testsuite") else 0.0


def read_gtest(data: bytes, name: str) -> Reading:
    """Tests of all suites; a disabled one is a skipped one, as in its XML."""
    tally = Tally()
    document = load_object(data)
    for suite in objects(document.get("testsuites")):
        for test in objects(suite.get("testsuite")):
            _count_gtest(tally, test)
    total, failures, errors = (count(document.get(key)) for key in ("tests", "failures", "errors"))
    failed = None if failures is None and errors is None else (failures or 0) + (errors or 0)
    warnings = settle_tests(tally, Stated(total, None, failed, count(document.get("disabled"))))
    return Reading("gtest", "GoogleTest", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _count_gtest(tally: Tally, test: dict[str, Any]) -> None:
    failures = list(objects(test.get("failures")))
    words = (text(test.get("result", "COMPLETED")).lower(), text(test.get("status", "RUN")).lower())
    read = [outcome_of(word, {"completed": "passed", "run": "passed"}, _LEFT_OUT) for word in words]
    outcome: Outcome = "failed" if failures else next((each for each in read if each != "passed"), "passed")
    tally.add(outcome, number(text(test.get("time")).removesuffix("s")))
    if outcome in ("failed", "errored"):
        title = f"{text(test.get('classname'))} {text(test.get('name'))}"
        message = text(failures[0].get("failure")) if failures else " ".join(words)
        tally.fail(outcome, title, message, text(test.get("file")), test.get("line"))


def _detect_pytest(head: bytes, name: str) -> float:
    return 0.95 if has_all(head, "exitcode", "summary") and has(head, "summary", "collected") else 0.0


def read_pytest(data: bytes, name: str) -> Reading:
    """pytest-json-report: tests, and files that could not be collected as errored ones; expected failures are skips."""
    document = load_object(data)
    if "tests" not in document:
        raise ReadError("no tests in the pytest report: it is only a summary")
    tally = Tally()
    for test in objects(document.get("tests")):
        _count_pytest(tally, test)
    warnings = settle_tests(tally, _pytest_stated(mapping(document.get("summary"))))
    for collector in objects(document.get("collectors")):
        if collector.get("outcome") == "failed":
            tally.add("errored")
            words = text(collector.get("longrepr")).strip().splitlines()
            tally.fail("errored", "could not be collected", words[-1] if words else "", text(collector.get("nodeid")))
    code = count(document.get("exitcode")) or 0
    warnings += settle_verdict(tally, code not in _PYTEST_ENDS_WELL, f"exit code {code}")
    return Reading("pytest-json", "pytest", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _pytest_stated(summary: dict[str, Any]) -> Stated:
    """The summary leaves out what it would count as 0."""
    if not summary:
        return Stated()
    words = ("passed", "xpassed", "failed", "error", "skipped", "xfailed")
    passed, xpassed, failed, error, skipped, xfailed = (count(summary.get(word)) or 0 for word in words)
    return Stated(count(summary.get("total")), passed + xpassed, failed + error, skipped + xfailed)


def _count_pytest(tally: Tally, test: dict[str, Any]) -> None:
    stages = [mapping(test.get(stage)) for stage in ("setup", "call", "teardown")]
    outcome = outcome_of(text(test.get("outcome")), _PYTEST, _LEFT_OUT)
    tally.add(outcome, sum(number(stage.get("duration")) or 0 for stage in stages))
    if outcome in ("failed", "errored"):
        messages = (text(mapping(stage.get("crash")).get("message")) for stage in stages)
        node, line = text(test.get("nodeid")), count(test.get("lineno"))
        path, _, title = node.partition("::")
        message = _first(next(filter(None, messages), ""))
        tally.fail(outcome, title or node, message, path, None if line is None else line + 1)


def _milliseconds(value: Any) -> float | None:
    found = number(value)
    return None if found is None else found / 1000


def _first(message: str) -> str:
    plain = ANSI.sub("", message[:4000])
    return next((line.strip() for line in plain.splitlines() if line.strip()), "")


READERS = (
    Reader("jest", "jest and vitest JSON", "jest 24 to 30, vitest 0.34 to 5", METRICS, _detect_jest, read_jest),
    Reader("playwright", "Playwright JSON", "Playwright 1.20 to 1.65", METRICS, _detect_playwright, read_playwright),
    Reader(
        "mocha", "mocha and mochawesome JSON", "mocha 6 to 12, mochawesome 4 to 7", METRICS, _detect_mocha, read_mocha
    ),
    Reader("rspec", "RSpec JSON", "RSpec 3.12", METRICS, _detect_rspec, read_rspec),
    Reader("gtest", "GoogleTest JSON", "GoogleTest 1.12", METRICS, _detect_gtest, read_gtest),
    Reader("pytest-json", "pytest-json-report", "pytest-json-report 1.2, 1.5", METRICS, _detect_pytest, read_pytest),
)
