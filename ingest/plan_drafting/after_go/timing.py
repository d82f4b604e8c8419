"""When a section of a document applies: "(T+1 hour)", "T-0 to T+4 hours", "first week", "every 30 minutes"."""

from __future__ import annotations

import re

_UNIT = {"s": "s", "m": "m", "h": "h", "d": "d", "w": "w"}
_LENGTH = r"(\d{1,4})\s*(seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|h|days?|d|weeks?|w)?"
_MOMENT = re.compile(rf"\bT\s*([+\-–—−])\s*{_LENGTH}\b", re.IGNORECASE)
_EVERY = re.compile(rf"\b(?:every|each|alle|toutes les|cada|ogni)\s+{_LENGTH}\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:first|erste[nr]?|primera?s?|prim[oai]|premi(?:er|ère)s?|within|next)\s+(?:(\d{1,3})\s+)?"
    r"(hours?|days?|weeks?|stunden?|tage?|woche[n]?|heures?|jours?|semaines?|horas?|d[ií]as?|semanas?|ore|giorn[oi]"
    r"|settiman[ae]|uur|dagen|weken)\b|\b(\d{1,3})\s+(hours?|days?|weeks?)\s+(?:after|post|later)\b"
    r"|\b(day|week)\s*[- ]?(\d{1,3}|one|two)\b",
    re.IGNORECASE,
)
_WORD_UNITS = {"h": "h", "s": "w", "d": "d", "w": "w", "j": "d", "t": "d", "g": "d", "o": "h", "u": "h"}
_NUMBERS = {"one": 1, "two": 2}
_BEFORE = re.compile(r"\b(?:pre|before|prior|ahead|vor|avant|antes|prima|voor)\b|\bpre[- ]", re.IGNORECASE)
_LATER = re.compile(r"\b(?:post|after|following|nach|après|después|dopo|após|na)\b|\bpost[- ]", re.IGNORECASE)


def moments(text: str) -> list[tuple[str, str]]:
    """Each "T+4 hours" as (sign, duration), in order; a number without a unit has that of the next one."""
    found = [(m[1], m[2], (m[3] or "")[:1].lower()) for m in _MOMENT.finditer(text)]
    units = [unit for _, _, unit in found]
    known = next((unit for unit in units if unit), "h")
    return [
        ("+" if sign == "+" or not int(number) else "-", f"{number}{unit or known}") for sign, number, unit in found
    ]


def schedule_of(title: str, text: str) -> tuple[str, bool]:
    """When a message is due, in the words of a plan, and whether the document itself says so."""
    found = moments(text) or moments(title)
    every = _EVERY.search(text)
    rhythm = f"{every[1]}{(every[2] or 'm')[:1].lower()}" if every else ""
    if not found:
        if _BEFORE.search(title):
            return "T-24h", False
        if _LATER.search(title):
            return "T+24h", False
        return "T+0h", False
    start = f"T{found[0][0]}{found[0][1]}"
    end = f" until T{found[1][0]}{found[1][1]}" if len(found) > 1 else ""
    return (f"{start} every {rhythm}{end}" if rhythm and end else f"{start}{end}"), True


def judged_after(title: str) -> str:
    """How long after the deployment a section is judged: "1h" for "(T+1 hour)", "7d" for "first week"; "" if open."""
    if not any(m[3] for m in _MOMENT.finditer(title)):  # "T+60" may be minutes; "T+72" is hours
        title = _MOMENT.sub(lambda m: m[0] if int(m[2]) % 24 == 0 else " ", title)
    later = [length for sign, length in moments(title) if sign == "+" and not length.startswith("0")]
    if later:
        return later[-1]
    found = _AFTER.search(title)
    return _in_figures(found) if found else ""


def _in_figures(found: re.Match[str]) -> str:
    """ "first 3 days", "30 days after" or "week 2" as a duration."""
    number, unit = next((n, u) for n, u in ((found[1] or "1", found[2]), found.group(3, 4), found.group(6, 5)) if u)
    count = _NUMBERS.get(number.lower()) or int(number)
    return f"{count}{_letter(unit)}" if count else ""


def _letter(unit: str) -> str:
    word = unit.lower()
    if word.startswith(("st", "he", "ho", "or", "uu")):
        return "h"
    if word.startswith(("se", "wo", "we")):
        return "w"
    return "d"
