"""Runbooks: their steps with the last run, and one step run as the act of a person who has confirmed it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.answers.status import rows_of
from app.answers.types.process import RunbookAnswer, RunbookEntry, StepEntry, StepOutcome, StepRunAnswer, StepRunEntry
from app.steps.assess import plan_known_at
from app.workspace import UsageError, Workspace, consistent_read
from ingest.warehouse.process import ProcessEvent, append_process_event, process_events
from models.plan.durations import parse_duration
from models.plan.placeholders import PlaceholderError, fill
from models.plan.rollout import Runbook, RunbookStep

if TYPE_CHECKING:
    from ingest.acts.command import CommandRun, Echo

Confirm = Callable[[str, str], bool]  # (command, folder): whether the person says yes
TIMEOUT = 3600.0  # seconds that a step may take


@consistent_read
def runbook(workspace: Workspace, at: datetime) -> RunbookAnswer:
    """The runbooks of the plan in force at `at`, each step with its last run."""
    runs = _runs(workspace, at)
    books = plan_known_at(workspace, at).runbooks
    return {
        "schema": "tminus.runbook/1",
        "at": at.isoformat(),
        "project": workspace.config.name,
        "runbooks": [_book_entry(book, runs) for book in books],
    }


def run_step(
    workspace: Workspace,
    identity: str,
    values: Mapping[str, str],
    confirm: Confirm,
    echo: Echo,
    *,
    by: str = "",
    timeout: float = TIMEOUT,
) -> StepRunAnswer:
    """Run a step of the plan's file, when `confirm` says yes to the exact command; its outcome is stored.

    UsageError: no such step, or a placeholder without a value. A step without a command is recorded as done by hand.
    """
    step = _step(workspace, identity)
    command = _filled(step, values)
    folder = workspace.path.parent
    answer: StepRunAnswer = {
        "schema": "tminus.run_step/1",
        "id": step.id,
        "title": step.title,
        "command": command,
        "folder": str(folder),
        "outcome": "not_run",
        "exit_code": None,
        "seconds": None,
        "tail": [],
        "at": workspace.now().isoformat(),
    }
    if not confirm(command, str(folder)):
        return answer
    began = workspace.now()
    run = _act(command, folder, values, timeout, echo) if command else None
    answer["outcome"] = run.outcome if run else "done_by_hand"
    if run:
        answer.update({"exit_code": run.exit_code, "seconds": run.seconds, "tail": list(run.tail)})
    _store(workspace, step, values, answer, began, by)
    return answer


def read_seconds(text: str | None, option: str) -> float | None:
    """A duration such as 90s, 10m or a plain number of seconds; None where none is given. UsageError: it is none."""
    if not text:
        return None
    length = parse_duration(text if text[-1:].isalpha() else f"{text}s")
    if length is None:
        raise UsageError(f"{option} {text!r} is not a duration: write it like 90s, 10m or 1h")
    return length.total_seconds()


def _act(command: str, folder: Path, values: Mapping[str, str], timeout: float, echo: Echo) -> CommandRun:
    from ingest.acts.command import run_command, shell_words

    return run_command(shell_words(command), folder, timeout, echo, _secrets(values))


def _secrets(values: Mapping[str, str]) -> list[str]:
    """The values of placeholders whose name says that they are secret; they are stored nowhere."""
    from ingest.held_values import is_secret_name

    return [value for name, value in values.items() if is_secret_name(name)]


def _store(
    workspace: Workspace, step: RunbookStep, values: Mapping[str, str], run: StepRunAnswer, began: datetime, by: str
) -> None:
    from ingest.redaction import redact_words

    command = run["command"]
    for secret in _secrets(values):
        command = command.replace(secret, "[redacted]")
    details = {"command": redact_words(command), "exit_code": run["exit_code"], "tail": run["tail"]}
    event = ProcessEvent("step_run", step.id, began, by, run["outcome"], run["seconds"], details)
    append_process_event(workspace.warehouse, event, workspace.now())


def _step(workspace: Workspace, identity: str) -> RunbookStep:
    books = workspace.plan.runbooks
    steps = {step.id: step for book in books for step in book.steps}
    if identity in steps:
        return steps[identity]
    if not steps:
        raise UsageError("the plan has no runbook: add [[runbook]] tables to tminus.toml (docs/plan.md)")
    book = next((book for book in books if book.id == identity), None)
    if book:
        raise UsageError(f"{identity!r} is a runbook, steps run one by one: {', '.join(s.id for s in book.steps)}")
    raise UsageError(f"there is no runbook step {identity!r}: `tminus runbook` lists them")


def _filled(step: RunbookStep, values: Mapping[str, str]) -> str:
    try:
        return fill(step.command, values)
    except PlaceholderError as problem:
        raise UsageError(f"step {step.id}: {problem}") from None


def _book_entry(book: Runbook, runs: Mapping[str, list[StepRunEntry]]) -> RunbookEntry:
    return {
        "id": book.id,
        "title": book.title,
        "kind": book.kind,
        "duration": book.duration,
        "steps": [_step_entry(step, runs.get(step.id, [])) for step in book.steps],
    }


def _step_entry(step: RunbookStep, runs: list[StepRunEntry]) -> StepEntry:
    return {
        "id": step.id,
        "title": step.title,
        "command": step.command,
        "phase": step.phase,
        "placeholders": list(step.placeholders),
        "runs": len(runs),
        "last_run": runs[-1] if runs else None,
    }


def _runs(workspace: Workspace, at: datetime) -> dict[str, list[StepRunEntry]]:
    frame = process_events(workspace.warehouse, at, ["step_run"])
    found: dict[str, list[StepRunEntry]] = {}
    for row in rows_of(frame) if frame is not None else ():
        found.setdefault(row.id, []).append(_run_entry(row, at))
    return found


def _run_entry(row: Any, at: datetime) -> StepRunEntry:
    details = json.loads(row.details)
    return {
        "at": row.happened_at.astimezone(at.tzinfo).isoformat(),
        "by": row.by,
        "outcome": cast(StepOutcome, row.outcome),
        "exit_code": details.get("exit_code"),
        "seconds": None if row.seconds != row.seconds else row.seconds,
        "command": details.get("command", ""),
        "tail": details.get("tail", []),
        "is_simulated": bool(row.is_simulated),
    }
