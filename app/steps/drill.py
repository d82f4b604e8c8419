"""Rollback drills: their state, and one that a person starts, timed until the health check answers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from app.answers.status import rows_of
from app.answers.types.process import DrillAnswer, DrillEntry, DrillRunEntry, DrillsAnswer
from app.steps.assess import plan_known_at
from app.workspace import UsageError, Workspace, consistent_read
from ingest.warehouse.process import ProcessEvent, append_process_event, process_events
from models.plan.plan import Plan
from models.plan.rollout import Drill
from models.rollout.drills import DrillRun, DrillStanding, Outcome, counts, drill_standing, scope_of

if TYPE_CHECKING:
    from ingest.acts.command import Echo
    from ingest.acts.drill import Rehearsal

METRIC = "rollback_seconds"
DEADLINE = 300.0  # seconds; or five times the limit, where that is more


@dataclass(frozen=True, slots=True)
class DrillQuestion:
    """What a person gives a drill beside its command; empty or None: as the plan has it."""

    url: str = ""
    expect: str = ""
    deadline: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A run with the details that only answers show."""

    run: DrillRun
    details: dict[str, Any]
    is_simulated: bool


@consistent_read
def drills(workspace: Workspace, at: datetime) -> DrillsAnswer:
    """The drills of the plan in force at `at`, with their state then."""
    return {
        "schema": "tminus.drills/1",
        "at": at.isoformat(),
        "project": workspace.config.name,
        "drills": drill_entries(workspace, plan_known_at(workspace, at), at),
    }


def drill_entries(workspace: Workspace, plan: Plan, at: datetime) -> list[DrillEntry]:
    """One entry per drill of the plan, in its order."""
    stored = _stored(workspace, at) if plan.drills else []
    return [_entry(drill, stored, at) for drill in plan.drills]


def drill(
    workspace: Workspace, identity: str, command: Sequence[str], question: DrillQuestion, echo: Echo
) -> DrillAnswer:
    """Time the command that a person has typed until the health check answers; store it, and its time as a figure.

    UsageError: no such drill, no command, or no health check.
    """
    from ingest.acts.drill import HealthCheck, rehearse

    asked = _asked(workspace, identity)
    words = _words(workspace, asked, command)
    typed = command[0] if len(command) == 1 else shlex.join(command)
    check = HealthCheck(_address(asked, question.url), question.expect)
    deadline = question.deadline or max(DEADLINE, 5 * asked.limit_seconds)
    began = workspace.now()
    rehearsal = rehearse(words, workspace.path.parent, check, deadline, echo)
    _store(workspace, asked, rehearsal, {"command": typed, "health_url": check.url}, question, began)
    scope = _record(workspace, asked, rehearsal, check.url, question.by)
    run = DrillRun(asked.id, began, rehearsal.outcome, rehearsal.seconds, question.by)
    shown = {**_details(rehearsal), "command": typed, "health_url": check.url}
    return {
        "schema": "tminus.drill/1",
        "id": asked.id,
        "title": asked.title,
        "limit_seconds": asked.limit_seconds,
        "metric": METRIC,
        "scope": scope,
        "tail": list(rehearsal.command.tail),
        "expects": question.expect,
        "run": _run_entry(_Stored(run, shown, is_simulated=False), asked, began),
    }


def _asked(workspace: Workspace, identity: str) -> Drill:
    known = {drill.id: drill for drill in workspace.plan.drills}
    if not known:
        raise UsageError("the plan has no drill: add a [[drill]] table to tminus.toml (docs/plan.md)")
    if identity not in known:
        raise UsageError(f"there is no drill {identity!r}: the plan has {', '.join(known)}")
    return known[identity]


def _address(asked: Drill, given: str) -> str:
    url = given or asked.health_url
    if not url:
        raise UsageError(f"drill {asked.id} has no health check: give --health URL, or health_url in tminus.toml")
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"--health {url!r} is not an address: it begins with http:// or https://")
    return url


def _words(workspace: Workspace, asked: Drill, command: Sequence[str]) -> list[str]:
    """The command as it is started. UsageError: none was typed."""
    from ingest.acts.command import typed_words

    if not command:
        book = next((book for book in workspace.plan.runbooks if book.id == asked.runbook), None)
        lines = [step.command for step in book.steps if step.command] if book else []
        hint = f"; its runbook has: {'; '.join(lines)}" if lines else ""
        raise UsageError(f"type the command behind two dashes: tminus drill {asked.id} -- COMMAND{hint}")
    return typed_words(command)


def _details(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "because": rehearsal.because,
        "was_down": rehearsal.was_down,
        "exit_code": rehearsal.command.exit_code,
        "questions": rehearsal.questions,
        "tail": list(rehearsal.command.tail),
    }


def _store(
    workspace: Workspace,
    asked: Drill,
    rehearsal: Rehearsal,
    words: dict[str, str],
    question: DrillQuestion,
    began: datetime,
) -> None:
    from ingest.redaction import redact_words

    details = {**_details(rehearsal), "command": redact_words(words["command"]), "health_url": words["health_url"]}
    details |= {"expect": question.expect, "limit_seconds": asked.limit_seconds}
    event = ProcessEvent("drill", asked.id, began, question.by, rehearsal.outcome, rehearsal.seconds, details)
    append_process_event(workspace.warehouse, event, workspace.now())


def _record(workspace: Workspace, asked: Drill, rehearsal: Rehearsal, url: str, by: str) -> str:
    """Store the time as a figure, or that it is unknown and why; an interrupted drill says nothing. Its scope."""
    from ingest.record import StatedFigure, record_figure
    from ingest.redaction import redact_text

    scope = scope_of_drill(workspace, asked.id)
    if rehearsal.outcome != "interrupted":
        note = redact_text(f"drill {asked.id}{f' by {by}' if by else ''}, until {url} answered")
        reason = redact_text(f"drill {asked.id} failed: {rehearsal.because}") if rehearsal.seconds is None else ""
        figure = StatedFigure(METRIC, rehearsal.seconds, scope=scope, note=note, reason=reason)
        record_figure(workspace.warehouse, figure, workspace.now())
    return scope


def scope_of_drill(workspace: Workspace, identity: str) -> str:
    """The scope under which the time of a drill is stored; that of the first one where the plan has it no more."""
    scopes = [criterion.scope for criterion in workspace.plan.criteria if criterion.metric == METRIC]
    asked = next((drill for drill in workspace.plan.drills if drill.id == identity), None)
    return scope_of(asked, workspace.plan.drills, scopes) if asked else ""


def void_figure(workspace: Workspace, identity: str, reason: str) -> None:
    """Store that the time of a drill is unknown, and why: its newest run was withdrawn."""
    from ingest.record import StatedFigure, record_figure
    from ingest.redaction import redact_text

    scope = scope_of_drill(workspace, identity)
    figure = StatedFigure(METRIC, None, scope=scope, note=f"drill {identity} withdrawn", reason=redact_text(reason))
    record_figure(workspace.warehouse, figure, workspace.now())


def _stored(workspace: Workspace, at: datetime) -> list[_Stored]:
    frame = process_events(workspace.warehouse, at, ["drill"])
    return [_of_row(row) for row in rows_of(frame)] if frame is not None else []


def _of_row(row: Any) -> _Stored:
    seconds = None if row.seconds != row.seconds else float(row.seconds)
    run = DrillRun(row.id, row.happened_at.to_pydatetime(), cast(Outcome, row.outcome), seconds, row.by)
    return _Stored(run, json.loads(row.details), bool(row.is_simulated))


def _entry(asked: Drill, stored: Sequence[_Stored], at: datetime) -> DrillEntry:
    standing = drill_standing(asked, [one.run for one in stored], at)
    by_run = {one.run: one for one in stored}
    success, last = (_shown(run, by_run, asked, at) for run in (standing.success, standing.last))
    return {
        "id": asked.id,
        "title": asked.title,
        "limit_seconds": asked.limit_seconds,
        "health_url": asked.health_url,
        "runbook": asked.runbook,
        "state": standing.state,
        "age_days": _age(standing, at),
        "stale_at": standing.stale_at.astimezone(at.tzinfo).isoformat() if standing.stale_at else None,
        "success": success,
        "last": last,
    }


def _age(standing: DrillStanding, at: datetime) -> float | None:
    return (at - standing.success.at).total_seconds() / 86_400 if standing.success else None


def _shown(run: DrillRun | None, by_run: dict[DrillRun, _Stored], asked: Drill, at: datetime) -> DrillRunEntry | None:
    return _run_entry(by_run[run], asked, at) if run else None


def _run_entry(one: _Stored, asked: Drill, at: datetime) -> DrillRunEntry:
    return {
        "at": one.run.at.astimezone(at.tzinfo).isoformat(),
        "by": one.run.by,
        "outcome": one.run.outcome,
        "seconds": one.run.seconds,
        "counts": counts(one.run, asked),
        "because": one.details.get("because", ""),
        "was_down": bool(one.details.get("was_down")),
        "command": one.details.get("command", ""),
        "health_url": one.details.get("health_url", ""),
        "is_simulated": one.is_simulated,
    }
