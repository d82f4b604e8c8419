"""A rollback drill with a stop-watch: from the start of the command until the health check answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from ingest.acts.command import CommandRun, Echo, RunningCommand, stoppable
from ingest.transport.probe import ProbeFailedError, Seen, fetch

Outcome = Literal["answered", "no_answer", "command_failed", "interrupted"]
INTERVAL = 0.25  # seconds between two questions to the health check
_SHORTEST_QUESTION, _LONGEST_QUESTION = 1.0, 5.0  # seconds that one question may take
_IN_A_ROW = 2  # healthy answers that are needed: a service that flaps is not back


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """What counts as healthy: a status of 200 to 299, and `expect` in the body where it is given."""

    url: str
    expect: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a drill. `seconds` is None unless the check answered.

    `was_down`: some question before or during the drill got no healthy answer, so the last answer is a new one.
    """

    outcome: Outcome
    seconds: float | None
    because: str
    was_down: bool
    questions: int
    command: CommandRun


class _Questions:
    """The questions to the health check, one after the other."""

    def __init__(self, check: HealthCheck, ask: Callable[[str, float], Seen]) -> None:
        self._check, self._ask = check, ask
        self.asked, self.in_a_row, self.was_down, self.last = 0, 0, False, "not asked yet"
        self.first_healthy = 0.0

    def ask(self, longest: float) -> bool:
        """Ask once; whether enough healthy answers came in a row."""
        self.asked += 1
        problem = self._problem(longest)
        if problem:
            self.in_a_row, self.was_down, self.last = 0, True, problem
            return False
        self.in_a_row, self.last = self.in_a_row + 1, "the first one came too late to be confirmed"
        if self.in_a_row == 1:
            self.first_healthy = time.monotonic()
        return self.in_a_row >= _IN_A_ROW

    def _problem(self, longest: float) -> str:
        try:
            seen = self._ask(self._check.url, max(_SHORTEST_QUESTION, min(longest, _LONGEST_QUESTION)))
        except ProbeFailedError as problem:
            return str(problem)
        if not 200 <= seen.status < 300:
            return f"it answered {seen.status}"
        if self._check.expect and self._check.expect.encode() not in seen.body:
            return f"its answer does not contain {self._check.expect!r}"
        return ""

    def forget(self) -> None:
        """Count answers from here on: those of before the rollback was through are of the old version."""
        self.in_a_row = 0


def rehearse(words: Sequence[str], folder: Path, check: HealthCheck, deadline: float, echo: Echo) -> Rehearsal:
    """Run the command, and ask the health check until it answers after the command has ended, or the deadline.

    The check is asked before and while the command runs, too, so an outage is seen. TMinusError: the command cannot be
    started.
    """
    ask = partial(fetch, may_be_private=True)  # a person has asked for it: staging is often in the own network
    questions = _Questions(check, ask)
    questions.ask(_LONGEST_QUESTION)
    with stoppable() as stop:
        running = RunningCommand(words, folder, echo)
        try:
            stop.release()
            return _watched(running, questions, deadline)
        except KeyboardInterrupt:
            running.stop()
            return _ended(running, questions, "interrupted", "it was stopped")


def _watched(running: RunningCommand, questions: _Questions, deadline: float) -> Rehearsal:
    while (left := running.began + deadline - time.monotonic()) > 0 and running.exit_code() is None:
        questions.ask(left)
        running.wait(min(INTERVAL, left))
    if running.exit_code() is None:
        running.stop()
        return _ended(running, questions, "no_answer", f"the command still ran after {deadline:g} s", "timed_out")
    if running.exit_code() != 0:
        because = f"the command ended with exit code {running.exit_code()}"
        return _ended(running, questions, "command_failed", because, "failed")
    questions.forget()
    while (left := running.began + deadline - time.monotonic()) > 0:
        if questions.ask(left) and questions.first_healthy <= running.began + deadline:
            return _ended(running, questions, "answered", "")
        time.sleep(min(INTERVAL, max(0.0, left)))
    return _ended(running, questions, "no_answer", f"no healthy answer within {deadline:g} s: {questions.last}")


def _ended(
    running: RunningCommand,
    questions: _Questions,
    outcome: Outcome,
    because: str,
    command: Literal["succeeded", "failed", "timed_out", "interrupted"] = "succeeded",
) -> Rehearsal:
    seconds = questions.first_healthy - running.began if outcome == "answered" else None
    result = running.result("interrupted" if outcome == "interrupted" else command)
    return Rehearsal(outcome, seconds, because, questions.was_down, questions.asked, result)
