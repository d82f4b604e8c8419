"""Task boxes of a section -> criteria of a gate: figures become measurable, the rest waits for somebody to vouch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ingest.observation import CATALOGUE
from ingest.plan_drafting.draft import (
    Draft,
    GateDraft,
    IdPool,
    draft_without_metric,
    is_worse,
    measured,
    merge,
    number,
    slug,
    stated,
    tidy_title,
)
from ingest.plan_drafting.items import take_remarks
from ingest.plan_drafting.language.headings import FINDINGS, subject_above
from ingest.plan_drafting.language.quantities import figures, is_bare
from ingest.plan_drafting.language.urgency import (
    asks,
    blocks,
    due_in,
    is_another_context,
    is_report,
    link_in,
    owner_in,
    risk_of,
)
from ingest.plan_drafting.language.vocabulary import STATUS_WORDS, meaning_for
from ingest.plan_drafting.stages import tick
from ingest.readers.documents.checklist_model import Checklist, Entry, Listing, Paragraph, Section
from ingest.readers.documents.document_text import without_signs

_NUMBERED_GATE = re.compile(r"\bgate\s*#?\d", re.IGNORECASE)
_ANSWER = re.compile(
    r"\W*(?:(?:decision|result|verdict|entscheidung|décision|decisión|decisione|decisão|besluit)\s*:)?\W*"
    r"(?:(?:conditional|bedingtes) )?(?:no[- ]?go|go)(?:\W+(?:or |/ )?(?:(?:conditional )?(?:no[- ]?go|go)|hold"
    r"|defer))*\W*",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:overview|background|introduction|references?|links?|resources|contacts?|glossary|purpose"
    r"|definitions?(?! of (?:done|ready))|contents|appendix|change ?log|how to use|legend|notes?|about|changes|history"
    r"|out of scope|team|roles)\b",
    re.IGNORECASE,
)
# A bullet below a box reports ("3.4% coverage") unless it compares: then it says what the box asks for.
_COMPARES = re.compile(
    r"[<>≤≥]|\b(?:at least|at most|minimum|maximum|above|below|over|under|exceeds?|more than|less than|no|zero)\b",
    re.IGNORECASE,
)
_EXPOSED = re.compile(r"hard-?coded|leaked|exposed|committed|plain-?text|in (?:the )?(?:code|repo)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^\W\d_]{3}")
_BLANK = re.compile(r"^[^:]{1,60}:(?=.*(?:_{2}|\\|\*{2}))[\W\d_]*$")
# "(40/40)" behind a heading is a claim about the gate, not its name.
_SCORE = re.compile(r"\(\s*\d+(?:\.\d+)?\s*(?:/\s*\d+|%)\s*\)\s*$")
_LONGEST_TITLE = 60  # characters of a line that may be the title of the list below it
_JUDGED = re.compile(r"[✅✔☑❌✗✘⚠🟢🟡🔴]")
_OF_PAGES = ("load_", "bundle_")  # metrics that a front end has and nothing else
CLAIM_LABELS = ("status", "completion", "complete", "progress")


@dataclass(slots=True)
class Work:
    """The plan in the making."""

    document: Checklist
    names: IdPool = field(default_factory=IdPool)
    stage_names: IdPool = field(default_factory=IdPool)
    message_names: IdPool = field(default_factory=IdPool)
    gates: list[GateDraft] = field(default_factory=list)
    matrix: list[tuple[Section, Draft]] = field(default_factory=list)
    rows: list[Draft] = field(default_factory=list)  # criteria that a row of a table has made
    rules: list[tuple[str, str, int]] = field(default_factory=list)
    later: list[GateDraft] = field(default_factory=list)  # running and promotion gates
    message_of_line: dict[int, str] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # stage, runbook, drill, message ...
    queries: list[dict[str, Any]] = field(default_factory=list)  # proposals for Prometheus
    notes: list[str] = field(default_factory=list)
    outcomes: dict[int, list[str]] = field(default_factory=dict)
    known: dict[str, tuple[float, str]] = field(default_factory=dict)
    gate_of_section: dict[int, GateDraft] = field(default_factory=dict)


def known_figures(document: Checklist) -> dict[str, tuple[float, str]]:
    """Figures that the document reports in its lists: "465MB bundle", "50MB/hour growth". The worst one is kept."""
    found: dict[str, tuple[float, str]] = {}
    for section in document.sections:
        for text in (bullet for entry in section.entries for bullet in _all_bullets(entry)):
            for metric, value, words in stated(text):
                if metric not in found or is_worse(metric, value, found[metric][0]):
                    found[metric] = (value, words)
    return found


def _bullets(entry: Entry) -> list[str]:
    """Statements below an entry, and the entry itself when it is no box: a box demands, a bullet reports.

    What is below an inner box belongs to that box.
    """
    if entry.checked is not None:
        return []
    return [entry.text] + [text for child in entry.children for text in _bullets(child)]


def _all_bullets(entry: Entry) -> list[str]:
    """Every statement below an entry, at any depth."""
    own = [entry.text] if entry.checked is None else []
    return own + [text for child in entry.children for text in _all_bullets(child)]


def read_gate(work: Work, section: Section) -> str:
    """Add the criteria of a section to its gate; what it became, in words."""
    gate = _gate_of(work, section)
    drafts = criteria_of_boxes(work, section)
    added = _not_known(work, drafts)
    gate.criteria += added
    left_out = _left_out(demanding(work, section))
    if left_out and not drafts:
        return left_out
    unmeasured = sum(not draft.metric for draft in added)
    boxes = count_of(_boxes_in(section), "box", "boxes") if section.boxes else count_of(len(drafts), "bullet")
    outcome = f"{count_of(len(added), 'criterion', 'criteria')} of gate {gate.title!r} from {boxes}"
    outcome += f", {unmeasured} of them without a metric" if unmeasured else ""
    return "; ".join(filter(None, [outcome, left_out, *_contradictions(work, section)]))


def _not_known(work: Work, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that demand something of their own; the others are folded into those that demand the same."""
    known = [draft for gate in work.gates for draft in gate.criteria]
    added: list[Draft] = []
    for draft in drafts:
        if not draft.metric or not merge(chain(known, added), draft):
            added.append(draft)
    return added


def _left_out(boxes: Sequence[Entry]) -> str:
    """The boxes that demand nothing, in words; empty where there are none."""
    answers = sum(is_answer(box.text) for box in boxes)
    if answers:
        return f"{count_of(answers, 'box', 'boxes')} for the meeting's answer left out"
    blank = sum(map(_is_blank, boxes))
    return f"{count_of(blank, 'blank field')} of a form left out" if blank else ""


def _contradictions(work: Work, section: Section) -> Iterator[str]:
    for found in work.document.contradictions:
        if section.line <= found.parent_line <= section.end:
            parent, child = f"line {found.parent_line} {found.parent!r}", f"line {found.child_line} {found.child!r}"
            yield f"CONTRADICTION: {parent} is ticked, {child} is not"


def _is_blank(box: Entry) -> bool:
    """ "Points earned: __/15" asks somebody to write something down; it demands nothing."""
    return not box.children and bool(_BLANK.match(box.text) or is_answer(box.text))


def is_answer(text: str) -> bool:
    """Boxes such as "Go" and "No-go" take the meeting's answer; they demand nothing."""
    return bool(_ANSWER.fullmatch(text))


def demanding(work: Work, section: Section) -> tuple[Entry, ...]:
    """The boxes of a section; in a document without a single box, its bullets."""
    if section.boxes or work.document.boxes:
        return section.boxes
    if _BACKGROUND.search(section.title):
        return ()
    return tuple(entry for entry in section.entries if _is_statement(entry))


def _is_statement(entry: Entry) -> bool:
    """A bullet such as "Release owner:" is a field of a form, unless something is listed below it."""
    return bool(_SENTENCE.search(entry.text)) and (bool(entry.children) or not entry.text.endswith(":"))


def _boxes_in(section: Section) -> int:
    return sum(1 for entry in section.entries for _ in entry.boxes())


def _gate_of(work: Work, section: Section) -> GateDraft:
    """The gate a section's boxes belong to: the numbered gate above it, else its own."""
    owner = section
    above = section.parent
    while above is not None and not _NUMBERED_GATE.search(owner.title):
        owner = above if _NUMBERED_GATE.search(above.title) else owner
        above = above.parent
    if id(owner) not in work.gate_of_section:
        title = gate_title(owner)
        gate = GateDraft(slug(title), title, _gate_claim(owner))
        work.gates.append(gate)
        work.gate_of_section[id(owner)] = gate
    return work.gate_of_section[id(owner)]


def gate_title(section: Section) -> str:
    bare = re.sub(
        r"\s*\([^()]*\)\s*$", lambda m: "" if STATUS_WORDS.search(m.group().upper()) else m.group(), section.title
    )
    return tidy_title(_SCORE.sub("", bare)) or "Checklist"


def _gate_claim(section: Section) -> str:
    """Status and completion as the document claims them: "BLOCKED, 35%"."""
    words = [field.value for field in section.fields if field.label.lower() in CLAIM_LABELS]
    remark = re.search(r"\([^()]*\)\s*$", section.title)
    if remark and (STATUS_WORDS.search(remark.group().upper()) or _SCORE.search(remark.group())):
        return f"{', '.join(words)} {remark.group()}".strip()
    return ", ".join(words)


def _has_inner_boxes(box: Entry) -> bool:
    return any(True for child in box.children for _ in child.boxes())


def criteria_of_boxes(work: Work, section: Section) -> list[Draft]:
    """One criterion for each box, also for those below another one; a box with boxes below is their parent."""
    boxes = [box for box in demanding(work, section) if not _is_blank(box)]
    leads = _leads(section)
    return list(
        chain.from_iterable(criteria_of_box(work, section, box, above=leads.get(box.line, "")) for box in boxes)
    )


def _leads(section: Section) -> dict[int, str]:
    """The line that announces a list ("Alert when:", a bold title), by the line of each of its entries."""
    found: dict[int, str] = {}
    lead = ""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            last = next((line for line in reversed(block.lines) if line), lead)
            lead = last if last.endswith(":") or len(last) <= _LONGEST_TITLE else ""
        elif isinstance(block, Listing):
            found |= {entry.line: lead for entry in block.entries}
        else:
            lead = ""
    return found


def _measured_of(work: Work, section: Section, entry: Entry, above: str, lead: str) -> list[Draft]:
    """The measurable demands of one entry, with its tick as a claim; `lead` is the nearest line above it."""
    subject = subject_above(lead, section)
    if is_bare(entry.text) and (entry.checked or (subject == FINDINGS and any(f.value for f in figures(entry.text)))):
        subject = ""  # "Critical: 3" below "Vulnerabilities" is how many there are
    drafts = fitting(measured(entry.text, entry.line, subject), section, above)
    for draft in drafts:
        draft.claim = tick(entry)
        draft.blocker = blocks(entry.text, section)
        draft.risk, draft.owner, draft.due = risk_of(entry.text), owner_in(entry.text), due_in(entry.text)
        draft.evidence_link = link_in(work.document.lines[entry.line - 1])
        take_baseline(work, draft)
    return drafts


def criteria_of_box(
    work: Work, section: Section, box: Entry, parent: Draft | None = None, above: str = ""
) -> list[Draft]:
    """The criteria of a box and of what is below it, each box one of its own."""
    is_reported = is_bare(box.text) and (is_report(section, above) or _reports(section, box))
    lead = parent.title if parent else above
    own = [] if is_reported else _measured_of(work, section, box, above, lead)
    words = f"{above} {box.text}"
    remarks = list(chain.from_iterable(map(_bullets, box.children)))
    if not _has_inner_boxes(box):
        found = _criteria_of_leaf(work, section, box, own, remarks, words)
        return _below(parent, found)
    whole = _unmeasured(work, section, box, remarks)
    inner = [child for child in box.children if child.checked is not None or _has_inner_boxes(child)]
    below = list(chain.from_iterable(criteria_of_box(work, section, child, whole, words) for child in inner))
    whole.fix = "every box below it has to hold"
    found = _below(whole, [*own, *below, *_comparing_bullets(work, section, box, words)])
    found += _below(whole, _reported_counts(work, remarks, box, found))
    return _below(parent, [whole]) + found


def fitting(drafts: list[Draft], section: Section | None, above: str = "") -> list[Draft]:
    """The drafts that the titles above leave for the whole: below "Frontend" only those of pages and bundles."""
    if not is_another_context(section, above):
        return drafts
    if is_another_context(section, above, but_front_end=True):
        return []
    return [draft for draft in drafts if draft.metric.startswith(_OF_PAGES)]


def _reports(section: Section, entry: Entry) -> bool:
    """Whether a bullet or a ticked box with a bare figure tells how it is: below no heading that demands."""
    is_ticked = entry.checked is True
    return entry.checked is not False and (not asks(section, is_ticked=is_ticked) or bool(_JUDGED.search(entry.text)))


def _below(parent: Draft | None, drafts: list[Draft]) -> list[Draft]:
    """The drafts, each below the parent unless it is below another one."""
    for draft in drafts:
        draft.parent = draft.parent or parent
    return drafts


def _criteria_of_leaf(
    work: Work, section: Section, box: Entry, own: list[Draft], remarks: Sequence[str], words: str
) -> list[Draft]:
    """A box without boxes below: its figures, else itself, for a person to vouch for; and what its bullets demand."""
    bullets = _comparing_bullets(work, section, box, words)
    found = [*own, *bullets] if own else [_unmeasured(work, section, box, remarks), *bullets]
    if own:
        found[0].claim = "; ".join([found[0].claim, *remarks])
        take_remarks(found[0], remarks)
    return found + _reported_counts(work, remarks, box, found)


def _comparing_bullets(work: Work, section: Section, box: Entry, words: str) -> list[Draft]:
    """Measurable demands of bullets below a box that are no boxes themselves and hold none."""
    plain = [child for child in box.children if child.checked is None and not _has_inner_boxes(child)]
    compared = [entry for child in plain for entry in _all_entries(child) if _COMPARES.search(entry.text)]
    return [draft for entry in compared for draft in _measured_of(work, section, entry, words, box.text)]


def _all_entries(entry: Entry) -> Iterator[Entry]:
    yield entry
    for child in entry.children:
        yield from _all_entries(child)


def _unmeasured(work: Work, section: Section, box: Entry, remarks: Sequence[str]) -> Draft:
    draft = draft_without_metric(without_signs(box.text) or box.text, None, box.line, box.text)
    draft.blocker = blocks(box.text, section)
    draft.risk = risk_of(box.text)
    draft.evidence_link = link_in(work.document.lines[box.line - 1])
    draft.owner, draft.due = owner_in(box.text), due_in(box.text)
    draft.claim = "; ".join([tick(box), *remarks])
    take_remarks(draft, remarks)
    return draft


def _reported_counts(work: Work, remarks: Sequence[str], box: Entry, found: Sequence[Draft]) -> list[Draft]:
    """Counts that a remark complains about ("39+ TODO markers", "6/7 tests failing"): none may be left."""
    drafts = []
    for remark in remarks:
        for metric, value, words in stated(remark):
            if _is_complaint(metric, words):
                draft = _none_left(metric, value, words, box.line)
                if all(draft.metric != other.metric for other in found):
                    drafts.append(draft)
    return drafts


def _is_complaint(metric: str, words: str) -> bool:
    """Whether so many of them are too many; secrets are so only where they are in the open."""
    if metric == "secrets_count":
        return bool(_EXPOSED.search(words))
    return metric.endswith("_count") or metric in ("tests_failed", "tests_flaky", "tests_skipped")


def _none_left(metric: str, value: float, words: str, line: int) -> Draft:
    meaning = meaning_for(metric)
    about = "; ".join(filter(None, [meaning.about, "the document complains of them: none may be left"]))
    draft = Draft(
        meaning.id, meaning.title, metric, "<=", 0, CATALOGUE[metric].unit, about=about, quotes=[(line, words)]
    )
    draft.assumed = True
    draft.baseline = number(value) if value > 0 else None
    draft.claim = words
    return draft


def take_baseline(work: Work, draft: Draft) -> None:
    """Where the document reports the present value elsewhere, attainment starts from it."""
    if draft.metric in work.known:
        value, words = work.known[draft.metric]
        if is_worse(draft.metric, value, draft.threshold):
            draft.baseline = number(value)
            draft.claim += f" ({words})"


def count_of(number: int, word: str, plural: str = "") -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"
