"""Counting tests: one outcome a test, the same figures from every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingest.readers.contract import Figure, ReadItem, figure, item, share
from ingest.readers.text.durations import implausible_test
from ingest.readers.text.report_paths import relative

Outcome = Literal["passed", "failed", "errored", "skipped", "todo"]
METRICS = (
    "tests_total",
    "tests_passed",
    "tests_failed",
    "tests_errored",
    "tests_skipped",
    "tests_duration_seconds",
    "tests_passed_percent",
)
EMPTY = "no test in the report: an empty run is unknown, not passed"


def outcome_of(word: str, known: Mapping[str, Outcome], left_out: Container[str]) -> Outcome:
    """The outcome for a status word: one of `known`, skipped where it is in `left_out` or empty, else errored.

    A word that nobody knows ("timedOut", "cancelled", "unknown") may be how a tool calls a failure.
    """
    return known.get(word) or ("skipped" if not word or word in left_out else "errored")


@dataclass(slots=True)
class Tally:
    """Outcomes of one report. `flaky` stays None where the format does not mark a rerun."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: float | None = None
    flaky: int | None = None
    items: list[ReadItem] = field(default_factory=list)
    no_time: str = ""  # why the durations are unknown, where they are given and cannot be used

    def add(self, outcome: Outcome, seconds: float | None = None) -> None:
        """Count one test. A duration that no test can have makes that of the whole unknown."""
        self.counts[outcome] += 1
        if seconds is not None and seconds >= 0:
            self.seconds = (self.seconds or 0.0) + seconds
            self.no_time = self.no_time or implausible_test(seconds)

    def fail(self, outcome: Outcome, name: str, message: str = "", path: str = "", line: object = None) -> None:
        """List a failing test (count it with `add`)."""
        place = relative(path)
        words = f"{name}: {message}" if message else name
        self.items.append(item("failing_test", outcome, words, place, line, place, name))

    def figures(self) -> tuple[Figure, ...]:
        """The figures of the catalogue; NULL all of them when there is no test."""
        total = sum(self.counts.values())
        if not total:
            return tuple(figure(metric, None, reason=EMPTY) for metric in METRICS)
        passed, failed, errored = (self.counts[key] for key in ("passed", "failed", "errored"))
        ran = passed + failed + errored
        found = [
            figure("tests_total", total),
            figure("tests_passed", passed),
            figure("tests_failed", failed + errored),
            figure("tests_errored", errored),
            figure("tests_skipped", self.counts["skipped"]),
            self._duration(),
            share("tests_passed_percent", passed, ran, nothing="no test ran: all are skipped"),
        ]
        if self.counts["todo"]:
            found.append(figure("tests_todo", self.counts["todo"]))
        if self.flaky is not None:
            found.append(figure("tests_flaky", self.flaky))
        return tuple(found)

    def _duration(self) -> Figure:
        seconds = None if self.no_time else self.seconds
        return figure("tests_duration_seconds", seconds, reason=self.no_time or "the report gives no durations")
