"""`tminus lint --json`: problems of plans and checklists, each with its place."""

from __future__ import annotations

from typing import Literal, TypedDict


class LintProblem(TypedDict):
    """One problem at one place."""

    file: str
    line: int  # from 1
    column: int  # from 1, in characters
    level: Literal["error", "warning"]
    path: str  # the TOML path; empty for a checklist and for a file that cannot be read
    message: str


class LintAnswer(TypedDict):
    """Every problem of every file."""

    schema: Literal["tminus.lint/1"]
    files: list[str]
    problems: list[LintProblem]  # by file, line and column
