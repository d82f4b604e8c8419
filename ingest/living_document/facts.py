"""What evidence says, in the words that are written into a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """One criterion or rule: whether its box is ticked, whether it holds (None: unknown), its value, and a remark."""

    ticked: bool
    holds: bool | None
    value: str = ""  # for a cell that shows the state of today; empty where nothing is known
    status: str = ""  # for a line "Current status:"
    remark: str = ""  # behind a box; empty: nothing to add


@dataclass(frozen=True, slots=True)
class GateFacts:
    """One gate: its state as a word, its completion, and whether it holds."""

    status: str
    completion: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message: whether all of it was sent, and what came of it; an empty remark: there is no receipt."""

    ticked: bool
    remark: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """All that a document can show. Empty texts are not written."""

    criteria: Mapping[str, CriterionFacts]
    gates: Mapping[str, GateFacts]
    rules: Mapping[str, CriterionFacts]
    fields: Mapping[str, str]  # readiness, verdict, estimate, next_review, assessed, deployment
    summary: tuple[str, ...] = field(default_factory=tuple)  # lines of Markdown for the end of the document
    messages: Mapping[str, MessageFacts] = field(default_factory=dict)
