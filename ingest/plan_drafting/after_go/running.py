"""Monitoring lists, checks after the deployment and promotion criteria -> running and promotion gates.

Nothing of them is part of the readiness to deploy. What has a limit on its good side gets a proposed expression for
Prometheus; everything else waits for a person.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ingest.plan_drafting.after_go.messages import escalation_of
from ingest.plan_drafting.after_go.proposals import SCOPE, Proposal, proposal_of
from ingest.plan_drafting.after_go.rollout import plain_lines
from ingest.plan_drafting.after_go.timing import judged_after
from ingest.plan_drafting.draft import Draft, GateDraft, draft_without_metric, number, slug, tidy_title
from ingest.plan_drafting.gates import Work, count_of, criteria_of_box
from ingest.plan_drafting.items import item_column, set_owner_and_due
from ingest.plan_drafting.language.quantities import demands
from ingest.plan_drafting.language.urgency import is_alarm_list
from ingest.plan_drafting.matrix import columns_of
from ingest.plan_drafting.stages import tick
from ingest.readers.documents.checklist_model import Code, Entry, Paragraph, Section, Table
from ingest.readers.documents.document_text import without_signs

_COMMENT = re.compile(r"^\s*(?:#|//|--)\s*(.+)$")
_COMMANDS = ("bash", "sh", "shell", "zsh", "console", "powershell", "ps1", "pwsh", "bat", "cmd", "sql")
_STABLE = re.compile(r"\b(?:stable|stability|soak\w*|without (?:critical )?incidents?|uninterrupted|stabil\w*)\b", re.I)
_NO_INCIDENTS = re.compile(
    r"^\W*(?:zero|no|0|keine?|aucun|cero|nessun|nenhum)\s+(?:new\s+)?(critical |p0 |p1 |major )?"
    r"(?:incidents?|outages?|störung\w*)\b",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\b(?:feedback|satisf\w+|csat|nps|rating|score)\b", re.IGNORECASE)
_LEVEL_WORDS = {"info": 1, "information": 1, "warning": 2, "warn": 2, "error": 3, "critical": 4, "emergency": 4}
_WINDOW = "72h"  # of a proposed query, where the document names no hours of stable operation
_DAY, _MOST_HOURS = 24, 30 * 24  # a longer window would be asked for in too many parts
_UNCONFIRMED = (
    "the expression under [[sources.prometheus.query]] is a proposal: check it against the running service, then set "
    "confirmed = true"
)


@dataclass(slots=True)
class Group:
    """Lines below one heading of a list."""

    title: str
    drafts: list[Draft] = field(default_factory=list)


def read_running(work: Work, section: Section, role: str) -> tuple[str, list[str]]:
    """Add the gates of a section; what it became, in words, and the command lines that it holds."""
    groups, commands = _groups(work, section)
    levels = [table for group in groups for table in _take_levels(group)]
    known = _levels_of(work)
    work.tables.setdefault("escalation", []).extend(table for table in levels if table["level"] not in known)
    gates = [_gate(section, role, group, several=len(groups) > 1) for group in groups if group.drafts]
    proposals = [draft for gate in gates for draft in gate.criteria if draft.fix == _UNCONFIRMED]
    work.later += gates
    work.queries += map(_query, proposals)
    return ", ".join(_in_words(gates, len(proposals), len(levels))), commands


def _in_words(gates: Sequence[GateDraft], proposals: int, levels: int) -> Iterator[str]:
    if gates:
        yield _counted(sum(len(gate.criteria) for gate in gates), len(gates), gates[0].kind)
    if proposals:
        yield f"{proposals} of them with a proposed query"
    if levels:
        yield count_of(levels, "escalation level")


def _counted(criteria: int, gates: int, kind: str) -> str:
    """ "5 criteria of 1 running gate"."""
    return f"{count_of(criteria, 'criterion', 'criteria')} of {count_of(gates, kind + ' gate')}"


def _levels_of(work: Work) -> set[int]:
    return {table["level"] for table in work.tables.get("escalation", [])}


def _take_levels(group: Group) -> Iterator[dict[str, Any]]:
    """Lines that name who is informed at which level are no criteria."""
    kept = []
    for draft in group.drafts:
        table = None if draft.metric else escalation_of(draft.claim)
        if table is None:
            kept.append(draft)
        else:
            yield table
    group.drafts = kept


def _gate(section: Section, role: str, group: Group, *, several: bool) -> GateDraft:
    own = tidy_title(section.title) or "After the deployment"
    is_part = several and bool(group.title)
    gate = GateDraft(slug(group.title if is_part else own), f"{own}: {group.title}" if is_part else own)
    gate.kind = "promotion" if role == "promotion" else "running"
    gate.judged_after = judged_after(section.title)
    level = _level(section, group.title)
    for draft in group.drafts:
        draft.level = draft.level or level
    gate.criteria = group.drafts
    return gate


def _level(section: Section, title: str) -> int | None:
    """The escalation level that a heading names by its word: "Critical metrics" are of level 4."""
    for words in (title, section.title):
        for word in re.findall(r"[a-z]+", words.lower()):
            if word in _LEVEL_WORDS:
                return _LEVEL_WORDS[word]
    return None


def _query(draft: Draft) -> dict[str, Any]:
    proposed = proposal_of(draft.quotes[0][1])
    assert proposed is not None  # the criterion was made from it
    return {
        "metric": draft.metric,
        "query": proposed.query,
        "scope": SCOPE,
        "unit": draft.unit,
        "reduce": "max" if draft.comparator in ("<", "<=") else "min",
        "window": _WINDOW,
        "step": "1m",
        "after": "deployment",
        "confirmed": False,
    }


def windowed(work: Work) -> list[dict[str, Any]]:
    """The proposed queries over the hours of stable operation that the document asks for.

    A pull reads a window again; with a shorter one a nightly pull would leave gaps that look like outages.
    """
    stable = [d.threshold for gate in work.later for d in gate.criteria if d.metric == "stable_hours"]
    window = f"{max(_DAY, math.ceil(max(stable)))}h" if stable and max(stable) <= _MOST_HOURS else _WINDOW
    return [{**query, "window": window} for query in work.queries]


def _groups(work: Work, section: Section) -> tuple[list[Group], list[str]]:
    """The lines of a section as drafts, by the heading above them; and its command lines."""
    groups: list[Group] = [Group("")]
    commands: list[str] = []
    for block in section.blocks:
        if isinstance(block, Code) and block.language.lower() in _COMMANDS:
            commands += [line for _, line in block.lines]
        elif isinstance(block, Code):
            _read_lines(section, block, groups)
        elif isinstance(block, Table):
            groups[0].drafts += _of_rows(section, block)
        elif isinstance(block, Paragraph):
            work.notes += [f"{tidy_title(section.title)}: {line}" for line in plain_lines(block)]
        else:
            groups[0].drafts += chain.from_iterable(_of_entry(work, section, entry) for entry in block.entries)
    return groups, commands


def _of_rows(section: Section, table: Table) -> list[Draft]:
    """A criterion a row: of its item where the table has such a column, else of its factor and limit, else of all."""
    drafts = []
    for row in table.rows:
        whole = " | ".join(filter(None, row.cells))
        text = " ".join(row.cells[at] for at in _telling(table) if at < len(row.cells)).strip()
        if re.search(r"\w", text):
            draft = _criterion(section, text, row.line, whole)
            set_owner_and_due(draft, table.header, row)
            drafts.append(draft)
    return drafts


def _telling(table: Table) -> tuple[int, ...]:
    """The columns that say what is demanded."""
    if columns := columns_of(table):
        return columns.factor, columns.required
    at = item_column(table)
    return (0, 1) if at is None else (at,)


def _read_lines(section: Section, block: Code, groups: list[Group]) -> None:
    """One criterion a line; a comment opens a group of its own."""
    current = groups[0]
    for at, line in block.lines:
        if heading := _COMMENT.match(line):
            current = Group(heading[1].strip())
            groups.append(current)
        elif text := re.sub(r"^\s*(?:[-*+]\s+)?", "", line).strip():
            current.drafts.append(_criterion(section, text, at, text))


def _of_entry(work: Work, section: Section, entry: Entry) -> Sequence[Draft]:
    """Boxes with boxes below keep their structure; a line with a limit gets a proposal, another one waits."""
    if any(child.checked is not None for child in entry.children):
        return criteria_of_box(work, section, entry)
    found = [_criterion(section, entry.text, entry.line, tick(entry))]
    for child in entry.children:
        found += _of_entry(work, section, child)
    return [draft for draft in found if re.search(r"\w", draft.title)]


def _criterion(section: Section, text: str, line: int, claim: str) -> Draft:
    """A criterion of the running system; without a figure that it can be measured by, a person vouches for it."""
    draft = _of_process(text, line) or _proposed(section, text, line) or _for_a_person(text, line)
    draft.claim = claim
    return draft


def _for_a_person(text: str, line: int) -> Draft:
    return draft_without_metric(without_signs(text) or text, None, line, text)


def _proposed(section: Section, text: str, line: int) -> Draft | None:
    found: Proposal | None = None if is_alarm_list(section) else proposal_of(text)
    if found is None:
        return None
    draft = Draft(slug(found.title), found.title, found.metric, found.comparator, number(found.threshold), found.unit)
    draft.scope = SCOPE
    draft.quotes = [(line, text)]
    draft.about = f"measured on the running service, by {found.exporter}"
    draft.fix = _UNCONFIRMED
    return draft


def _of_process(text: str, line: int) -> Draft | None:
    """Hours without an incident, incidents, and the score of users: what the process itself records."""
    wanted = demands(text)
    if _NO_INCIDENTS.match(text):
        return _recorded("incidents_critical_count", "<=", 0, "incidents", text, line, "tminus incident")
    if len(wanted) != 1:
        return None
    figure = wanted[0]
    if _STABLE.search(text) and figure.dimension == "seconds" and figure.comparator in (">", ">="):
        hours = number(figure.value / 3600)
        return _recorded("stable_hours", ">=", hours, "hours", text, line, "tminus deploy and tminus incident")
    if _SCORE.search(text) and figure.of == 5 and figure.comparator in (">", ">="):
        fix = "tminus record feedback_score VALUE"
        return _recorded("feedback_score", str(figure.comparator), number(figure.value), "of 5", text, line, fix)
    return None


def _recorded(metric: str, comparator: str, threshold: float, unit: str, text: str, line: int, command: str) -> Draft:
    title = without_signs(text) or text
    draft = Draft(slug(title), title, metric, comparator, threshold, unit, quotes=[(line, text)])
    draft.fix = f"recorded by `{command}`"
    return draft
