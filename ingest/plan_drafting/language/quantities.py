"""Figures in words: "<10MB/hr", "Minimum 15%", "8.2/10", "39+", "zero" -> comparator, value and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Comparator = Literal[">", ">=", "<", "<=", "=="]

_NUMBER = r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9}|,\d{1,2}(?!\d))?)"
_UNIT = (
    r"(?P<unit>\s?%|\s?(?:percent|per cent|prozent|procent|pour cent|por ciento|por cento|per cento)\b"
    r"|\s?(?:[kmgt]i?b|ko|bytes?|octets?)\b|\s?(?:ms|milliseconds?|millisekunden|s|sec(?:onds?)?|sekunden?"
    r"|secondes?|segundos?"
    r"|second[io]|seconden|min(?:utes?)?|minuten?|minutos?|minut[io]|hours?|hrs?|h|days?)\b"
    r"|\s?/\s?\d{1,3}(?:\.\d+)?(?![\d%]))?"
)
_PER = r"(?P<per>\s?(?:/|per|pro|par|por|all'|all’)\s?(?:hours?|hrs?|h|stunde|heure|hora|ora|uur)\b)?"
_FIGURE = re.compile(_NUMBER + r"(?P<plus>\+)?" + _UNIT + _PER, re.IGNORECASE)
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_BYTES |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40, "byte": 1, "bytes": 1}
_BYTES |= {"ko": 10**3, "octet": 1, "octets": 1}
_SHARES = ("%", "percent", "per cent", "prozent", "procent", "pour cent", "por ciento", "por cento", "per cento")
_LENGTHS: tuple[tuple[str, float], ...] = (
    ("ms", 0.001),
    ("mil", 0.001),
    ("min", 60),
    ("h", 3600),
    ("day", 86400),
    ("s", 1),
)  # the first that the unit starts with
# What is before the number decides how it is compared. "not below" is "at least": negations are read first.
_LESS = (
    r"(?:<|&lt;|under|below|beneath|less than|lower than|fewer than|faster than|smaller than|shorter than"
    r"|unter|weniger als|kleiner(?: als)?|geringer als|niedriger als"
    r"|moins de|inférieure?s? à|sous|en dessous de|au-dessous de"
    r"|menos del?|menor (?:que|al?|del?|do que)|inferior al?|por debajo del?|debajo del?|abaixo d[eo]|bajar del?|bajo"
    r"|meno d(?:i|el|ell')|inferiore a(?:l|ll')?|minore di|sotto|al di sotto d(?:i|el|ell')|minder dan|lager dan"
    r"|kleiner dan|onder)"
)
_MORE = (
    r"(?:>|&gt;|over|above|beyond|more than|greater than|exceeds?|exceeding|exceeded|surpass(?:es)?|higher than"
    r"|larger than|bigger than|longer than|slower than|über|ueber|mehr als|größer(?: als)?|höher als|oberhalb von"
    r"|übersteig(?:t|en)|überschreit(?:et|en)|plus de|supérieure?s? à|au-dessus de|dépass(?:e|er|ent)|más del?"
    r"|mas del?"
    r"|mayor (?:que|al?|del?)|superior al?|por encima del?|excede[r]?|più d(?:i|el|ell')|superiore a(?:l|ll')?"
    r"|maggiore di"
    r"|sopra|oltre|mais de|maior (?:que|do que)|acima d[eo]|pass(?:ar|e|a) d[eo]|excede|ultrapass(?:a|e|ar)"
    r"|super(?:a|e|ar|are|i)"
    r"|meer dan|hoger dan|groter dan|boven|overschrijdt|overschrijden)"
)
_NOT = (
    r"(?:(?:(?:does|do|may|might|could|would|darf|dürfen|mag) )?(?:not|nicht|niet)|never|no|nor|cannot|can't|"
    r"doesn't|don't|mustn't|shouldn't|won't|isn't|aren't|nie|niemals|keine?|"
    r"ne|pas|jamais|nunca|non|mai|não|nao|nooit|geen)"
)
_MOVES = (
    r"(?:\s+(?:ever|be|is|are|go(?:es)?|falls?|drops?|dips?|sinks?|rises?|climbs?|gets?|stays?|doit|doivent|être|est"
    r"|pas|descendre|tomber|passer|pode|puede|può|podrá|darf|mag"
    r"|debe|deben|ser|estar|caer|bajar|subir|deve|devono|essere|scendere|salire|cair|descer|ficar|zijn|komen|fallen"
    r"|sinken|liegen|steigen|allowed|permitted|to)){0,4}"
)
_ARTICLE = (
    r"(?:\s+(?:pas|jamais|the|el|la|le|les|los|las|il|lo|i|gli|den|der|die|das|dem|de|het|os?|as?|al|del|della|dello"
    r"|alla|an"
    r"|un|uma?|une|una|ein(?:e[nmr]?)?|een)\b"
    r"|\s?(?:l|all|dell|dall|d)')?"
)
_SIGNS: tuple[tuple[str, Comparator], ...] = (
    (rf"{_NOT}{_MOVES}\s+{_LESS}{_ARTICLE}", ">="),
    (rf"{_NOT}{_MOVES}\s+{_MORE}{_ARTICLE}", "<="),
    (
        r"(?:>=|=>|≥|⩾|&gt;=|at least|at or above|equal to or (?:above|greater than)|a minimum of|minimum(?: of| de"
        r"| van| von)?"
        r"|min\.?|no less than|not less than"
        r"|mindestens|mind\.?|wenigstens|minimal|au moins|au minimum|al menos|como mínimo|por lo menos|mínimo|almeno"
        r"|come minimo|minimo|pelo menos"
        r"|no mínimo|ao menos|minstens|ten minste|minimaal|(?:mínim[oa]|minim[oa]|minimale)(?: d(?:e|el|i|o|a))?)"
        rf"{_ARTICLE}",
        ">=",
    ),
    (
        r"(?:<=|=<|≤|⩽|&lt;=|at most|at or (?:below|under)|a maximum of|maximum(?: of| de| van| von)?|max\.?"
        r"|no more than"
        r"|not more than|up to|within"
        r"|höchstens|maximal|bis zu|innerhalb von|au plus|au maximum|como máximo|a lo sumo|máximo|al massimo|massimo"
        r"|no máximo|hoogstens|maximaal|ten hoogste|binnen|(?:máxim[oa]|massim[oa]|maximale)(?: d(?:e|el|i|o|a))?"
        r"|innerhalb|dans un délai de|jusqu'à|hasta|até|fino a(?:l|ll')?|entro|dentro de)"
        rf"{_ARTICLE}",
        "<=",
    ),
    (rf"{_MORE}{_ARTICLE}", ">"),
    (rf"{_LESS}{_ARTICLE}", "<"),
    (r"(?:==?|exactly)", "=="),
)
_COMPARED = tuple(
    (re.compile(rf"(?<![\w<>=!≤≥~¬-])(?:{sign})\s*[:~]?\s*$", re.IGNORECASE), comparator) for sign, comparator in _SIGNS
)
_LEAST_AFTER = (
    r"or more|or better|or higher|or above|or greater|and more|and above|and higher|and up|at least|minimum|min\b"
    r"|oder mehr|oder höher|ou plus|ou mieux|o más|o mas|o más alto|o più|ou mais|of meer|of hoger"
    r"|(?:darf )?nicht unterschreiten|ou supérieure?|o superior|o superiore"
    r"|mindestens|au minimum|mínim[oa]|minim[oa]|como mínimo|no mínimo|come minimo|al menos|pelo menos|minimaal"
    r"|minstens"
)
_MOST_AFTER = (
    r"or less|or fewer|or lower|or below|or under|or faster|and below|at most|tops|maximum|max\b|oder weniger|ou moins"
    r"|o menos|o meno|ou menos|of minder|(?:darf )?nicht (?:überschreiten|übersteigen)|niet overschrijden"
    r"|ou inférieure?|o inferior|o inferiore|o menor|o inferiori"
    r"|höchstens|maximal|au maximum|máxim[oa]|massim[oa]|como máximo|no máximo|al massimo|maximaal|hoogstens"
)
_AFTER: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (re.compile(rf"^,?\s*(?:{_LEAST_AFTER})(?!\w)(?!\s+than)", re.IGNORECASE), ">="),
    (re.compile(rf"^,?\s*(?:{_MOST_AFTER})(?!\w)(?!\s+than)", re.IGNORECASE), "<="),
)
_WIDEST_SIGN = 60  # characters before a number in which its comparison is looked for
# "10m 00s", "1h 30m": one length of time, not two figures.
_CLOCKED = re.compile(
    r"(?<![\w.,])(?:(?P<hours>\d{1,4})\s?h(?:ours?|rs?)?\s?(?=\d))?(?P<minutes>\d{1,4})\s?m(?:in(?:utes?)?)?"
    r"(?:\s?(?P<seconds>\d{1,2})\s?s(?:ec(?:onds?)?)?)?\b",
    re.IGNORECASE,
)
_ZERO = re.compile(r"\b(?:zero|no)\s+(?=[a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, normalised (bytes, seconds, percent, bytes per hour), and the words it came from.

    `dimension` is "share", "bytes", "seconds", "bytes/hour", "mark" (x of `of`) or "" for a bare number;
    `comparator` is None where the words only state the figure; `start` is its place in the text.
    """

    value: float
    dimension: str
    words: str
    start: int
    end: int
    comparator: Comparator | None = None
    of: float | None = None


def figures(text: str) -> list[Quantity]:
    """Every figure of a line, left to right. Versions (3.0.3), ranges (5-10), dates and times of day are no"
    " figures."""
    found = _clocked(text[:2000])
    spans = [(figure.start, figure.end) for figure in found]
    for match in _FIGURE.finditer(text[:2000]):
        if any(start <= match.start() < end for start, end in spans):
            continue
        after = text[match.end() : match.end() + 1]
        if re.match(r"\.\d|[-–:]\d|[A-Za-z_]", text[match.end() : match.end() + 2]) and after != " ":
            continue
        if re.search(r"(?:\d[-–:./]|[A-Za-z]-)$", text[max(0, match.start() - 2) : match.start()]):
            continue
        found.append(_figure(text, match))
    return sorted(found, key=lambda figure: figure.start)


def is_bare(text: str) -> bool:
    """Whether its figures are compared with nothing: "Error rate 5%"."""
    found = figures(text)
    return bool(found) and all(figure.comparator is None for figure in found)


def _clocked(text: str) -> list[Quantity]:
    """Times of two parts; minutes alone are left to the words of units, since "10m" may mean metres or millions."""
    found = []
    for match in _CLOCKED.finditer(text):
        if match["hours"] is None and match["seconds"] is None:
            continue
        value = 3600 * int(match["hours"] or 0) + 60 * int(match["minutes"]) + int(match["seconds"] or 0)
        comparator, start, end = _comparator(text, match)
        found.append(Quantity(value, "seconds", text[start:end].strip(), start, end, comparator))
    return found


def demands(text: str) -> list[Quantity]:
    """Figures that are compared with something; "zero X" and "no X" demand 0."""
    compared = [figure for figure in figures(text) if figure.comparator]
    if compared:
        return compared
    zero = _ZERO.search(text)
    return [Quantity(0.0, "", zero.group().strip(), zero.start(), zero.end(), "<=")] if zero else []


def _figure(text: str, match: re.Match[str]) -> Quantity:
    number = _number(match["number"])
    unit = (match["unit"] or "").strip().lower()
    value, dimension, of = _normalised(number, unit, bool(match["per"]))
    comparator, start, end = _comparator(text, match)
    if comparator is None and match["plus"]:
        comparator = ">="
    return Quantity(value, dimension, text[start:end].strip(), start, end, comparator, of)


def _number(digits: str) -> float:
    """ "1,200" has a thousand in it, "61,2" a decimal comma."""
    whole, comma, rest = digits.rpartition(",")
    if comma and len(rest) < 3:
        return float(f"{whole.replace(',', '')}.{rest}")
    return float(digits.replace(",", ""))


def _comparator(text: str, match: re.Match[str]) -> tuple[Comparator | None, int, int]:
    """How the number is compared, and from where to where the words of the comparison go."""
    before = text[max(0, match.start() - _WIDEST_SIGN) : match.start()]
    for pattern, comparator in _COMPARED:
        if sign := pattern.search(before):
            return comparator, match.start() - len(before) + sign.start(), match.end()
    for pattern, comparator in _AFTER:
        if sign := pattern.match(text[match.end() : match.end() + _WIDEST_SIGN]):
            return comparator, match.start(), match.end() + sign.end()
    return None, match.start(), match.end()


def _normalised(number: float, unit: str, per_hour: bool) -> tuple[float, str, float | None]:
    if unit in _SHARES:
        return number, "share/hour" if per_hour else "share", None
    if unit.startswith("/"):
        return number, "mark", float(unit[1:])
    if unit in _BYTES:
        return number * _BYTES[unit], "bytes/hour" if per_hour else "bytes", None
    value, dimension = _in_seconds(number, unit)
    return value, dimension + ("/hour" if per_hour else ""), None


def _in_seconds(number: float, unit: str) -> tuple[float, str]:
    """A length of time in seconds; the number alone where the unit is none of time."""
    factor = next((factor for start, factor in _LENGTHS if unit.startswith(start)), None)
    return (number, "") if factor is None or not unit else (number * factor, "seconds")


def in_unit(figure: Quantity, unit: str) -> float | None:
    """The figure in a metric's own unit, or None when it measures something else."""
    if figure.dimension == "mark":
        return _mark_in_unit(figure, unit)
    if figure.dimension != _DIMENSION_OF.get(unit, ""):
        return None
    return figure.value / 1e6 if unit == "MB/h" else figure.value


_DIMENSION_OF = {"percent": "share", "bytes": "bytes", "seconds": "seconds", "MB/h": "bytes/hour"}


def _mark_in_unit(figure: Quantity, unit: str) -> float | None:
    """A mark like 85/100 as percent or points; 6/7 tests are six of them."""
    if unit in ("percent", "points"):
        return figure.value if figure.of == 100 else None
    return None if unit in _DIMENSION_OF else figure.value


def unit_of(figure: Quantity) -> str:
    """The unit's name for a criterion that no metric measures."""
    if figure.dimension == "mark":
        return f"points of {figure.of:g}"
    return {"share": "percent", "bytes": "bytes", "seconds": "seconds", "bytes/hour": "bytes/h"}.get(
        figure.dimension, ""
    )
