"""What a plan says about the time from GO on: stages, runbooks, drills, messages, escalation. Nothing here executes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from models.plan.durations import Schedule
from models.plan.placeholders import placeholders

RunbookKind = Literal["deploy", "rollback"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A rollout stage or phase. `entry` and `exit` name criteria or gates that must hold to begin and to end it."""

    id: str
    title: str
    kind: str  # phase | stage | rollback | communication | monitoring | check | promotion
    users: int | None = None
    share: float | None = None  # of all users, in percent
    duration: str = ""
    steps: tuple[str, ...] = ()
    soak: timedelta | None = None  # how long it must run without a critical incident before the next one
    entry: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    runbook: str = ""  # id of the runbook that deploys it


@dataclass(frozen=True, slots=True)
class RunbookStep:
    """One act. `command` is shown, and run only by `tminus run-step ID --yes`; empty where a person acts by hand."""

    id: str
    title: str
    command: str = ""
    phase: str = ""
    kind: RunbookKind = "deploy"

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names in braces that must be filled in: {environment}. Shell variables (${NAME}) are none."""
        return tuple(dict.fromkeys(found.name for found in placeholders(self.command)))


@dataclass(frozen=True, slots=True)
class Runbook:
    """The steps of a phase or of a rollback procedure, in order."""

    id: str
    title: str
    kind: RunbookKind = "deploy"
    duration: str = ""
    steps: tuple[RunbookStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Drill:
    """A timed rehearsal: it counts when the health check answers within `limit_seconds`, until `ttl` has passed."""

    id: str
    title: str
    limit_seconds: float
    health_url: str = ""
    ttl: timedelta = timedelta(days=30)
    runbook: str = ""  # id of the rollback procedure that is rehearsed


@dataclass(frozen=True, slots=True)
class Message:
    """Who is informed, when, and with which words; `template` may hold {placeholders} that evidence fills."""

    id: str
    audience: str
    when: Schedule
    title: str = ""
    template: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is informed of a failing criterion of this level (1 to 4), and how long after it began to fail."""

    level: int
    who: str
    title: str = ""
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """The checklist that the plan was drafted from, and what of it is no table of the plan."""

    path: str = ""
    digest: str = ""  # sha256 of the version that was last imported or accepted
    notes: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
