"""Checks the table of a source in tminus.toml: every problem at once, each with its TOML path."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from ingest.source import SourceError

# Keys that the pull itself puts into every table or reads from it.
_ALWAYS = {"branch": "", "enabled": True}


def checked(table: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with `defaults` filled in; a value must have the type of its default.

    A default that is a type instead of a value (`str`) makes the key mandatory. SourceError lists all problems.
    """
    known = {**_ALWAYS, **defaults}
    problems = [f"{table}.{key}: unknown key{_hint(key, known)}" for key in given if key not in known]
    result: dict[str, Any] = {}
    for key, default in known.items():
        wanted = default if isinstance(default, type) else type(default)
        if key not in given or given[key] == "":
            if isinstance(default, type):
                problems.append(f"{table}.{key}: missing")
            result[key] = default
        elif _fits(given[key], wanted):
            result[key] = given[key]
        else:
            problems.append(f"{table}.{key}: must be {_ARTICLES[wanted]}, found {given[key]!r}")
    if problems:
        raise SourceError("; ".join(problems))
    return result


_ARTICLES = {
    str: "a text",
    int: "a whole number above 0",
    float: "a number above 0",
    bool: "true or false",
    list: "a list of texts",
    tuple: "a list of tables",
    dict: "a table",
}


def _fits(value: Any, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if wanted is list:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if wanted is tuple:
        return isinstance(value, list | tuple) and all(isinstance(part, Mapping) for part in value)
    return isinstance(value, Mapping) if wanted is dict else isinstance(value, wanted)


def _hint(key: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(key, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else f"; known: {', '.join(sorted(known))}"
