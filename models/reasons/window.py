"""Why a criterion that is judged after the deployment is in its state. Hours count from the deployment (T)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.reasons.kinds import ReasonBase, ReasonKind
from models.reasons.requirement import Requirement


@dataclass(frozen=True, slots=True)
class NothingDeployed(ReasonBase):
    """Nothing has been deployed, so there is nothing to judge."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOTHING_DEPLOYED


@dataclass(frozen=True, slots=True)
class BeforeDeployment(ReasonBase):
    """The newest value is older than the moment from which the gate counts, by `hours`."""

    kind: ClassVar[ReasonKind] = ReasonKind.BEFORE_DEPLOYMENT
    hours: float
    after: float  # hours after the deployment from which values count


@dataclass(frozen=True, slots=True)
class WindowCompared(ReasonBase):
    """The reduced samples of the window were compared with the threshold.

    `last_failing` is when the last sample failed by itself, in hours after T, None where none did. `value` is infinite
    where the service answered so.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.WINDOW_COMPARED
    value: float
    demand: Requirement
    reduce: str
    meets: bool
    hours: float  # of the window that have passed
    samples: int
    last_failing: float | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class WindowRunning(ReasonBase):
    """Every sample so far is there and the value meets the threshold, but the window is not full."""

    kind: ClassVar[ReasonKind] = ReasonKind.WINDOW_RUNNING
    value: float | None
    demand: Requirement
    hours: float
    of_hours: float


@dataclass(frozen=True, slots=True)
class WindowGap(ReasonBase):
    """There are stretches without samples: `since` and `until` are the longest one, `gaps` how many there are."""

    kind: ClassVar[ReasonKind] = ReasonKind.WINDOW_GAP
    since: float
    until: float
    gaps: int
    is_open: bool  # it reaches to now: nothing was read since


@dataclass(frozen=True, slots=True)
class WindowEmpty(ReasonBase):
    """There is no sample in the window; `hours` of it have passed."""

    kind: ClassVar[ReasonKind] = ReasonKind.WINDOW_EMPTY
    hours: float


@dataclass(frozen=True, slots=True)
class OtherEnvironment(ReasonBase):
    """The evidence of the gate is of another environment (`of`), or it is not named of which one (empty).

    `judged` is the environment that is asked about, `known` are all that have deployments.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.OTHER_ENVIRONMENT
    of: str
    judged: str
    known: tuple[str, ...]


WindowReason = (
    NothingDeployed | BeforeDeployment | WindowCompared | WindowRunning | WindowGap | WindowEmpty | OtherEnvironment
)
