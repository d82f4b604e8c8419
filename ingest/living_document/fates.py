"""What became of each line of a document: used by the machine, attested by a person, displayed, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ingest.living_document.rewrite import shown_fields
from ingest.plan_drafting.after_go.messages import escalation_of
from ingest.plan_drafting.from_checklist import Trace, traced_plan
from ingest.plan_drafting.status_lines import fields_of_plan, is_risk_line
from ingest.readers.documents.checklist import read_checklist
from ingest.readers.documents.checklist_model import Checklist, Code, Entry, Field, Section
from ingest.readers.documents.document_text import plain, without_signs

Fate = Literal["used", "attested", "displayed", "nowhere"]
_RULER = re.compile(r"^[\s|:=+*_>-]*$")
_WORD = re.compile(r"\w+")
_COLUMN = re.compile(r"^\s*\|?(?:[^|]*\|){2,}")


class LineFate(NamedTuple):
    """One line of substance: what it became in the plan, and the command or page that serves it."""

    line: int
    text: str
    fate: Fate
    became: str
    served_by: str


def line_fates(data: bytes, name: str) -> list[LineFate]:
    """Every line with words in it, apart from headings and the fences of code; `TMinusError`: no plan can be made."""
    document = read_checklist(data, name)
    mapping, _, trace = traced_plan(document, name=name)
    found = _Fates(document, mapping, trace)
    return [found.of(line, document.lines[line - 1]) for line in _substance(document)]


def _substance(document: Checklist) -> Iterator[int]:
    headings = {section.line for section in document.sections if section.level}
    for at, line in enumerate(document.lines, 1):
        is_fence = line.lstrip(" >\t").startswith(("```", "~~~"))
        if at not in headings and not is_fence and not _RULER.match(line):
            yield at


class _Fates:
    """Looks a line up in everything that the import has made."""

    def __init__(self, document: Checklist, mapping: Mapping[str, Any], trace: Trace) -> None:
        self.trace = trace
        self.criteria = {row["id"]: (row, gate) for gate in mapping["gate"] for row in gate["criterion"]}
        self.parents = {row["parent"] for row, _ in self.criteria.values() if "parent" in row}
        self.rules = {rule["id"]: rule for rule in mapping.get("rule", [])}
        self.tables = [(key, table) for key in _SERVED for table in _of(mapping, key)]
        self.fields: dict[int, list[Field]] = {}
        for section in document.sections:
            for field in section.fields:
                self.fields.setdefault(field.line, []).append(field)
        self.levels = {table["level"] for table in mapping.get("escalation", [])}
        self.status_of = dict(_status_lines(document))
        self.section = _sections_by_line(document)
        self.codes = {at for section in document.sections for code in section.codes for at in _lines_of(code)}
        self.gates = [gate["title"] for gate in mapping["gate"]]
        self.kept = " ".join(_texts(mapping["document"])).lower()
        self.all = " ".join(_texts(mapping)).lower()

    def of(self, line: int, text: str) -> LineFate:
        shown = text.strip() if line in self.codes else plain(text)
        fate = (
            self._of_criteria(line)
            or self._of_rule(line)
            or self._of_same_words(line, shown)
            or self._of_heading(line, shown)
            or self._of_status(line, shown)
            or self._of_tables(shown)
            or self._of_words(line, shown)
        )
        return LineFate(line, shown, *fate)

    def _of_criteria(self, line: int) -> tuple[Fate, str, str] | None:
        names = [name for name in self.trace.criteria.get(line, ()) if name in self.criteria]
        if not names:
            return None
        row, gate = self.criteria[names[0]]
        kind = gate.get("kind", "deploy")
        serves = f"`tminus check{'' if kind == 'deploy' else f' --kind {kind}'}`, `tminus checklist`, page Gates"
        if any(self.criteria[name][0]["metric"] for name in names):
            metrics = dict.fromkeys(self.criteria[name][0]["metric"] for name in names)
            return "used", f"measured: {', '.join(filter(None, metrics))}", serves
        if row["id"] in self.parents:
            return "used", "AND of the boxes below it", serves
        return "attested", f"criterion of a {kind} gate, for a named person", serves

    def _of_rule(self, line: int) -> tuple[Fate, str, str] | None:
        rule = self.rules.get(self.trace.rules.get(line, ""))
        if rule is None:
            return None
        about = f"{rule['kind'].upper()} rule"
        named = [*rule.get("needs", ()), *rule.get("measured", ())]
        about += f" about {len(named)} criteria or gates" if named else ", undecided until it is bound"
        return "used", about, "`tminus check`, `tminus checklist`, page Gates"

    def _of_status(self, line: int, shown: str) -> tuple[Fate, str, str] | None:
        if line in self.status_of:
            return "used", "claim of the box above it", "`tminus checklist`, `tminus explain ID`"
        if is_risk_line(without_signs(shown)):
            return "used", "risk level of the criteria that it names", "`tminus status --json`, page Gates"
        level = escalation_of(shown)
        if level and level["level"] in self.levels:
            return "used", f"[[escalation]] {level['level']}", _SERVED["escalation"]
        found = (self._of_field(line, field) for field in self.fields.get(line, ()))
        return next((fate for fate in found if fate), None)

    def _of_field(self, line: int, field: Field) -> tuple[Fate, str, str] | None:
        if fields_of_plan([field]):
            return "used", f"key of [readiness]: {', '.join(fields_of_plan([field]))}", "`tminus checklist`, review"
        shown = shown_fields(field.label, in_gate=self._is_gate(line))
        return ("used", f"claim beside the evidence: {shown}", "`tminus checklist`, page Claims") if shown else None

    def _is_gate(self, line: int) -> bool:
        section: Section | None = self.section.get(line)
        return section is not None and section.line in self.trace.gates

    def _of_same_words(self, line: int, shown: str) -> tuple[Fate, str, str] | None:
        """A line of code that is the title, or a whole line of the command, of a step or a stage."""
        bare = _bare(shown).strip(" #/-")
        for key, table in self.tables if line in self.codes and bare else ():
            own = "\n".join(str(table.get(part, "")) for part in ("title", "command")).lower().splitlines()
            if bare in (text.strip(" #/-") for text in own):
                return "used", f"[[{key}]] {table['id']}", _SERVED[key]
        return None

    def _of_tables(self, shown: str) -> tuple[Fate, str, str] | None:
        words = set(_WORD.findall(_bare(shown)))
        for key, table in self.tables:
            if words and words <= set(_WORD.findall(" ".join(_texts(table)).lower())):
                return "used", f"[[{key}]] {table.get('id', table.get('level', ''))}", _SERVED[key]
        return None

    def _of_heading(self, line: int, shown: str) -> tuple[Fate, str, str] | None:
        """A comment in a list of code that names the lines below it."""
        bare = _bare(shown).strip(" #/-")
        is_title = line in self.codes and any(bare and gate.lower().endswith(bare) for gate in self.gates)
        return ("used", "title of a gate", "`tminus check --kind running`, page Rollout") if is_title else None

    def _of_words(self, line: int, shown: str) -> tuple[Fate, str, str]:
        bare = _bare(shown).strip(" #/-")
        if _COLUMN.match(shown) and line + 2 in self.trace.criteria:
            return "used", "columns of the matrix", "`tminus checklist`, page Gates"
        words = set(_WORD.findall(bare))
        if words <= set(_WORD.findall(self.kept)):
            return "displayed", "note of [document]", "page Gates, `tminus status --json`"
        if words <= set(_WORD.findall(self.all)):
            return "displayed", "words of the plan", "page Gates"
        return "nowhere", "", ""


_SERVED = {
    "runbook.step": "`tminus run-step ID --yes`, page Rollout",
    "message": "`tminus messages`, page Rollout",
    "escalation": "`tminus rollout`, page Rollout",
    "stage": "`tminus rollout`, `tminus deploy --stage ID`",
    "runbook": "page Rollout",
    "drill": "`tminus drill ID -- COMMAND`",
}


def _of(mapping: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    if key == "runbook.step":
        return [step for book in mapping.get("runbook", []) for step in book["step"]]
    if key == "runbook":
        return [{k: v for k, v in book.items() if k != "step"} for book in mapping.get("runbook", [])]
    found: list[Mapping[str, Any]] = mapping.get(key, [])
    return found


def _bare(text: str) -> str:
    return re.sub(r"^\W*\[[ xX]\]\s*", "", text).lower()


def _lines_of(code: Code) -> Iterator[int]:
    yield from (at for at, _ in code.lines)


def _sections_by_line(document: Checklist) -> dict[int, Section]:
    return {at: section for section in document.sections for at in range(section.line, section.end + 1)}


def _status_lines(document: Checklist) -> Iterator[tuple[int, str]]:
    """Bullets that report below a box, with the words of the box."""
    for section in document.sections:
        for entry in section.entries:
            yield from _reports(entry)


def _reports(entry: Entry) -> Iterator[tuple[int, str]]:
    for child in entry.children:
        if child.checked is None and entry.checked is not None:
            yield child.line, entry.text
        yield from _reports(child)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)
