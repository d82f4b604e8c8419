"""Test results as lines: `go test -json`, Dart, TAP and the text of CTest."""

from __future__ import annotations

import re
from typing import Any

from ingest.readers.reading import Reader, ReadError, Reading, count, number
from ingest.readers.tally import METRICS, Outcome, Tally
from ingest.readers.text_json import decode, has, has_all, json_lines, log_text, mapping, plain_text, text

_TAP_LINE = re.compile(r"^(not )?ok\b *(\d{0,9}) *-? *(.*)$")
_TAP_DIRECTIVE = re.compile(r"(?<!\\)#\s*(SKIP|TODO)\w*\b", re.IGNORECASE)
_TAP_PLAN = re.compile(r"^1\.\.(\d{1,9})\b")
_TAP_DURATION = re.compile(r"^duration_ms: ([\d.]{1,20})\s*$")
_CTEST_LINE = re.compile(
    r"^ *\d{1,7}/\d{1,7} Test +#\d{1,7}: (\S.*?) \.{2,}\s*(\*{3})?(.*?)\s+([\d.]{1,15}) sec", re.MULTILINE
)
_GO: dict[str, Outcome] = {"pass": "passed", "fail": "failed", "skip": "skipped"}

MAX_LEVELS = 20  # of subtests: deeper ones blame the twentieth

Events = dict[tuple[str, str], list[dict[str, Any]]]


def _detect_go(head: bytes, name: str) -> float:
    return 0.95 if has_all(head, "Action", "Package") or has_all(head, "Action", "ImportPath") else 0.0


def read_go_test(data: bytes, name: str) -> Reading:
    """Leaf tests; a package that fails without a failing test (build error, panic) is an errored test."""
    rows, bad = json_lines(data)
    events: Events = {}
    for row in (row for row in rows if "Action" in row):
        place = text(row.get("Package")) or text(row.get("ImportPath")).partition(" ")[0]
        events.setdefault((place, text(row.get("Test"))), []).append(row)
    tally = Tally(flaky=0)
    parents = {(place, test.rpartition("/")[0]) for place, test in events if "/" in test}
    blamed = _blamed(events)
    for key, history in events.items():
        place, test = key
        own_failure = _failed(history) and key not in blamed
        if test and (key not in parents or own_failure):
            _count_go(tally, place, test, history)
        elif not test and own_failure and _broke(history):
            tally.add("errored")
            tally.fail("errored", place, "the package failed outside its tests (build error or panic)")
    for place in sorted({place for place, _ in events}):
        if not _ends(events.get((place, ""), [])) and not _broke(events.get((place, ""), [])):
            tally.add("errored")
            tally.fail("errored", place, "the package did not finish: the log is cut off")
    warnings = (f"{bad} lines are no test event",) if bad else ()
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


def read_dart(data: bytes, name: str) -> Reading:
    """`dart test --reporter json` and `flutter test --machine`; hidden loading steps count only when they fail."""
    rows, bad = json_lines(data)
    starts = {mapping(r.get("test")).get("id"): r for r in rows if r.get("type") == "testStart"}
    suites = {mapping(r.get("suite")).get("id"): text(mapping(r.get("suite")).get("path")) for r in rows}
    if not any(row.get("type") == "done" for row in rows):
        raise ReadError("the Dart test run has no end: cut off")
    tally = Tally()
    for row in rows:
        if row.get("type") == "testDone":
            _count_dart(tally, row, starts.get(row.get("testID"), {}), suites)
    version = text(rows[0].get("runnerVersion")) if rows else ""
    warnings = (f"{bad} lines are no test event",) if bad else ()
    return Reading("dart-test", "dart test", version, tally.figures(), tuple(tally.items), warnings)


def _count_dart(tally: Tally, done: dict[str, Any], start: dict[str, Any], suites: dict[Any, str]) -> None:
    result = text(done.get("result"))
    outcome: Outcome = "passed"
    if result in ("failure", "error"):
        outcome = "failed" if result == "failure" else "errored"
    elif done.get("skipped") is True:
        outcome = "skipped"
    if done.get("hidden") is True and outcome == "passed":
        return
    ended, began = number(done.get("time")), number(start.get("time"))
    tally.add(outcome, (ended - began) / 1000 if ended is not None and began is not None else None)
    if outcome in ("failed", "errored"):
        test = mapping(start.get("test"))
        path = suites.get(test.get("suiteID"), "")
        tally.fail(outcome, text(test.get("name")), "", path, test.get("root_line") or test.get("line"))


def _detect_tap(head: bytes, name: str) -> float:
    if re.match(rb"\A\s*TAP version \d", head):
        return 0.97
    plain = b"ok " in head and re.search(rb"(?m)^1\.\.\d+\s*$", head) and re.search(rb"(?m)^(?:not )?ok \d+\b", head)
    return 0.85 if plain else 0.0


def read_tap(data: bytes, name: str) -> Reading:
    """Leaves of the subtests. Planned tests that never came, and a bail-out, are errored tests."""
    tap = _Tap(Tally())
    for line in decode(data).splitlines():
        tap.take(line)
    tally, warnings = tap.tally, []
    if tap.planned is None:
        raise ReadError("no plan (1..N) in the TAP: the run was cut off")
    if 0 < tap.seen < tap.planned <= tap.seen + 100_000:
        warnings.append(f"{tap.planned} tests planned, {tap.seen} came: the missing ones count as errored")
        tally.counts["errored"] += tap.planned - tap.seen
    return Reading("tap", "TAP", "", tally.figures(), tuple(tally.items), tuple(warnings))


class _Tap:
    """TAP line by line. The result of a parent follows those of its subtests, four spaces further in."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.planned: int | None = None
        self.seen = 0
        self.inner: dict[int, list[Outcome]] = {}
        self.in_yaml = False
        self.counted = False

    def take(self, line: str) -> None:
        """One line."""
        words = line.lstrip()
        if self.in_yaml or words == "---":
            self.in_yaml = words != "..."
            self._duration(words)
            return
        plan = _TAP_PLAN.match(line)
        found = _TAP_LINE.match(words)
        if plan:
            self.planned = int(plan[1])
        elif line.startswith("Bail out!"):
            self.tally.add("errored")
            self.tally.fail("errored", "bail out", line[9:])
        elif found:
            self._result((len(line) - len(words)) // 4, found)

    def _duration(self, words: str) -> None:
        duration = _TAP_DURATION.match(words)
        if duration and self.counted:
            self.tally.seconds = (self.tally.seconds or 0) + (number(duration[1]) or 0) / 1000
            self.counted = False

    def _result(self, depth: int, found: re.Match[str]) -> None:
        outcome = _tap_outcome(found)
        inside = self.inner.pop(depth + 1, [])
        self.inner.setdefault(depth, []).append(outcome)
        self.seen += depth == 0
        # A parent counts only when it failed by its own code.
        self.counted = not inside or (outcome == "failed" and "failed" not in inside)
        if self.counted:
            self.tally.add(outcome)
            if outcome == "failed":
                self.tally.fail(outcome, found[3] or f"test {found[2]}")


def _tap_outcome(found: re.Match[str]) -> Outcome:
    directive = _TAP_DIRECTIVE.search(found[3])
    kind = directive[1].upper() if directive else ""
    if kind:
        return "todo" if kind == "TODO" else "skipped"
    return "failed" if found[1] else "passed"


def _detect_ctest(head: bytes, name: str) -> float:
    return 0.9 if b" Test " in head and _CTEST_LINE.search(plain_text(head)) else 0.0


def read_ctest_text(data: bytes, name: str) -> Reading:
    """What CTest prints, with the summary line as the proof that it ended."""
    body = log_text(data)
    tally = Tally()
    for title, stars, words, seconds in _CTEST_LINE.findall(body):
        outcome: Outcome = "passed"
        if stars:
            skipped = words.startswith(("Skipped", "Not Run"))
            outcome = "skipped" if skipped else "failed" if words.startswith("Failed") else "errored"
        tally.add(outcome, number(seconds))
        if outcome in ("failed", "errored"):
            tally.fail(outcome, title, words)
    summary = re.search(r"tests? passed, \d+ tests? failed out of (\d{1,9})", body)
    if not summary:
        raise ReadError("CTest's summary line is missing: cut off")
    listed = sum(tally.counts.values())
    warnings = (f"{summary[1]} tests in the summary, {listed} listed",) if count(summary[1]) != listed else ()
    return Reading("ctest-text", "CTest", "", tally.figures(), tuple(tally.items), warnings)


READERS = (
    Reader("go-test", "go test -json", "go test", METRICS, _detect_go, read_go_test),
    Reader("dart-test", "Dart and Flutter JSON", "dart test", METRICS, _detect_dart, read_dart),
    Reader("tap", "TAP", "TAP 12 to 14", METRICS, _detect_tap, read_tap),
    Reader("ctest-text", "CTest text", "CTest", METRICS, _detect_ctest, read_ctest_text),
)
