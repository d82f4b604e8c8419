"""The projects of a portfolio: a TOML file that lists them, or a folder of plans."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.workspace import CONFIG_NAME, UsageError
from ingest.table_checks import TYPE_NAMES, has_type, hint

PORTFOLIO_NAME = "portfolio.toml"
MOST_JOBS = 64
_KEYS: Mapping[str, type] = {"name": str, "jobs": int, "mirrors": str, "minutes": int}
_PROJECT_KEYS: Mapping[str, type] = {"name": str, "config": str, "url": str, "team": str, "tags": list}
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Project:
    """One project: the plan that is asked, and the address it is mirrored from (empty: its plan names a clone)."""

    name: str
    config: Path
    url: str = ""
    mirror: Path | None = None
    team: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The projects, how many are pulled at once (0: one for each processor), and how long one may take."""

    path: Path
    name: str
    projects: tuple[Project, ...]
    jobs: int = 0
    minutes: int = 60


def open_portfolio(place: Path) -> Portfolio:
    """Read a portfolio file, or the plans of a folder; UsageError lists every problem at once."""
    if place.is_dir() and (place / PORTFOLIO_NAME).is_file():
        place = place / PORTFOLIO_NAME
    if place.is_dir():
        return _of_folder(place)
    try:
        tables = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageError(f"{place}: not TOML: {problem}") from None
    except OSError as problem:
        raise UsageError(
            f"{place} cannot be read ({problem.strerror}): name a portfolio file or a folder of plans"
        ) from None
    problems = [*_table_problems(tables), *_list_problems(tables)]
    if problems:
        raise UsageError("\n  ".join([f"{place} has {len(problems)} problem(s):", *problems]))
    return _of_tables(place.resolve(), tables)


def _of_folder(folder: Path) -> Portfolio:
    """Every plan directly in the folder, or one level below."""
    found = sorted({*folder.glob(f"*/{CONFIG_NAME}"), *folder.glob(CONFIG_NAME)})
    if not found:
        raise UsageError(f"{folder} holds no {PORTFOLIO_NAME} and no {CONFIG_NAME} one level below: nothing to show")
    root = folder.resolve()
    return Portfolio(root, root.name, tuple(Project(path.resolve().parent.name, path.resolve()) for path in found))


def _of_tables(path: Path, tables: Mapping[str, Any]) -> Portfolio:
    head = tables.get("portfolio", {})
    mirrors = path.parent / head.get("mirrors", "mirrors")
    projects = tuple(_project(row, path.parent, mirrors) for row in tables["project"])
    return Portfolio(path, head.get("name", path.parent.name), projects, head.get("jobs", 0), head.get("minutes", 60))


def _project(row: Mapping[str, Any], root: Path, mirrors: Path) -> Project:
    name, url = row["name"], row.get("url", "")
    config = root / row["config"] if "config" in row else root / "projects" / name / CONFIG_NAME
    mirror = mirrors / f"{name}.git" if url else None
    return Project(name, config.resolve(), url, mirror, row.get("team", ""), tuple(row.get("tags", ())))


def _table_problems(tables: Mapping[str, Any]) -> list[str]:
    known = ("portfolio", "project")
    problems = [f"{key}: unknown table{hint(key, known)}" for key in tables if key not in known]
    head = tables.get("portfolio", {})
    if not isinstance(head, Mapping):
        return [*problems, f"portfolio: must be a table, found {head!r}"]
    problems += _key_problems("portfolio", head, _KEYS)
    if isinstance(jobs := head.get("jobs", 1), int) and jobs > MOST_JOBS:
        problems.append(f"portfolio.jobs: at most {MOST_JOBS} at once, found {jobs}")
    return problems


def _key_problems(where: str, table: Mapping[str, Any], known: Mapping[str, type]) -> list[str]:
    problems = []
    for key, value in table.items():
        if key not in known:
            problems.append(f"{where}.{key}: unknown key{hint(key, known)}")
        elif not has_type(value, known[key]):
            problems.append(f"{where}.{key}: must be {TYPE_NAMES[known[key]]}, found {value!r}")
    return problems


def _list_problems(tables: Mapping[str, Any]) -> list[str]:
    rows = tables.get("project")
    if not has_type(rows, tuple) or not rows:
        return ["project: must be a list of tables; write [[project]] with a name, and a config or a url"]
    problems: list[str] = []
    for place, row in enumerate(rows, 1):
        problems += _row_problems(f"project {place}", row)
    return problems + _repeated(rows)


def _row_problems(where: str, row: Mapping[str, Any]) -> list[str]:
    problems = _key_problems(where, row, _PROJECT_KEYS)
    name = row.get("name")
    if not isinstance(name, str) or not _is_name(name):
        problems.append(f"{where}.name: must be letters, digits, dots, dashes or underscores, found {name!r}")
    if "config" not in row and "url" not in row:
        problems.append(f"{where}: needs a config (a plan that exists) or a url (to mirror)")
    return problems


def _is_name(name: str) -> bool:
    """A name is also that of a folder and of a mirror."""
    plain = name.isascii() and name[:1].isalnum() and all(sign.isalnum() or sign in "._-" for sign in name)
    return plain and len(name) <= _LONGEST_NAME


def _repeated(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [str(row.get("name")).lower() for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"project.name: {name!r} is used {names.count(name)} times; each project needs its own" for name in twice]
