"""Rollout stages, rollback, communication, monitoring and later checks of a document -> [[stage]] tables."""

from __future__ import annotations

import re
from typing import Any

from ingest.plan_drafting.draft import IdPool, number, tidy_title
from ingest.plan_drafting.language.quantities import figures
from ingest.plan_drafting.language.vocabulary import Role
from ingest.readers.documents.checklist_model import Code, Entry, Field, Paragraph, Section, Table

STAGE_ROLES: tuple[Role, ...] = ("phase", "rollback", "communication", "monitoring", "check", "promotion")
_STAGE = re.compile(r"^\s*(?:#|//|--|;)?\s*((?:stage|step|wave|ring|phase)\s*#?\d+\b.*)$", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(?:#|//|--)\s*(.+)$")
_USERS = re.compile(r"(\d[\d,]*)\+?\s*(?:users?|people|accounts|customers|testers)\b", re.IGNORECASE)
_DURATION = re.compile(r"\b(?:duration|time ?frame|estimated time|timing|time|when)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"\(([^()]*(?:T[+-]\d|\d+\s*(?:s|sec|seconds?|m|min|minutes?|h|hours?|days?|weeks?)\b)[^()]*)\)", re.IGNORECASE
)


def stages_of(section: Section, role: Role, names: IdPool) -> list[dict[str, Any]]:
    """Every stage that the section holds; the section itself first."""
    steps: list[str] = []
    parts: list[tuple[str, list[str]]] = []
    for block in section.blocks:
        if isinstance(block, Code):
            _read_code(block, role, steps, parts)
        elif isinstance(block, Table):
            steps += [" | ".join(filter(None, row.cells)) for row in block.rows]
        elif isinstance(block, Paragraph):
            field_lines = {field.line for field in block.fields}
            steps += [line for at, line in enumerate(block.lines, block.line) if line and at not in field_lines]
            steps += [f"{field.label}: {field.value}" for field in block.fields if not _DURATION.search(field.label)]
    for entry in section.entries:
        _read_entry(entry, steps, parts)
    kind = role or "check"
    stages = [_stage(tidy_title(section.title) or "Steps", kind, steps, names, _duration(section))]
    inner = "stage" if kind == "phase" else kind
    prefix = "" if inner == "stage" else f"{tidy_title(section.title)}: "
    stages += [_stage(prefix + title, inner, words, names) for title, words in parts]
    return stages if steps or kind == "phase" or not parts else stages[1:]


def _read_code(block: Code, role: Role, steps: list[str], parts: list[tuple[str, list[str]]]) -> None:
    """Command lines; a comment "Stage 3: ..." (in monitoring: any comment) opens a part of its own."""
    current = steps
    for _, line in block.lines:
        heading = _STAGE.match(line) or (_COMMENT.match(line) if role == "monitoring" else None)
        if heading:
            current = []
            parts.append((heading.group(1).strip(), current))
        elif line.strip():
            current.append(line.strip().removeprefix("- ") if role == "monitoring" else line.strip())


def _read_entry(entry: Entry, steps: list[str], parts: list[tuple[str, list[str]]], depth: int = 0) -> None:
    heading = _STAGE.match(entry.text) if depth == 0 else None
    if heading and entry.children:
        inner: list[str] = []
        parts.append((heading.group(1), inner))
        for child in entry.children:
            _read_entry(child, inner, parts, 1)
        return
    steps.append("  " * depth + tick(entry))
    for child in entry.children:
        _read_entry(child, steps, parts, depth + 1)


def tick(entry: Entry) -> str:
    """An entry with its box, as the document shows it."""
    if entry.checked is None:
        return entry.text
    return f"[{'x' if entry.checked else ' '}] {entry.text}"


def _stage(title: str, kind: str, steps: list[str], names: IdPool, duration: str = "") -> dict[str, Any]:
    users = _USERS.search(title)
    when = _WHEN.search(title)
    table: dict[str, Any] = {"id": names.give(_short(title, kind), kind), "title": title, "kind": kind}
    if users:
        table["users"] = int(users.group(1).replace(",", ""))
    table["duration"] = duration or (when.group(1).strip() if when else "")
    table["steps"] = steps
    return table


def _short(title: str, kind: str) -> str:
    """The id's words: "stage 3" for "Stage 3: Limited User Access (...)", else the title without its remarks."""
    numbered = re.match(r"(?:stage|step|wave|ring|phase)\s*#?\d+", title, re.IGNORECASE)
    return numbered.group() if numbered and kind == "stage" else title


def _duration(section: Section) -> str:
    found: Field | None = next((field for field in section.fields if _DURATION.search(field.label)), None)
    if found:
        return found.value
    when = _WHEN.search(section.title)
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
