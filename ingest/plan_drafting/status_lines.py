"""Dates, cadence, risk levels and named blockers of a document -> fields of the plan and of its criteria."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.plan_drafting.draft import Draft, stated
from ingest.plan_drafting.language.vocabulary import PERFORMANCE, PERFORMANCE_METRICS, SUBJECTS
from ingest.readers.documents.checklist_model import Checklist, Entry, Field, Listing, Paragraph, Section
from ingest.readers.documents.document_text import without_signs

_MONTHS = {  # the first letters of each month in English, German, French and Spanish
    1: ("jan", "ene"),
    2: ("feb", "fév"),
    3: ("mar", "mär"),
    4: ("apr", "avr", "abr"),
    5: ("may", "mai"),
    6: ("june", "jun", "juin"),
    7: ("july", "jul", "juil"),
    8: ("aug", "aoû", "ago"),
    9: ("sep",),
    10: ("oct", "okt"),
    11: ("nov",),
    12: ("dec", "dez", "déc", "dic"),
}
_DAY = re.compile(
    r"\b(?P<iso>(\d{4})[-/](\d{1,2})[-/](\d{1,2}))\b|\b(?P<german>(\d{1,2})\.(\d{1,2})\.(\d{4}))\b"
    r"|\b(?P<monthfirst>([^\W\d]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}))\b"
    r"|\b(?P<dayfirst>(\d{1,2})(?:st|nd|rd|th|\.)? (?:de )?([^\W\d]{3,10})\.?,? (?:de )?(\d{4}))\b",
    re.IGNORECASE,
)
_KEYS = (
    (
        "deployment_date",
        r"\b(?:deploy\w*|release|launch|go-?live|roll-?out|cutover|production) (?:date|day)\b|\bgo-?live$",
    ),
    (
        "assessment_date",
        r"\b(?:assess\w*|audit|evaluat\w*|report|status|as of|last (?:updated|review\w*)) ?(?:date|day)?$",
    ),
    ("next_review", r"\bnext (?:review|assessment|audit|meeting|check)\b"),
)
_RHYTHM = re.compile(
    r"\bnext (?:review|assessment|audit|meeting|check)\b|\bcadence\b|\breview (?:cycle|frequency|rhythm)\b",
    re.IGNORECASE,
)
_CADENCE = re.compile(
    r"\b(?P<word>daily|weekly|bi-?weekly|fortnightly|monthly|quarterly|wöchentlich|täglich|monatlich|hebdomadaire"
    r"|semanal|settimanale|mensual|mensile)\b|\bevery (?P<count>\d{1,3}|two|other)?\s*(?P<unit>days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_CADENCES = {
    "fortnightly": "biweekly",
    "bi-weekly": "biweekly",
    "wöchentlich": "weekly",
    "täglich": "daily",
    "monatlich": "monthly",
    "hebdomadaire": "weekly",
    "semanal": "weekly",
    "settimanale": "weekly",
    "mensual": "monthly",
    "mensile": "monthly",
}
_RISK = re.compile(
    r"^\W*(critical|high|moderate|medium|low)\s+(?:risks?|severity|priority)?\s*:\s*(.+)$", re.IGNORECASE
)
_BLOCKERS = re.compile(r"\b(?:block(?:er|ing)\w*|show-?stoppers?)\b", re.IGNORECASE)


def day_in(text: str) -> date | None:
    """The first date of a text whose order of day and month is certain; 09/08/2025 is not."""
    for found in _DAY.finditer(text):
        parts = [part for part in found.groups()[1:] if part]
        named = next(name for name in ("iso", "german", "monthfirst", "dayfirst") if found[name])
        numbers = found[named]
        day = _as_day(named, re.findall(r"[^\W\d]{3,}|\d+", numbers)) if parts else None
        if day is not None:
            return day
    return None


def _as_day(kind: str, parts: list[str]) -> date | None:
    try:
        if kind == "iso":
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        if kind == "german":
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        name, number = (parts[0], parts[1]) if kind == "monthfirst" else (parts[1], parts[0])
        return date(int(parts[2]), _month(name), int(number))
    except (ValueError, IndexError):
        return None


def _month(name: str) -> int:
    """1 to 12; 0, which is no month, for another word."""
    return next((number for number, starts in _MONTHS.items() if name.lower().startswith(starts)), 0)


def fields_of_plan(fields: Iterable[Field]) -> dict[str, Any]:
    """Days and cadence for [readiness], from the labelled statements of the document; the first one counts."""
    found: dict[str, Any] = {}
    for field in fields:
        for key, value in _days_of(field):
            found.setdefault(key, value)
        rhythm = cadence_in(field.value) if _RHYTHM.search(field.label) else ""
        if rhythm:
            found.setdefault("review_cadence", rhythm)
    return found


def _days_of(field: Field) -> Iterator[tuple[str, date]]:
    for key, pattern in _KEYS:
        day = day_in(field.value) if re.search(pattern, field.label, re.IGNORECASE) else None
        if day is not None:
            yield key, day


def cadence_in(text: str) -> str:
    """How often, as a plan writes it; empty where the text does not say."""
    found = _CADENCE.search(text)
    if found is None:
        return ""
    if found["word"]:
        word = found["word"].lower()
        return _CADENCES.get(word, word.replace("biweekly", "biweekly"))
    count = {"two": 2, "other": 2, None: 1}.get(found["count"]) or int(found["count"])
    unit = found["unit"][0].lower()
    return f"{30 * count}d" if unit == "m" else f"{count}{unit}"


def set_risks(sections: Sequence[Section], drafts: Sequence[Draft]) -> None:
    """Give criteria the level of "Critical risk: test coverage, API completeness"; a critical risk blocks.

    The most specific line decides: "performance" as a whole gives way to a line that names the memory.
    """
    items = sorted(_risk_items(sections), key=lambda item: item.is_whole)
    for draft in drafts:
        fitting = [item.level for item in items if item.fits(draft)]
        if fitting and not draft.risk:
            draft.risk = fitting[0]
            draft.blocker = draft.blocker or draft.risk == "critical"


@dataclass(frozen=True, slots=True)
class _RiskItem:
    """One thing that a line of risks names."""

    level: str
    words: str
    metrics: frozenset[str]
    is_whole: bool  # performance as a whole

    def fits(self, draft: Draft) -> bool:
        return draft.metric in self.metrics or (bool(self.words) and self.words == draft.title.lower())


def is_risk_line(text: str) -> bool:
    """Whether a line gives things a risk level: "Critical risk: test coverage, performance"."""
    return bool(_RISK.match(text))


def _risk_items(sections: Sequence[Section]) -> Iterator[_RiskItem]:
    found = (_RISK.match(text) for section in sections for text in _lines(section))
    for line in filter(None, found):
        level = "moderate" if line[1].lower() == "medium" else line[1].lower()
        for item in re.split(r",|;|\band\b", line[2]):
            metrics, is_whole = _metrics_of(item)
            yield _RiskItem(level, item.strip().lower(), frozenset(metrics), is_whole)


def _metrics_of(item: str) -> tuple[set[str], bool]:
    """The metrics that an item names; whether it names performance as a whole."""
    named = {metric for pattern, metrics in SUBJECTS if pattern.search(item) for metric in metrics}
    if not named and PERFORMANCE.search(item):
        return set(PERFORMANCE_METRICS), True
    return named, False


def _lines(section: Section) -> Iterator[str]:
    for entry in section.entries:
        yield without_signs(entry.text)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from map(without_signs, block.lines)


def named_blockers(document: Checklist) -> list[tuple[str, int]]:
    """The entries of lists that a line "Critical blockers ...:" announces, with their lines."""
    return [found for section in document.sections for found in _blockers_of(section)]


def _blockers_of(section: Section) -> Iterator[tuple[str, int]]:
    announced = bool(_BLOCKERS.search(section.title)) and not section.boxes
    for block in section.blocks:
        if isinstance(block, Paragraph):
            announced = _announces(block)
        elif isinstance(block, Listing):
            entries = block.entries if announced else ()
            yield from ((_words(entry), entry.line) for entry in entries if entry.checked is None)
            announced = False


def _announces(block: Paragraph) -> bool:
    last = block.lines[-1] if block.lines else ""
    return bool(_BLOCKERS.search(last)) and last.rstrip(" *_").endswith(":")


def _words(entry: Entry) -> str:
    return without_signs(entry.text) + "".join(f"; {without_signs(child.text)}" for child in entry.children)


def link_blockers(blockers: Sequence[tuple[str, int]], drafts: Sequence[Draft]) -> list[tuple[str, list[Draft]]]:
    """Each named blocker with the criteria whose metrics it reports or names; those block from now on."""
    linked = []
    for text, line in blockers:
        # More criteria than the words mean keep the block for longer; fewer would lift it too early.
        metrics = {metric for metric, _, _ in stated(text)} | _metrics_of(text)[0]
        mine = [draft for draft in drafts if draft.metric in metrics]
        for draft in mine:
            draft.blocker = True
            draft.quotes.append((line, text))
        linked.append((text, mine))
    return linked
