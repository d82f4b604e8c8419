"""From the TOML tables [[stage]], [[runbook]], [[drill]], [[message]], [[escalation]] and [document] to values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast, get_args

from models.plan.durations import MOST_MOMENTS, Schedule, parse_duration, parse_schedule
from models.plan.rollout import (
    Drill,
    Escalation,
    ImportedDocument,
    Message,
    Runbook,
    RunbookKind,
    RunbookStep,
    Stage,
)
from models.plan.tables import TableReader

STAGE_KINDS = ("phase", "stage", "rollback", "communication", "monitoring", "check", "promotion")
LEVELS = (1, 4)  # of escalation, the mildest and the most severe
_NO_SCHEDULE = Schedule("", timedelta(0))


def stages_in(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Stage, ...]:
    return tuple(_stage(table, path, reader) for path, table in reader.tables(mapping, "stage", "stage"))


def _stage(table: Mapping[str, Any], path: str, reader: TableReader) -> Stage:
    reader.only(table, tuple(Stage.__dataclass_fields__), path)
    identity = reader.text(table, "id", path, required=True)
    users = reader.optional_number(table, "users", path)
    if users is not None and (users < 0 or users != int(users)):
        reader.problem(f"{path}.users", f"{users:g} is not a number of users; needs a whole number, 0 or more")
    share = reader.number(table, "share", path, default=0.0, low=0.0, high=100.0) if "share" in table else None
    return Stage(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        kind=reader.choice(table, "kind", path, STAGE_KINDS, "stage"),
        users=None if users is None else int(users),
        share=share,
        duration=reader.text(table, "duration", path),
        steps=reader.texts(table, "steps", path),
        soak=duration_in(table, "soak", path, reader),
        entry=reader.texts(table, "entry", path),
        exit=reader.texts(table, "exit", path),
        runbook=reader.text(table, "runbook", path),
    )


def runbooks_in(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Runbook, ...]:
    return tuple(_runbook(table, path, reader) for path, table in reader.tables(mapping, "runbook", "runbook"))


def _runbook(table: Mapping[str, Any], path: str, reader: TableReader) -> Runbook:
    reader.only(table, ("id", "title", "kind", "duration", "step"), path)
    identity = reader.text(table, "id", path, required=True)
    kind = reader.choice(table, "kind", path, get_args(RunbookKind), "deploy")
    steps = reader.tables(table, "step", f"{path}.step")
    return Runbook(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        kind=cast(RunbookKind, kind),
        duration=reader.text(table, "duration", path),
        steps=tuple(_step(inner, where, kind, reader) for where, inner in steps),
    )


def _step(table: Mapping[str, Any], path: str, kind: str, reader: TableReader) -> RunbookStep:
    reader.only(table, tuple(RunbookStep.__dataclass_fields__), path)
    identity = reader.text(table, "id", path, required=True)
    return RunbookStep(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        command=reader.text(table, "command", path),
        phase=reader.text(table, "phase", path),
        kind=cast(RunbookKind, reader.choice(table, "kind", path, get_args(RunbookKind), kind)),
    )


def drills_in(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Drill, ...]:
    return tuple(_drill(table, path, reader) for path, table in reader.tables(mapping, "drill", "drill"))


def _drill(table: Mapping[str, Any], path: str, reader: TableReader) -> Drill:
    reader.only(table, tuple(Drill.__dataclass_fields__), path)
    identity = reader.text(table, "id", path, required=True)
    limit = reader.number(table, "limit_seconds", path, default=None)
    if "limit_seconds" in table and limit <= 0:
        reader.problem(f"{path}.limit_seconds", f"needs more than 0 seconds, found {limit:g}")
    return Drill(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        limit_seconds=limit,
        health_url=_address(table, "health_url", path, reader),
        ttl=duration_in(table, "ttl", path, reader) or timedelta(days=30),
        runbook=reader.text(table, "runbook", path),
    )


def messages_in(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Message, ...]:
    return tuple(_message(table, path, reader) for path, table in reader.tables(mapping, "message", "message"))


def _message(table: Mapping[str, Any], path: str, reader: TableReader) -> Message:
    reader.only(table, tuple(Message.__dataclass_fields__), path)
    identity = reader.text(table, "id", path, required=True)
    when = reader.text(table, "when", path, required=True)
    schedule = parse_schedule(when)
    if when.strip() and schedule is None:
        reader.problem(
            f"{path}.when",
            f'needs moments around the deployment like "T-24h", "T+4h until T+24h" or '
            f'"T+0h every 30m until T+4h" (at most {MOST_MOMENTS}), found {when!r}',
        )
    return Message(
        id=identity,
        audience=reader.text(table, "audience", path, required=True),
        when=schedule or _NO_SCHEDULE,
        title=reader.text(table, "title", path) or identity,
        template=reader.text(table, "template", path),
        channel=reader.text(table, "channel", path),
    )


def escalations_in(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Escalation, ...]:
    found = []
    levels: dict[int, str] = {}
    for path, table in reader.tables(mapping, "escalation", "escalation"):
        reader.only(table, tuple(Escalation.__dataclass_fields__), path)
        level = level_in(table, path, reader)
        if level is None:
            if "level" not in table:
                reader.problem(f"{path}.level", f"is missing; needs {LEVELS[0]} to {LEVELS[1]}")
        elif level in levels:
            reader.problem(f"{path}.level", f"{level} is taken by {levels[level]}")
        else:
            levels[level] = path
        who, title = reader.text(table, "who", path, required=True), reader.text(table, "title", path)
        found.append(Escalation(level or LEVELS[0], who, title, duration_in(table, "after", path, reader)))
    return tuple(found)


def document_in(mapping: Mapping[str, Any], reader: TableReader) -> ImportedDocument:
    table = reader.table(mapping, "document", "document")
    reader.only(table, tuple(ImportedDocument.__dataclass_fields__), "document")
    return ImportedDocument(
        path=reader.text(table, "path", "document"),
        digest=reader.text(table, "digest", "document"),
        notes=reader.texts(table, "notes", "document"),
        contradictions=reader.texts(table, "contradictions", "document"),
    )


def level_in(table: Mapping[str, Any], path: str, reader: TableReader) -> int | None:
    """The escalation level 1 to 4 of a table; None where it names none."""
    level = reader.optional_number(table, "level", path)
    if level is None:
        return None
    if level != int(level) or not LEVELS[0] <= level <= LEVELS[1]:
        reader.problem(f"{path}.level", f"needs a whole number {LEVELS[0]} to {LEVELS[1]}, found {level:g}")
        return None
    return int(level)


def duration_in(table: Mapping[str, Any], key: str, path: str, reader: TableReader) -> timedelta | None:
    """A duration of a table; None where it names none."""
    if key not in table:
        return None
    text = reader.text(table, key, path)
    length = parse_duration(text)
    if length is None and isinstance(table[key], str):
        reader.problem(f"{path}.{key}", f"needs a duration like 30m, 24h or 7d, found {text!r}")
    return length


def _address(table: Mapping[str, Any], key: str, path: str, reader: TableReader) -> str:
    address = reader.text(table, key, path)
    if address and not address.startswith(("http://", "https://")):
        reader.problem(f"{path}.{key}", f"needs an address that begins with http:// or https://, found {address!r}")
    return address


def check_rollout_names(
    stages: Sequence[Stage],
    runbooks: Sequence[Runbook],
    drills: Sequence[Drill],
    messages: Sequence[Message],
    known: Sequence[str],
    reader: TableReader,
) -> None:
    """Ids are distinct, and every name that a table refers to exists. `known` holds the criteria and the gates."""
    reader.distinct([(f"stage[{i}]", stage.id) for i, stage in enumerate(stages)])
    steps = [(f"runbook[{i}].step[{j}]", s.id) for i, book in enumerate(runbooks) for j, s in enumerate(book.steps)]
    reader.distinct([*((f"runbook[{i}]", book.id) for i, book in enumerate(runbooks)), *steps])
    reader.distinct([(f"drill[{i}]", drill.id) for i, drill in enumerate(drills)])
    reader.distinct([(f"message[{i}]", message.id) for i, message in enumerate(messages)])
    books = [book.id for book in runbooks]
    for i, stage in enumerate(stages):
        _check_runbook(stage.runbook, books, f"stage[{i}]", reader)
        _check_rules(stage.entry, known, f"stage[{i}].entry", reader)
        _check_rules(stage.exit, known, f"stage[{i}].exit", reader)
    for i, drill in enumerate(drills):
        _check_runbook(drill.runbook, books, f"drill[{i}]", reader)


def _check_runbook(name: str, books: Sequence[str], path: str, reader: TableReader) -> None:
    if name:
        reader.known(name, books, f"{path}.runbook", "runbook")


def _check_rules(names: Sequence[str], known: Sequence[str], path: str, reader: TableReader) -> None:
    for j, name in enumerate(names):
        reader.known(name, known, f"{path}[{j}]", "criterion or gate")
