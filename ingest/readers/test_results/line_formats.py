"""Test results as lines: `go test -json`, Dart and the text of CTest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, number
from ingest.readers.test_results.agreement import Stated, settle_tests, settle_verdict
from ingest.readers.test_results.tally import METRICS, Outcome, Tally
from ingest.readers.text.json import decode, has, has_all, json_lines, log_text, mapping, plain_text, text

_CTEST_LINE = re.compile(
    r"^ *\d{1,7}/\d{1,7} Test +#\d{1,7}: (\S.*?) \.{2,}\s*(\*{3})?(.*?)\s+([\d.]{1,15}) sec", re.MULTILINE
)
_GO_UNBUILT = re.compile(r"^FAIL\s+(\S{1,500}) \[(build|setup) failed\]\s*$", re.MULTILINE)
_GO: dict[str, Outcome] = {"pass": "passed", "fail": "failed", "skip": "skipped"}

MAX_LEVELS = 20  # of subtests: deeper ones blame the twentieth

Events = dict[tuple[str, str], list[dict[str, Any]]]


def _detect_go(head: bytes, name: str) -> float:
    # Before go 1.24 what failed to build is written in plain text between the events, or before them.
    start = 0 if head[:1] == b"{" else head.find(b'\n{"') + 1
    events = head[start:]
    return 0.95 if has_all(events, "Action", "Package") or has_all(events, "Action", "ImportPath") else 0.0


_OUTSIDE_TESTS = "the package failed outside its tests (build error or panic)"


def _go_events(rows: Iterable[dict[str, Any]]) -> Events:
    """The events by package and test; those of the package itself have an empty test."""
    events: Events = {}
    for row in (row for row in rows if "Action" in row):
        place = text(row.get("Package")) or text(row.get("ImportPath")).partition(" ")[0]
        events.setdefault((place, text(row.get("Test"))), []).append(row)
    return events


def _fail_package(tally: Tally, place: str, message: str) -> None:
    tally.add("errored")
    tally.fail("errored", place, message)


def _go_parents(events: Events) -> set[tuple[str, str]]:
    return {(place, test.rpartition("/")[0]) for place, test in events if "/" in test}


def _count_go_tests(tally: Tally, events: Events) -> None:
    """Count the leaf tests, and the packages and parents that failed by themselves."""
    parents = _go_parents(events)
    blamed = _blamed(events)
    for key, history in events.items():
        place, test = key
        own_failure = _failed(history) and key not in blamed
        if not test:
            if own_failure and _broke(history):
                _fail_package(tally, place, _OUTSIDE_TESTS)
        elif key not in parents or own_failure:
            _count_go(tally, place, test, history)


def read_go_test(data: bytes, name: str) -> Reading:
    """Leaf tests; a package that fails without a failing test (build error, panic) is an errored test."""
    rows, bad = json_lines(data)
    events = _go_events(rows)
    tally = Tally(flaky=0)
    _count_go_tests(tally, events)
    unbuilt = _GO_UNBUILT.findall(decode(data)) if bad else []
    for place, _ in unbuilt:
        _fail_package(tally, place, _OUTSIDE_TESTS)
    bad -= len(unbuilt)
    for place in sorted({place for place, _ in events}):
        own = events.get((place, ""), [])
        if not _ends(own) and not _broke(own):
            _fail_package(tally, place, "the package did not finish: the log is cut off")
    warnings = (f"{bad} lines are not test events",) if bad else ()
    return Reading("go-test", "go test", "", tally.figures(), tuple(tally.items), warnings)


def _ends(history: list[dict[str, Any]]) -> list[str]:
    return [text(row.get("Action")) for row in history if row.get("Action") in _GO]


def _failed(history: list[dict[str, Any]]) -> bool:
    ends = _ends(history)
    return not ends or ends[-1] == "fail"


def _blamed(events: Events) -> set[tuple[str, str]]:
    """Parents and packages that failed because something inside them did."""
    found: set[tuple[str, str]] = set()
    for (place, test), history in events.items():
        if test and _failed(history):
            found.add((place, ""))
            parts = test.split("/", MAX_LEVELS)
            found.update((place, "/".join(parts[:depth])) for depth in range(1, len(parts)))
    return found


def _broke(history: list[dict[str, Any]]) -> bool:
    return any(text(row.get("Action")) in ("fail", "build-fail") for row in history)


def _count_go(tally: Tally, place: str, test: str, history: list[dict[str, Any]]) -> None:
    ends = _ends(history)
    outcome: Outcome = _GO[ends[-1]] if ends else "errored"
    tally.add(outcome, sum(number(row.get("Elapsed")) or 0 for row in history))
    if outcome == "passed" and "fail" in ends:
        tally.flaky = (tally.flaky or 0) + 1
    if outcome in ("failed", "errored"):
        tally.fail(outcome, f"{place} {test}", "" if ends else "did not finish")


def _detect_dart(head: bytes, name: str) -> float:
    return 0.95 if has_all(head, "protocolVersion", "runnerVersion") or has(head, "test", "suiteID") else 0.0


def _of_type(rows: Iterable[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("type") == kind]


def read_dart(data: bytes, name: str) -> Reading:
    """`dart test --reporter json` and `flutter test --machine`; hidden loading steps count only when they fail."""
    rows, bad = json_lines(data)
    starts = {mapping(row.get("test")).get("id"): row for row in _of_type(rows, "testStart")}
    errors = {row.get("testID"): text(row.get("error")) for row in _of_type(rows, "error")}
    suites = {mapping(r.get("suite")).get("id"): text(mapping(r.get("suite")).get("path")) for r in rows}
    ends = _of_type(rows, "done")
    if not ends:
        raise ReadError("the Dart test run has no end: cut off")
    tally = Tally()
    for row in _of_type(rows, "testDone"):
        message = next(filter(str.strip, errors.get(row.get("testID"), "").splitlines()), "")
        _count_dart(tally, row, starts.get(row.get("testID"), {}), suites, message)
    version = text(rows[0].get("runnerVersion"))
    failed = any(row.get("success", True) is not True for row in ends)  # null: the runner was stopped
    warnings = [f"{bad} lines are not test events"] if bad else []
    warnings += _unfinished_dart(rows, starts, tally)
    warnings += settle_verdict(tally, failed, "success is not true")
    return Reading("dart-test", "dart test", version, tally.figures(), tuple(tally.items), tuple(warnings))


def _unfinished_dart(rows: list[dict[str, Any]], starts: dict[Any, dict[str, Any]], tally: Tally) -> list[str]:
    """Tests that began and have no end are errored ones: the program died, or was stopped."""
    ended = {row.get("testID") for row in rows if row.get("type") == "testDone"}
    missing = [start for identity, start in starts.items() if identity not in ended]
    for start in missing:
        tally.add("errored")
        tally.fail("errored", text(mapping(start.get("test")).get("name")), "did not finish")
    return [f"{len(missing)} tests began and did not finish: each counts as errored"] if missing else []


def _dart_outcome(result: str, *, is_skipped: bool) -> Outcome:
    """A result that nobody knows may be a failure's."""
    if result == "success" or (is_skipped and result not in ("failure", "error")):
        return "skipped" if is_skipped else "passed"
    return "failed" if result == "failure" else "errored"


def _count_dart(
    tally: Tally, done: dict[str, Any], start: dict[str, Any], suites: dict[Any, str], message: str
) -> None:
    outcome = _dart_outcome(text(done.get("result")), is_skipped=done.get("skipped") is True)
    if done.get("hidden") is True and outcome == "passed":
        return
    ended, began = number(done.get("time")), number(start.get("time"))
    tally.add(outcome, (ended - began) / 1000 if ended is not None and began is not None else None)
    if outcome in ("failed", "errored"):
        test = mapping(start.get("test"))
        path = suites.get(test.get("suiteID"), "")
        tally.fail(outcome, text(test.get("name")), message, path, test.get("root_line") or test.get("line"))


def _detect_ctest(head: bytes, name: str) -> float:
    return 0.9 if b" Test " in head and _CTEST_LINE.search(plain_text(head)) else 0.0


def read_ctest_text(data: bytes, name: str) -> Reading:
    """What CTest prints, with the summary line as the proof that it ended."""
    body = log_text(data)
    tally = Tally()
    disabled = 0
    for title, stars, words, seconds in _CTEST_LINE.findall(body):
        outcome = _ctest_outcome(words) if stars else "passed"
        disabled += "(Disabled)" in words
        tally.add(outcome, number(seconds))
        if outcome in ("failed", "errored"):
            tally.fail(outcome, title, words)
    summary = re.search(r"tests? passed, (\d{1,9}) tests? failed out of (\d{1,9})", body)
    if not summary:
        raise ReadError("CTest's summary line is missing: cut off")
    listed, total = sum(tally.counts.values()), int(summary[2])
    total = listed if total in (listed, listed - disabled) else total
    warnings = settle_tests(tally, Stated(total, None, int(summary[1])), "the summary")
    return Reading("ctest-text", "CTest", "", tally.figures(), tuple(tally.items), tuple(warnings))


def _ctest_outcome(words: str) -> Outcome:
    """A test that could not run (no program, a fixture that failed) is no skipped one: CTest counts it as failed."""
    if words.startswith(("Skipped", "Not Run (Disabled)")):
        return "skipped"
    return "failed" if words.startswith("Failed") else "errored"


READERS = (
    Reader("go-test", "go test -json", "go 1.19, go 1.27", METRICS, _detect_go, read_go_test),
    Reader("dart-test", "Dart and Flutter JSON", "test runner 1.15, 1.23 (figures)", METRICS, _detect_dart, read_dart),
    Reader("ctest-text", "CTest text", "CTest 3.25", METRICS, _detect_ctest, read_ctest_text),
)
