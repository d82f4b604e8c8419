"""Tables with a factor and a required value -> criteria; and the gate that each of them belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.observation import CATALOGUE
from ingest.plan_import_draft import Draft, GateDraft, draft_from, draft_without_metric, is_worse, number, slug
from ingest.plan_import_words import THEMES, meaning_of
from ingest.readers.checklist_figures import Figure, figures, in_unit, unit_of
from ingest.readers.checklist_model import Row, Table

_COLUMNS = {
    "required": r"required|requirement|target|threshold|goal|minimum|maximum|needed|expected|limit|acceptance|pass if",
    "current": r"current|actual|now\b|today|as[- ]is|measured|value|result",
    "blocker": r"block|mandatory|must",
    "factor": r"factor|criteri|metric|item|area|category|measure|check|component|kpi|indicator|aspect|requirement",
}
_STATUS = re.compile(r"^(?:status|state|ok|met|pass)?\W*$", re.IGNORECASE)  # the signs in it are what we compute
_YES = re.compile(r"^\W*(?:yes|y|true|blocker|blocking|must|x|critical|✅|✔)\b|^[✅✔]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    factor: int
    required: int
    current: int | None
    blocker: int | None


def columns_of(table: Table) -> Columns | None:
    """Which column is which; None for a table that is no readiness matrix."""
    found: dict[str, int] = {}
    for name, pattern in _COLUMNS.items():
        for index, title in enumerate(table.header):
            if index not in found.values() and re.search(pattern, title, re.IGNORECASE):
                found[name] = index
                break
    if "required" not in found or ("factor" not in found and found["required"] == 0):
        return None
    columns = Columns(found.get("factor", 0), found["required"], found.get("current"), found.get("blocker"))
    demanded = any(figures(_cell(row, columns.required)) for row in table.rows)
    return columns if demanded else None


def criteria_of(table: Table, columns: Columns, known: Mapping[str, tuple[float, str]]) -> list[Draft]:
    """One criterion a row. `known` holds figures that the document states elsewhere: metric -> (value, words)."""
    found = []
    for row in table.rows:
        if draft := _criterion(row, columns, known):
            draft.claim = "; ".join([draft.claim, *_remarks(table, columns, row)])
            found.append(draft)
    return found


def _remarks(table: Table, columns: Columns, row: Row) -> list[str]:
    """Cells of columns that mean nothing to a plan (owner, note ...), so that they are not lost."""
    used = (columns.factor, columns.required, columns.current, columns.blocker)
    return [
        f"{title}: {_cell(row, index)}"
        for index, title in enumerate(table.header)
        if index not in used and not _STATUS.search(title) and _cell(row, index)
    ]


def _criterion(row: Row, columns: Columns, known: Mapping[str, tuple[float, str]]) -> Draft | None:
    factor, required = _cell(row, columns.factor), _cell(row, columns.required)
    current = "" if columns.current is None else _cell(row, columns.current)
    if not factor or not any(row.cells[1:]):
        return None
    demanded = figures(required)
    stated = figures(current)
    draft = _draft(factor, required, demanded[0] if demanded else None, row.line)
    draft.blocker = columns.blocker is not None and bool(_YES.match(_cell(row, columns.blocker)))
    draft.claim = f"{current} of {required}" if current else f"required {required}"
    if draft.metric:
        _set_baseline(draft, stated, known)
    elif stated and not draft.unit and stated[0].dimension == "mark":
        draft.unit = unit_of(stated[0])
    return draft


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
