"""Test results as TAP: of one program, or of many whose output is in one file (`prove -v`, `cat *.tap`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.readers.contract import Reader, ReadError, Reading, number
from ingest.readers.test_results.agreement import settle_failures, settle_verdict
from ingest.readers.test_results.tally import METRICS, Outcome, Tally
from ingest.readers.text.json import decode

_LINE = re.compile(r"^(not )?ok\b *(\d{0,9}) *-? *(.*)$")
_DIRECTIVE = re.compile(r"(?<!\\)#\s*(SKIP|TODO)\w*\b", re.IGNORECASE)
_PLAN = re.compile(r"^1\.\.(\d{1,9})\b")
_DURATION = re.compile(r"^duration_ms: ([\d.]{1,20})\s*$")
_BATS_TIME = re.compile(r" in (\d{1,9})ms(?= # skip|$)")
_PROVE_FILE = re.compile(r"^(\S[^\n]{0,300}?) \.{2,} ?$")
_PLAN_LINE = re.compile(rb"(?m)^1\.\.\d+\s*(?:#[^\n]*)?$")
_ALL_SKIPPED = re.compile(rb"\A\s*1\.\.0\b[^\n]*\s*\Z")
_STATED = re.compile(r"^# fail(?:ed)?:? +(\d{1,7})\s*$")  # tape, AVA, node: how many failed
# What prove says at the end, and what Test::More says of a program that ended badly after its last test.
_RUN_FAILED = re.compile(r"^Result: FAIL\s*$|^# Looks like (?:you failed|your test (?:exited with [1-9]|died))")
MAX_MISSING = 100_000


def _detect(head: bytes, name: str) -> float:
    if re.match(rb"\A\s*TAP version \d", head):
        return 0.97
    plain = b"ok " in head and _PLAN_LINE.search(head) and re.search(rb"(?m)^(?:not )?ok \d+\b", head)
    return 0.85 if plain or _ALL_SKIPPED.match(head) else 0.0


def _stated_failures(lines: Iterable[str]) -> int:
    return sum(int(failed[1]) for line in lines if (failed := _STATED.match(line)))


def _off_plan(tap: _Tap) -> list[str]:
    """Warnings when other tests ran than were planned."""
    planned, warnings = f"{tap.planned} tests planned", []
    if tap.missing:
        warnings.append(f"{planned}, {tap.planned - tap.missing} came: the missing ones count as errored")
    if tap.surplus:
        warnings.append(f"{planned}, {tap.planned + tap.surplus} came: one errored test more")
    return warnings


def read_tap(data: bytes, name: str) -> Reading:
    """Leaves of the subtests. Planned tests that never came, a bail-out and a program that broke are errored tests."""
    lines = decode(data).splitlines()
    results = [line for line in lines if line.startswith(("ok ", "not ok "))]
    # bats --timing puts a time into each title: a title that changes with every run would be another test.
    timed = bool(results) and all(_BATS_TIME.search(line) for line in results)
    tap = _Tap(Tally(), timed)
    for line in lines:
        tap.take(line)
    tap.close()
    if not tap.plans:
        raise ReadError("no plan (1..N) in the TAP: the run was cut off")
    warnings = _off_plan(tap)
    stated = _stated_failures(lines)
    if stated > tap.refused:
        warnings.append(settle_failures(tap.tally, stated, tap.refused, "the last line"))
    failed = next((line for line in lines if _RUN_FAILED.match(line)), "")
    warnings += settle_verdict(tap.tally, bool(failed), failed.strip("# \n")[:80])
    return Reading("tap", "TAP", "", tap.tally.figures(), tuple(tap.tally.items), tuple(warnings))


class _Tap:
    """TAP line by line. The result of a parent follows those of its subtests, four spaces further in."""

    def __init__(self, tally: Tally, timed: bool) -> None:
        self.tally = tally
        self.timed = timed
        self.plans = self.planned = self.missing = self.surplus = 0
        self.refused = 0  # every "not ok", todos among them: AVA counts those as failed
        self.in_yaml = False
        self.counted = False
        self._start("")

    def _start(self, program: str) -> None:
        self.program = program
        self.plan: int | None = None
        self.seen = 0
        self.inner: dict[int, list[Outcome]] = {}
        self.broke = ""
        self.bailed = self.failed = False

    def take(self, line: str) -> None:
        """One line."""
        words = line.lstrip()
        if self.in_yaml or words == "---":
            self.in_yaml = words != "..."
            self._duration(words)
            return
        found = _LINE.match(words)
        if found:
            self._result((len(line) - len(words)) // 4, found)
        elif line == words:
            self._between(line)

    def _between(self, line: str) -> None:
        plan, program = _PLAN.match(line), _PROVE_FILE.match(line)
        if plan:
            if self.plan is not None:
                self.close()
            self.plan = int(plan[1])
        elif line.startswith("TAP version ") or program:
            self.close(program[1] if program else "")
        elif line.startswith("Dubious, test returned "):
            self.broke = line
        elif line.startswith("Bail out!"):
            self.bailed = True
            self.tally.add("errored")
            self.tally.fail("errored", "bail out", line[9:])

    def _is_cut_off(self) -> bool:
        """Whether this program printed results without a plan, while others had one."""
        return self.plan is None and self.seen > 0 and self.plans > 0

    def close(self, program: str = "") -> None:
        """The end of one program's output: what it planned must have come, and it must have ended well."""
        missing = min(max((self.plan or 0) - self.seen, 0), MAX_MISSING)
        if self.plan is not None:
            self.plans += 1
            self.planned += self.plan
            self.missing += missing
            self._too_many()
            self.tally.counts["errored"] += max(missing - self.bailed, 0)  # the bail-out is one of them
        if self._is_cut_off() or (self.broke and not (self.failed or missing)):
            self.tally.add("errored")
            self.tally.fail("errored", self.program or "a test program", self.broke or "no plan (1..N): cut off")
        self._start(program)

    def _too_many(self) -> None:
        """More tests than were planned: a broken program for every TAP harness."""
        surplus = self.seen - (self.plan or 0)
        if surplus > 0:
            self.surplus += surplus
            self.tally.add("errored")
            self.tally.fail("errored", self.program or "a test program", f"{self.plan} tests planned, {self.seen} came")

    def _duration(self, words: str) -> None:
        duration = _DURATION.match(words)
        if duration and self.counted:
            self.tally.seconds = (self.tally.seconds or 0) + (number(duration[1]) or 0) / 1000
            self.counted = False

    def _result(self, depth: int, found: re.Match[str]) -> None:
        if self.program and found[0] == "ok":
            return  # what prove says of a whole program
        if depth == 0 and found[2] == "1" and self.seen:
            self.close()
        outcome = _outcome(found)
        self.refused += bool(found[1])
        inside = self.inner.pop(depth + 1, [])
        self.inner.setdefault(depth, []).append(outcome)
        self.seen += depth == 0
        # A parent counts only when it failed by its own code.
        self.counted = not inside or (outcome == "failed" and "failed" not in inside)
        if self.counted:
            self._count(outcome, found)

    def _count(self, outcome: Outcome, found: re.Match[str]) -> None:
        title = found[3] or f"test {found[2]}"
        time = _BATS_TIME.search(title) if self.timed else None
        if time:
            title = title[: time.start()]
        self.tally.add(outcome, int(time[1]) / 1000 if time else None)
        if outcome == "failed":
            self.failed = True
            self.tally.fail(outcome, title)


def _outcome(found: re.Match[str]) -> Outcome:
    directive = _DIRECTIVE.search(found[3])
    kind = directive[1].upper() if directive else ""
    if kind:
        return "todo" if kind == "TODO" else "skipped"
    return "failed" if found[1] else "passed"


READERS = (
    Reader(
        "tap",
        "TAP",
        "Test::More (Perl 5.36), prove 3.44, bats 1.8, node 20 and 26, tape 5, node-tap 16, AVA 5",
        METRICS,
        _detect,
        read_tap,
    ),
)
