"""Checks of values in tminus.toml that the project, the counters and the sources share: types, unknown keys, hints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

# What a value of each type is called in a message.
TYPE_NAMES: Mapping[type, str] = {
    str: "a text",
    int: "a whole number above 0",
    float: "a number above 0",
    bool: "true or false",
    date: "a day like 2026-01-31",
    list: "a list of texts",
    tuple: "a list of tables",
    dict: "a table",
}


def hint(key: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown key: the one that looks like it, else all known ones."""
    names = list(known)
    close = get_close_matches(key, names, n=1)
    return f" (did you mean {close[0]!r}?)" if close else f"; known: {', '.join(sorted(names))}"


def is_list_of_texts(value: Any) -> bool:
    """Whether the value is a list with nothing but texts."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def has_type(value: Any, wanted: type) -> bool:
    """Whether a value of the file has the type; a number is above 0, a list holds texts, a tuple means tables."""
    check = _CHECKS.get(wanted)
    return check(value) if check else isinstance(value, wanted)


def _is_number_above_zero(value: Any, kinds: Any) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool) and bool(value > 0)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, Mapping) for part in value)


_CHECKS: Mapping[type, Callable[[Any], bool]] = {
    float: lambda value: _is_number_above_zero(value, int | float),
    int: lambda value: _is_number_above_zero(value, int),
    list: is_list_of_texts,
    tuple: _is_list_of_tables,
    dict: lambda value: isinstance(value, Mapping),
}
