"""Sentences are made once and never taken apart again."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.testing.reason_examples import GOLD, text

APP = Path(__file__).parents[3] / "app"
# Modules that may use regular expressions, and on what: never on a sentence of app/wording.
EXPRESSIONS = {
    "maintenance/tables.py": "the markers around a generated table in a page of docs",
    "steps/date/what_if.py": "what a user writes on the command line or in a link",
    "reports/html.py": "the headings of the written review, which is Markdown",
    "answers/message_draft.py": "the placeholders of a message, written in the plan",
    "delivery/address.py": "the scheme of an address, and the name of a variable that holds it",
    "delivery/apprise.py": "the status that a service answered with, in the words of a library",
    "wording/text.py": "whole commit hashes in a locator, to shorten them",
    "reports/markdown.py": "characters with a meaning in Markdown, to escape them",
    "dashboard/tables/download.py": "characters with a meaning in Markdown, to escape them; names of files",
    "reports/spreadsheet.py": "beginnings of cells that a spreadsheet would run",
    "command_line/safe_output.py": "control characters, to show them",
    "dashboard/markup/tables.py": "blanks of a cell where no line may break: typography",
    "dashboard/tables/common.py": "the percentage in a gate's claim, words of the document; whole commit hashes",
    "dashboard/tables/stages.py": "the boxes of a stage, words of the document",
    "dashboard/entry/page_head.py": "what a script of Streamlit imports",
    "dashboard/meeting/frozen.py": "the markup of a frozen review, stored as HTML: its body and its pictures",
}
# Those of them that are run over any shown text: they change its look, never its words.
TYPOGRAPHY = {
    "reports/markdown.py",
    "reports/spreadsheet.py",
    "dashboard/tables/download.py",
    "dashboard/markup/tables.py",
    "dashboard/tables/common.py",
}


def modules() -> list[Path]:
    """Every module of the app."""
    return [path for path in sorted(APP.rglob("*.py")) if "_data" not in path.parts]


def uses_expressions(source: str) -> bool:
    """Whether a module imports `re`."""
    return any(
        (isinstance(node, ast.Import) and any(alias.name == "re" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "re")
        for node in ast.walk(ast.parse(source))
    )


def patterns(source: str) -> list[str]:
    """The patterns that a module compiles or applies."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def test_regular_expressions_are_used_only_where_listed() -> None:
    """A module of the app that uses them is in the list above with the text that it reads."""
    found = {p.relative_to(APP).as_posix() for p in modules() if uses_expressions(p.read_text(encoding="utf-8"))}

    assert found == set(EXPRESSIONS)


@pytest.mark.parametrize("name", sorted(set(EXPRESSIONS) - TYPOGRAPHY))
def test_no_expression_matches_a_sentence_of_ours(name: str) -> None:
    """No pattern of these modules matches a sentence that app/wording makes of a reason."""
    for pattern in patterns((APP / name).read_text(encoding="utf-8")):
        assert not [sentence for reason, _ in GOLD if re.match(pattern, sentence := text(reason))], pattern


def test_the_guard_finds_a_planted_expression() -> None:
    """A module that imports `re` is found, and so is the pattern that it applies."""
    planted = 'import re\nDAYS = re.compile(r" for (\\d+) days$")'

    assert uses_expressions(planted)
    assert patterns(planted) == [r" for (\d+) days$"]
    assert not uses_expressions("import random")
