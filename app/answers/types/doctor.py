"""`tminus doctor --json` and `tminus lint --json`: what is wrong or missing, each with its place or the next step."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

Level: TypeAlias = Literal["good", "note", "warning", "error"]


class FindingAnswer(TypedDict):
    """One finding."""

    level: Level
    what: str
    next: str  # the next step; empty where there is nothing to do


class DoctorAnswer(TypedDict):
    """Every finding about machine, configuration, repository, pulls and evidence."""

    schema: Literal["tminus.doctor/1"]
    findings: list[FindingAnswer]


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
