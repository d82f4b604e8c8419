"""A checklist document -> the tables of tminus.toml, with an account of what became of every section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.plan_import_draft import (
    Draft,
    GateDraft,
    Names,
    draft_without_metric,
    is_worse,
    measured,
    merge,
    number,
    slug,
    stated,
    tidy_title,
)
from ingest.plan_import_matrix import columns_of, criteria_of, gate_for
from ingest.plan_import_rules import rule_tables, sentences
from ingest.plan_import_stages import STAGE_ROLES, readiness_goal, stages_of, tick
from ingest.plan_import_text import plan_text
from ingest.plan_import_words import STATUS_WORDS, Role, role_of
from ingest.readers.checklist_model import Checklist, Code, Entry, Listing, Paragraph, Section, Table
from ingest.source import TMinusError

__all__ = ["Placed", "plan_from_checklist", "plan_text"]

_NUMBERED_GATE = re.compile(r"\bgate\s*#?\d", re.IGNORECASE)
_CLAIM_LABELS = ("status", "completion", "complete", "progress")
_MOST_FLAT = 12  # boxes without children that a meeting can walk through one by one
_MOST_NOTES = 200
_DEFAULT_TARGET = 90


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one part of the document. `placed` is False where nothing could be made of it."""

    heading: str
    level: int
    line: int
    end: int
    outcome: str
    placed: bool = True

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line == self.end else f"lines {self.line}-{self.end}"
        return (
            f"{'  ' * max(self.level - 1, 0)}{self.heading or '(before the first heading)'} ({where}): {self.outcome}"
        )


@dataclass(slots=True)
class _Import:
    """The plan in the making."""

    document: Checklist
    names: Names = field(default_factory=Names)
    gates: list[GateDraft] = field(default_factory=list)
    matrix: list[tuple[Section, Draft]] = field(default_factory=list)
    rules: list[tuple[str, str, int]] = field(default_factory=list)
    stages: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outcomes: dict[int, list[str]] = field(default_factory=dict)
    known: dict[str, tuple[float, str]] = field(default_factory=dict)
    gate_of_section: dict[int, GateDraft] = field(default_factory=dict)


def plan_from_checklist(document: Checklist, *, name: str) -> tuple[dict[str, Any], list[Placed]]:
    """Turn the document into plan tables; the account has one line a heading, and one for each part left unplaced."""
    work = _Import(document)
    roles = _roles(document.sections)
    work.known = _known_figures(document)
    boxes_make_gates = _boxes_make_gates(document.sections, roles)
    for section, role in zip(document.sections, roles, strict=True):
        work.outcomes[section.line] = []
        _read_section(work, section, role, boxes_make_gates)
    for section, draft in work.matrix:
        _add_matrix_row(work, section, draft)
    _add_from_rules(work)
    _settle_ids(work)
    rules = rule_tables(work.rules, work.gates, work.names)
    mapping = _mapping(work, name, rules)
    if not mapping["gate"]:
        raise TMinusError(
            f"{document.path or 'the document'}: no task boxes, readiness table or measurable rules among its "
            f"{len(document.lines)} lines; give a Markdown checklist, or leave --checklist out for a default plan"
        )
    return mapping, _account(work)


def _roles(sections: Sequence[Section]) -> list[Role]:
    known: dict[int, Role] = {}
    for section in sections:
        above: Role = known.get(id(section.parent), "") if section.parent else ""
        known[id(section)] = role_of(section.title, above) if section.level > 1 or above else _title_role(section)
    return [known[id(section)] for section in sections]


def _title_role(section: Section) -> Role:
    """A document's own title names no role, unless the boxes stand right below it as rules."""
    role = role_of(section.title)
    return role if role in ("go", "no-go", "go or no-go", "gate") else ""


def _known_figures(document: Checklist) -> dict[str, tuple[float, str]]:
    """Figures that the document reports in its lists: "465MB bundle", "50MB/hour growth". The worst one is kept."""
    found: dict[str, tuple[float, str]] = {}
    for section in document.sections:
        for text in (bullet for entry in section.entries for bullet in _bullets(entry)):
            for metric, value, words in stated(text):
                if metric not in found or is_worse(metric, value, found[metric][0]):
                    found[metric] = (value, words)
    return found


def _bullets(entry: Entry) -> list[str]:
    """Statements below an entry, and the entry itself when it is no box: a box demands, a bullet reports."""
    own = [entry.text] if entry.checked is None else []
    return own + [text for child in entry.children for text in _bullets(child)]


def _boxes_make_gates(sections: Sequence[Section], roles: Sequence[Role]) -> set[Role]:
    """Roles whose boxes become criteria: the plain ones, or the phases where a document has nothing else."""
    plain: set[Role] = {"gate", "", "status", "risk"}
    if any(section.boxes and role in plain for section, role in zip(sections, roles, strict=True)):
        return plain
    if any(section.boxes and role == "phase" for section, role in zip(sections, roles, strict=True)):
        return {*plain, "phase"}
    return {*plain, *STAGE_ROLES}


def _read_section(work: _Import, section: Section, role: Role, boxes_make_gates: set[Role]) -> None:
    outcome = work.outcomes[section.line]
    for table in section.tables:
        if columns := columns_of(table):
            rows = criteria_of(table, columns, work.known)
            work.matrix += [(section, draft) for draft in rows]
            outcome.append(_count(len(rows), "criterion", "criteria") + " from the table")
    if role in ("go", "no-go", "go or no-go") and section.entries:
        found = sentences(section, role)
        work.rules += found
        outcome.append(
            " and ".join(
                _count(sum(k == kind for k, _, _ in found), f"{kind.upper()} rule")
                for kind in ("go", "no-go")
                if any(k == kind for k, _, _ in found)
            )
        )
        return
    if section.boxes and role in boxes_make_gates:
        outcome.append(_read_gate(work, section))
    if role in STAGE_ROLES and section.blocks and not (role == "check" and role in boxes_make_gates and section.boxes):
        stages = stages_of(section, role, work.names)
        work.stages += stages
        steps = sum(len(stage["steps"]) for stage in stages)
        outcome.append(f"{_count(len(stages), _stage_word(role))} with {_count(steps, 'step')}")
        return
    _keep_notes(work, section, bool(section.boxes) and role in boxes_make_gates)


def _stage_word(role: Role) -> str:
    return {"check": "later check", "phase": "rollout stage"}.get(role, f"{role} stage")


def _read_gate(work: _Import, section: Section) -> str:
    gate = _gate_of(work, section)
    known = [draft for other in work.gates for draft in other.criteria]
    drafts = _criteria_of_boxes(work, section)
    added: list[Draft] = []
    for draft in drafts:
        if not merge([*known, *added], draft):
            gate.criteria.append(draft)
            added.append(draft)
    unmeasured = sum(not draft.metric for draft in added)
    boxes = _count(_boxes_in(section), "box", "boxes")
    told = f"{_count(len(added), 'criterion', 'criteria')} of gate {gate.title!r} from {boxes}"
    contradictory = [c for c in work.document.contradictions if section.line <= c.parent_line <= section.end]
    told += f", {unmeasured} of them without a metric" if unmeasured else ""
    return told + "".join(
        f"; CONTRADICTION: line {c.parent_line} {c.parent!r} is ticked, line {c.child_line} {c.child!r} is not"
        for c in contradictory
    )


def _boxes_in(section: Section) -> int:
    return sum(1 for entry in section.entries for _ in entry.boxes())


def _gate_of(work: _Import, section: Section) -> GateDraft:
    """The gate a section's boxes belong to: the numbered gate above it, else its own."""
    owner = section
    above = section.parent
    while above is not None and not _NUMBERED_GATE.search(owner.title):
        owner = above if _NUMBERED_GATE.search(above.title) else owner
        above = above.parent
    if id(owner) not in work.gate_of_section:
        title = _gate_title(owner)
        gate = GateDraft(slug(title), title, _gate_claim(owner))
        work.gates.append(gate)
        work.gate_of_section[id(owner)] = gate
    return work.gate_of_section[id(owner)]


def _gate_title(section: Section) -> str:
    bare = re.sub(
        r"\s*\([^()]*\)\s*$", lambda m: "" if STATUS_WORDS.search(m.group().upper()) else m.group(), section.title
    )
    return tidy_title(bare) or "Checklist"


def _gate_claim(section: Section) -> str:
    """Status and completion as the document claims them: "BLOCKED, 35%"."""
    words = [field.value for field in section.fields if field.label.lower() in _CLAIM_LABELS]
    remark = re.search(r"\([^()]*\)\s*$", section.title)
    if remark and STATUS_WORDS.search(remark.group().upper()):
        return f"{', '.join(words)} {remark.group()}".strip()
    return ", ".join(words)


def _criteria_of_boxes(work: _Import, section: Section) -> list[Draft]:
    boxes = section.boxes
    flat = [box for box in boxes if not any(True for child in box.children for _ in child.boxes())]
    found: list[Draft] = []
    for box in boxes:
        found += _criteria_of_box(work, box, alone=len(flat) <= _MOST_FLAT or box not in flat)
    if len(flat) > _MOST_FLAT:
        rest = [box for box in flat if not measured(box.text, box.line)]
        if rest:
            found.append(_bundle(_gate_title(section), rest))
    return found


def _criteria_of_box(work: _Import, box: Entry, *, alone: bool) -> list[Draft]:
    """Measurable children become criteria of their own; the rest stays with the parent, to be vouched for."""
    inner = [child for entry in box.children for child in entry.boxes()]
    found: list[Draft] = []
    rest: list[Entry] = []
    for child in [box, *inner]:
        drafts = measured(child.text, child.line)
        for draft in drafts:
            draft.claim = tick(child)
            _take_baseline(work, draft)
        found += drafts
        if not drafts and child is not box:
            rest.append(child)
    remarks = [text for child in box.children for text in _bullets(child)]
    found += _reported_counts(work, remarks, box, found)
    if rest or (not found and alone):
        draft = draft_without_metric(box.text, None, box.line, box.text)
        draft.blocker = bool(re.search(r"\(CRITICAL\)|\bBLOCKER\b|\(blocking\)", box.text))
        draft.claim = "; ".join([tick(box), *(tick(child) for child in rest), *remarks])
        found.insert(0, draft)
    elif remarks and found:
        found[0].claim += "; " + "; ".join(remarks)
    return found


def _reported_counts(work: _Import, remarks: Sequence[str], box: Entry, found: Sequence[Draft]) -> list[Draft]:
    """Counts that a remark complains about ("39+ TODO markers", "6/7 tests failing"): none may be left."""
    drafts = []
    for remark in remarks:
        for metric, value, words in stated(remark):
            if metric.endswith("_count") or metric in ("tests_failed", "tests_flaky", "tests_skipped"):
                draft = _none_left(metric, value, words, box.line)
                if all(draft.metric != other.metric for other in found):
                    drafts.append(draft)
    return drafts


def _none_left(metric: str, value: float, words: str, line: int) -> Draft:
    from ingest.observation import CATALOGUE
    from ingest.plan_import_words import meaning_for

    meaning = meaning_for(metric)
    about = "; ".join(filter(None, [meaning.about, "the document complains of them: none may be left"]))
    draft = Draft(meaning.id, meaning.title, metric, "<=", 0, CATALOGUE[metric].unit, about=about, said=[(line, words)])
    draft.baseline = number(value) if value > 0 else None
    draft.claim = words
    return draft


def _take_baseline(work: _Import, draft: Draft) -> None:
    """Where the document reports the present value elsewhere, attainment starts from it."""
    if draft.metric in work.known:
        value, words = work.known[draft.metric]
        if is_worse(draft.metric, value, draft.threshold):
            draft.baseline = number(value)
            draft.claim += f" ({words})"


def _bundle(title: str, boxes: Sequence[Entry]) -> Draft:
    draft = draft_without_metric(f"{title}: {len(boxes)} boxes", None, boxes[0].line, title)
    draft.claim = "; ".join(tick(box) for box in boxes)
    return draft


def _add_matrix_row(work: _Import, section: Section, draft: Draft) -> None:
    """The row decides threshold, title and blocker; boxes that measure the same are folded into it."""
    for gate in work.gates:
        for index, other in enumerate(gate.criteria):
            if draft.metric and other.metric == draft.metric:
                merge([draft], other)
                gate.criteria[index] = draft
                return
    gate = gate_for(draft, work.gates) or _matrix_gate(work, section)
    gate.criteria.append(draft)


def _matrix_gate(work: _Import, section: Section) -> GateDraft:
    if id(section) not in work.gate_of_section:
        title = _gate_title(section)
        work.gate_of_section[id(section)] = GateDraft(slug(title), title)
        work.gates.append(work.gate_of_section[id(section)])
    return work.gate_of_section[id(section)]


def _add_from_rules(work: _Import) -> None:
    """A GO rule may demand a figure that no box and no table names: it becomes a criterion and can be decided."""
    for kind, text, line in work.rules:
        if kind != "go":
            continue
        for draft in measured(text, line):
            draft.claim = text
            known = [other for gate in work.gates for other in gate.criteria]
            if not any(other.metric == draft.metric for other in known):
                _take_baseline(work, draft)
                (gate_for(draft, work.gates) or _rule_gate(work)).criteria.append(draft)


def _rule_gate(work: _Import) -> GateDraft:
    gate = next((gate for gate in work.gates if gate.id == "go-rules"), None)
    if gate is None:
        gate = GateDraft("go-rules", "GO rules")
        work.gates.append(gate)
    return gate


def _settle_ids(work: _Import) -> None:
    work.gates = [gate for gate in work.gates if gate.criteria]
    for gate in work.gates:
        gate.id = work.names.give(gate.id, "gate")
    for gate in work.gates:
        for draft in gate.criteria:
            draft.id = work.names.give(draft.id, "criterion")


def _keep_notes(work: _Import, section: Section, boxes_are_placed: bool) -> None:
    """Whatever found no other place stays as a note, line by line, under its heading."""
    words = [text for block in section.blocks for text in _note_lines(block, boxes_are_placed)]
    room = max(_MOST_NOTES - len(work.notes), 0)
    title = tidy_title(section.title) if section.title else ""
    work.notes += [f"{title}: {text}" if title else text for text in words[:room]]
    outcome = work.outcomes[section.line]
    if words:
        outcome.append(f"kept as {_count(len(words[:room]), 'note')}")
    if len(words) > room:
        outcome.append(f"{_count(len(words) - room, 'line')} stay in the document only")


def _note_lines(block: Listing | Table | Code | Paragraph, boxes_are_placed: bool) -> list[str]:
    if isinstance(block, Paragraph):
        claimed = {f.line for f in block.fields if boxes_are_placed and f.label.lower() in _CLAIM_LABELS}
        return [line for at, line in enumerate(block.lines, block.line) if line and at not in claimed]
    if isinstance(block, Code):
        return [line.strip() for _, line in block.lines if line.strip()]
    if isinstance(block, Table):
        return [] if columns_of(block) else [" | ".join(filter(None, row.cells)) for row in block.rows]
    entries = [entry for entry in block.entries if not (boxes_are_placed and any(True for _ in entry.boxes()))]
    return [text for entry in entries for text in _all_texts(entry)]


def _all_texts(entry: Entry) -> list[str]:
    return [tick(entry), *(text for child in entry.children for text in _all_texts(child))]


def _mapping(work: _Import, name: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    document = work.document
    fields = tuple(field for section in document.sections for field in section.fields)
    imported: dict[str, Any] = {"document": document.path, "notes": work.notes}
    if document.contradictions:
        imported["contradictions"] = [
            f"line {c.parent_line} {c.parent!r} is ticked, line {c.child_line} {c.child!r} is not"
            for c in document.contradictions
        ]
    mapping: dict[str, Any] = {
        "project": {"name": name, "repository": "."},
        "readiness": {"target": readiness_goal(fields) or _DEFAULT_TARGET},
        "gate": [gate.as_table() for gate in work.gates],
    }
    if rules:
        mapping["rule"] = rules
    if work.stages:
        mapping["stage"] = work.stages
    mapping["sources"] = {"checklist": {"imported": imported}}
    return mapping


def _account(work: _Import) -> list[Placed]:
    account = []
    for section in work.document.sections:
        outcome = "; ".join(work.outcomes[section.line])
        if not outcome:
            below = sum(other.parent is section for other in work.document.sections)
            outcome = f"heading of {_count(below, 'part')}" if below else "empty"
        account.append(Placed(tidy_title(section.title), section.level, section.line, section.end, outcome))
    account += [
        Placed("not placed", 1, first, last, "no list, table, code or paragraph; read it in the document", placed=False)
        for first, last in work.document.unplaced
    ]
    return account + [Placed("note", 1, 1, 1, warning) for warning in work.document.warnings]


def _count(number: int, word: str, plural: str = "") -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"
