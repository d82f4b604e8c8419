"""A document and what evidence says -> the same document with its boxes, cells and status lines up to date.

Only values change; every other byte is kept, except that double-encoded lines are written repaired. Lines between
`<!-- tminus:keep -->` and `<!-- tminus:/keep -->`, code and quotations of code are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ingest.living_document.facts import CriterionFacts, DocumentFacts
from ingest.plan_drafting.from_checklist import Trace, traced_plan
from ingest.plan_drafting.matrix import columns_of
from ingest.readers.documents.checklist import read_checklist
from ingest.readers.documents.checklist_model import Checklist, Entry, Section, Table
from ingest.readers.documents.document_text import editable
from ingest.readers.documents.marks import BEGIN, END, KEEP, KEEP_END, boxed, is_box, remark, replaced, safe

NO_RECEIPT = "ticked by hand, no receipt"
_SIGNS = {True: "✅", False: "❌", None: "❔"}
_WORDS = {True: "met", False: "not met", None: "unknown"}
_COLOURS = {True: "🟢", False: "🔴", None: "🟡"}
_STATUS_COLUMN = re.compile(r"^\W*(?:current )?(?:status|state|ok|met|pass(?:ed)?|done)\W*$", re.IGNORECASE)
_EMOJI = re.compile(r"[^\w\s|.,:;()\[\]/%<>=+*_`'\"-]")
_PART = re.compile(r"^(?P<head>\W*(?P<label>[A-Za-z][\w /&()'-]{1,60}?)\s*:[*_]*\s*)(?P<value>.*?)(?P<tail>[*_]*\s*)$")
_STATUS_LABEL = re.compile(r"^(?:current |overall )?(?:status|state)$", re.IGNORECASE)
_GATE_LABELS = {
    "status": "status",
    "state": "status",
    "completion": "completion",
    "complete": "completion",
    "progress": "completion",
}
# The first that fits a label decides.
_FIELDS = (
    ("", r"\btarget\b|\bgoal\b|\brequired\b"),
    ("readiness", r"\breadiness\b(?!.*\b(?:assessment|date)\b)"),
    (
        "estimate",
        r"\b(?:estimated|expected|remaining|eta)\b.*\b(?:ready|readiness|deploy\w*|launch|release|go-?live)\b",
    ),
    ("verdict", r"\b(?:recommendation|decision|verdict|go ?/ ?no-?go)\b"),
    ("next_review", r"\bnext (?:review|assessment|audit|meeting|check)\b"),
    ("assessed", r"\b(?:assessment|audit|evaluation|last (?:review|updated?)) ?(?:date|day)?$"),
    ("deployment", r"\b(?:deploy\w*|release|launch|go-?live) (?:date|day)$"),
)
_CLAIMED_STATE = re.compile(
    r"\((?P<words>[^()]*\b(?:FAILING|PASSING|BLOCKED|APPROVED|CONDITIONAL|FAILED|PASSED|READY)[^()]*)\)"
)
_COLOUR = re.compile(r"[🔴🟡🟢🟠]")


class NotTextError(ValueError):
    """The file is no text document."""


def write_document(data: bytes, name: str, facts: DocumentFacts) -> bytes:
    """The document with its values up to date; NotTextError where the bytes are none.

    Writing what was written changes nothing, and reading it gives the document that people wrote.
    """
    document, lines, encoding = _document(data, name)
    edits = _edits(document, traced_plan(document, name=name)[2], facts)
    written = [edits[at](line) if at in edits else line for at, line in enumerate(lines, 1)]
    text = _ended("".join(written)) + _block(facts.summary, "".join(lines))
    return _encoded(text, encoding)


def write_summary(data: bytes, facts: DocumentFacts) -> bytes:
    """A document that holds the block of the evidence only, beside a person's own text."""
    lines, encoding = _editable(data)
    text = "".join(lines)
    return _encoded((_ended(text) if text else "") + _block(facts.summary, text), encoding)


def _editable(data: bytes) -> tuple[list[str], str]:
    try:
        return editable(data)
    except ValueError as problem:
        raise NotTextError(str(problem)) from None


def _document(data: bytes, name: str = "") -> tuple[Checklist, list[str], str]:
    """What people wrote, parsed; its lines with their ends; its encoding."""
    lines, encoding = _editable(data)
    return read_checklist("".join(lines).encode("utf-8", "replace"), name), lines, encoding


def _ended(text: str) -> str:
    """Text that ends its last line, so that the block begins at a line of its own."""
    return text if not text or text.endswith(("\n", "\r")) else text + "\n"


def _encoded(text: str, encoding: str) -> bytes:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    return mark + text.encode(encoding, "surrogatepass" if mark else "replace")


def _block(summary: Iterable[str], text: str) -> str:
    lines = [line.replace("<!--", "").replace("-->", "") for line in summary]
    if not lines:
        return ""
    end = "\r\n" if "\r\n" in text else "\n"
    return end.join([BEGIN, *lines, END]) + end


Edit = Callable[[str], str]


def _edits(document: Checklist, trace: Trace, facts: DocumentFacts) -> dict[int, Edit]:
    """What becomes of each line that shows a value."""
    edits: dict[int, Edit] = {}
    for section in document.sections:
        edits |= dict(_of_section(section, trace, facts))
    shown = {line: facts.rules[rule] for line, rule in trace.rules.items() if rule in facts.rules}
    edits |= {line: _entry(rule.ticked, rule.remark) for line, rule in shown.items()}
    untouched = _untouched(document)
    return {line: edit for line, edit in edits.items() if line not in untouched}


def _of_section(section: Section, trace: Trace, facts: DocumentFacts) -> Iterator[tuple[int, Edit]]:
    gate = facts.gates.get(_gate_of(section, trace))
    if gate and section.line in trace.gates:
        yield section.line, _heading(gate.holds, gate.status)
    labels = {"status": gate.status, "completion": gate.completion} if gate else {}
    yield from ((field.line, _fields(labels, facts)) for field in section.fields)
    for table in section.tables:
        yield from _rows(table, trace, facts)
    for entry in section.entries:
        yield from _entries(entry, trace, facts)


def _gate_of(section: Section, trace: Trace) -> str:
    above: Section | None = section
    while above is not None:
        if above.line in trace.gates:
            return trace.gates[above.line]
        above = above.parent
    return ""


def _untouched(document: Checklist) -> set[int]:
    """Lines of code, and what a person has put between the marks that keep it."""
    codes = [block for section in document.sections for block in section.blocks if block.is_code]
    found = {line for block in codes for line in range(block.line, block.end + 1)}
    is_kept = False
    for at, line in enumerate(document.lines, 1):
        is_kept = (is_kept or KEEP in line) and KEEP_END not in line
        if is_kept:
            found.add(at)
    return found


def _split(line: str) -> tuple[str, str]:
    body = line.rstrip("\r\n")
    return body, line[len(body) :]


def _heading(holds: bool | None, status: str) -> Edit:
    def edit(line: str) -> str:
        body, end = _split(line)
        body = _CLAIMED_STATE.sub(lambda found: f"({replaced(found['words'], status)})", body, count=1)
        return _COLOUR.sub(lambda found: replaced(found.group(), _COLOURS[holds]), body, count=1) + end

    return edit


def _fields(labels: dict[str, str], facts: DocumentFacts) -> Edit:
    """ "**Status:** BLOCKED | **Completion:** 35%": each labelled value that evidence knows."""

    def edit(line: str) -> str:
        body, end = _split(line)
        return " | ".join(_field(part, labels, facts) for part in body.split(" | ")) + end

    return edit


def _field(part: str, labels: dict[str, str], facts: DocumentFacts) -> str:
    found = _PART.match(part)
    if found is None or not found["value"]:
        return part
    label = found["label"].strip().lower()
    value = labels.get(_GATE_LABELS.get(label, ""), "") or facts.fields.get(_field_key(label), "")
    return f"{found['head']}{replaced(found['value'], safe(value))}{found['tail']}" if value else part


def _field_key(label: str) -> str:
    return next((key for key, pattern in _FIELDS if re.search(pattern, label, re.IGNORECASE)), "")


def shown_fields(label: str, *, in_gate: bool) -> str:
    """What of the evidence is written behind a label: "completion", "verdict" ...; empty: nothing."""
    name = label.strip().lower()
    return (_GATE_LABELS.get(name, "") if in_gate else "") or _field_key(name)


def _rows(table: Table, trace: Trace, facts: DocumentFacts) -> Iterator[tuple[int, Edit]]:
    """The cells of today's value and of the status."""
    columns = columns_of(table)
    status = next((at for at, title in enumerate(table.header) if _STATUS_COLUMN.match(title)), None)
    for row in table.rows:
        known = _known(trace.criteria.get(row.line, ()), facts)
        cells = _today(columns.current if columns else None, known)
        if known and status is not None:
            cells[status] = _status_cell(row.cells[status] if status < len(row.cells) else "", known)
        if cells:
            yield row.line, _cells(cells)


def _today(column: int | None, known: list[CriterionFacts]) -> dict[int, str]:
    value = "; ".join(fact.value for fact in known if fact.value)
    return {} if column is None or not value else {column: safe(value)}


def _status_cell(old: str, known: list[CriterionFacts]) -> str:
    """A sign where the document uses signs, else a word."""
    return (_SIGNS if _EMOJI.search(old) or not old else _WORDS)[_all_hold(known)]


def _cells(values: dict[int, str]) -> Edit:
    def edit(line: str) -> str:
        body, end = _split(line)
        parts = re.split(r"(?<!\\)\|", body)
        first = 1 if not parts[0].strip() else 0
        for at, value in values.items():
            if at + first < len(parts):
                cell = parts[at + first]
                old = cell.strip()
                changed = replaced(old, value)
                parts[at + first] = cell.replace(old, changed, 1) if old else remark(value) + cell
        return "|".join(parts) + end

    return edit


def _known(names: Iterable[str], facts: DocumentFacts) -> list[CriterionFacts]:
    return [facts.criteria[name] for name in names if name in facts.criteria]


def _all_hold(known: list[CriterionFacts]) -> bool | None:
    verdicts = [fact.holds for fact in known]
    return False if False in verdicts else None if None in verdicts else True


def _entries(entry: Entry, trace: Trace, facts: DocumentFacts) -> Iterator[tuple[int, Edit]]:
    """The box of an entry, its status line, and what is below it."""
    names = trace.criteria.get(entry.line, ())
    known = _known(names[:1] if entry.children else names, facts)  # a parent is the first of its line
    if known:
        yield entry.line, _entry(all(fact.ticked for fact in known), _remarks(known))
    yield from _message(entry, trace, facts)
    for child in entry.children:
        if known and known[0].status and _is_status(child):
            yield child.line, _status(known[0].status)
        else:
            yield from _entries(child, trace, facts)


def _message(entry: Entry, trace: Trace, facts: DocumentFacts) -> Iterator[tuple[int, Edit]]:
    """The box of a message: ticked by its receipts."""
    if message := facts.messages.get(trace.messages.get(entry.line, "")):
        yield entry.line, _entry(message.ticked, message.remark or (NO_RECEIPT if entry.checked else ""))


def _remarks(known: list[CriterionFacts]) -> str:
    return "; ".join(dict.fromkeys(fact.remark for fact in known if fact.remark))


def _is_status(entry: Entry) -> bool:
    """ "Current Status: ..." below a box."""
    return entry.checked is None and bool(_STATUS_LABEL.match(entry.text.partition(":")[0].strip(" *_")))


def _entry(ticked: bool, words: str) -> Edit:
    def edit(line: str) -> str:
        body, end = _split(line)
        body, blank = body.rstrip(" \t"), body[len(body.rstrip(" \t")) :]
        added = remark(f"*{words}*") if words else ""
        return (boxed(body + added, ticked) if is_box(body) else body + added) + blank + end

    return edit


def _status(words: str) -> Edit:
    def edit(line: str) -> str:
        body, end = _split(line)
        found = _PART.match(body)
        if found is None or not found["value"]:
            return line
        return f"{found['head']}{replaced(found['value'], safe(words))}{found['tail']}{end}"

    return edit


def named_criteria(data: bytes) -> frozenset[str]:
    """Ids of the criteria that a line of the document shows outside of code."""
    document = _document(data)[0]
    trace = traced_plan(document, name="")[2]
    untouched = _untouched(document)
    return frozenset(name for line, names in trace.criteria.items() if line not in untouched for name in names)
