"""`tminus send --json`: what was sent, and where to."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Moment

ChangeKind = Literal["date", "verdict", "gate", "stale", "overdue"]


class ChangeEntry(TypedDict):
    """One change that is worth a message."""

    kind: ChangeKind
    text: str


class SendAnswer(TypedDict):
    """A message was sent, would be sent (dry run), or there is nothing to send."""

    schema: Literal["tminus.send/1"]
    project: str
    what: Literal["review", "changes"]
    since: Moment
    until: Moment
    to: str  # the address without its secret
    outcome: Literal["sent", "dry_run", "nothing_to_send"]
    changes: list[ChangeEntry]  # of a review, too
    title: str
    body: str  # Markdown
