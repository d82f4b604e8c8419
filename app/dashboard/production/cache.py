"""The answers of the Rollout page; its clocks run, so they are computed again every minute."""

from __future__ import annotations

import streamlit as st

from app.answers.types.process import MessageEntry, RunbookAnswer
from app.answers.types.rollout import RolloutAnswer
from app.dashboard.cache import Key, workspace_of
from app.steps import messages as message_steps
from app.steps import runbook as runbook_steps
from app.steps.production import rollout as rollout_steps

MINUTE = 60


@st.cache_resource(show_spinner="Reading the rollout …", ttl=MINUTE, max_entries=16)
def rollout(key: Key) -> RolloutAnswer:
    """Where the rollout is, what holds it, and what comes next."""
    return rollout_steps.rollout(workspace_of(key), key.moment)


@st.cache_resource(show_spinner=False, ttl=MINUTE, max_entries=16)
def runbooks(key: Key) -> RunbookAnswer:
    """The runbooks with the last run of each step."""
    return runbook_steps.runbook(workspace_of(key), key.moment)


@st.cache_resource(show_spinner=False, ttl=MINUTE, max_entries=16)
def overdue_messages(key: Key) -> list[MessageEntry]:
    """The messages that somebody still waits for."""
    return message_steps.overdue(message_steps.messages(workspace_of(key), key.moment))
