"""The series that an expression of Prometheus reads, as far as its text shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Words that stand before a list of labels in parentheses.
_LABEL_LISTS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_WORDS = frozenset(
    {"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"}
    | {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile"}
)
_STRING = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`"
_TOKEN = re.compile(
    rf"(?P<comment>\#[^\n]*)|(?P<string>{_STRING})|(?P<braces>\{{(?:{_STRING}|[^{{}}\"'`])*\}})"
    r"|(?P<range>\[[^\]]*\])|(?P<number>\d[\w.]*)|(?P<name>[A-Za-z_:][\w:]*)|(?P<other>\S)"
)


def selectors_in(expression: str) -> list[str]:
    """Each selector of series, such as `up{job="shop"}`, once and without its range, in the order of the text.

    >>> selectors_in('sum by (job) (rate(errors_total{job="shop"}[5m])) / sum(rate(requests_total[5m])) > 0')
    ['errors_total{job="shop"}', 'requests_total']
    """
    return list(dict.fromkeys(_selectors(list(_tokens(expression)))))


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(expression):
        if match.lastgroup != "comment":
            yield str(match.lastgroup), match[0]


def _selectors(tokens: list[tuple[str, str]]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        kind, text = tokens[place]
        following = tokens[place + 1] if place + 1 < len(tokens) else ("", "")
        place += 1
        if kind == "braces":
            yield text
        elif kind != "name":
            continue
        elif text.lower() in _LABEL_LISTS:
            place = _after_parentheses(tokens, place)
        elif following[0] == "braces":
            yield text + following[1]
            place += 1
        elif following[1] != "(" and text.lower() not in _WORDS:
            yield text


def _after_parentheses(tokens: list[tuple[str, str]], place: int) -> int:
    if place < len(tokens) and tokens[place][1] == "(":
        while place < len(tokens) and tokens[place][1] != ")":
            place += 1
        return place + 1
    return place
