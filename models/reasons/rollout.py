"""Why a criterion is in its state after the deployment, and what holds a stage of the rollout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from models.reasons.criterion import CriterionReason
from models.reasons.kinds import ReasonBase, ReasonKind
from models.reasons.requirement import Requirement

Restart = Literal["", "deployment", "redeployment", "rollback", "incident", "failing_sample"]


@dataclass(frozen=True, slots=True)
class VerdictForbids(ReasonBase):
    """The verdict for the commit is NO-GO; `rules` are the ids of the rules that do not hold."""

    kind: ClassVar[ReasonKind] = ReasonKind.VERDICT_FORBIDS
    commit: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageBefore(ReasonBase):
    """Another stage comes first."""

    kind: ClassVar[ReasonKind] = ReasonKind.STAGE_BEFORE
    stage: str


@dataclass(frozen=True, slots=True)
class Soaks(ReasonBase):
    """The soak of a stage is not over; hours. `restarted_by` is why its clock began when it did."""

    kind: ClassVar[ReasonKind] = ReasonKind.SOAKS
    stage: str
    elapsed: float
    needed: float
    restarted_by: Restart


@dataclass(frozen=True, slots=True)
class OtherCommit(ReasonBase):
    """The stage before runs another commit than the one that is to be deployed."""

    kind: ClassVar[ReasonKind] = ReasonKind.OTHER_COMMIT
    stage: str
    runs: str
    asked: str


@dataclass(frozen=True, slots=True)
class IncidentOpen(ReasonBase):
    """A critical incident is not resolved."""

    kind: ClassVar[ReasonKind] = ReasonKind.INCIDENT_OPEN
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class NeedOpen(ReasonBase):
    """A criterion or gate that the stage needs does not hold. `holds` is False, or None where nothing shows it."""

    kind: ClassVar[ReasonKind] = ReasonKind.NEED_OPEN
    stage: str
    when: Literal["entry", "exit"]
    need: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class RunningFails(ReasonBase):
    """A criterion of a running gate fails; `level` is its escalation level."""

    kind: ClassVar[ReasonKind] = ReasonKind.RUNNING_FAILS
    criterion: str
    reason: CriterionReason
    level: int | None = None


@dataclass(frozen=True, slots=True)
class RunningUnknown(ReasonBase):
    """Nothing fresh shows that a criterion of a running gate holds."""

    kind: ClassVar[ReasonKind] = ReasonKind.RUNNING_UNKNOWN
    criterion: str
    reason: CriterionReason


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """An edit of the plan changed what is asked of a system that runs; `title` as the plan named it before.

    `what` is soak (of a stage), demand (of a criterion), or restart (whether a failing sample restarts the soak clock).
    `before` and `after` are None where nothing was or is asked.
    """

    what: Literal["soak", "demand", "restart"]
    title: str
    before: timedelta | Requirement | bool | None
    after: timedelta | Requirement | bool | None


StageReason = (
    VerdictForbids | StageBefore | Soaks | OtherCommit | IncidentOpen | NeedOpen | RunningFails | RunningUnknown
)
