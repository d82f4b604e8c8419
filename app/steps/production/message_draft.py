"""`tminus messages draft` and `send`: the draft of one message from the evidence, and its delivery on request."""

from __future__ import annotations

from datetime import datetime

from app.answers.message_draft import UnknownFactError, message_draft
from app.answers.types.process import MessageDraftAnswer, MessageSentAnswer
from app.delivery.address import Address
from app.delivery.apprise import deliver
from app.steps.assess import plan_known_at, status
from app.steps.messages import check_receipt, message_sent, unknown_message
from app.steps.production.rollout import rollout
from app.workspace import UsageError, Workspace


def draft(workspace: Workspace, identity: str, at: datetime) -> MessageDraftAnswer:
    """The draft. UsageError: there is no such message, nothing was read yet, or its template names an unknown fact."""
    messages = {message.id: message for message in plan_known_at(workspace, at).messages}
    if identity not in messages:
        raise UsageError(unknown_message(identity, list(messages)))
    try:
        return message_draft(messages[identity], status(workspace, at), rollout(workspace, at))
    except UnknownFactError as problem:
        raise UsageError(str(problem)) from None


def send_message(workspace: Workspace, identity: str, address: Address, by: str) -> MessageSentAnswer:
    """Deliver the draft of now, and record the receipt. DeliveryError: it was refused, and no receipt is stored."""
    now = workspace.now()
    check_receipt(workspace, identity, by, now)
    message = draft(workspace, identity, now)
    deliver(address, message["subject"], message["text"])
    return message_sent(workspace, identity, by, note=f"delivered to {address.shown}")
