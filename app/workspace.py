"""One tminus.toml, found and read; the project's time zone and clock; how a user writes a point in time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from ingest.config import Config
from ingest.source import TMinusError
from ingest.warehouse.database import Version, Warehouse
from ingest.warehouse.door import open_warehouse

if TYPE_CHECKING:
    from models.plan.plan import Plan

CONFIG_NAME = "tminus.toml"
CONFIG_VARIABLE = "TMINUS_CONFIG"  # the environment variable that names it to the dashboard
PORTFOLIO_VARIABLE = "TMINUS_PORTFOLIO"  # the environment variable that names the portfolio to the dashboard
WEEK = timedelta(days=7)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_INGEST_TABLES = {"project", "counters", "sources"}


class UsageError(TMinusError):
    """The command was used wrongly; the message says what to write instead."""


@dataclass(frozen=True)
class Workspace:
    """The configuration file of a project: where it is, its settings, its plan."""

    path: Path
    config: Config
    tables: Mapping[str, Any]
    plan: Plan
    opened_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: Version | None = None  # the one version of the evidence that all questions are about: `ShownWarehouse`

    @cached_property
    def warehouse(self) -> Warehouse:
        """The project's warehouse; opened for each query, never longer."""
        config = self.config
        return open_warehouse(config.warehouse, config.name, config.lake, state=self.state)

    @cached_property
    def zone(self) -> tzinfo:
        """The team's time zone as configured (`tminus init` writes that of its machine), else UTC.

        Never that of a commit: whoever committed last would move the team's day.
        """
        return self.config.timezone or UTC

    def now(self) -> datetime:
        """The clock of this project, in the team's zone: a sample's data end in the past, and so does its clock."""
        return (self.config.as_of or datetime.now(UTC)).astimezone(self.zone)


def consistent_read(
    step: Callable[Concatenate[Workspace, Arguments], Result],
) -> Callable[Concatenate[Workspace, Arguments], Result]:
    """Let all queries of a step read one state of the warehouse, which is opened once for them."""

    @wraps(step)
    def run(workspace: Workspace, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with workspace.warehouse.one_state():
            return step(workspace, *args, **kwargs)

    return run


def find_config(start: Path) -> Path:
    """The file named, or the tminus.toml of this folder or one above."""
    if start.is_file():
        return start.resolve()
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / CONFIG_NAME).is_file():
            return place / CONFIG_NAME
    raise UsageError(f"no {CONFIG_NAME} in {folder} or above: run `tminus init` in the repository first")


def plan_digest(tables: Mapping[str, Any]) -> str:
    """A digest of the plan tables alone: an edit of sources or counters does not edit the plan."""
    plan_tables = {key: value for key, value in tables.items() if key not in _INGEST_TABLES}
    return hashlib.sha256(json.dumps(plan_tables, sort_keys=True, default=str).encode()).hexdigest()


def parse_as_of(workspace: Workspace, text: str | None) -> datetime:
    """The point in time that a user names: nothing (now), a date (its end), a date with time, in the team's zone."""
    return parse_moment(text, workspace.zone) if text else workspace.now()


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """An ISO date (its last second) or time; naive times are interpreted in `zone`. UsageError: not an ISO date."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not an ISO date: write 2025-09-08 or 2025-09-08T23:59") from None
    if len(text) <= 10:
        parsed = parsed.replace(hour=23, minute=59, second=59)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def bundled(name: str) -> Path:
    """The folder `data/<name>`; UsageError when neither layout has it."""
    here = Path(__file__).resolve().parent
    for place in (here.parent / "data" / name, here / "_data" / name):
        if place.is_dir():
            return place
    raise UsageError(f"the bundled data {name!r} are missing from this installation: install tminus again")


def no_criterion(name: str, known: Iterable[str]) -> str:
    """The refusal of a name that no criterion of the plan has, with the nearest ones."""
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name.replace("_", "-"), names, 3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else f": the plan has {', '.join(names) or 'none'}"
    return f"there is no criterion {name!r}{hint}"
