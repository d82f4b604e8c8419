"""The memory of the meeting for the pages: read each time the file has changed; no answer depends on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from app.answers.types.meeting import DecisionEntry, FrozenReview
from app.answers.types.review import ReviewAnswer
from app.dashboard.access.people import writer
from app.dashboard.cache import Key, course_points, workspace_of
from app.reports.writing import files_of
from app.steps import meeting
from app.steps.review import due_for_review
from app.workspace import parse_as_of
from ingest.warehouse.meeting import Change, version_of_meeting
from ingest.warehouse.process import process_events

if TYPE_CHECKING:
    import pandas as pd

Version = tuple[int, ...]
OWNERS = 12  # how many authors are suggested


def due_decisions(key: Key, since: str) -> list[DecisionEntry]:
    """The decisions that the review of a window shows, as the warehouse has them at this instant."""
    return _due(key, since, version_of_meeting(workspace_of(key).warehouse))


@st.cache_resource(show_spinner=False, max_entries=32)
def _due(key: Key, since: str, version: Version) -> list[DecisionEntry]:
    return due_for_review(workspace_of(key), key.before(since), key.moment)


def frozen_reviews(key: Key) -> list[FrozenReview]:
    """The frozen reviews, newest first."""
    return _frozen(key, version_of_meeting(workspace_of(key).warehouse))


@st.cache_resource(show_spinner=False, max_entries=8)
def _frozen(key: Key, version: Version) -> list[FrozenReview]:
    return meeting.frozen_reviews(workspace_of(key))["reviews"]


@st.cache_resource(show_spinner=False, max_entries=32)
def frozen_file(key: Key, day: str, form: str) -> str:
    """One form of a frozen review; it never changes."""
    return meeting.frozen_review(workspace_of(key), day, form)


@st.cache_resource(show_spinner=False, max_entries=8)
def authors(key: Key) -> list[str]:
    """Who has committed, the most active of the last half year first."""
    commits = workspace_of(key).warehouse.query("commits")
    recent = commits.tail(2000)
    names = [name for name in recent["author"].value_counts().index if name]
    return [str(name) for name in names[:OWNERS]]


def planned_titles(key: Key) -> dict[str, str]:
    """The title of every criterion of the plan by id, those of the gates after the deployment among them."""
    return {criterion.id: criterion.title for criterion in workspace_of(key).plan.criteria}


def is_today(key: Key) -> bool:
    """Whether a page shows the present: only then can it be written to."""
    workspace = workspace_of(key)
    return parse_as_of(workspace, key.at) >= workspace.now()


def decide(key: Key, text: str, owner: str, due: date, criterion: str, by: str) -> str:
    """Write a decision; its id. Here and below, `by` counts only where nobody signed in; SignInError for a reader."""
    who = writer(by)
    return meeting.decide(workspace_of(key), text, owner, due, criterion, who.name, who.signed)["id"]


def close(key: Key, identity: str, outcome: Change, by: str, due: date | None = None) -> None:
    """Close a decision or carry it over."""
    who = writer(by)
    meeting.close_decision(workspace_of(key), identity, outcome, by=who.name, due=due, signed=who.signed)


def freeze(key: Key, review: ReviewAnswer, by: str) -> str:
    """Store the review that the page shows; its day."""
    who = writer(by)
    whole: ReviewAnswer = {**review, "course": course_points(key)}
    return meeting.freeze(workspace_of(key), whole, files_of(whole), who.name, who.signed)["day"]


def signed_acts(key: Key) -> pd.DataFrame | None:
    """What people who signed in have written, newest last; None where nobody has."""
    return process_events(workspace_of(key).warehouse, key.moment, ["signed_act"])


def today(key: Key) -> date:
    """The day of the project's clock."""
    moment: datetime = workspace_of(key).now()
    return moment.date()
