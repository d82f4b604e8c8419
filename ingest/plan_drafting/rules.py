"""GO and NO-GO sentences -> [[rule]] tables that name the criteria they are about; unknown subjects name none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest.plan_drafting.draft import Draft, GateDraft, Names
from ingest.plan_drafting.vocabulary import PERFORMANCE, PERFORMANCE_METRICS, SUBJECTS, Role
from ingest.readers.documents.checklist_model import Section
from ingest.readers.documents.document_text import without_signs

_NO_GO = re.compile(r"^\s*(?:no[- ]?go|blocker|stop)\b\s*(?:if|when)?\s*[:–-]?\s*", re.IGNORECASE)
_GO = re.compile(r"^\s*go\b\s*(?:(?:if|when)\s*[:–-]?|[:–-])\s*", re.IGNORECASE)
_DULL = {
    "the",
    "and",
    "or",
    "of",
    "to",
    "a",
    "is",
    "are",
    "be",
    "not",
    "with",
    "for",
    "in",
    "all",
    "any",
    "no",
    "met",
    "non",
}


def sentences(section: Section, role: Role) -> list[tuple[str, str, int]]:
    """The section's rules as (kind, text, line)."""
    found = []
    for entry in section.entries:
        text = without_signs(entry.text)
        kind = "no-go" if role == "no-go" else "go"
        if role == "go or no-go":
            kind = "no-go" if _NO_GO.match(text) else "go"
            text = (_NO_GO if kind == "no-go" else _GO).sub("", text) or text
        below = [without_signs(child.text) for child in entry.children]
        found.append((kind, text + (f" ({'; '.join(below)})" if below else ""), entry.line))
    return found


def rule_tables(
    rules: Sequence[tuple[str, str, int]], gates: Sequence[GateDraft], names: Names
) -> list[dict[str, Any]]:
    """The [[rule]] tables; `needs` stays empty when nothing in the plan is what the sentence is about."""
    counts = {"go": 0, "no-go": 0}
    tables = []
    for kind, text, _ in rules:
        counts[kind] += 1
        name = names.give(f"{kind}-{counts[kind]}", kind)
        tables.append({"id": name, "kind": kind, "text": text, "needs": needs(text, gates)})
    return tables


def needs(text: str, gates: Sequence[GateDraft]) -> list[str]:
    """Ids of the criteria (or of the gate) that the sentence is about."""
    drafts = [draft for gate in gates for draft in gate.criteria]
    wanted = _subjects(text)
    measured = [draft.id for draft in drafts if draft.metric in wanted]
    if measured:
        return measured
    gate = next((gate for gate in gates if _covers(text, gate.title)), None)
    if gate:
        return [gate.id]
    return _alike(text, drafts)


def _subjects(text: str) -> set[str]:
    """Metrics that the words of the sentence stand for."""
    named = {metric for pattern, metrics in SUBJECTS if pattern.search(text) for metric in metrics}
    if PERFORMANCE.search(text) and not named.intersection(PERFORMANCE_METRICS):
        named.update(PERFORMANCE_METRICS)
    return named


def _covers(text: str, title: str) -> bool:
    """Whether all telling words of a gate's title stand in the sentence."""
    words = _stems(title)
    return len(words) >= 2 and words <= _stems(text)


def _alike(text: str, drafts: Sequence[Draft]) -> list[str]:
    """The criterion whose title shares most words with the sentence: two at least, and most of the title's."""
    best, most = "", 0.0
    spoken = _stems(text)
    for draft in drafts:
        words = _stems(draft.title)
        shared = len(words & spoken)
        if shared >= 2 and shared / len(words) >= 0.6 and shared / len(words) > most:
            best, most = draft.id, shared / len(words)
    return [best] if best else []


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _DULL and len(word) > 1}
