"""The sentences of the models as people read them: units and signs as people write them, titles for ids."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.wording.numbers import COMPARATOR_SIGNS, demand, quantity
from app.wording.text import count, span

# A byte figure in a sentence of the models: a number of five digits or more.
_BYTES_IN_WORDS = re.compile(r"(?<![\d.,])(\d{5,}(?:\.\d+)?)(?![\d.])")
# A comparison in a sentence of the models: "13.79 is not > 15 percent".
_NUMBER = r"-?\d[\d.]*(?:e[+-]?\d+)?"
_COMPARED = re.compile(rf"({_NUMBER}) (is|is not) (>=|<=|==|>|<) ({_NUMBER})(?: (bytes|percent)\b)?")


def readable(text: str) -> str:
    """A sentence of the models as people read it: "is not <= 10000000 bytes" as "is not ≤ 10 MB"."""
    shorter = _COMPARED.sub(_compared, text)
    shorter = re.sub(r"(>=|<=|==) (?=-?\d)", lambda found: f"{COMPARATOR_SIGNS[found[1]]} ", shorter)
    shorter = re.sub(r"(?<=\d) percent\b", "%", re.sub(r"(?<=\d) points (?=of \d)", " ", shorter))
    shorter = re.sub(r"(?<=[≥≤=<>] )(1 [a-z]+)s\b(?! of)", r"\1", shorter)
    shorter = re.sub(r"(?<=not older than )(\d+) days", lambda found: _years(int(found[1])), shorter)
    if " bytes" not in shorter:
        return shorter
    shorter = _BYTES_IN_WORDS.sub(lambda found: quantity(float(found[1]), "bytes"), shorter)
    return re.sub(r"(\d [kMG]?B) bytes", r"\1", shorter)


def _years(days: int) -> str:
    return span(days) if days >= 730 else count(days, "day")


def _compared(found: re.Match[str]) -> str:
    value, verb, sign, threshold, unit = found.groups()
    limit = float(threshold)
    if unit not in ("bytes", "percent"):
        told = re.sub("^-", "−", value)
        return f"{told} {verb} {COMPARATOR_SIGNS[sign]} {threshold}{f' {unit}' if unit else ''}"
    return f"{quantity(float(value), unit, limit)} {verb} {demand(sign, limit, unit)}"


def named(because: str, titles: Mapping[str, str]) -> str:
    """A reason of the models with titles where it lists ids: "measure a, b and 3 more"."""
    if not titles:
        return because
    ids = "|".join(re.escape(name) for name in sorted(titles, key=len, reverse=True))
    place = r"(?:^|(?<=measure )|(?<=measuring )|(?<=, )|(?<=\())"
    return re.sub(rf"{place}({ids})(?=$|[,;:)]| and \d+ more| will not)", lambda found: titles[found[1]], because)
