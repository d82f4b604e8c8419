"""What a heading measures: lines below "Latency" or "Coverage thresholds" may name a percentile or a side only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.plan_drafting.language.service_phrases import P95, REQUEST
from ingest.readers.documents.checklist_model import Section
from ingest.readers.documents.document_text import without_signs

_TARGETS = (
    r"(?: ?(?:targets?|goals?|thresholds?|requirements?|limits?|budgets?|objectives?|gates?|slos?|minimums?|criteria"
    r"|scores?"
    r"|ziele?|zielwerte?|grenzwerte?|schwellenwerte?|anforderungen|vorgaben|doelen|drempels|eisen|metrics))?"
)
_AIMS = (
    r"(?:(?:objectifs?|seuils?|exigences|cibles?|objetivos?|umbral(?:es)?|requisitos|metas?|limites?|obiettivi?"
    r"|soglie|soglia"
    r"|minimum|minimal|required|target|zielwerte für|ziele für|métricas|metriche|métriques|metas)"
    r" (?:de |del |di |d'|da |do |der |die )?(?:la |le |las )?)?"
)
FINDINGS = "vulnerabilities:"
# A heading in full -> the words that stand before each line below it.
_SUBJECTS = tuple(
    (re.compile(rf"{_AIMS}(?:{title}){_TARGETS}"), subject)
    for title, subject in (
        (rf"{REQUEST}(?: ?(?:\({P95}\)|{P95}))|{P95} {REQUEST}", "p95 latency"),
        (rf"{REQUEST}|performance \(latency\)", "latency"),
        (
            r"(?:(?:unit )?test |code |minimum |overall )*coverage|(?:test|code)-?(?:abdeckung|überdeckung|coverage"
            r"|dekking)"
            r"|couverture(?: (?:de|du|des) (?:code|tests?))?|cobertura(?: (?:de|del|do|dos) (?:código|pruebas|tests"
            r"|testes))?"
            r"|copertura(?: (?:del|dei) (?:codice|test))?",
            "coverage",
        ),
        (r"lighthouse|lighthouse(?: ci| audit)?", "lighthouse"),
        (
            r"(?:http |api |server |5xx )?error[- ]rates?|fehler(?:rate|quote)|taux d'erreurs?|tasa de errores?"
            r"|taxa de erros?|tasso di errore|foutpercentage",
            "error rate",
        ),
        (
            r"(?:security |known )?vulnerabilities|security (?:scans?|findings)|dependency (?:audit|scan)|cves"
            r"|schwachstellen|vulnérabilités|vulnerabilidades|vulnerabilità|kwetsbaarheden",
            FINDINGS,
        ),
        (r"bundle(?: size)?|bundle-?größe|taille du bundle|tamaño del bundle|tamanho do bundle", "bundle size"),
    )
)
# Words of headings that narrow nothing: "Performance", "Quality gates", "Non-functional requirements".
_NEUTRAL_WORDS = """
    a and or the of for our all overall general to be before pre no non not go live nogo first
    performance quality security reliability slo slos sla slas sli slis kpi kpis metrics metric targets target
    thresholds threshold goals goal requirements requirement objectives objective limits limit budget budgets gates gate
    criteria criterion acceptance exit entry release readiness ready production launch definition done dod checklist
    checklists check checks functional nfr nfrs testing test tests technical service level deployment deploy must
    should have required mandatory blocking blockers engineering operational operations success standards code
    qualität leistung sicherheit ziele zielwerte schwellenwerte anforderungen kriterien abnahme nicht funktionale
    qualité sécurité objectifs seuils critères exigences métriques de calidad rendimiento seguridad objetivos umbrales
    criterios requisitos métricas qualidade desempenho segurança metas limites critérios éxito sucesso
    qualità prestazioni sicurezza obiettivi soglie criteri metriche di kwaliteit prestaties beveiliging doelen
    drempels eisen en et y e und succès
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
_SIDES = (
    (re.compile(r"^(?:lignes|líneas|lineas|linhas|righe|linee|zeilen|regels)(?!\w)", re.IGNORECASE), "lines"),
    (re.compile(r"^(?:ramas|ramos|rami|zweige|takken)(?!\w)", re.IGNORECASE), "branches"),
)


def subject_of(title: str) -> str:
    """What the title names in full, as words to be read before a line: "latency", "coverage"; else empty."""
    plain = _plain(title)
    return next((subject for pattern, subject in _SUBJECTS if pattern.fullmatch(plain)), "")


def subject_above(lead: str, section: Section | None) -> str:
    """What the nearest title measures that names something; empty where any title above narrows it to a part.

    `lead` is the entry or the line that the lines are below, if any. The document's own title narrows nothing.
    """
    titles = [*([lead] if lead.strip() else []), *_titles(section)]
    found = [subject_of(title) for title in titles]
    if not all(subject or is_neutral(title) for title, subject in zip(titles, found, strict=True)):
        return ""
    return next(filter(None, found), "")


def below(subject: str, text: str) -> str:
    """The line with the subject before it."""
    words = without_signs(text)
    for pattern, side in _SIDES:
        words = pattern.sub(side, words)
    return f"{subject} {words}"


def _titles(section: Section | None) -> Iterator[str]:
    while section is not None:
        if section.level > 1:
            yield section.title
        section = section.parent


def _plain(title: str) -> str:
    bare = re.sub(r"^\s*(?:gate|phase|section|part)?\s*#?\d+(?:\.\d+)*[.:)]?\s+", "", without_signs(title).lower())
    plain = " ".join(re.sub(r"[*_`]", "", bare).replace("’", "'").split()).strip(" .:!")
    whole, _, remark = plain.rstrip(")").partition(" (")
    return whole if remark and plain.endswith(")") and _has_neutral_words(remark) else plain


def _has_neutral_words(text: str) -> bool:
    return not re.search(r"\d", text) and all(word in _NEUTRAL for word in re.findall(r"[^\W\d_]+", text))


def is_neutral(title: str) -> bool:
    """Whether the words of the title narrow what is below it to no part of the project."""
    return _has_neutral_words(re.sub(r"\d", " ", _plain(title)))
