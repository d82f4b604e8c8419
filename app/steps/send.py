"""Sending the written review, or only what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.answers.changes import DAYS, changes_of
from app.answers.types.delivery import SendAnswer
from app.delivery.address import Address
from app.delivery.apprise import deliver, refuse_unknown
from app.delivery.messages import changes_message, review_message
from app.steps.review import review
from app.workspace import Workspace

What = Literal["review", "changes"]


def send(
    workspace: Workspace,
    window: tuple[datetime, datetime],
    address: Address,
    *,
    what: What = "review",
    days: int = DAYS,
    dry_run: bool = False,
) -> SendAnswer:
    """Send the review of a window, or what changed in it; with `dry_run` only say what would be sent."""
    if not dry_run:
        refuse_unknown(address)
    answer = review(workspace, *window, with_course=what == "review")
    changes = changes_of(answer, days)
    message = review_message(answer) if what == "review" else changes_message(answer, changes)
    is_empty = what == "changes" and not changes
    if not is_empty and not dry_run:
        deliver(address, message.title, message.body)
    return {
        "schema": "tminus.send/1",
        "project": answer["project"],
        "what": what,
        "since": answer["since"],
        "until": answer["until"],
        "to": address.shown,
        "outcome": "nothing_to_send" if is_empty else "dry_run" if dry_run else "sent",
        "changes": changes,
        "title": "" if is_empty else message.title,
        "body": "" if is_empty else message.body,
    }
