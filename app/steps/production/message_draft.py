"""`tminus messages draft`: the draft of one message, from the evidence of a moment. Nothing is sent."""

from __future__ import annotations

from datetime import datetime

from app.answers.message_draft import UnknownFactError, message_draft
from app.answers.types.process import MessageDraftAnswer
from app.steps.assess import plan_known_at, status
from app.steps.messages import unknown_message
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
