"""One tminus.toml, found and read; and how a user writes a moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from ingest.config import Config
from ingest.source import TMinusError
from ingest.warehouse.database import Warehouse

if TYPE_CHECKING:
    from models.plan.plan import Plan

CONFIG_NAME = "tminus.toml"
WEEK = timedelta(days=7)
Asking = ParamSpec("Asking")
Answer = TypeVar("Answer")
_INGEST_TABLES = {"project", "counters", "sources"}


class UsageError(TMinusError):
    """The question cannot be asked this way; the message says how."""


@dataclass(frozen=True)
class Workspace:
    """Where the project is, what its plan asks for, and the file that says so."""

    path: Path
    config: Config
    tables: Mapping[str, Any]
    plan: Plan
    opened_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def warehouse(self) -> Warehouse:
        """The project's warehouse; opened for each question, never longer."""
        return Warehouse(self.config.warehouse, self.config.name)

    @cached_property
    def zone(self) -> tzinfo:
        """The team's time zone as configured (`tminus init` writes that of its machine), else UTC.

        Never that of a commit: whoever committed last would move the team's day.
        """
        return self.config.timezone or UTC

    def now(self) -> datetime:
        """The clock of this project, in the team's zone: a sample's data end in the past, and so does its clock."""
        return (self.config.as_of or datetime.now(UTC)).astimezone(self.zone)


def from_one_state(
    answer: Callable[Concatenate[Workspace, Asking], Answer],
) -> Callable[Concatenate[Workspace, Asking], Answer]:
    """Let all parts of an answer come from one state of the warehouse, which is opened once for them."""

    @wraps(answer)
    def asked(workspace: Workspace, /, *args: Asking.args, **kwargs: Asking.kwargs) -> Answer:
        with workspace.warehouse.one_state():
            return answer(workspace, *args, **kwargs)

    return asked


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
    """A digest of the plan tables alone: editing sources or counters is no plan edit."""
    plan_tables = {key: value for key, value in tables.items() if key not in _INGEST_TABLES}
    return hashlib.sha256(json.dumps(plan_tables, sort_keys=True, default=str).encode()).hexdigest()


def moment(workspace: Workspace, text: str | None) -> datetime:
    """Read a moment as the user writes it: nothing (now), a date (its end), a date with time, in the team's zone."""
    return read_moment(text, workspace.zone) if text else workspace.now()


def read_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """An ISO date (its last second) or time; without a zone of its own it is meant in `zone`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date: write 2025-09-08 or 2025-09-08T23:59") from None
    if len(text) <= 10:
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def bundled(name: str) -> Path:
    """The folder `data/<name>`; UsageError when neither layout has it."""
    here = Path(__file__).resolve().parent
    for place in (here.parent / "data" / name, here / "_data" / name):
        if place.is_dir():
            return place
    raise UsageError(f"the bundled data {name!r} are missing from this installation: install tminus anew")
