"""What the parts of a document for the time after GO share: their roles, ticks and durations."""

from __future__ import annotations

import re

from ingest.plan_drafting.draft import number
from ingest.plan_drafting.language.quantities import figures
from ingest.plan_drafting.language.vocabulary import Role
from ingest.readers.documents.checklist_model import Entry, Field, Section

STAGE_ROLES: tuple[Role, ...] = ("phase", "rollback", "communication", "monitoring", "check", "promotion")
_DURATION = re.compile(r"\b(?:duration|time ?frame|estimated time|timing|time|when)\b", re.IGNORECASE)
WHEN = re.compile(
    r"\(([^()]*(?:T[+-]\d|\d+\s*(?:s|sec|seconds?|m|min|minutes?|h|hours?|days?|weeks?)\b)[^()]*)\)", re.IGNORECASE
)


def tick(entry: Entry) -> str:
    """An entry with its box, as the document shows it."""
    if entry.checked is None:
        return entry.text
    return f"[{'x' if entry.checked else ' '}] {entry.text}"


def duration_of(section: Section) -> str:
    """How long a section says that it takes: a labelled statement, else words in brackets behind its title."""
    found: Field | None = next((field for field in section.fields if _DURATION.search(field.label)), None)
    if found:
        return found.value
    when = WHEN.search(section.title)
    return when.group(1).strip() if when else ""


def readiness_goal(fields: tuple[Field, ...]) -> float | int | None:
    """The "Target Readiness: >90%" of a document."""
    for field in fields:
        if re.search(
            r"\btarget readiness|\breadiness (?:target|goal)|\brequired readiness", field.label, re.IGNORECASE
        ):
            shares = [figure.value for figure in figures(field.value) if figure.dimension == "share"]
            if shares and 0 < shares[0] <= 100:
                return number(shares[0])
    return None
