"""Readiness claims in a document ("Overall Readiness: 25/100", "NO-GO FOR PRODUCTION") with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.readers.documents.document_text import plain, repair, without_struck
from ingest.readers.documents.verdict_words import PART, judgements

MOST_BYTES = 2_000_000
MOST_LINE = 1_000
_EXCERPT = 300


class Claim(NamedTuple):
    """`value` in percent, or None for a word; `word` is GO, CONDITIONAL GO, NO-GO, APPROVED or BLOCKED, else empty."""

    line: int
    value: float | None
    word: str
    excerpt: str


# A whole system is ready or not; "Infrastructure Readiness: 7.5/10" is the claim of one part, and no readiness claim.
_WHOLE = (
    r"overall|current|total|final|production|prod|deployment|deploy|staging|release|launch|go-live|golive|immediate|"
    r"system|project|application|app|product|platform|mvp"
)
_READINESS = re.compile(
    rf"(?<![\w-])(?P<qualified>(?:(?:{_WHOLE})[\s/_-]+)*)readiness\b(?!\s*(?:probe|check|endpoint|route|handler))",
    re.IGNORECASE,
)
_READY = re.compile(
    r"(?<![\w-])(?P<not>not[\s-]+)?(?:(?:production|deployment|release|launch)[\s-]ready\b|"
    r"ready for (?:the )?(?:production|deployment|staging|release|launch))",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}(?:[.,]\d{1,2})?)\s?"
    r"(?P<of>%|(?:/|out of)\s?100(?!\d|\.\d)|(?:/|out of)\s?10(?:\.0)?(?!\d|\.\d))",
    re.IGNORECASE,
)
# Words near a figure that make it a wish, a past, a difference or a share of something else.
_NOT_NOW_BEFORE = re.compile(
    r"(?:[<>≥≤~]=?|\b(?:target|goal|aim|minimum|min|maximum|threshold|required?|requires|needs?|need|below|above|from|was|"
    r"previously|previous|original(?:ly)?|expected|projected|estimated|potential|future|by|reach|least|to reach|before|"
    r"achieve|towards?|until|exceeds?|weight|up from|improved by|increased by)\b)[\s:=(*]*(?:of |a |an |the )?$",
    re.IGNORECASE,
)
_NOT_NOW_AFTER = re.compile(
    r"^\+?\s*(?:%|\)|,)?\s*(?:improvement|faster|reduction|reduced|better|smaller|increase|more|less|fewer|higher|lower|"
    r"of (?:the )?\w+|test|code|coverage|bundle|weight|threshold|target|goal|minimum|achievable|"
    r"success rate|confidence in|(?:→|->|⇒|–>)\W*\d|to \d)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:target|goal|expected|projected|planned|estimated|potential|should|would|will be|must|minimum|required|"
    r"criteri(?:a|on) for|if |once |when |before releas|achieve \d|aim)\b",
    re.IGNORECASE,
)
_GAP = 32
_OVERALL_LABEL = re.compile(
    r"^\W*(?:overall|total|final|system|project|current|deployment|production|combined)\b[\w\s/-]{0,24}"
    r"(?:score|rating|assessment|grade|status|result|success)?\W*$",
    re.IGNORECASE,
)
_CONFIDENCE = re.compile(r"\bconfidence\b", re.IGNORECASE)
_PLAIN_LABEL = re.compile(
    r"^\W*(?:status|state|score|after|result|now|conclusion|verdict|summary|progress)?\W*$", re.IGNORECASE
)

_TARGET_COLUMN = re.compile(
    r"target|required|requirement|goal|threshold|weight|before|previous|baseline|minimum|improvement|change|gap|expected|"
    r"initial|original|start|old\b",
    re.IGNORECASE,
)
_NOW_COLUMN = re.compile(r"current|actual|after|now\b|achieved|result|score|today|latest|new\b|final", re.IGNORECASE)

_JSON = re.compile(
    rf'"(?:(?:{_WHOLE})[_\s-]*)*readiness(?:[_\s-]*(?:score|percent(?:age)?|level|value))?"\s*:\s*"?(\d{{1,3}}(?:\.\d+)?)\s?(%|/\s?100|/\s?10)?[",}}\s]',
    re.IGNORECASE,
)
_SUBJECT_WORDS = (
    b"readiness",
    *(
        b"%s%sready" % (word, sign)
        for word in (b"production", b"deployment", b"release", b"launch")
        for sign in (b" ", b"-")
    ),
    *(b"ready for " + word for word in (b"production", b"deployment", b"staging", b"release", b"launch", b"the ")),
)
_SHOUTED = (b"APPROVED", b"BLOCKED", b"NO-GO", b"NO GO", b"GO FOR", b": GO", b" GO ", b"GO\n", b"GO*")
_QUIET = (b"approved", b"blocked", b"no-go", b"no go", b"conditional go", b": go", b":** go", b"** go")
_SHOUTED_WORDS = ("GO", "APPROVED", "BLOCKED")
_QUIET_WORDS = ("approved", "blocked", "no-go", "no go")
_READY_WORD = re.compile(r"read(?:y|i(?!ng)|[^\w\s])")  # ready, readiness, also with marks inside; no reader, no reads
_GO_LABELLED = re.compile(r"[:=–—-]\W*(?:conditional(?:ly)?\s+)?go\b")
_ABOUT_WORDS = (
    b"deployment",
    b"production",
    b"staging",
    b"release",
    b"launch",
    b"go-live",
    b"verdict",
    b"decision",
    b"recommend",
)


def read_claims(data: bytes, path: str = "") -> list[Claim]:
    """Every readiness claim of the document, by line; wishes, thresholds and claims about one part are left out."""
    if len(data) > MOST_BYTES or not _worth_reading(data) or b"\0" in data[:8000]:
        return []
    lines = re.split(r"\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
    if path.lower().endswith(".json"):
        return [claim for number, line in enumerate(lines, 1) for claim in _json_claims(number, line)]
    return list(_document_claims(lines))


def line_may_claim(raw: str) -> bool:
    """Whether the line alone can hold a claim, whatever the lines above it are."""
    if len(raw) > MOST_LINE or not _may_claim(raw):
        return False
    text = without_struck(plain(repair(raw)))
    if _is_row(raw):
        label = _row_label(_cells(raw))
        return _names_readiness(label) or _names_total(label) or any(True for _ in judgements(text))
    return any(True for _ in _claims_of_line(0, text, list(_line_values(text))))


def _json_claims(number: int, line: str) -> Iterator[Claim]:
    for match in _JSON.finditer(line[:MOST_LINE] + " "):
        value = _percent(float(match.group(1)), match.group(2) or "%")
        if value is not None:
            yield Claim(number, value, "", " ".join(line.split())[:_EXCERPT])


def _document_claims(lines: list[str]) -> Iterator[Claim]:
    header: list[str] = []
    headings: list[str] = []
    for number, raw in enumerate(lines, 1):
        is_row = _is_row(raw)
        if not is_row:
            header = []
        elif not header:
            header = _cells(raw)
        if raw.startswith("#"):
            _descend(headings, raw)
        if len(raw) > MOST_LINE or not _may_claim(raw):
            continue
        text = without_struck(plain(repair(raw)))
        about = next((title for title in reversed(headings) if title), "")
        values = list(_row_values(_cells(raw), header, about) if is_row else _line_values(text))
        yield from _claims_of_line(number, text, values)


def _claims_of_line(number: int, text: str, values: Sequence[float]) -> Iterator[Claim]:
    """The figures of a line, each once, and its judgement; beside a figure the word READY adds nothing."""
    for value in dict.fromkeys(values):
        yield Claim(number, value, "", text[:_EXCERPT])
    for word in judgements(text):
        if not (values and word.endswith("READY")):
            yield Claim(number, None, word, text[:_EXCERPT])


@lru_cache(1 << 14)
def _may_claim(raw: str) -> bool:
    """The cheap half of the question for a line: nearly all lines of nearly all documents end here."""
    if any(word in raw for word in _SHOUTED_WORDS):
        return True
    lowered = raw.lower()
    if any(word in lowered for word in _QUIET_WORDS) or _has_ready_word(lowered):
        return True
    if "go" in lowered and _GO_LABELLED.search(lowered):
        return True
    return "|" in lowered and ("overall" in lowered or "total" in lowered)


def _has_ready_word(lowered: str) -> bool:
    return "read" in lowered and _READY_WORD.search(lowered) is not None


def _worth_reading(data: bytes) -> bool:
    """Plain searches only: ten thousands of documents hold no claim, and a pattern would read each letter by letter."""
    lowered = data.lower()
    if b"readiness" in lowered:
        return True
    if b"ready" in lowered and _has_any(lowered, (*_SUBJECT_WORDS, *_ABOUT_WORDS, b"status", b"not ready")):
        return True
    has_verdict = _has_any(data, _SHOUTED) or _has_any(lowered, _QUIET)
    return has_verdict and _has_any(lowered, _ABOUT_WORDS)


def _has_any(data: bytes, words: Iterable[bytes]) -> bool:
    return any(word in data for word in words)


def _descend(headings: list[str], raw: str) -> None:
    """Keep the chain of headings above the line: their number of # decides."""
    level = len(raw) - len(raw.lstrip("#"))
    del headings[level - 1 :]
    headings.extend([""] * (level - 1 - len(headings)))
    headings.append(without_struck(plain(raw.lstrip("#")))[:200])


def _is_row(raw: str) -> bool:
    return raw.lstrip().startswith("|")


def _cells(raw: str) -> list[str]:
    return [without_struck(plain(repair(cell))) for cell in raw.strip().strip("|").split("|")]


def _percent(number: float, of: str) -> float | None:
    value = number * 10 if of.endswith(("10", "10.0")) else number
    return value if 0 <= value <= 100 else None


def _line_values(text: str) -> Iterator[float]:
    """Values of the segments of a line: "Current Readiness: 23% | Target Readiness: >90%" has two."""
    for segment in re.split(r"\s\|\s|;|│", text):
        if (value := _after_readiness(segment)) or (value := _beside_ready(segment)):
            yield from value


def _after_readiness(segment: str) -> list[float]:
    """ "Production Readiness: 68/100" or "achieved 68/100 production readiness"."""
    for phrase in _READINESS.finditer(segment):
        if not _is_whole(segment, phrase):
            continue
        after = _next_figure(segment, phrase.end())
        if after is not None:
            return [after]
        before = _previous_figure(segment, phrase.start())
        if before is not None and not _CONFIDENCE.search(segment) and not _has_part_label(segment[: phrase.start()]):
            return [before]
    return []


def _is_whole(segment: str, phrase: re.Match[str]) -> bool:
    """Whether the readiness is that of the whole: no part is named right before, and no other word when unqualified."""
    before = re.sub(r"[^\w\s-]", " ", segment[max(0, phrase.start() - 30) : phrase.start()]).split()
    last = before[-1] if before else ""
    if PART.fullmatch(last) or _WISH.search(segment[max(0, phrase.start() - 30) : phrase.start()]):
        return False
    if phrase.group("qualified"):
        return True
    touching = re.search(r"[A-Za-z]\s$", segment[: phrase.start()])
    return not touching or last.lower() in ("the", "our", "of", "to", "for", "and", "with", "score", "at")


def _next_figure(segment: str, start: int) -> float | None:
    """The first figure close behind, past figures that are only a way to it ("60% → 98%")."""
    for match in _FIGURE.finditer(segment, start):
        gap = segment[start : match.start()]
        if len(gap) > _GAP or _WISH.search(gap) or re.search(r"[a-z]{3,}.*:.*[a-z]{3,}.*:|[.!?]\s", gap):
            return None
        # An arrow without a figure before it shows what will be, not what is.
        if re.search(r"(?:→|->|⇒)\W*$", gap) and not _FIGURE.search(gap + " "):
            return None
        value = _value_now(segment, match)
        if value is not None:
            return value
        if not re.match(r"\s*(?:→|->|⇒|to\b)", segment[match.end() :]):
            return None
    return None


def _previous_figure(segment: str, stop: int) -> float | None:
    near = list(_FIGURE.finditer(segment[:stop]))
    if not near or stop - near[-1].end() > 24 or re.search(r"[.!?:;)]\s|,", segment[near[-1].end() : stop]):
        return None
    if re.search(r"(?:→|->|⇒)\W*$", segment[: near[-1].start()]) and len(near) < 2:
        return None
    return _value_now(segment, near[-1])


def _value_now(segment: str, match: re.Match[str]) -> float | None:
    before, after = segment[max(0, match.start() - 32) : match.start()], segment[match.end() : match.end() + 32]
    arrow = re.search(r"(?:→|->|⇒|\bto)\s*$", before)
    if (_NOT_NOW_BEFORE.search(before) and not arrow) or _NOT_NOW_AFTER.search(after):
        return None
    return _percent(float(match["number"].replace(",", ".")), match["of"])


def _beside_ready(segment: str) -> list[float]:
    """ "85% production ready", "PRODUCTION READY with a score of 92/100", "Overall Score: 68/100 (Release ready)"."""
    for phrase in _READY.finditer(segment):
        before = _previous_figure(segment, phrase.start())
        label = _label(segment, phrase.start())
        if before is not None and _is_plain(label) and not phrase["not"]:
            return [before]
        scored = re.match(r"[^.;|]{0,48}?\bscore of\s+(?=\d)", segment[phrase.end() :])
        if scored and not PART.search(label):
            value = _next_figure(segment, phrase.end() + scored.end())
            if value is not None:
                return [value]
        if (value := _overall_score(segment)) is not None:
            return [value]
    return []


def _overall_score(segment: str) -> float | None:
    """The figure of a segment that begins "Overall Score:" or alike."""
    overall = re.match(r"^(?P<label>[^:]{1,40}):\s*", segment)
    if overall is None or not _OVERALL_LABEL.match(overall["label"]) or PART.search(overall["label"]):
        return None
    return _next_figure(segment, overall.end())


def _label(segment: str, stop: int) -> str:
    """The text before the last colon ahead of the phrase."""
    return segment[:stop].rpartition(":")[0]


def _is_plain(label: str) -> bool:
    return bool(_PLAIN_LABEL.match(label) or (_OVERALL_LABEL.match(label) and not PART.search(label)))


def _has_part_label(before: str) -> bool:
    label = before.rpartition(":")[0]
    return bool(label) and bool(PART.search(label))


def _row_label(cells: list[str]) -> str:
    return next((cell for cell in cells if re.search(r"[A-Za-z]{3}", cell)), "")


def _names_readiness(label: str) -> bool:
    phrase = _READINESS.search(label)
    return bool(phrase and _is_whole(label, phrase) and not PART.search(label))


def _names_total(label: str) -> bool:
    return bool(re.fullmatch(r"\W*(?:overall|total)(?:\s+score)?\W*", label, re.IGNORECASE))


def _row_values(cells: list[str], header: list[str], about: str) -> Iterator[float]:
    """A row is a claim when its first words name the readiness of the whole, or the overall of a readiness table."""
    label = _row_label(cells)
    context = " / ".join([about, *header])
    overall = _names_total(label) and _READINESS.search(context) and not PART.search(about)
    if not overall and not _names_readiness(label):
        return
    candidates = []
    for index, cell in enumerate(cells):
        title = header[index] if index < len(header) else ""
        match = None if cell is label else _FIGURE.search(cell)
        if match and not _TARGET_COLUMN.search(title) and _value_now(cell, match) is not None:
            candidates.append((not _NOW_COLUMN.search(title), index, _value_now(cell, match)))
    if candidates and (value := min(candidates)[2]) is not None:
        yield value
