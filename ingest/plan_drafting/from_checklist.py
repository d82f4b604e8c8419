"""A checklist document -> the tables of tminus.toml, with an account of what became of every section."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ingest.plan_drafting.after_go.messages import read_messages
from ingest.plan_drafting.after_go.rollout import add_commands, read_rollout
from ingest.plan_drafting.after_go.running import read_running, windowed
from ingest.plan_drafting.draft import Draft, GateDraft, at_least_as_strict, measured, merge, slug, tidy_title
from ingest.plan_drafting.gates import (
    CLAIM_LABELS,
    Work,
    count_of,
    demanding,
    gate_title,
    known_figures,
    read_gate,
    take_baseline,
)
from ingest.plan_drafting.items import criteria_of_items, is_alarm_table, item_column
from ingest.plan_drafting.language.urgency import is_another_context, says_a_state
from ingest.plan_drafting.language.vocabulary import Role, is_before, role_of
from ingest.plan_drafting.leftovers import lines_left_over
from ingest.plan_drafting.matrix import columns_of, criteria_of, gate_for, with_one_bound
from ingest.plan_drafting.rules import announced, blocker_rules, rule_tables, sentences
from ingest.plan_drafting.stages import STAGE_ROLES, readiness_goal, tick
from ingest.plan_drafting.status_lines import fields_of_plan, link_blockers, named_blockers, set_risks
from ingest.plan_drafting.toml_writer import plan_text
from ingest.readers.documents.checklist_model import Checklist, Code, Entry, Listing, Paragraph, Section, Table
from ingest.source import TMinusError

__all__ = ["Placed", "plan_from_checklist", "plan_text"]

_MOST_NOTES = 2000
_DEFAULT_TARGET = 90
_TABLES = ("stage", "runbook", "drill", "message", "escalation")
_PROMETHEUS = "http://127.0.0.1:9090"  # asked only once a query is confirmed
_LATER = ("check", "monitoring", "promotion")
_RULES: tuple[Role, ...] = ("go", "no-go", "go or no-go")
_AFTER = re.compile(r"\b(?:post|after|during|first|nach|après|después|dopo|após|na)\b", re.IGNORECASE)
_DURING = re.compile(
    r"\b(?:during|after|post|real-time|hourly|daily|weekly|escalation|plan|triggers?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one part of the document. `placed` is False where nothing could be made of it."""

    heading: str
    level: int
    line: int
    end: int
    became: str
    placed: bool = True

    @property
    def lines(self) -> str:
        """Its lines in the document: "12-30"."""
        return str(self.line) if self.line == self.end else f"{self.line}-{self.end}"

    def __str__(self) -> str:
        indent = "  " * max(self.level - 1, 0)
        where = f"line {self.lines}" if self.line == self.end else f"lines {self.lines}"
        return f"{indent}{self.heading or '(before the first heading)'} ({where}): {self.became}"


@dataclass(frozen=True, slots=True)
class Trace:
    """Which line became what: ids of criteria, rules and messages by line, of gates by the line of their heading."""

    criteria: Mapping[int, Sequence[str]]
    gates: Mapping[int, str]
    rules: Mapping[int, str]
    messages: Mapping[int, str]


def plan_from_checklist(document: Checklist, *, name: str) -> tuple[dict[str, Any], list[Placed]]:
    """Turn the document into plan tables; the account has one line a heading, and one for each part left unplaced."""
    mapping, account, _ = traced_plan(document, name=name)
    return mapping, account


def traced_plan(document: Checklist, *, name: str) -> tuple[dict[str, Any], list[Placed], Trace]:
    """`plan_from_checklist`, and which line became what."""
    work = Work(document)
    roles = _roles(document.sections)
    work.known = known_figures(document)
    boxes_make_gates = _boxes_make_gates(document.sections, roles)
    for section, role in zip(document.sections, roles, strict=True):
        work.outcomes[section.line] = []
        _read_section(work, section, role, boxes_make_gates)
    for section, draft in work.matrix:
        _add_matrix_row(work, section, draft)
    _add_from_rules(work)
    drafts = [draft for gate in work.gates for draft in gate.criteria]
    set_risks(document.sections, drafts)
    blockers = link_blockers(named_blockers(document), drafts)
    _settle_ids(work)
    rules = rule_tables(work.rules, work.gates, work.names)
    rules += blocker_rules(blockers, work.names)
    _link_stages(work)
    mapping = _mapping(work, name, rules)
    left = lines_left_over(document, mapping)
    work.notes += left[: max(_MOST_NOTES - len(work.notes), 0)]
    if not mapping["gate"]:
        raise TMinusError(
            f"{document.path or 'the document'}: no task boxes, readiness table or measurable rules among its "
            f"{len(document.lines)} lines; give a Markdown checklist, or leave --checklist out for a default plan"
        )
    return mapping, _account(work), _trace(work, rules)


def _trace(work: Work, rules: Sequence[Mapping[str, Any]]) -> Trace:
    criteria: dict[int, list[str]] = {}
    for gate in [*work.gates, *work.later]:
        for draft in gate.criteria:
            for line, _ in draft.quotes:
                criteria.setdefault(line, []).append(draft.id)
    kept = {id(gate) for gate in work.gates}
    lines = {id(section): section.line for section in work.document.sections}
    gates = {lines[owner]: gate.id for owner, gate in work.gate_of_section.items() if id(gate) in kept}
    rule_of_line = {line: rule["id"] for (_, _, line), rule in zip(work.rules, rules, strict=False)}
    return Trace(criteria, gates, rule_of_line, work.message_of_line)


def _roles(sections: Sequence[Section]) -> list[Role]:
    known: dict[int, Role] = {}
    for section in sections:
        above: Role = known.get(id(section.parent), "") if section.parent else ""
        known[id(section)] = role_of(section.title, above) if section.level > 1 or above else _title_role(section)
        if known[id(section)] in STAGE_ROLES and _is_inside_preparation(section, known):
            known[id(section)] = ""
    _keep_plain_topics(sections, known)
    _keep_readiness(sections, known)
    return [known[id(section)] for section in sections]


def _is_inside_preparation(section: Section, known: dict[int, Role]) -> bool:
    """A numbered or named part of "Pre-deployment" is a part of the preparation, whatever its own title says."""
    above = section.parent
    if _AFTER.search(section.title):
        return False
    while above is not None:
        if is_before(above.title) and above.level > 1 and known.get(id(above)) in ("", "gate"):
            return True
        above = above.parent
    return False


def _keep_plain_topics(sections: Sequence[Section], known: dict[int, Role]) -> None:
    """Boxes under "Monitoring" are a gate like the others, unless the document is already at its rollout there."""
    for section in sections:
        role = known[id(section)]
        if role in ("phase", "promotion", "check"):
            return
        if role == "monitoring" and section.boxes and not _DURING.search(section.title):
            known[id(section)] = ""


def _keep_readiness(sections: Sequence[Section], known: dict[int, Role]) -> None:
    """Boxes that say in which state the rollback has to be ("documented", "tested") are demands, and no steps."""
    for section in sections:
        is_plain = known[id(section)] == "rollback" and section.boxes and not is_another_context(section)
        has_steps = any(isinstance(block, Code) for block in section.blocks)
        if is_plain and not has_steps and all(map(_says_a_state, section.boxes)):
            known[id(section)] = ""


def _says_a_state(box: Entry) -> bool:
    return bool(says_a_state(box.text) or measured(box.text, box.line)) and not box.children


def _title_role(section: Section) -> Role:
    """A document's own title names no role, unless the boxes follow it directly as rules."""
    role = role_of(section.title)
    return role if role in ("go", "no-go", "go or no-go", "gate") else ""


def _boxes_make_gates(sections: Sequence[Section], roles: Sequence[Role]) -> set[Role]:
    """Roles whose boxes become criteria: the plain ones, or the phases where a document has nothing else."""
    plain: set[Role] = {"gate", "", "status", "risk"}
    if any(section.boxes and role in plain for section, role in zip(sections, roles, strict=True)):
        return plain
    if not any(section.boxes for section in sections):
        return plain
    if any(section.boxes and role == "phase" for section, role in zip(sections, roles, strict=True)):
        return {*plain, "phase"}
    return {*plain, *STAGE_ROLES}


def _read_section(work: Work, section: Section, role: Role, boxes_make_gates: set[Role]) -> None:
    outcome = work.outcomes[section.line]
    if role in boxes_make_gates or role in ("go", "go or no-go"):
        _read_tables(work, section)
    found = sentences(section, role) if role in _RULES else announced(section)
    if found and role != "aside":
        work.rules += found
        outcome.append(_rule_counts(found))
    if role in _RULES and found:
        return
    makes_gate = role in boxes_make_gates and bool(demanding(work, section))
    if makes_gate and not (found and not section.boxes):
        outcome.append(read_gate(work, section))
    if _is_after_go(section, role, boxes_make_gates):
        outcome += _read_after_go(work, section, role)
    else:
        _keep_notes(work, section, makes_gate)


def _is_after_go(section: Section, role: Role, boxes_make_gates: set[Role]) -> bool:
    """Whether the section is about the time from GO on, and did not become a gate of the deployment."""
    is_gate = role in _LATER and role in boxes_make_gates and bool(section.boxes)
    return role in STAGE_ROLES and bool(section.blocks) and not is_gate


def _read_tables(work: Work, section: Section) -> None:
    outcome = work.outcomes[section.line]
    for table in map(with_one_bound, section.tables):
        may_bind = not is_another_context(section) and not is_alarm_table(table)
        if columns := columns_of(table):
            rows, left_out = criteria_of(table, columns, work.known, may_bind=may_bind, section=section)
            work.matrix += [(section, draft) for draft in rows]
            outcome.append(count_of(len(rows), "criterion", "criteria") + " from the table")
            outcome += [f"left out, since it demands nothing of its own: {row!r}" for row in left_out]
        elif (column := item_column(table)) is not None:
            items = criteria_of_items(table, column, section, may_bind=may_bind)
            work.matrix += [(section, draft) for draft in items]
            outcome.append(count_of(len(items), "criterion", "criteria") + " from the rows of the table")


def _rule_counts(found: Sequence[tuple[str, str, int]]) -> str:
    counts = [(kind, sum(each == kind for each, _, _ in found)) for kind in ("go", "no-go")]
    return " and ".join(count_of(number, f"{kind.upper()} rule") for kind, number in counts if number)


def _read_after_go(work: Work, section: Section, role: Role) -> list[str]:
    """The tables of a section about the time from GO on; what it became, in words."""
    if role in ("phase", "rollback"):
        return [read_rollout(section, role, work.stage_names, work.tables)]
    if role == "communication":
        return [read_messages(section, work.message_names, work.tables, work.message_of_line)]
    words, commands = read_running(work, section, role)
    if commands:
        add_commands(section, commands, work.stage_names, work.tables)
        words = ", ".join(filter(None, [words, f"1 runbook with {count_of(len(commands), 'line')}"]))
    return [words] if words else []


def _link_stages(work: Work) -> None:
    """A stage ends when the limits of the monitoring list hold: gates that are judged from the start."""
    watched = [gate.id for gate in work.later if gate.kind == "running" and not gate.judged_after]
    for stage in work.tables.get("stage", []):
        if stage["kind"] == "stage" and watched:
            stage["exit"] = watched


def _add_matrix_row(work: Work, section: Section, draft: Draft) -> None:
    """The row decides title, comparator and blocker; boxes that demand the same are folded into it."""
    work.rows.append(draft)
    for gate in work.gates:
        for index, other in enumerate(gate.criteria):
            if other not in work.rows and merge([draft], other, moving=True):
                gate.criteria[index] = draft
                return
    (_themed_gate(work, draft) or _matrix_gate(work, section)).criteria.append(draft)


def _themed_gate(work: Work, draft: Draft) -> GateDraft | None:
    """One matrix over the whole document is shared out to its gates; tables under several headings stay there."""
    several = len({id(section) for section, _ in work.matrix}) > 1
    return None if several else gate_for(draft, work.gates)


def _matrix_gate(work: Work, section: Section) -> GateDraft:
    if id(section) not in work.gate_of_section:
        title = gate_title(section)
        work.gate_of_section[id(section)] = GateDraft(slug(title), title)
        work.gates.append(work.gate_of_section[id(section)])
    return work.gate_of_section[id(section)]


def _add_from_rules(work: Work) -> None:
    """A GO rule may demand a figure that no box and no table names: it becomes a criterion and can be decided."""
    for kind, text, line in work.rules:
        if kind != "go":
            continue
        for draft in measured(text, line):
            draft.claim = text
            known = [other for gate in work.gates for other in gate.criteria]
            if not any(at_least_as_strict(other, draft) for other in known):
                take_baseline(work, draft)
                (gate_for(draft, work.gates) or _rule_gate(work)).criteria.append(draft)


def _rule_gate(work: Work) -> GateDraft:
    gate = next((gate for gate in work.gates if gate.id == "go-rules"), None)
    if gate is None:
        gate = GateDraft("go-rules", "GO rules")
        work.gates.append(gate)
    return gate


def _settle_ids(work: Work) -> None:
    work.gates = [gate for gate in work.gates if gate.criteria]
    for gate in [*work.gates, *work.later]:
        gate.id = work.names.give(gate.id, "gate")
    for gate in [*work.gates, *work.later]:
        for draft in gate.criteria:
            draft.id = work.names.give(draft.id, "criterion")


def _keep_notes(work: Work, section: Section, boxes_are_placed: bool) -> None:
    """Whatever found no other place stays as a note, line by line, under its heading."""
    words = [text for block in section.blocks for text in _note_lines(block, boxes_are_placed)]
    room = max(_MOST_NOTES - len(work.notes), 0)
    title = tidy_title(section.title) if section.title else ""
    work.notes += [f"{title}: {text}" if title else text for text in words[:room]]
    outcome = work.outcomes[section.line]
    if words:
        outcome.append(f"kept as {count_of(len(words[:room]), 'note')}")
    if len(words) > room:
        outcome.append(f"{count_of(len(words) - room, 'line')} stay in the document only")


def _paragraph_notes(block: Paragraph, boxes_are_placed: bool) -> list[str]:
    """The lines of a paragraph, without the claims beside boxes that became criteria."""
    claimed = {f.line for f in block.fields if boxes_are_placed and f.label.lower() in CLAIM_LABELS}
    return [line for at, line in enumerate(block.lines, block.line) if line and at not in claimed]


def _note_lines(block: Listing | Table | Code | Paragraph, boxes_are_placed: bool) -> list[str]:
    if isinstance(block, Paragraph):
        return _paragraph_notes(block, boxes_are_placed)
    if isinstance(block, Code):
        return [line.strip() for _, line in block.lines if line.strip()]
    if isinstance(block, Table):
        return []  # a row that became nothing is found by `lines_left_over`
    return [] if boxes_are_placed else list(chain.from_iterable(map(_all_texts, block.entries)))


def _all_texts(entry: Entry) -> list[str]:
    return [tick(entry), *(text for child in entry.children for text in _all_texts(child))]


def _mapping(work: Work, name: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    fields = tuple(field for section in work.document.sections for field in section.fields)
    later = work.later if work.gates else []
    mapping: dict[str, Any] = {
        "project": {"name": name, "repository": "."},
        "readiness": {"target": readiness_goal(fields) or _DEFAULT_TARGET, **fields_of_plan(fields)},
        "gate": [gate.as_table() for gate in [*work.gates, *later]],
    }
    optional = {"rule": rules, **{key: work.tables.get(key) for key in _TABLES}}
    mapping |= {key: tables for key, tables in optional.items() if tables} | {"document": _document(work)}
    return mapping | _sources(work)


def _sources(work: Work) -> dict[str, Any]:
    """The proposed queries, where the plan has the gates that they are for."""
    queries = windowed(work) if work.gates else []
    return {"sources": {"prometheus": {"url": _PROMETHEUS, "query": queries}}} if queries else {}


def _document(work: Work) -> dict[str, Any]:
    """The [document] table: where the plan comes from, and what of it is no other table."""
    found: dict[str, Any] = {"path": work.document.path, "notes": work.notes}
    if work.document.contradictions:
        found["contradictions"] = [
            f"line {c.parent_line} {c.parent!r} is ticked, line {c.child_line} {c.child!r} is not"
            for c in work.document.contradictions
        ]
    return found


def _account(work: Work) -> list[Placed]:
    account = []
    for section in work.document.sections:
        outcome = "; ".join(work.outcomes[section.line])
        if not outcome:
            below = sum(other.parent is section for other in work.document.sections)
            outcome = f"heading of {count_of(below, 'part')}" if below else "empty"
        account.append(Placed(tidy_title(section.title), section.level, section.line, section.end, outcome))
    account += [
        Placed("not placed", 1, first, last, "no list, table, code or paragraph; read it in the document", placed=False)
        for first, last in work.document.unplaced
    ]
    return account + [Placed("note", 1, 1, 1, warning) for warning in work.document.warnings]
