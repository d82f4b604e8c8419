"""`tminus messages --json`: messages around a deployment, when each is due, and its receipts."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Moment

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


class MessageSentAnswer(TypedDict):
    """A receipt was recorded."""

    schema: Literal["tminus.message_sent/1"]
    id: str
    at: Moment
    by: str
    due: Moment | None  # the moment that it belongs to; null: none, it was sent outside of all
    next: Moment | None  # the next moment that has no receipt
