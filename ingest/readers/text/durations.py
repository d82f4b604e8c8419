"""Seconds out of the text of a report, whatever the language of the machine that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.readers.contract import number

LONGEST_TEST = 86_400.0  # seconds; a CI job ends long before one test of it has run for a day
UNSURE = "a comma in a duration may be the decimal sign or a thousands sign, and nothing in the report decides it"
# 2,120.532 and 1,234,567: groups of three digits, the first without a leading zero. The last may be read both ways.
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,20})?")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2},\d{3}")
_DECIMAL_COMMA = re.compile(r"(?:\d{1,15}|[1-9]\d{0,2}(?:\.\d{3})+),\d{1,20}")


def has_decimal_comma(texts: Iterable[str]) -> bool | None:
    """Whether commas are decimal signs in a report, from all its durations; None where they decide nothing or both."""
    found = {decided for text in texts if "," in text and (decided := _comma_is_decimal(text.strip())) is not None}
    return found.pop() if len(found) == 1 else None


def seconds_of(text: str | None, decimal_comma: bool | None = None) -> float | None:
    """The number of a duration: "0.69", "0,69", "2,120.532", "2.120,532"; None where it is ambiguous."""
    words = (text or "").strip()
    if "," not in words:
        return number(words)
    decided = _comma_is_decimal(words)
    comma = decimal_comma if decided is None else decided
    if comma is None or not (_DECIMAL_COMMA if comma else _THOUSANDS).fullmatch(words):
        return None
    return number(words.replace(".", "").replace(",", ".") if comma else words.replace(",", ""))


def is_unsure(text: str | None, decimal_comma: bool | None) -> bool:
    """Whether the text is a duration that may be read in two ways."""
    return decimal_comma is None and bool(_ONE_GROUP.fullmatch((text or "").strip()))


def _comma_is_decimal(text: str) -> bool | None:
    """True for a decimal comma, False for a thousands sign, None for both and neither."""
    if _ONE_GROUP.fullmatch(text):
        return None
    if _THOUSANDS.fullmatch(text):
        return False
    return True if _DECIMAL_COMMA.fullmatch(text) else None


def implausible_test(seconds: float) -> str:
    """Why a test cannot have run that long; empty where it can. A test of 31 years took a second, in nanoseconds."""
    if seconds <= LONGEST_TEST:
        return ""
    length = f"{seconds / LONGEST_TEST:,.1f} days" if seconds < 1e8 else f"{seconds / 31_557_600:,.1f} years"
    return f"the report gives one test {length}: that cannot be true, the unit may be another one"
