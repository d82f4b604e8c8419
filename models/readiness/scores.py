"""What scoring a plan yields: a readiness with its gates and criteria, each with the reason for its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from models.plan.plan import Criterion, Gate, Waiver
from models.reasons.criterion import ClaimedFigure, CriterionReason

State = Literal["passing", "failing", "missing", "stale", "claimed", "not_applicable", "waived"]
GateStatus = Literal["passing", "conditional", "failing", "unknown", "not_applicable"]


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """Where the figure can be checked. `kind` separates measured from simulated values."""

    kind: str
    locator: str
    commit: str
    sha256: str
    source: str
    definition: str
    tool: str


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One criterion at one moment.

    `value` is in the criterion's unit and None when unknown; a stale value is shown although it earns nothing.
    `underlying_state` is the state without the waiver (`state` itself where there is none). `holds` is what rules and
    blockers use: True, False, or None where the evidence shows neither.
    """

    criterion: Criterion
    value: float | None
    unit: str
    state: State
    underlying_state: State
    holds: bool | None
    attainment: float
    points: float
    points_possible: float
    because: CriterionReason
    baseline: float | None = None
    observed_at: pd.Timestamp | None = None
    age_days: float | None = None
    evidence: EvidenceRef | None = None
    waiver: Waiver | None = None
    is_attested: bool = False
    claim: ClaimedFigure | None = None
    is_within_tolerance: bool = False
    is_parent: bool = False  # the AND of its children, which have its points
    has_conditional_child: bool = False

    @property
    def is_known(self) -> bool:
        """There is a fresh value, whether it passes or fails."""
        return self.underlying_state in ("passing", "failing") and not self.is_parent

    @property
    def is_conditional(self) -> bool:
        """It holds, but by a waiver, on a person's word, or within the tolerance that the plan states."""
        by_itself = self.waiver is not None or self.is_attested or self.is_within_tolerance
        return self.holds is True and (by_itself or self.has_conditional_child)

    @property
    def is_simulated(self) -> bool:
        """Its figure is simulated."""
        return self.evidence is not None and self.evidence.kind == "simulated" and self.state != "not_applicable"

    @property
    def is_open_blocker(self) -> bool:
        """A blocker that fails, or that nothing shows to hold."""
        return self.criterion.blocker and self.state != "not_applicable" and self.holds is not True


@dataclass(frozen=True, slots=True)
class GateScore:
    """`completion` is 0 to 100, NaN where no criterion of the gate applies; points are out of the plan's 100."""

    gate: Gate
    status: GateStatus
    completion: float
    points: float
    points_possible: float
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """`value` is `uncapped` or, with an open blocker, at most one point below the target. NaN: nothing applies.

    `capped_because` names the open blockers when they hold the value down, and is empty otherwise; `known_weight` is
    the share (0 to 1) of the weight that fresh figures speak for; `attested_points` is the part of `uncapped` that
    is attested by people.
    """

    at: pd.Timestamp
    value: float
    uncapped: float
    capped_because: tuple[str, ...]
    known_weight: float
    target: float
    attested_points: float
    gates: tuple[GateScore, ...]

    @property
    def criteria(self) -> tuple[CriterionScore, ...]:
        """All criteria in the order of the plan."""
        return tuple(score for gate in self.gates for score in gate.criteria)

    @property
    def open_blockers(self) -> tuple[CriterionScore, ...]:
        return tuple(score for score in self.criteria if score.is_open_blocker)

    def criterion(self, identity: str) -> CriterionScore:
        """The score of one criterion; KeyError names those there are."""
        for score in self.criteria:
            if score.criterion.id == identity:
                return score
        known = ", ".join(score.criterion.id for score in self.criteria)
        raise KeyError(f'no criterion is called "{identity}"; there are {known}')
