"""Phases, rollout stages and rollback procedures of a document -> [[stage]], [[runbook]] and [[drill]] tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.plan_drafting.draft import IdPool, number, tidy_title
from ingest.plan_drafting.language.quantities import figures
from ingest.plan_drafting.stages import WHEN, duration_of, tick
from ingest.readers.documents.checklist_model import Code, Entry, Paragraph, Section, Table

_STAGE = re.compile(r"^\s*(?:#|//|--|;)?\s*((?:stage|step|wave|ring|phase)\s*#?\d+\b.*)$", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(?:#(?!!)|//|--|REM\b|::)\s*(.+)$")
_SHELLS = (
    "",
    "bash",
    "sh",
    "shell",
    "zsh",
    "fish",
    "console",
    "shell-session",
    "powershell",
    "ps1",
    "pwsh",
    "bat",
    "cmd",
)
_PROMPT = re.compile(r"^\s*(?:\$|PS[^>]{0,40}>)\s+")
_USERS = re.compile(r"(\d[\d,]*)\+?\s*(?:users?|people|accounts|customers|testers)\b", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s?%")
_SOAK = re.compile(
    r"\b(?:soak|bake|observe|watch|monitor|wait|hold|beobachten|warten)\w*\b[^.;]{0,30}?\b(\d{1,3}|an?|one)\s*"
    r"(minutes?|mins?|hours?|hrs?|h|days?|weeks?)\b",
    re.IGNORECASE,
)
_ONE = {"a": "1", "an": "1", "one": "1"}
_ADDRESS = re.compile(r"https?://[^\s'\"`)>\]|]+")
# A name in angle brackets is to be filled in; left as it is, a shell would read it as a redirection.
_ANGLED = re.compile(r"(?<![<\w])<([A-Za-z][A-Za-z0-9 _-]{0,30})>")


@dataclass(slots=True)
class Part:
    """A stage or a procedure with its steps: (title, command); the command is empty where a person acts by hand."""

    title: str
    steps: list[tuple[str, str]] = field(default_factory=list)
    is_stage: bool = False


def read_rollout(section: Section, role: str, names: IdPool, tables: dict[str, list[dict[str, Any]]]) -> str:
    """Add the tables of a phase or of a rollback procedure; what it became, in words."""
    whole, *stages = _parts(section)
    kind = "rollback" if role == "rollback" else "deploy"
    parts = ([whole] if whole.steps or role == "phase" or not stages else []) + stages
    counts = {"stage": 0, "runbook": 0, "drill": 0, "step": sum(len(part.steps) for part in parts)}
    for part in parts:
        for key, table in _tables_of(part, kind, section, names):
            tables.setdefault(key, []).append(table)
            counts[key] += 1
    return _in_words(counts)


def _tables_of(part: Part, kind: str, section: Section, names: IdPool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of one part, each with the name of its kind."""
    runbook = _runbook(part, kind, section, names) if part.steps else None
    if runbook:
        yield "runbook", runbook
    if kind == "deploy":
        yield "stage", _stage(part, section, runbook, names)
    elif runbook and (drill := _drill(part, section, runbook, names)):
        yield "drill", drill


def add_commands(section: Section, lines: list[str], names: IdPool, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Commands below a check or a monitoring list become a runbook of their own."""
    part = Part(tidy_title(section.title) or "Steps")
    _read_code(Code("bash", tuple(enumerate(lines, section.line)), section.line, section.end), [part])
    if part.steps:
        tables.setdefault("runbook", []).append(_runbook(part, "deploy", section, names))


def _in_words(counts: dict[str, int]) -> str:
    words = {"stage": "rollout stage", "runbook": "runbook", "drill": "drill", "step": "step"}
    parts = [f"{n} {words[key]}{'' if n == 1 else 's'}" for key, n in counts.items() if n]
    return " with ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _parts(section: Section) -> list[Part]:
    """The section itself first, then each stage that it holds."""
    parts = [Part(tidy_title(section.title) or "Steps")]
    for block in section.blocks:
        if isinstance(block, Code):
            _read_code(block, parts)
        elif isinstance(block, Table):
            parts[0].steps += [(" | ".join(filter(None, row.cells)), "") for row in block.rows]
        elif isinstance(block, Paragraph):
            parts[0].steps += [(line, "") for line in plain_lines(block)]
    for entry in section.entries:
        _read_entry(entry, parts)
    return parts


def plain_lines(block: Paragraph) -> Iterator[str]:
    """The lines of a paragraph without its duration, which has a key of its own."""
    times = {field.line for field in block.fields if re.search(r"duration|time ?frame|timing", field.label, re.I)}
    yield from (line for at, line in enumerate(block.lines, block.line) if line and at not in times)


def _read_code(block: Code, parts: list[Part]) -> None:
    """Commands with the comment above them as title; a comment "Stage 3: ..." opens a stage."""
    current, heading, open_command = parts[0], "", ""
    is_shell = block.language.lower() in _SHELLS
    for _, line in block.lines:
        if found := _STAGE.match(line):
            current, heading = Part(found[1].strip(), is_stage=True), ""
            parts.append(current)
        elif found := _COMMENT.match(line):
            heading = found[1].strip()
            current.steps.append((heading, ""))
        elif line.strip() and not is_shell:
            current.steps.append((line.strip(), ""))
        elif line.strip():
            open_command = f"{open_command}\n{line.rstrip()}" if open_command else _PROMPT.sub("", line).strip()
            if not open_command.endswith("\\"):
                _add_command(current, heading, open_command)
                open_command, heading = "", ""
    if open_command:
        _add_command(current, heading, open_command)


def _add_command(part: Part, heading: str, command: str) -> None:
    """The first command below a comment has the comment as its title."""
    filled = _ANGLED.sub(lambda name: "{" + re.sub(r"[ -]+", "_", name[1]).lower() + "}", command)
    if heading and part.steps and part.steps[-1] == (heading, ""):
        part.steps[-1] = (heading, filled)
    else:
        part.steps.append((command.split("\n", maxsplit=1)[0], filled))


def _read_entry(entry: Entry, parts: list[Part], depth: int = 0) -> None:
    heading = _STAGE.match(entry.text) if depth == 0 else None
    if heading and entry.children:
        parts.append(Part(heading[1], [(text, "") for child in entry.children for text in _texts(child)], True))
        return
    parts[0].steps += [(text, "") for text in _texts(entry)]


def _texts(entry: Entry) -> Iterator[str]:
    yield tick(entry)
    for child in entry.children:
        yield from _texts(child)


def _runbook(part: Part, kind: str, section: Section, names: IdPool) -> dict[str, Any]:
    identity = names.give(f"{part.title} runbook" if kind == "deploy" else part.title, "runbook")
    table: dict[str, Any] = {"id": identity, "title": part.title, "kind": kind}
    if time := duration_of(section) if not part.is_stage else "":
        table["duration"] = time
    phase = tidy_title(section.title)
    table["step"] = [
        {"id": names.give(title, "step"), "title": title, "phase": phase, "command": command}
        for title, command in part.steps
    ]
    return table


def _stage(part: Part, section: Section, runbook: dict[str, Any] | None, names: IdPool) -> dict[str, Any]:
    kind = "stage" if part.is_stage else "phase"
    table: dict[str, Any] = {"id": names.give(_short(part), kind), "title": part.title, "kind": kind}
    optional = _reach(part) | {"duration": _when(part.title) if part.is_stage else duration_of(section)}
    optional |= {"soak": _soak(part), "runbook": runbook["id"] if runbook else ""}
    return table | {key: value for key, value in optional.items() if value != ""}


def _reach(part: Part) -> dict[str, Any]:
    """Whom a stage reaches: a number of users, else a share of them."""
    if users := _USERS.search(part.title):
        return {"users": int(users[1].replace(",", ""))}
    share = _SHARE.search(part.title) if part.is_stage else None
    return {"share": number(float(share[1]))} if share and float(share[1]) <= 100 else {}


def _soak(part: Part) -> str:
    """How long a stage is to be watched, as its words say."""
    words = " ".join([part.title, *(title for title, _ in part.steps)]) if part.is_stage else ""
    found = _SOAK.search(words)
    return f"{_ONE.get(found[1].lower(), found[1])}{found[2][0].lower()}" if found else ""


def _when(title: str) -> str:
    found = WHEN.search(title)
    return found[1].strip() if found else ""


def _short(part: Part) -> str:
    """The id's words: "stage 3" for "Stage 3: Limited User Access (...)"."""
    numbered = re.match(r"(?:stage|step|wave|ring|phase)\s*#?\d+", part.title, re.IGNORECASE)
    return numbered.group() if numbered and part.is_stage else part.title


def _drill(part: Part, section: Section, runbook: dict[str, Any], names: IdPool) -> dict[str, Any] | None:
    """A rehearsal of a procedure that names its time; the health check is the first address in its commands."""
    limits = [f.value for f in figures(f"{section.title} {duration_of(section)}") if f.dimension == "seconds"]
    if not limits or limits[0] <= 0:
        return None
    table: dict[str, Any] = {"id": names.give(f"{part.title} drill", "drill"), "title": f"{part.title}: drill"}
    table |= {"runbook": runbook["id"], "limit_seconds": number(limits[0])}
    found = [address for _, command in part.steps for address in _ADDRESS.findall(command)]
    if found and "{" not in found[0]:
        table["health_url"] = found[0]
    return table | {"ttl": "30d"}
