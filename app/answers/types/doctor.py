"""`tminus doctor --json`: what is wrong or missing, each with the next step."""

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
