"""Coverage badges: an SVG picture or the JSON behind it. A rounded number, yet often the only one with a history."""

from __future__ import annotations

import re

from ingest.readers.contract import Reader, ReadError, Reading, figure, one_line
from ingest.readers.text.json import load_object, text

LINE, BRANCH = "coverage_line_percent", "coverage_branch_percent"
_WHOLE_SVG = 64 * 1024  # the picture of a badge has some 2 kB
_NUMBER = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3})?)\s{0,2}%")
_WORD = re.compile(r"\b(?:coverage|codecov|coveralls)\b", re.IGNORECASE)
# Coverage of something else than lines: another number under the same word.
_OTHER = re.compile(r"\b(?:function|statement|doc|docs|docstring|type|types|mutation)s?\b", re.IGNORECASE)
_TEXT = re.compile(r">([^<>]{1,200})</(?:text|title|tspan|desc)>")
_LABEL = re.compile(r"<svg\b[^>]{0,1000}\baria-label=\"([^\"]{1,200})\"")


def _detect_svg(head: bytes, name: str) -> float:
    lower = head.lower()
    is_picture = b"<svg" in lower[:1000] and b"coverage" in lower and len(head) < _WHOLE_SVG
    return 0.8 if is_picture and _WORD.search(_words_of(head)) else 0.0


def _words_of(data: bytes) -> str:
    """The label for screen readers, else the words of the picture (each is there twice, for its shadow)."""
    body = data[:_WHOLE_SVG].decode("utf-8", "replace")
    label = _LABEL.search(body)
    if label and _WORD.search(label[1]):
        return label[1]
    return " ".join(dict.fromkeys(part.strip() for part in _TEXT.findall(body)))


def read_svg(data: bytes, name: str) -> Reading:
    """The percentage that the picture shows; NULL when it shows none, or several."""
    return _reading("badge-svg", _words_of(data))


def _detect_json(head: bytes, name: str) -> float:
    start = head[:4000]
    keys = (b'"schemaVersion"', b'"label"', b'"message"')
    return 0.8 if all(key in start for key in keys) and b"coverage" in start.lower() else 0.0


def read_json(data: bytes, name: str) -> Reading:
    """The endpoint format: label and message."""
    badge = load_object(data)
    return _reading("badge-json", f"{text(badge.get('label'))} {text(badge.get('message'))}")


def _reading(form: str, words: str) -> Reading:
    shown = repr(one_line(words, 60))
    if not _WORD.search(words) or _OTHER.search(words):
        raise ReadError(f"the badge {shown} is not about the coverage of lines or branches")
    metric = BRANCH if "branch" in words.lower() else LINE
    found = {float(number) for number in _NUMBER.findall(words)}
    if len(found) != 1:
        reason = f"the badge {shown} shows {'several percentages' if found else 'no percentage'}"
        return Reading(form, "badge", "", (figure(metric, None, reason=reason),))
    return Reading(form, "badge", "", (figure(metric, found.pop()),))


READERS = (
    Reader(
        "badge-svg",
        "coverage badge (SVG)",
        "anybadge 1.16, coverage-badge 1.1, genbadge 1.1",
        (LINE,),
        _detect_svg,
        read_svg,
    ),
    Reader(
        "badge-json",
        "coverage badge (JSON)",
        "shields.io endpoint, schema 1; jacoco-badge-generator 2.12",
        (LINE,),
        _detect_json,
        read_json,
    ),
)
