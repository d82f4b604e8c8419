"""The answers of init, checklist, pull, reread, record and export: what was written, read and stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypedDict

from app.answers.types.values import Moment


class ImportedPart(Protocol):
    """One part of a checklist, and what the import made of it."""

    @property
    def lines(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def became(self) -> str: ...


@dataclass(frozen=True, slots=True)
class BoundLine:
    """One criterion that a metric measures, beside the words of the document that it was made from."""

    words: str
    metric: str
    comparator: str
    threshold: float
    unit: str


@dataclass(frozen=True, slots=True)
class InitReport:
    """Which file was written, and what became of each part of the document it came from."""

    path: Path
    criteria: int
    gates: int
    account: Sequence[ImportedPart]
    source: str
    bound: Sequence[BoundLine] = ()
    word_percent: float = 0.0  # of the points: no metric measures them, so only a named person can vouch for them
    most_word_percent: float = 100.0  # GO is refused above this share on people's word


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was asked to be stored, whether it was new, and a warning where no criterion reads its scope."""

    metric: str
    value: float | None
    is_new: bool
    warning: str


class ExportedTable(NamedTuple):
    """A file that `tminus export` has written."""

    path: Path
    rows: int


class SourceAnswer(TypedDict):
    """What one source brought."""

    source: str
    ok: bool
    rows_added: int
    error: str
    counts: dict[str, int]  # what was read, by kind
    warnings: list[str]


class PullAnswer(TypedDict):
    """What a pull brought, source by source."""

    schema: Literal["tminus.pull/1"]
    started_at: Moment
    rows_added: int
    notes: list[str]
    sources: list[SourceAnswer]


class RereadChange(TypedDict):
    """A value that the current readers read differently."""

    source: str
    locator: str
    metric: str
    scope: str
    observed_at: Moment
    before: float | None
    after: float | None
    is_new: bool  # nothing was stored for it before
    definition: str


class RereadAnswer(TypedDict):
    """What the current readers see in the raw reports that were kept."""

    schema: Literal["tminus.reread/1"]
    payloads: int
    passed_over: int
    stored: int
    confirmed: int
    changes: list[RereadChange]
    problems: list[str]


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
