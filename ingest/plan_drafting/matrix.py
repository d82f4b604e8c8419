"""Tables with a factor and a required value -> criteria; and the gate that each of them belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.observation import CATALOGUE
from ingest.plan_drafting.draft import Draft, GateDraft, draft_from, draft_without_metric, is_worse, number, slug
from ingest.plan_drafting.items import is_about_the_whole, is_bad, is_good, set_owner_and_due
from ingest.plan_drafting.language.grammar import Demand, demands_in
from ingest.plan_drafting.language.headings import below, is_neutral, subject_above, subject_of
from ingest.plan_drafting.language.plain_text import is_forbidding
from ingest.plan_drafting.language.quantities import Quantity, figures, in_unit, unit_of
from ingest.plan_drafting.language.urgency import is_another_context
from ingest.plan_drafting.language.vocabulary import THEMES
from ingest.readers.documents.checklist_model import Row, Section, Table
from ingest.readers.documents.document_text import without_signs, without_struck

_COLUMNS = {
    "required": r"required|requirement|target|threshold|goal|minimum|maximum|needed|expected|limit|acceptance"
    r"|must be\b|(?<!un)(?<!not )acceptable|accettabil|aceptable|aceitável|akzeptab|pass if|pass criteri"
    r"|\bsl[ao]s?\b|^pass\W*$"
    r"|\bbudget\b|\bobjectives?\b(?! evid)|\bnorm\b|\bsoll(?:-?werte?)?\b|\bziel\w*|\bvorgabe|\berwartet|grenzwert"
    r"|schwell(?:en)?wert|\bcible|\bobjectif|\bseuil|requis|\bobjetivo|\bumbral|requerido"
    r"|\bmeta\b|\balvo\b|\bstreefwaarde|\battendu|\besperado|\batteso|\bverwacht|\bexigid[oa]|\bexigé|\bmínimo|\bmáximo"
    r"|\blimite|\bobiettivo|\bsoglia|richiesto|\bdoel|\bgrens|\bdrempel|vereist",
    "current": r"current|actual|now\b|today|as[- ]is|measured|value|result|^ist\b|^istwert|^ist-wert|gemessen|mesuré"
    r"|medido|misurato|gemeten|aktuell|actuel"
    r"|attuale|\batual|huidig",
    "blocker": r"block|mandatory|must",
    "weight": r"^weight",
    "unit": r"^\W*(?:units?|einheit|unité|unidad|unidade|unità|eenheid)\W*$",
    # The column of metrics comes before one of areas, where a table has both.
    "measure": r"metric|measure\b|\bkpi|indicator|indicateur|indicador|indicatore|\bsli\b|kennzahl|metrik|métrique"
    r"|métrica|metrica|metriek|messgröße",
    "factor": r"factor|criteri|metric|item|area|category|measure|check|component|kpi|indicator|aspect|requirement"
    r"|kriterium|kennzahl|metrik|critère|métrique|criterio|métrica|metrica|critério",
}
# Of two columns of demands the one of another time or of others is not the one that is meant.
_SET_ASIDE = re.compile(
    r"\b(?:old|previous|former|prior|past|legacy|original|initial|beta|alpha|mvp|pilot|staging|industry|competitors?"
    r"|vendors?|market|vorherig\w*|bisherig\w*|ancien\w*|anterior\w*|precedent\w*|vorige)\b",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"^\W*(?:area|category|domain|group|topic|dimension|aspect|bereich|kategorie|catégorie|domaine|categor[ií]a|área"
    r"|ámbito|categorie|gebied|ambito)\W*$",
    re.IGNORECASE,
)
_WORDED = re.compile(r"pass criteri|acceptance criteri|success criteri|pass if", re.IGNORECASE)
_TOTAL = re.compile(r"^\W*(?:(?:weighted|grand|overall)\s+)?(?:total|sum|average|overall)\W*$", re.IGNORECASE)
_NO_DEMAND = re.compile(r"^\W*(?:any|n/?a|none|info(?:rmational)?|tbd|optional)?\W*$", re.IGNORECASE)
_YES = re.compile(r"^\W*(?:yes|y|true|blocker|blocking|must|x|critical|✅|✔)\b|^[✅✔]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    factor: int
    required: int
    current: int | None
    blocker: int | None
    weight: int | None = None
    unit: int | None = None


# A lower and an upper bound side by side: which of them a row fills says how its figure is compared.
_BOUNDS = (
    (
        re.compile(r"^\W*(?:minimum|min\b|floor|lower limit|mindest\w*|untergrenze|m[íi]nimo)", re.IGNORECASE),
        "at least",
    ),
    (
        re.compile(r"^\W*(?:maximum|max\b|ceiling|upper limit|höchst\w*|obergrenze|máximo|massimo)", re.IGNORECASE),
        "at most",
    ),
)


def with_one_bound(table: Table) -> Table:
    """The table with its two columns of bounds as one demand a row, in the place of the first; others as they are.

    Where a row fills both, it is the one that the metric can be held to: the upper one of failing tests.
    """
    places = [[i for i, title in enumerate(table.header) if words.search(title)] for words, _ in _BOUNDS]
    if any(len(found) != 1 for found in places):
        return table
    (lower,), (upper,) = places
    first, last = sorted((lower, upper))
    header = tuple("Required" if i == first else title for i, title in enumerate(table.header) if i != last)
    return replace(table, header=header, rows=tuple(_bound_row(row, lower, upper) for row in table.rows))


def _bound_row(row: Row, lower: int, upper: int) -> Row:
    bounds = [
        f"{words} {cell}"
        for (_, words), cell in zip(_BOUNDS, (_cell(row, lower), _cell(row, upper)), strict=True)
        if figures(cell)
    ]
    factor = row.cells[0] if row.cells else ""
    readable = [bound for bound in bounds if demands_in(f"{factor}: {bound}")]
    demand = readable[0] if len(readable) == 1 else ", ".join(bounds)
    first, last = sorted((lower, upper))
    cells = tuple(demand if i == first else cell for i, cell in enumerate(row.cells) if i != last)
    return replace(row, cells=cells)


def columns_of(table: Table) -> Columns | None:
    """Which column is which; None for a table that is not a readiness matrix."""
    required = _required(table)
    if required is None:
        return None
    found = _by_title(table.header, required)
    factor = found.get("measure", found.get("factor"))
    if factor is None and required == 0:
        return None
    others = (found.get(name) for name in ("current", "blocker", "weight", "unit"))
    return Columns(factor or 0, required, *others)


def _by_title(header: Sequence[str], required: int) -> dict[str, int]:
    """The first column for each name, none of them twice."""
    found = {"required": required}
    for name in ("current", "blocker", "weight", "unit", "measure", "factor"):
        titled = (at for at, title in enumerate(header) if re.search(_COLUMNS[name], title, re.IGNORECASE))
        index = next((at for at in titled if at not in found.values()), None)
        if index is not None:
            found[name] = index
    return found


def _is_headed_required(title: str) -> bool:
    return bool(re.search(_COLUMNS["required"], title, re.IGNORECASE)) and not is_bad(title)


def _required_columns(table: Table) -> list[int]:
    """The columns headed as a demand; beside one headed as a failure, also those headed as a pass."""
    titled = [i for i, title in enumerate(table.header) if _is_headed_required(title)]
    titled = [i for i in titled if not _SET_ASIDE.search(table.header[i])] or titled
    if any(map(is_bad, table.header)):
        titled += [i for i, title in enumerate(table.header) if i and is_good(title)]
    return titled


def _required(table: Table) -> int | None:
    """The column that demands figures; else one that is headed as the words by which a row passes."""
    titled = _required_columns(table)
    for index in titled:
        if any(figures(_cell(row, index)) for row in table.rows):
            return index
    return next((index for index in titled if index and _WORDED.search(table.header[index])), None)


def criteria_of(
    table: Table,
    columns: Columns,
    known: Mapping[str, tuple[float, str]],
    *,
    may_bind: bool = True,
    section: Section | None = None,
) -> tuple[list[Draft], list[str]]:
    """One criterion a row, and the rows that demand nothing. `known`: metric -> (value, words) as stated elsewhere."""
    subject = subject_above(table.header[columns.factor] if subject_of(table.header[columns.factor]) else "", section)
    found, left_out, group = [], [], ""
    for row in table.rows:
        factor, required = _cell(row, columns.factor), without_signs(_cell(row, columns.required))
        group = _title_row(row, group)
        if factor and (_TOTAL.match(factor) or _NO_DEMAND.match(required)):
            left_out.append(" | ".join(filter(None, row.cells)))
            continue
        is_bound = may_bind and _may_be_bound(table, columns, row, group)
        for draft in _criteria(row, columns, known, subject if is_bound else None):
            draft.claim = "; ".join([draft.claim, *_remarks(table, columns, row)])
            set_owner_and_due(draft, table.header, row)
            found.append(draft)
    return found, left_out


def _may_be_bound(table: Table, columns: Columns, row: Row, group: str) -> bool:
    """Whether the row demands one thing of the whole project; `group` is the title row above it."""
    is_whole = is_about_the_whole(table.header, row, (columns.factor, columns.required))
    is_whole = is_whole and _is_in_no_part(table, columns, row)
    return is_whole and not is_another_context(None, group) and not _has_two_demands(table, columns, row)


def _is_in_no_part(table: Table, columns: Columns, row: Row) -> bool:
    """Whether the area of the row is a quality ("Performance"), and not one part of the system ("Payments")."""
    read = (columns.factor, columns.required)
    areas = (
        cell
        for i, (title, cell) in enumerate(zip(table.header, row.cells, strict=False))
        if i not in read and _AREA.search(title)
    )
    return all(is_neutral(area) or subject_of(area) for area in areas)


def _title_row(row: Row, group: str) -> str:
    """The title between the rows that this one is, else the one that it is below."""
    return group if any(row.cells[1:]) else row.cells[0] if row.cells else ""


def _has_two_demands(table: Table, columns: Columns, row: Row) -> bool:
    """Whether another column of demands has another figure for the row: which of them is meant is not clear."""
    asked = _cell(row, columns.required)
    others = (
        _cell(row, index) for index in _required_columns(table) if index not in (columns.required, columns.factor)
    )
    return any(figures(other) and other != asked for other in others)


def _remarks(table: Table, columns: Columns, row: Row) -> list[str]:
    """Cells of columns that are no part of the demand (status, owner, note ...): the document's claims."""
    used = (columns.factor, columns.required, columns.current, columns.blocker, columns.weight, columns.unit)
    return [
        f"{title}: {_cell(row, index)}"
        for index, title in enumerate(table.header)
        if index not in used and title and _cell(row, index)
    ]


def _current(row: Row, columns: Columns) -> str:
    """What the row gives as the state of today; "__%" is to be filled in and counts as empty."""
    current = "" if columns.current is None else _cell(row, columns.current)
    return current if re.search(r"\d|[^\W_]{3}", current) else ""


def _criteria(
    row: Row, columns: Columns, known: Mapping[str, tuple[float, str]], subject: str | None
) -> Iterator[Draft]:
    """`subject` is what the heading measures, if anything; None where the row must not be bound."""
    factor, required = _cell(row, columns.factor), without_signs(_cell(row, columns.required))
    current = _current(row, columns)
    if not factor or not any(row.cells[1:]):
        return
    stated = figures(current)
    for draft in _drafts(factor, f"{_cell(row, columns.required)}{_unit(row, columns)}", row.line, subject):
        draft.blocker = columns.blocker is not None and bool(_YES.match(_cell(row, columns.blocker)))
        draft.weight = _weight(row, columns)
        draft.claim = f"{current}, required {required}" if current else f"required {required}"
        if draft.metric:
            _set_baseline(draft, stated, known)
        elif stated and not draft.unit and stated[0].dimension == "mark":
            draft.unit = unit_of(stated[0])
        yield draft


def _unit(row: Row, columns: Columns) -> str:
    """The unit that another column gives to a number without one."""
    has_own = re.search(r"\d\s*[^\W\d]|%", _cell(row, columns.required))
    return "" if columns.unit is None or has_own else f" {_cell(row, columns.unit)}"


def _weight(row: Row, columns: Columns) -> float:
    stated = [] if columns.weight is None else figures(_cell(row, columns.weight))
    return stated[0].value if stated and stated[0].value > 0 else 1


def _drafts(factor: str, required: str, line: int, subject: str | None) -> list[Draft]:
    """The criterion of the row; several where it demands several figures ("critical or high CVEs: 0")."""
    quote, required = f"{factor} {required}", without_signs(required)
    demands = [] if subject is None or is_forbidding(quote) else _demands_of(f"{factor}: {required}", subject)
    if not demands:
        demanded = figures(without_struck(required))
        return [draft_without_metric(factor, demanded[0] if demanded else None, line, quote)]
    drafts = [draft_from(demand, line, quote) for demand in demands]
    if len(drafts) == 1:
        drafts[0].title, drafts[0].id = factor, slug(factor) or drafts[0].id
    return drafts


def _demands_of(words: str, subject: str) -> list[Demand]:
    """The demands of the row by itself, else together with what the heading measures."""
    return demands_in(words) or (demands_in(below(subject, words)) if subject else [])


def _set_baseline(draft: Draft, stated: Sequence[Quantity], known: Mapping[str, tuple[float, str]]) -> None:
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
