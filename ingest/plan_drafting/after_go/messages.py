"""Communication plans and escalation lists of a document -> [[message]] and [[escalation]] tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ingest.plan_drafting.after_go.rollout import plain_lines
from ingest.plan_drafting.after_go.timing import schedule_of
from ingest.plan_drafting.draft import IdPool, tidy_title
from ingest.readers.documents.checklist_model import Code, Entry, Paragraph, Section, Table
from ingest.readers.documents.document_text import without_signs

_LABELLED = re.compile(r"^\s*(?:\[[ xX]\]\s*)?([^:|]{2,60}?)\s*:\s+(\S.*)$")
_CHANNEL = re.compile(
    r"\b((?:Slack|Teams|Discord|Mattermost|Zulip|IRC)\b(?:\s*[#@][\w-]+)?(?:\s+channel)?|e-?mail|SMS|status page"
    r"|[#][a-z][\w-]{2,})",
    re.IGNORECASE,
)
LEVEL = re.compile(
    r"^\W*(?:level|lvl|l|tier|stufe|niveau|nivel|livello|nível)\s*([1-4])\b\s*(?:\(([^)]{1,40})\))?\s*[:|–—-]*\s*(.*)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:after|within|nach)\s+(\d{1,4})\s*(seconds?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\b", re.I
)


def read_messages(
    section: Section, names: IdPool, tables: dict[str, list[dict[str, Any]]], made: dict[int, str]
) -> str:
    """Add a message for each line of the section; what it became, in words. `made` gets the id by line of an entry."""
    title = tidy_title(section.title) or "Communication"
    lines = list(lines_of(section))
    for line, text in lines:
        labelled = _LABELLED.match(text)
        audience, words = (labelled[1], labelled[2]) if labelled else (title, without_signs(text) or text)
        when, is_named = schedule_of(section.title, text)
        table: dict[str, Any] = {"id": names.give(f"{audience} {title}", "message"), "audience": audience.strip()}
        table |= {"title": f"{title}: {words}", "when": when}
        if channel := _CHANNEL.search(words):
            table["channel"] = channel[1]
        table["template"] = words if is_named else f"{words} (the document names no time: {when} is a proposal)"
        tables.setdefault("message", []).append(table)
        if line:
            made[line] = table["id"]
    return f"{len(lines)} message{'' if len(lines) == 1 else 's'}"


def lines_of(section: Section) -> Iterator[tuple[int, str]]:
    """Every line of a section as plain text: entries at any depth, rows, lines of code and of paragraphs.

    With its number in the document for entries, and 0 for all others.
    """
    for block in section.blocks:
        if isinstance(block, Code):
            yield from ((0, line.strip()) for _, line in block.lines if line.strip())
        elif isinstance(block, Table):
            yield from ((0, text) for row in block.rows if (text := ": ".join(filter(None, row.cells))))
        elif isinstance(block, Paragraph):
            yield from ((0, text) for text in plain_lines(block))
        else:
            yield from chain.from_iterable(map(_texts, block.entries))


def _texts(entry: Entry) -> Iterator[tuple[int, str]]:
    if re.search(r"\w", entry.text):
        yield entry.line, entry.text
    for child in entry.children:
        yield from _texts(child)


def escalation_of(text: str) -> dict[str, Any] | None:
    """The escalation level that a line describes: "Level 2 (Warning): Development team notification"."""
    found = LEVEL.match(text)
    if found is None or not found[3].strip():
        return None
    table: dict[str, Any] = {"level": int(found[1]), "who": found[3].strip(" |")}
    if found[2]:
        table["title"] = found[2].strip()
    if after := _AFTER.search(found[3]):
        table["after"] = f"{after[1]}{after[2][0].lower()}"
    return table
