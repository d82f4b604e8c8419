"""Baseline files of linters and type checkers: each lists the faults that a project has agreed to live with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Baseline(NamedTuple):
    """One kind of baseline file: how it is named, and what one accepted fault looks like in it."""

    counter: str
    title: str
    name: re.Pattern[str]
    pattern: str


KINDS = (
    Baseline(
        "phpstan-baseline",
        "Faults in PHPStan's baseline",
        re.compile(r"phpstan[\w.-]*baseline[\w.-]*\.neon$"),
        r"^\s*message:",
    ),
    Baseline(
        "psalm-baseline", "Faults in Psalm's baseline", re.compile(r"psalm[\w.-]*baseline[\w.-]*\.xml$"), r"<code>"
    ),
    Baseline(
        "rubocop-todo", "Cops in RuboCop's todo list", re.compile(r"\.rubocop_todo\.yml$"), r"^[A-Z]\w*(?:/\w+)+:"
    ),
    Baseline(
        "detekt-baseline",
        "Faults in detekt's baseline",
        re.compile(r"detekt[\w.-]*baseline[\w.-]*\.xml$|baseline-detekt\.xml$"),
        r"<ID>",
    ),
    Baseline("lint-baseline", "Faults in Android lint's baseline", re.compile(r"lint-baseline\.xml$"), r"<issue\b"),
    Baseline(
        "eslint-suppressions", "Rules suppressed by ESLint", re.compile(r"eslint-suppressions\.json$"), r"\"count\"\s*:"
    ),
    Baseline("mypy-baseline", "Errors in mypy's baseline", re.compile(r"mypy-baseline\.txt$"), r": error:"),
)


def baseline_counters(paths: Iterable[str]) -> dict[str, dict[str, object]]:
    """A counter for each kind of baseline that lies in the tree, over the files of that kind."""
    found: dict[str, dict[str, object]] = {}
    listed = sorted(paths)
    for kind in KINDS:
        mine = [path for path in listed if kind.name.search(path.rpartition("/")[2])]
        if mine:
            found[kind.counter] = {"kind": "matches", "title": kind.title, "pattern": kind.pattern, "paths": mine}
    return found
