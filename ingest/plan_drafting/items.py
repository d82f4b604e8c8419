"""Tables whose rows are tasks, items or levels -> one criterion a row, with every other cell kept beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.plan_drafting.draft import Draft, draft_without_metric, measured
from ingest.plan_drafting.language.headings import is_neutral
from ingest.plan_drafting.language.quantities import is_bare
from ingest.plan_drafting.language.urgency import blocks, link_in, risk_of
from ingest.readers.documents.checklist_model import Row, Section, Table
from ingest.readers.documents.document_text import without_signs

_ITEM = re.compile(
    r"^\W*(?:#|no\.?|nr\.?|id|.*\b(?:item|task|step|check(?:list|point)?|action|activity|requirement|criteri(?:on|a)"
    r"|practice"
    r"|deliverable|control|question|topic|area|category|gate|metric|indicator|kpi|aspect|demand|what|todo"
    r"|aufgabe|punkt|prüfpunkt|schritt|maßnahme|kriterium|anforderung|bereich|tâche|élément|étape|critère|exigence"
    r"|point"
    r"|tarea|elemento|paso|criterio|requisito|attività|voce|passo|passaggio|tarefa|etapa|critério|taak|stap|onderdeel"
    r"|punt|eis|métrica|metrica|métrique|metrik|praxis|pratique|práctica|pratica|prática)s?\b.*)\W*$",
    re.IGNORECASE,
)
_CRITERION = re.compile(
    r"^\W*(?:criteri(?:on|a)|kriteri(?:um|en)|critères?|criterios?|criteri[oa]?|critérios?)\W*$", re.IGNORECASE
)
_NUMBER_COLUMN = re.compile(r"^\W*(?:#|no\.?|nr\.?|id|n°|nº)?\W*$", re.IGNORECASE)
_NO_DEMANDS = re.compile(
    r"\b(?:alert|alarm|trigger|warning|condition|response|mitigation|likelihood|probability|impact|phone|e-?mail"
    r"|contact"
    r"|version|changed|author|escalat\w+|severity level|meaning|definition|description of change)\b",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"\b(?:owner|responsible|assignee|assigned|who|dri|accountable|lead|verantwortlich\w*|zuständig\w*|wer"
    r"|responsable|qui"
    r"|quién|responsabile|chi|responsável|quem|verantwoordelijk\w*|eigenaar|wie)\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:due|deadline|by when|when|target date|eta|fällig\w*|termin|frist|bis|échéance|date limite|pour le"
    r"|fecha\w*|plazo"
    r"|vence|scadenza|entro|prazo|data|datum|vervaldatum|uiterlijk|date)\b",
    re.IGNORECASE,
)
_BLOCKER_COLUMN = re.compile(r"block|mandatory|must|priorit|severity|pflicht|obligat|verplicht", re.IGNORECASE)
_BLOCKS = re.compile(
    r"^\W*(?:yes|y|true|x|blocker|blocking|must(?:[- ]have)?|critical|mandatory|p0|ja|oui|sí|si|sim)\W*$|^[✅✔☑]",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"^\W*(?:good|green|healthy|ok|acceptable|pass(?:es)?|gut|grün|bon(?:ne)?|vert|bueno|verde|buono|bom|goed|groen"
    r"|go|🟢)\W*$|🟢",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"^\W*(?:bad|red|poor|fail(?:s|ed|ing|ure)?|critical|unacceptable|warning|warn|amber|yellow|alert|alarm|schlecht"
    r"|rot|gelb"
    r"|mauvais|rouge|orange|malo|rojo|amarillo|cattivo|rosso|giallo|ruim|vermelho|amarelo|slecht|rood|geel|no[- ]?go"
    r"|abort"
    r"|rollback)\W*$|\b(?:alert\w*|alarm\w*|allarm\w*|warning|rollback|abort|trigger|fail\w*|unacceptable|worst)\b|🔴"
    r"|🟡|🟠",
    re.IGNORECASE,
)
_RISK_COLUMN = re.compile(
    r"\b(?:severity|risk|criticality|schwere|risiko|gravité|riesgo|rischio|risco|ernst)\b", re.IGNORECASE
)
_RISKS = {"critical": "critical", "high": "high", "medium": "moderate", "moderate": "moderate", "low": "low"}
_RISKS |= {"p0": "critical", "p1": "high", "p2": "moderate", "p3": "low"}
_LONGEST_LABEL = 30  # characters before a colon; more is a sentence
_AREA = re.compile(
    r"^\W*(?:area|category|domain|topic|aspect|dimension|theme|bereich|kategorie|thema|aspekt|catégorie|domaine|thème"
    r"|categor[ií]a|área|aspecto|ámbito|ambito|aspetto|categorie|gebied|onderwerp)\W*$",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"\b(?:evidence|link|proof|report|document|nachweis|preuve|prueba|prova|bewijs)\b", re.IGNORECASE
)
_SCOPE_COLUMN = re.compile(
    r"^\W*(?:scope|components?|services?|modules?|packages?|environments?|env|team|app(?:lication)?|platform|percentile"
    r"|statistic|layer|tier|endpoints?|routes?|region|tenant|flow|journey|komponente|modul|dienst|umgebung|composant"
    r"|module"
    r"|environnement|componente|servicio|módulo|entorno|serviço|ambiente|modulo|servizio|onderdeel|omgeving)\W*$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^\W*(?:all(?: \w+)?|any|every \w+|whole(?: \w+)?|entire \w+|overall|global|total|project|system"
    r"|repo(?:sitory)?|\*|n/?a"
    r"|prod(?:uction)?|alle|gesamt|tous|toutes|todos|todas|tutti|tutte|p95|95th(?: percentile)?)?\W*$",
    re.IGNORECASE,
)
_REQUIRED_COLUMN = re.compile(
    r"^\W*(?:required|mandatory|applies|applicable|relevant|in scope|enforced|enabled|active|needed|pflicht|obligatoire"
    r"|obligatori[oa]|obrigatóri[oa]|verplicht)\W*$",
    re.IGNORECASE,
)
_NOT_REQUIRED = re.compile(
    r"^\W*(?:no|n|false|none|not (?:\w+)|n/?a|optional|off|disabled|nein|non|nee|não|❌|✗|✘)\W*$|^[❌✗✘]", re.IGNORECASE
)
_ALARM_COLUMN = re.compile(
    r"\b(?:alerts?|alarms?|triggers?|response|escalat\w+|paging|on-?call|action)\b", re.IGNORECASE
)
_WHEN_PASSED = re.compile(
    r"^\W*(?:severity|sev|alert level|duration|for how long|channel|notif\w*|who to \w+|then|if exceeded|consequence"
    r"|reaktion"
    r"|aktion|maßnahmen?|folge|acci[oó]n(?:es)?|azion[ei]|aç(?:ão|ões)|acties?|gevolg)\W*$",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"^\W*(?:target|goal|required|requirement|ziel\w*|soll|cible|objectif|objetivo|meta|obiettivo|doel)s?\W*$",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"^\W*(?:(?:corrective|remedial)? ?actions? (?:if|when) (?:it )?(?:fail\w*|miss\w*|not met)"
    r"|(?:corrective|remedial) actions?)\W*$",
    re.IGNORECASE,
)
_ALARM_LIMIT = re.compile(
    r"^\W*(?:alert(?:ing)?|alarm|warning|paging|page)s?(?: (?:thresholds?|limits?|levels?|values?|at|when|if|on))?\W*$",
    re.IGNORECASE,
)
_RESULT_COLUMN = re.compile(
    r"^\W*(?:results?|ergebnis\w*|résultats?|resultados?|risultat\w*|resultaten?)\W*$", re.IGNORECASE
)
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def is_good(title: str) -> bool:
    """Whether a column is headed as the state that passes."""
    return bool(_GOOD.search(title.strip()))


def is_bad(title: str) -> bool:
    """Whether a column is headed as a state that does not pass: its figures are never a target."""
    return bool(_BAD.search(title.strip()))


def is_about_the_whole(header: Sequence[str], row: Row, read: Sequence[int]) -> bool:
    """Whether the cells beside those at `read` name no part of the project, and do not call the row optional."""
    for index, (title, cell) in enumerate(zip(header, row.cells, strict=False)):
        is_part = bool(_SCOPE_COLUMN.match(title)) and not _WHOLE.match(cell)
        if index not in read and (is_part or (_REQUIRED_COLUMN.match(title) and _NOT_REQUIRED.search(cell))):
            return False
    return True


def is_alarm_table(table: Table) -> bool:
    """Whether the columns say when somebody acts. Beside a "Target", later columns of alarms and remedies do not."""
    titles = [title for title in table.header if _ALARM_COLUMN.search(title)]
    has_target = any(_TARGET.search(title) for title in table.header)
    if not has_target:
        return bool(titles) or any(map(_WHEN_PASSED.match, table.header))  # "Threshold | Severity"
    return any(
        not (_REMEDY.search(title) or (at and _ALARM_LIMIT.match(title)))
        for at, title in enumerate(table.header)
        if title in titles
    )


def item_column(table: Table) -> int | None:
    """The column that names what is to be done; None for a table of contacts, risks, alarms or versions."""
    if len(table.header) < 2 or not table.rows or any(_NO_DEMANDS.search(title) for title in table.header):
        return None
    criterion = _criterion_column(table.header)
    if not _ITEM.match(table.header[0]) and table.header[0].strip():
        return criterion
    found = int(bool(_NUMBER_COLUMN.match(table.header[0])) and _is_counted(table))
    return found if criterion is None or not _AREA.match(table.header[found]) else criterion


def _criterion_column(header: Sequence[str]) -> int | None:
    return next((at for at, title in enumerate(header) if _CRITERION.match(title)), None)


def _is_counted(table: Table) -> bool:
    return all(len(row.cells[0]) <= 8 for row in table.rows if row.cells)


def criteria_of_items(table: Table, column: int, section: Section, *, may_bind: bool) -> list[Draft]:
    """One criterion a row (several where its own words demand several figures); the other cells become its claim."""
    found = []
    for row in table.rows:
        words = row.cells[column] if column < len(row.cells) else ""
        title = without_signs(words)
        if not re.search(r"\w", title):
            continue
        drafts = _bound(table, column, row, words) if may_bind and _may_be_bound(table, column, row, words) else []
        drafts = drafts or [draft_without_metric(title, None, row.line, words)]
        for draft in drafts:
            draft.claim = "; ".join(_labelled(table, column, row)) or title
            draft.blocker = _row_blocks(table, row) or blocks(title, section)
            set_owner_and_due(draft, table.header, row)
        found += drafts
    return found


def _bound(table: Table, column: int, row: Row, words: str) -> list[Draft]:
    """What the item demands by itself, else together with its criterion or its aspect: "Test coverage | >= 80%"."""
    criterion = _criterion_column(table.header)
    if found := measured(words, row.line):
        return found
    if criterion is None or criterion >= len(row.cells):
        return []
    if criterion != column and is_neutral(words) and (found := measured(row.cells[criterion], row.line)):
        return found
    before = row.cells[column - 1] if criterion == column and column else words
    return measured(f"{before}: {row.cells[criterion]}", row.line)


def _may_be_bound(table: Table, column: int, row: Row, words: str) -> bool:
    """Whether the row demands something of the whole; a bare figure beside a column of results is one itself."""
    is_result = is_bare(words) and any(map(_RESULT_COLUMN.match, table.header))
    return not is_result and is_about_the_whole(table.header, row, (column,))


def _labelled(table: Table, column: int, row: Row) -> list[str]:
    """The cells with the titles of their columns: "Owner: Mika"."""
    return [
        f"{title}: {cell}" if title else cell
        for index, (title, cell) in enumerate(zip(table.header, row.cells, strict=False))
        if index != column and cell
    ]


def _row_blocks(table: Table, row: Row) -> bool:
    return any(
        bool(_BLOCKER_COLUMN.search(title) and _BLOCKS.search(cell))
        for title, cell in zip(table.header, row.cells, strict=False)
    )


def set_owner_and_due(draft: Draft, header: tuple[str, ...], row: Row) -> None:
    """Who sees to it, by when, where it is shown and how bad it is, from the columns headed so."""
    for title, cell in zip(header, row.cells, strict=False):
        _take(draft, title, cell)
        if _RISK_COLUMN.search(title):
            draft.risk = draft.risk or risk_in_cell(cell)


def take_remarks(draft: Draft, remarks: Sequence[str]) -> None:
    """The same from bullets such as "Owner: Mika" below a box."""
    for remark in remarks:
        label, _, value = remark.partition(":")
        if len(label) <= _LONGEST_LABEL:
            _take(draft, label, value.strip())


def _take(draft: Draft, label: str, value: str) -> None:
    """Owner, day or address behind a label; a day that is not ISO stays in the claim only."""
    if _OWNER.search(label) and re.search(r"\w", value):
        draft.owner = draft.owner or value
    elif _DUE.search(label):
        found = _DAY.search(value)
        draft.due = draft.due or (_date(*map(int, found.groups())) if found else None)
    elif _EVIDENCE.search(label):
        draft.evidence_link = draft.evidence_link or link_in(value)


def risk_in_cell(cell: str) -> str:
    """The risk level of a cell below "Severity" or "Risk"; P0 is critical."""
    word = without_signs(cell).strip().lower()
    return _RISKS.get(word, "") or risk_of(cell)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
