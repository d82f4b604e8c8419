"""Tables with a factor and a required value -> criteria; and the gate that each of them belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.observation import CATALOGUE
from ingest.plan_drafting.draft import Draft, GateDraft, draft_from, draft_without_metric, is_worse, number, slug
from ingest.plan_drafting.quantities import Figure, figures, in_unit, unit_of
from ingest.plan_drafting.vocabulary import THEMES, meaning_of
from ingest.readers.documents.checklist_model import Row, Table
from ingest.readers.documents.document_text import without_signs

_COLUMNS = {
    "required": r"required|requirement|target|threshold|goal|minimum|maximum|needed|expected|limit|acceptance"
    r"|pass if|pass criteri|\bsl[ao]s?\b|^pass\W*$",
    "current": r"current|actual|now\b|today|as[- ]is|measured|value|result",
    "blocker": r"block|mandatory|must",
    "weight": r"^weight",
    "factor": r"factor|criteri|metric|item|area|category|measure|check|component|kpi|indicator|aspect|requirement",
}
_WORDED = re.compile(r"pass criteri|acceptance criteri|success criteri|pass if", re.IGNORECASE)
_TOTAL = re.compile(r"^\W*(?:(?:weighted|grand|overall)\s+)?(?:total|sum|average|overall)\W*$", re.IGNORECASE)
_NO_DEMAND = re.compile(r"^\W*(?:any|n/?a|none|info(?:rmational)?|tbd|optional)?\W*$", re.IGNORECASE)
_STATUS = re.compile(r"^(?:status|state|ok|met|pass)?\W*$", re.IGNORECASE)  # the signs in it are what we compute
_YES = re.compile(r"^\W*(?:yes|y|true|blocker|blocking|must|x|critical|✅|✔)\b|^[✅✔]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    factor: int
    required: int
    current: int | None
    blocker: int | None
    weight: int | None = None


def columns_of(table: Table) -> Columns | None:
    """Which column is which; None for a table that is no readiness matrix."""
    found: dict[str, int] = {}
    if (required := _required(table)) is None:
        return None
    found["required"] = required
    for name in ("current", "blocker", "weight", "factor"):
        for index, title in enumerate(table.header):
            if index not in found.values() and re.search(_COLUMNS[name], title, re.IGNORECASE):
                found[name] = index
                break
    if "factor" not in found and required == 0:
        return None
    return Columns(found.get("factor", 0), required, found.get("current"), found.get("blocker"), found.get("weight"))


def _required(table: Table) -> int | None:
    """The column that demands figures; else one that is headed as the words by which a row passes."""
    titled = [i for i, title in enumerate(table.header) if re.search(_COLUMNS["required"], title, re.IGNORECASE)]
    for index in titled:
        if any(figures(_cell(row, index)) for row in table.rows):
            return index
    return next((index for index in titled if index and _WORDED.search(table.header[index])), None)


def criteria_of(
    table: Table, columns: Columns, known: Mapping[str, tuple[float, str]]
) -> tuple[list[Draft], list[str]]:
    """One criterion a row, and the rows that demand nothing. `known`: metric -> (value, words) as stated elsewhere."""
    found, left_out = [], []
    for row in table.rows:
        factor, required = _cell(row, columns.factor), without_signs(_cell(row, columns.required))
        if factor and (_TOTAL.match(factor) or _NO_DEMAND.match(required)):
            left_out.append(" | ".join(filter(None, row.cells)))
        elif draft := _criterion(row, columns, known):
            draft.claim = "; ".join([draft.claim, *_remarks(table, columns, row)])
            found.append(draft)
    return found, left_out


def _remarks(table: Table, columns: Columns, row: Row) -> list[str]:
    """Cells of columns that mean nothing to a plan (owner, note ...), so that they are not lost."""
    used = (columns.factor, columns.required, columns.current, columns.blocker, columns.weight)
    return [
        f"{title}: {_cell(row, index)}"
        for index, title in enumerate(table.header)
        if index not in used and not _STATUS.search(title) and _cell(row, index)
    ]


def _criterion(row: Row, columns: Columns, known: Mapping[str, tuple[float, str]]) -> Draft | None:
    factor, required = _cell(row, columns.factor), without_signs(_cell(row, columns.required))
    current = "" if columns.current is None else _cell(row, columns.current)
    current = current if re.search(r"\d|[^\W_]{3}", current) else ""  # "__%" is to be filled in
    if not factor or not any(row.cells[1:]):
        return None
    demanded = figures(required)
    stated = figures(current)
    draft = _draft(factor, required, demanded[0] if demanded else None, row.line)
    draft.blocker = columns.blocker is not None and bool(_YES.match(_cell(row, columns.blocker)))
    draft.weight = _weight(row, columns)
    draft.claim = f"{current} of {required}" if current else f"required {required}"
    if draft.metric:
        _set_baseline(draft, stated, known)
    elif stated and not draft.unit and stated[0].dimension == "mark":
        draft.unit = unit_of(stated[0])
    return draft


def _weight(row: Row, columns: Columns) -> float:
    stated = [] if columns.weight is None else figures(_cell(row, columns.weight))
    return stated[0].value if stated and stated[0].value > 0 else 1


def _draft(factor: str, required: str, figure: Figure | None, line: int) -> Draft:
    said = f"{factor} {required}"
    if figure is None:
        return draft_without_metric(factor, None, line, said)
    meaning = meaning_of(factor, lambda unit: in_unit(figure, unit) is not None)
    if meaning is None:
        return draft_without_metric(factor, figure, line, said)
    draft = draft_from(meaning, figure, factor, line, said)
    draft.id = slug(factor) or meaning.id
    return draft


def _set_baseline(draft: Draft, stated: Sequence[Figure], known: Mapping[str, tuple[float, str]]) -> None:
    """The current value where it is on the wrong side; words ("Leaking") are looked up in the rest of the text."""
    value = in_unit(stated[0], CATALOGUE[draft.metric].unit) if stated else None
    if value is None and draft.metric in known:
        value, words = known[draft.metric]
        draft.claim += f" ({words})"
    if value is not None and is_worse(draft.metric, value, draft.threshold):
        draft.baseline = number(value)


def gate_for(draft: Draft, gates: Sequence[GateDraft]) -> GateDraft | None:
    """The gate that already measures the same, else the one whose title fits the theme."""
    for gate in gates:
        if draft.metric and any(other.metric == draft.metric for other in gate.criteria):
            return gate
    subject = f"{draft.metric} {draft.title}"
    for words, titles in THEMES:
        if words.search(subject):
            for gate in gates:
                if titles.search(gate.title):
                    return gate
    return None


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""
