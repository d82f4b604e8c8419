"""Runbooks, drills and messages: `tminus runbook`, `run-step`, `drill` and `messages` with --json."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Moment

StepOutcome = Literal["succeeded", "failed", "timed_out", "interrupted", "done_by_hand"]
DrillOutcome = Literal["answered", "no_answer", "command_failed", "interrupted"]
DrillState = Literal["untested", "failed", "stale", "tested"]


class StepRunEntry(TypedDict):
    """One run of a step: what a person confirmed, and what came of it."""

    at: Moment
    by: str  # empty: not given
    outcome: StepOutcome
    exit_code: int | None  # null: stopped, or done by hand
    seconds: float | None
    command: str  # as it ran, credentials replaced
    tail: list[str]  # its last lines, credentials replaced
    is_simulated: bool


class StepEntry(TypedDict):
    """One step of a runbook."""

    id: str
    title: str
    command: str  # as the plan has it; empty: a person acts by hand
    phase: str
    placeholders: list[str]
    runs: int
    last_run: StepRunEntry | None


class RunbookEntry(TypedDict):
    """A runbook with its steps in order."""

    id: str
    title: str
    kind: Literal["deploy", "rollback"]
    duration: str
    steps: list[StepEntry]


class RunbookAnswer(TypedDict):
    """The runbooks of the plan, each step with its last run."""

    schema: Literal["tminus.runbook/1"]
    at: Moment
    project: str
    runbooks: list[RunbookEntry]


class StepRunAnswer(TypedDict):
    """What came of `tminus run-step`."""

    schema: Literal["tminus.run_step/1"]
    id: str
    title: str
    command: str  # exactly as it runs; empty: a person acts by hand
    folder: str  # where it runs
    outcome: StepOutcome | Literal["not_run"]  # not_run: nobody confirmed it
    exit_code: int | None
    seconds: float | None
    tail: list[str]
    at: Moment


class DrillRunEntry(TypedDict):
    """One rehearsal of a rollback."""

    at: Moment
    by: str
    outcome: DrillOutcome
    seconds: float | None  # until the health check answered; null: it did not
    counts: bool  # whether it is a success under the limit of today's plan
    because: str  # why it failed
    was_down: bool  # whether the health check failed at some time during the drill
    command: str
    health_url: str
    is_simulated: bool


class DrillEntry(TypedDict):
    """A drill of the plan with its state."""

    id: str
    title: str
    limit_seconds: float
    health_url: str
    runbook: str
    state: DrillState
    age_days: float | None  # of the newest success
    stale_at: Moment | None  # when the newest success stops counting
    success: DrillRunEntry | None
    last: DrillRunEntry | None


class DrillsAnswer(TypedDict):
    """The drills of the plan."""

    schema: Literal["tminus.drills/1"]
    at: Moment
    project: str
    drills: list[DrillEntry]


class DrillAnswer(TypedDict):
    """What came of `tminus drill`."""

    schema: Literal["tminus.drill/1"]
    id: str
    title: str
    limit_seconds: float
    metric: str
    scope: str
    tail: list[str]
    expects: str
    run: DrillRunEntry


MessageState = Literal["waiting", "upcoming", "open", "due", "overdue", "missed", "sent"]


class MessageMoment(TypedDict):
    """One moment at which a message is due."""

    due: Moment
    opens: Moment  # a receipt from here on belongs to this moment
    state: MessageState
    sent_at: Moment | None
    sent_by: str
    is_late: bool


class MessageEntry(TypedDict):
    """A message of the plan with its state."""

    id: str
    title: str
    audience: str
    channel: str
    when: str  # as the plan writes it: "T-24h"
    state: MessageState  # of the moment that has to be dealt with first
    due: Moment | None  # of that moment; null: no deployment is recorded or planned
    opens: Moment | None
    is_window: bool  # it may be sent from `opens` to `due`
    missed: int  # moments that passed without a receipt
    moments: list[MessageMoment]


class ReceiptEntry(TypedDict):
    """Somebody recorded that a message was sent."""

    id: str
    at: Moment
    by: str
    note: str
    is_simulated: bool


class DeploymentMoment(TypedDict):
    """The T of the schedule."""

    at: Moment
    is_planned: bool  # false: recorded


class MessagesAnswer(TypedDict):
    """The messages of the plan: overdue ones first."""

    schema: Literal["tminus.messages/1"]
    at: Moment
    project: str
    deployment: DeploymentMoment | None  # null: none is recorded or planned
    messages: list[MessageEntry]
    receipts: list[ReceiptEntry]  # newest first


class MessageDraftAnswer(TypedDict):
    """The draft of a message, from the evidence of now."""

    schema: Literal["tminus.message_draft/1"]
    id: str
    audience: str
    channel: str
    subject: str
    text: str


class MessageSentAnswer(TypedDict):
    """A receipt was recorded."""

    schema: Literal["tminus.message_sent/1"]
    id: str
    at: Moment
    by: str
    due: Moment | None  # the moment that it belongs to; null: none, it was sent outside of all, or once more
    again: Moment | None  # the moment that an earlier receipt has answered already; null: there is none
    next: Moment | None  # the next moment that has no receipt
