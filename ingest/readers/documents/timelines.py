"""Claimed timelines in a document ("Time to Deployment Ready: 4-6 weeks", "go-live by Q4") with their lines."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ingest.readers.documents.document_text import plain, repair, without_struck

MOST_BYTES = 2_000_000
MOST_LINE = 1_000
MOST_DAYS = 5 * 366  # who claims more gives no timeline
_EXCERPT = 300
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


class Timeline(NamedTuple):
    """`words` are the document's own ("4-6 weeks"); either a length in days (its latest end) or a day to be ready by.

    The day is (year or None, month, day): without a year it is the next such day after the words were written.
    """

    line: int
    words: str
    excerpt: str
    days: int | None
    until: tuple[int | None, int, int] | None

    def days_from(self, on: date) -> int | None:
        """The latest end in days after the day on which it was written; None where that lies before it."""
        if self.until is None:
            return self.days
        year, month, last = self.until
        due = _day(on.year if year is None else year, month, last)
        if year is None and due < on:
            due = _day(on.year + 1, month, last)
        ahead = (due - on).days
        return ahead if 0 <= ahead <= MOST_DAYS else None


_WHOLE = r"(?:production|prod|deployment|staging|release|launch|go-?live)"
_READY = rf"(?:{_WHOLE}[\s-]*(?:ready|readiness)|ready for {_WHOLE}|{_WHOLE})"
_LENGTH = (
    r"(?P<length>~?\s?(?:(?P<low>\d{1,3})\s?(?:-|–|—|to)\s?)?(?P<high>\d{1,3})\s?"
    r"(?P<work>(?:working|business)\s)?(?P<unit>day|week|month|quarter)s?)\b"
)
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = (
    r"(?P<date>(?P<iso>20\d\d-\d\d-\d\d)|(?:the )?(?:end of )?(?:Q(?P<quarter>[1-4])|"
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<m1>{_NAMES})|(?P<m2>{_NAMES})\.?(?:\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?)"
    r"(?:,?\s(?P<year>20\d\d))?)\b"
)
_PLANNED = r"(?:[:=]|(?:is |was )?(?:planned |scheduled |targeted )?(?:by|for|in|on))"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # as in: Estimated Time to Deployment Ready: 4-6 weeks
        rf"\b(?:time|timeline|eta)\b[^.;|:\d]{{0,24}}\b(?:to|until|for)\b[^.;|:\d]{{0,16}}?\b{_READY}\b[^.;\d]{{0,16}}"
        rf"{_LENGTH}",
        # as in: Full Production Ready Timeline: 7-10 days
        rf"\b{_READY}\s(?:timeline|eta)\b[^.;|\d]{{0,12}}{_LENGTH}",
        # as in: Timeline: 4-6 weeks to staging-ready
        rf"(?<![\d.-]){_LENGTH}\s(?:to|until)\s(?:the |full |being )?{_READY}\b",
        # as in: production ready by Q4 2025
        rf"\b(?:{_WHOLE}[\s-]ready|ready for (?:the )?{_WHOLE})\s(?:by|in|on|until)\s{_DATE}",
        # as in: Target go-live date: 31 October 2025
        rf"\b(?:target(?:ed)?|planned|expected|estimated|projected)\s{_WHOLE}(?:\sdate)?\s?(?:[:=]|by|is|in|on)\s?{_DATE}",
        rf"\b(?:go-?live|launch)(?:\sdate)?\s?{_PLANNED}\s?{_DATE}",
        # as in: GO in 3-5 days
        rf"(?-i:\bGO)\s(?:in|within|after)\s(?:about\s)?{_LENGTH}",
    )
)
# Where neither is found, no timeline is claimed: nearly all lines of nearly all documents. Both see lower case.
_HINT = re.compile(
    rb"\bgo (?:in|within|after)\b|read(?:y|iness)|timeline|go-?live|launch|production|deployment|staging"
)
_TIME = re.compile(rf"\d\s?(?:day|week|month|quarter|working|business)|20\d\d|\bq[1-4]\b|\b(?:{_NAMES})\b".encode())
_CONDITIONAL = re.compile(r"\b(?:if|unless|example|e\.g\.)\b", re.IGNORECASE)


def read_timelines(data: bytes) -> list[Timeline]:
    """Every claimed timeline of the document, by line; at most one a line."""
    if len(data) > MOST_BYTES or b"\0" in data[:8000]:
        return []
    one_ending = re.sub(rb"\r\n?", b"\n", data) if b"\r" in data else data
    return list(_claimed(one_ending))


def _claimed(data: bytes) -> Iterator[Timeline]:
    for number, raw in _worth_reading(data):
        text = without_struck(plain(repair(raw)))
        for pattern in _PATTERNS:
            match = pattern.search(text)
            if match and not _CONDITIONAL.search(text[: match.start()]) and (found := _timeline(number, text, match)):
                yield found
                break


def _worth_reading(data: bytes) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that name both a readiness and a time, found without splitting the others."""
    lowered, number, start, after = data.lower(), 1, 0, 0
    while hint := _HINT.search(lowered, after):
        number += lowered.count(b"\n", start, hint.start())
        start = lowered.rfind(b"\n", start, hint.start()) + 1 or start
        end = lowered.find(b"\n", hint.end())
        end = len(data) if end < 0 else end
        if _TIME.search(lowered, start, end):
            raw = data[start:end].decode("utf-8", "replace").removeprefix("\ufeff")
            if len(raw) <= MOST_LINE:
                yield number, raw
        after = end


def _timeline(number: int, text: str, match: re.Match[str]) -> Timeline | None:
    groups = match.groupdict()
    if groups.get("length"):
        each = _DAYS[groups["unit"].lower()] * (1.4 if groups["work"] else 1.0)
        days = math.ceil(int(groups["high"]) * each)
        return (
            Timeline(number, groups["length"].strip(), text[:_EXCERPT], days, None) if 0 < days <= MOST_DAYS else None
        )
    until = _until(groups)
    return Timeline(number, f"by {groups['date']}", text[:_EXCERPT], None, until) if until else None


def _until(groups: dict[str, str | None]) -> tuple[int | None, int, int] | None:
    """The last day that the words allow."""
    if groups["iso"]:
        try:
            found = date.fromisoformat(groups["iso"])
        except ValueError:
            return None
        return found.year, found.month, found.day
    year = int(groups["year"]) if groups["year"] else None
    if groups["quarter"]:
        return year, 3 * int(groups["quarter"]), 31
    month = _MONTHS[(groups["m1"] or groups["m2"] or "").lower()]
    day = int(groups["d1"] or groups["d2"] or 31)
    return (year, month, day) if 1 <= day <= 31 else None


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
