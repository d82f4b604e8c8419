"""What a forge shows beside the lines of a change: GitHub's workflow commands, GitLab's Code Quality report.

Formats: https://docs.github.com/actions/reference/workflow-commands-for-github-actions and
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Literal, NamedTuple

from app.answers.types.status import CheckAnswer
from app.wording.change.ratchet import before_after, outcome_text
from app.wording.numbers import quantity, wanted
from app.wording.status import STATE_WORDS

Level = Literal["error", "warning", "notice"]
_SEVERITY = {"error": "major", "warning": "minor", "notice": "info"}
_ORDER: tuple[Level, ...] = ("error", "warning", "notice")


class Annotation(NamedTuple):
    """One remark at a line of a file; `id` names the rule behind it."""

    level: Level
    path: str
    line: int
    title: str
    message: str
    id: str


def annotations_of(answer: CheckAnswer, plan_path: str, lines: dict[str, int]) -> list[Annotation]:
    """The remarks of a check, errors first: with a baseline what the change does, else what fails."""
    found = _of_ratchet(answer, plan_path) if "ratchet" in answer else _of_verdict(answer, plan_path, lines)
    return sorted(found, key=lambda one: (_ORDER.index(one.level), one.path, one.line))


def _of_ratchet(answer: CheckAnswer, plan_path: str) -> list[Annotation]:
    levels: dict[str, Level] = {"worse": "error", "not_comparable": "error", "tolerated": "warning"}
    ratchet = answer["ratchet"]
    found = [
        Annotation(
            "notice" if one["accepted"] else levels[one["outcome"]],
            plan_path,
            one["line"] or 1,
            f"{one['title']}: {outcome_text(one)}",
            before_after(one),
            one["id"],
        )
        for one in ratchet["criteria"]
        if one["outcome"] in levels
    ]
    return found + [
        Annotation("warning", m["path"], m["line"] or 1, f"new {m['label']}", m["text"] or m["label"], "marker")
        for m in ratchet["opened"]
    ]


def _of_verdict(answer: CheckAnswer, plan_path: str, lines: dict[str, int]) -> list[Annotation]:
    found = []
    for gate in answer["gates"]:
        for one in gate["criteria"]:
            if one["state"] in ("passing", "waived", "not_applicable"):
                continue
            level: Level = "error" if one["state"] == "failing" else "warning"
            value = quantity(one["value"], one["unit"], one["threshold"])
            message = f"{value}, needs {wanted(one)}. {one['because']}"
            title = f"{one['title']}: {STATE_WORDS[one['state']]}"
            found.append(Annotation(level, plan_path, lines.get(one["id"], 1), title, message, one["id"]))
    return found


def github_commands(annotations: Sequence[Annotation]) -> str:
    """One workflow command a line. GitHub shows ten errors and ten warnings of a step: the first ones."""
    return "".join(
        f"::{one.level} file={_property(one.path)},line={one.line},title={_property(one.title)}::{_data(one.message)}\n"
        for one in annotations
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab_code_quality(annotations: Sequence[Annotation]) -> str:
    """GitLab's list of issues. A fingerprint names the same issue in the next run, though its line may have moved."""
    seen: dict[str, int] = {}
    issues = []
    for one in annotations:
        key = "\0".join((one.id, one.path, one.title if one.id != "marker" else one.message))
        seen[key] = seen.get(key, 0) + 1
        fingerprint = hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()
        issues.append(
            {
                "description": f"{one.title}: {one.message}",
                "check_name": f"tminus/{one.id}",
                "fingerprint": fingerprint,
                "severity": _SEVERITY[one.level],
                "location": {"path": one.path, "lines": {"begin": one.line}},
            }
        )
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
