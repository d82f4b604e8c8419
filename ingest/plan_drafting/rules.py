"""GO and NO-GO sentences -> [[rule]] tables that name the criteria they are about; unknown subjects name none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from ingest.observation import CATALOGUE
from ingest.plan_drafting.draft import Draft, GateDraft, IdPool, at_least_as_strict, draft_from
from ingest.plan_drafting.gates import is_answer
from ingest.plan_drafting.language.grammar import demands_in
from ingest.plan_drafting.language.plain_text import is_forbidding
from ingest.plan_drafting.language.quantities import Quantity, figures, in_unit
from ingest.plan_drafting.language.vocabulary import PERFORMANCE, PERFORMANCE_METRICS, SUBJECTS, UNLESS, Role
from ingest.plan_drafting.language.words import HARMLESS
from ingest.readers.documents.checklist_model import Entry, Listing, Paragraph, Section, Table
from ingest.readers.documents.document_text import without_signs, without_struck

_NO_GO = re.compile(r"^\s*(?:no[- ]?go|blocker|stop)\b\s*(?:if|when)?\s*[:–-]?\s*", re.IGNORECASE)
_GO = re.compile(r"^\s*go\b\s*(?:(?:if|when)\s*[:–-]?|[:–-])\s*", re.IGNORECASE)
_DULL = {
    "the",
    "and",
    "or",
    "of",
    "to",
    "a",
    "is",
    "are",
    "be",
    "not",
    "with",
    "for",
    "in",
    "all",
    "any",
    "no",
    "met",
    "non",
}


RuleText = tuple[str, str, int]  # kind, words, line
_IF = r"(?:if|when|wenn|falls|si|se|als|indien)"
_NO_GO_LINE = re.compile(rf"^\W*no[- ]?go\b(?:\s+{_IF}\b\s*[:–—-]?|\s*[:–—]|\s+-)\s*(?P<words>.*)$", re.IGNORECASE)
_GO_LINE = re.compile(rf"^\W*(?:GO\b(?:\s*[:–—]|\s+-)|[Gg][Oo]\s+{_IF}\b\s*[:–—-]?)\s*(?P<words>.*)$")
_LEADS_TO_NO_GO = re.compile(r"(?:→|->|=>|=|:)\s*no[- ]?go\W*$", re.IGNORECASE)
_FORM = re.compile(r"_{3}")  # "Delivery manager: ______" is to be signed
_LAUNCH = r"(?:launch|release|deploy|ship|go[- ]?live|roll ?out|merge|publish|start)"
_NO_GO_LEAD = re.compile(
    rf"^\W*(?:no[- ]?go\b.*|(?:do not|don't|never|no) {_LAUNCH}\b.*\b(?:if|when|while)\b.*|stop (?:if|when)\b.*"
    r"|.*\bany (?:one|single|of these)\b.*\b(?:blocks?|stops?)\b.*)$",
    re.IGNORECASE,
)
_NEEDED_LEAD = re.compile(rf"^\W*(?:no[- ]?go|(?:do not|don't|never|no) {_LAUNCH})\b.*{UNLESS}", re.IGNORECASE)
_GO_LEAD = re.compile(rf"^\W*(?:go\b(?!\s*/|[- ]?live).*|(?:we )?{_LAUNCH} (?:only )?(?:if|when)\b.*)$", re.IGNORECASE)


def sentences(section: Section, role: Role) -> list[RuleText]:
    """The rules of a section headed GO or NO-GO: its list items; without a list, its lines."""
    usual = "no-go" if role == "no-go" else "go"
    found = list(_rules_of(section, usual, every_entry=True))
    if role == "no-go":
        rows = chain.from_iterable(table.rows for table in section.tables)
        found += [(usual, " | ".join(filter(None, row.cells)), row.line) for row in rows]
    if found or role == "go or no-go":
        return found
    return [(usual, without_signs(words), at) for at, words in _lines_of(section) if words and not words.endswith(":")]


def _lines_of(section: Section) -> Iterator[tuple[int, str]]:
    """The numbered lines of the paragraphs of a section."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from enumerate(block.lines, block.line)


def announced(section: Section) -> list[RuleText]:
    """Rules below any other heading: lines such as "GO: ..." and the lists below "GO if:"."""
    return list(_rules_of(section, "", every_entry=False))


def _rules_of_lines(block: Paragraph, kind: str) -> tuple[list[RuleText], str]:
    """The rules that the lines mark themselves, and the kind that the last lines announce for what follows."""
    rules = []
    for at, words in enumerate(block.lines, block.line):
        rule = _marked(words, at)
        kind = rule[0] if rule else _lead(words) or kind
        if rule and re.search(r"\w", rule[1]):
            rules.append(rule)
    return rules, kind


def _rules_of(section: Section, usual: str, *, every_entry: bool) -> Iterator[RuleText]:
    kind = usual
    for block in section.blocks:
        if isinstance(block, Paragraph):
            rules, kind = _rules_of_lines(block, kind)
            yield from rules
        elif isinstance(block, Listing) and (kind or not every_entry):
            yield from filter(None, (_rule_of(entry, kind, every_entry or kind != usual) for entry in block.entries))
            kind = usual
        elif not isinstance(block, Table):
            kind = usual


def _marked(words: str, line: int) -> RuleText | None:
    """ "NO-GO: a data loss was seen"; the answer of the meeting ("GO / NO-GO: ____") demands nothing."""
    if is_answer(re.sub(r"[:_]", " ", words)):
        return ("no-go" if _NO_GO_LINE.match(words) else "go", "", line) if _lead(words) else None
    for kind, pattern in (("no-go", _NO_GO_LINE), ("go", _GO_LINE)):
        if found := pattern.match(words):
            return kind, found["words"].strip(), line
    return None


def _lead(words: str) -> str:
    """Whether the line announces the rules that follow: "GO if:", "Any one cross blocks the launch:"."""
    if not words.rstrip(" *_").endswith(":"):
        return ""
    if _NEEDED_LEAD.match(words):
        return "go"
    if _NO_GO_LEAD.match(words):
        return "no-go"
    return "go" if _GO_LEAD.match(words) else ""


def _own_kind(text: str, kind: str) -> tuple[str, str]:
    """The kind that the rule itself names, else `kind`; its text without that word."""
    if _NO_GO.match(text):
        kind, text = "no-go", _NO_GO.sub("", text) or text
    elif _GO.match(text):
        kind, text = "go", _GO.sub("", text) or text
    return "no-go" if _LEADS_TO_NO_GO.search(text) else kind, text


def _rule_of(entry: Entry, kind: str, is_rule: bool) -> RuleText | None:
    text = entry.text if is_forbidding(entry.text) else without_signs(entry.text)
    if is_answer(text) or _FORM.search(text):
        return None
    if not is_rule and entry.checked is None:
        return _marked(text, entry.line)
    if not is_rule or not kind:
        return None
    kind, text = _own_kind(text, kind)
    below = [without_signs(child.text) for child in entry.children]
    return kind, text + (f" ({'; '.join(below)})" if below else ""), entry.line


def rule_tables(
    rules: Sequence[tuple[str, str, int]], gates: Sequence[GateDraft], names: IdPool
) -> list[dict[str, Any]]:
    """The [[rule]] tables; `needs` stays empty when nothing in the plan is what the sentence is about."""
    counts = {"go": 0, "no-go": 0}
    tables = []
    for kind, text, _ in rules:
        counts[kind] += 1
        name = names.give(f"{kind}-{counts[kind]}", kind)
        counted = by_colour(text, gates) if kind == "go" else {}
        untested = _of_a_rehearsal(text, gates) if kind == "no-go" else []
        decided = counted or ({"measured": untested} if untested else {"needs": needs(text, gates)})
        tables.append({"id": name, "kind": kind, "text": text, **decided})
    return tables


def _of_a_rehearsal(text: str, gates: Sequence[GateDraft]) -> list[str]:
    """What "rollback untested" is about: whether a drill has a time, not how long it took; code is tested otherwise."""
    if _subjects(text) != {"rollback_seconds"} or not _UNTESTED.search(text):
        return []
    return needs(_UNTESTED.sub("not validated", text), gates)


_COLOUR = r"(red|critical|orange|amber|yellow|🔴|🟠|🟡)"
_THINGS = r"(?:\s+(?:items?|boxes|criteria|checks?|ones?))?"
_DONE = r"(?:\s+(?:are|is|be|must be|complete[d]?|done|closed|green|met|resolved|fixed|pass(?:ed|ing)?))*"
_LIMIT = r"(?:at most|no more than|not more than|max(?:imum)?\.?(?: of)?|up to|<=|≤)"
_OPEN = r"(?:\s+(?:are|is|may be|may stay|may remain|open|failing|unticked|unresolved|left|remaining))*"
_ALL_AND_SOME = re.compile(
    rf"^\W*(?:all|every)\s+(?:the\s+)?{_COLOUR}{_THINGS}{_DONE}\s*(?:,|;|&|\band\b)\s*(?:and\s+)?"
    rf"{_LIMIT}\s*(\d{{1,3}}|one|two|three|four|five)\s+{_COLOUR}{_THINGS}{_OPEN}\W*$",
    re.IGNORECASE,
)
_LEVELS = {"red": "critical", "🔴": "critical", "critical": "critical", "orange": "high", "🟠": "high"}
_LEVELS |= {"amber": "moderate", "yellow": "moderate", "🟡": "moderate"}
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def by_colour(text: str, gates: Sequence[GateDraft]) -> dict[str, Any]:
    """ "All red and at most three yellow ones open": what must hold, and of how many others some may not.

    Empty unless the document has given levels of risk to criteria of both kinds.
    """
    found = _ALL_AND_SOME.match(text)
    if found is None:
        return {}
    wanted, some = (_of_level(found[at], gates) for at in (1, 3))
    if not wanted or not some or wanted == some:
        return {}
    return {"needs": wanted, "among": some, "at_most": _COUNTS.get(found[2].lower()) or int(found[2])}


def _of_level(colour: str, gates: Sequence[GateDraft]) -> list[str]:
    level = _LEVELS[colour.lower()]
    return [draft.id for gate in gates for draft in gate.criteria if draft.risk == level]


def blocker_rules(blockers: Sequence[tuple[str, list[Draft]]], names: IdPool) -> list[dict[str, Any]]:
    """A NO-GO rule for each blocker that the document names; it fires while one of its criteria fails."""
    return [
        {"id": names.give(f"blocker-{at}", "blocker"), "kind": "no-go", "text": text, "needs": [d.id for d in drafts]}
        for at, (text, drafts) in enumerate(blockers, 1)
    ]


def needs(text: str, gates: Sequence[GateDraft]) -> list[str]:
    """Ids of the criteria (or of the gates) that the sentence is about; none where a word of it is not understood."""
    text, drafts = without_struck(text), [draft for gate in gates for draft in gate.criteria]
    if _ALL_GATES.search(text):
        return [gate.id for gate in gates]
    if demanded := [draft_from(demand, 0, text) for demand in demands_in(text)]:
        holding = [[draft.id for draft in drafts if at_least_as_strict(draft, demand)] for demand in demanded]
        return [name for names in holding for name in names] if all(holding) else []
    if found := _about(text, drafts):
        return found
    if figures(text):
        return _wholly(text, drafts)
    gate = next((gate for gate in gates if _covers(text, gate.title)), None)
    return [gate.id] if gate else _alike(text, drafts)


def _wholly(text: str, drafts: Sequence[Draft]) -> list[str]:
    """ "Core API endpoints 100% functional": the box of just these words; without a metric it holds whole or not."""
    found = list(figures(text))
    if len(found) != 1 or (found[0].dimension, found[0].value) != ("share", 100):
        return []
    words = _stems(_without_units(text))
    return [draft.id for draft in drafts if not draft.metric and not draft.unit and _stems(draft.title) == words]


_ALL_GATES = re.compile(
    r"^\W*(?:all|every) (?:the )?(?:quality |release )?gates? (?:are |is |have |has )*(?:green|pass\w*|met|open)\W*$",
    re.I,
)
# Beside a subject, these words say only in which state it is.
_STATE_WORDS = """
    met passing pass passes passed green failing failed fail resolved unresolved remediated validated functional
    non non-functional broken not items item p0 procedures procedure complete completed done fixed targets
    target rate growth security test tests found still open known any issues infrastructure below above
"""
_STATES = frozenset(_STATE_WORDS.split())
_UNTESTED = re.compile(r"\b(?:untested|unproven|unrehearsed|never tested)\b", re.IGNORECASE)


def _names_only_states(text: str) -> bool:
    """Whether the words beside the subjects are states, units or words without a demand of their own."""
    rest = PERFORMANCE.sub(" ", text.lower())
    for pattern, _ in SUBJECTS:
        rest = pattern.sub(" ", rest)
    words = re.findall(r"\w+(?:-\w+)*", _without_units(rest))
    return all(word in _STATES or word in HARMLESS or word in _DULL for word in words)


def _about(text: str, drafts: Sequence[Draft]) -> list[str]:
    """Criteria of the metrics that the sentence names, when its other words are states and its figures theirs."""
    wanted = _subjects(text)
    chosen = [draft for draft in drafts if draft.metric in wanted]
    if not _names_only_states(text):
        return []
    return [draft.id for draft in chosen] if all(_is_threshold(figure, chosen) for figure in figures(text)) else []


def _without_units(text: str) -> str:
    for figure in reversed(figures(text)):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    return text


def _is_threshold(figure: Quantity, drafts: Sequence[Draft]) -> bool:
    """Whether one of the criteria has this figure; a growth without its time is compared as it is written."""
    for draft in drafts:
        value = in_unit(figure, CATALOGUE[draft.metric].unit)
        if value is None and draft.unit == "MB/h" and figure.dimension == "bytes":
            value = figure.value / 1e6
        if value == draft.threshold:
            return True
    return False


def _subjects(text: str) -> set[str]:
    """Metrics that the words of the sentence name."""
    named = {metric for pattern, metrics in SUBJECTS if pattern.search(text) for metric in metrics}
    if PERFORMANCE.search(text) and not named.intersection(PERFORMANCE_METRICS):
        named.update(PERFORMANCE_METRICS)
    return named


def _covers(text: str, title: str) -> bool:
    """Whether the sentence has all significant words of a gate's title."""
    words = _stems(title)
    return len(words) >= 2 and words <= _stems(text)


def _alike(text: str, drafts: Sequence[Draft]) -> list[str]:
    """The criterion whose title shares most words with the sentence: two at least, and most of the title's."""
    best, most = "", 0.0
    spoken = _stems(text)
    for draft in drafts:
        words = _stems(draft.title)
        shared = len(words & spoken)
        if shared >= 2 and shared / len(words) >= 0.6 and shared / len(words) > most:
            best, most = draft.id, shared / len(words)
    return [best] if best else []


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _DULL and len(word) > 1}
