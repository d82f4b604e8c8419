"""The ingest half of tminus.toml: project, counters, sources. Every problem is reported at once, with its TOML path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from ingest.forge import FORGE_KINDS
from ingest.source import TMinusError
from ingest.table_checks import TYPE_NAMES, has_type, hint, is_list_of_texts
from ingest.warehouse.lake_place import (
    HOW_TO_NAME,
    LakePlace,
    data_path_problem,
    names_lake,
    parse_place,
    place_problem,
)

DEFAULT_WAREHOUSE = ".tminus/warehouse.duckdb"
PROJECT_KEYS = {
    "name": str,
    "repository": str,
    "branch": str,
    "warehouse": str,
    "data_path": str,
    "documents": list,
    "as_of": date,
    "timezone": str,
    "forge": str,
    "forge_kind": str,
}
_YEARS = (1970, 2200)  # outside, dates leave what Python can count in once a zone is added
COUNTER_KEYS = {
    "matches": {"kind", "pattern", "paths", "title"},
    "file_share": {"kind", "paths", "of", "title"},
    "list_length": {"kind", "file", "pattern", "title"},
}
COUNTER_NEEDS = {"matches": {"pattern", "paths"}, "file_share": {"paths", "of"}, "list_length": {"file"}}


class ConfigError(TMinusError):
    """All problems of the ingest tables, one a line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Config:
    """Where the project is and what to ask of which source."""

    root: Path
    name: str
    repository: Path
    branch: str
    warehouse: Path
    documents: tuple[str, ...] = ()
    as_of: datetime | None = None  # a fixed clock, for data that end in the past
    timezone: tzinfo | None = None  # the team's own; a date without a zone is meant in it
    forge: str = ""  # the address of the repository's pages, where its remote does not give it
    forge_kind: str = ""  # one of FORGE_KINDS, where the host of the address does not give it
    counters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lake: LakePlace | None = (
        None  # where the warehouse is, when it is no file; `warehouse` is beside the local files then
    )


def parse_config(mapping: Mapping[str, Any], root: Path) -> Config:
    """Read [project], [counters] and [sources]; relative paths start at `root`; ConfigError lists all problems."""
    problems: list[str] = []
    project = _table(mapping, "project", problems)
    counters = _table(mapping, "counters", problems)
    sources = _table(mapping, "sources", problems)
    _check_project(project, problems)
    for name, counter in counters.items():
        _check_counter(f"counters.{name}", counter, problems)
    problems += [f"sources.{n}: must be a table, found {t!r}" for n, t in sources.items() if not isinstance(t, Mapping)]
    if problems:
        raise ConfigError(problems)
    repository = (root / project.get("repository", ".")).resolve()
    warehouse = project.get("warehouse", DEFAULT_WAREHOUSE)
    is_lake = names_lake(warehouse)
    return Config(
        root=root,
        name=project.get("name") or repository.name,
        repository=repository,
        branch=project.get("branch", ""),
        warehouse=(root / (DEFAULT_WAREHOUSE if is_lake else warehouse)).resolve(),
        documents=tuple(project.get("documents", ())),
        as_of=_moment(project.get("as_of")),
        timezone=read_zone(project["timezone"]) if project.get("timezone") else None,
        forge=project.get("forge", ""),
        forge_kind=project.get("forge_kind", ""),
        counters=counters,
        sources=sources,
        lake=parse_place(warehouse, project.get("data_path", ""), root) if is_lake else None,
    )


def read_zone(text: str) -> tzinfo | None:
    """A time zone from an offset (-05:00) or an IANA name; None when it is neither."""
    try:
        return datetime.strptime(text, "%z").tzinfo
    except ValueError:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None


def _moment(value: Any) -> datetime | None:
    """A TOML date or time as aware UTC; a bare date means the end of that day."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 23, 59, 59, tzinfo=UTC)
    return None


def _table(mapping: Mapping[str, Any], key: str, problems: list[str]) -> Mapping[str, Any]:
    table = mapping.get(key, {})
    if isinstance(table, Mapping):
        return table
    problems.append(f"{key}: must be a table, found {table!r}")
    return {}


def _check_project(project: Mapping[str, Any], problems: list[str]) -> None:
    for key, value in project.items():
        if key not in PROJECT_KEYS:
            problems.append(f"project.{key}: unknown key{hint(key, PROJECT_KEYS)}")
        elif not has_type(value, PROJECT_KEYS[key]):
            problems.append(f"project.{key}: must be {TYPE_NAMES[PROJECT_KEYS[key]]}, found {value!r}")
        elif problem := _value_problem(key, value):
            problems.append(f"project.{key}: {problem}")
    is_lake = names_lake(str(project.get("warehouse", "")))
    if is_lake and "data_path" not in project:
        problems.append(f"project.data_path: missing; a lake keeps its files there, like {HOW_TO_NAME}")
    if not is_lake and "data_path" in project:
        problems.append(f"project.data_path: only a lake has one, like {HOW_TO_NAME}; a file is a path alone")


def _value_problem(key: str, value: Any) -> str:
    """What is wrong with a value of the right type; empty when nothing is."""
    if isinstance(value, str) and any(ord(sign) < 32 or sign == "\x7f" for sign in value):
        return f"must not hold control characters, found {value!r}"
    if isinstance(value, date) and not _YEARS[0] <= value.year <= _YEARS[1]:
        return f"must be a day of {_YEARS[0]} to {_YEARS[1]}, found {value}"
    return _word_problem(key, value)


def _word_problem(key: str, value: Any) -> str:
    if key == "forge_kind" and value not in ("", *FORGE_KINDS):
        return f"must be one of {', '.join(FORGE_KINDS)}, found {value!r}"
    if key == "forge" and value and not re.match(r"https?://[^\s/]+/\S+$", str(value)):
        return f"must be the address of the repository's page, like https://github.com/team/project, found {value!r}"
    if key == "warehouse" and names_lake(value):
        return place_problem(value)
    if key == "data_path":
        return data_path_problem(value)
    if key == "timezone" and value and read_zone(str(value)) is None:
        return f"must be an offset like -05:00 or a name like Europe/Berlin, found {value!r}"
    return ""


def _check_counter(where: str, counter: Any, problems: list[str]) -> None:
    if not isinstance(counter, Mapping):
        problems.append(f"{where}: must be a table, found {counter!r}")
        return
    kind = counter.get("kind")
    if kind not in list(COUNTER_KEYS):
        problems.append(f"{where}.kind: must be one of {', '.join(COUNTER_KEYS)}, found {kind!r}")
        return
    problems += [f"{where}.{k}: missing; a {kind} counter needs it" for k in sorted(COUNTER_NEEDS[kind] - set(counter))]
    problems += [
        f"{where}.{k}: unknown key{hint(k, COUNTER_KEYS[kind])}" for k in counter if k not in COUNTER_KEYS[kind]
    ]
    problems += [
        f"{where}.{key}: must be a text, found {counter[key]!r}"
        for key in ("file", "title")
        if not isinstance(counter.get(key, ""), str)
    ]
    problems += [
        f"{where}.{key}: must be a list of path patterns, found {counter[key]!r}"
        for key in ("paths", "of")
        if not is_list_of_texts(counter.get(key, []))
    ]
    problems.extend(_pattern_problems(where, counter))


def _pattern_problems(where: str, counter: Mapping[str, Any]) -> list[str]:
    pattern = counter.get("pattern", "")
    if not isinstance(pattern, str):
        return [f"{where}.pattern: must be a regular expression in quotes, found {pattern!r}"]
    try:
        re.compile(pattern)
    except re.error as problem:
        return [f"{where}.pattern: not a regular expression: {problem}"]
    return []
