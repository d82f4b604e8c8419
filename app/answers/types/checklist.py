"""`tminus checklist --json`, and the proposals of `tminus init --checklist FILE --update`."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.answers.types.values import Moment


class ChecklistAnswer(TypedDict):
    """The document written from evidence."""

    schema: Literal["tminus.checklist/1"]
    at: Moment
    path: str
    state: Literal["current", "written", "out of date"]  # out of date: only with --check, which writes nothing
    lines: int  # that differ from the file as it was
    unplaced: list[str]  # ids of criteria that the document does not name; they are in its last part
    changes: list[str]  # changes of the document that nobody has accepted into the plan
    exit_code: Literal[0, 1]


class ProposalAnswer(TypedDict):
    """One change of the document, beside what was there when it was imported and what the plan says."""

    id: str  # criterion:test-coverage.threshold
    kind: Literal["add", "remove", "change"]
    table: str  # criterion, gate, rule, stage ...
    title: str
    field: str  # empty where a whole table is added or removed
    then: str  # the document as it was imported
    now: str  # the document today
    plan: str  # the plan today
    is_conflict: bool  # the plan was edited at the same place


class UpdateAnswer(TypedDict):
    """What changed in the document, and what was taken over into the plan."""

    schema: Literal["tminus.update/1"]
    path: str
    document: str
    base: Literal["imported version", "git history", "not found"]
    proposals: list[ProposalAnswer]  # still open
    accepted: list[ProposalAnswer]
    dismissed: list[ProposalAnswer]
