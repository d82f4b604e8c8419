"""Checks the table of a source in tminus.toml: every problem at once, each with its TOML path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.source import SourceError
from ingest.table_checks import TYPE_NAMES, has_type, hint

# Keys that the pull itself puts into every table or reads from it.
_ALWAYS = {"branch": "", "enabled": True}


def checked(table: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with `defaults` filled in; a value must have the type of its default.

    A default that is a type instead of a value (`str`) makes the key mandatory. SourceError lists all problems.
    """
    result, problems = check_table(table, given, defaults)
    if problems:
        raise SourceError("; ".join(problems))
    return result


def check_table(table: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The same as `checked`, with the problems as a list."""
    known = {**_ALWAYS, **defaults}
    problems = [f"{table}.{key}: unknown key{hint(key, known)}" for key in given if key not in known]
    result: dict[str, Any] = {}
    for key, default in known.items():
        wanted = default if isinstance(default, type) else type(default)
        if key not in given or given[key] == "":
            if isinstance(default, type):
                problems.append(f"{table}.{key}: missing")
            result[key] = default
        elif has_type(given[key], wanted):
            result[key] = given[key]
        else:
            problems.append(f"{table}.{key}: must be {TYPE_NAMES[wanted]}, found {given[key]!r}")
    return result, problems
