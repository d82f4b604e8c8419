"""Why a rule has its outcome, and what each step of the path to the target asks for. Criteria and gates by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from models.reasons.criterion import CriterionReason
from models.reasons.kinds import ReasonBase, ReasonKind
from models.reasons.requirement import Requirement


@dataclass(frozen=True, slots=True)
class NothingApplies(ReasonBase):
    """No criterion of the plan applies, so there is no readiness."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOTHING_APPLIES


@dataclass(frozen=True, slots=True)
class ReadinessCompared(ReasonBase):
    """Readiness (0 to 100) beside its target; `capped_by` names the open blockers that hold it below the target."""

    kind: ClassVar[ReasonKind] = ReasonKind.READINESS_COMPARED
    value: float
    target: float
    capped_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoBlockers(ReasonBase):
    """The plan has no blockers."""

    kind: ClassVar[ReasonKind] = ReasonKind.NO_BLOCKERS


@dataclass(frozen=True, slots=True)
class NamesNoCriterion(ReasonBase):
    """The rule names neither a criterion nor a gate, so it cannot be judged."""

    kind: ClassVar[ReasonKind] = ReasonKind.NAMES_NO_CRITERION


@dataclass(frozen=True, slots=True)
class CriterionDecides(ReasonBase):
    """A criterion that decides the rule, with the reason of its state."""

    kind: ClassVar[ReasonKind] = ReasonKind.CRITERION_DECIDES
    criterion: str
    reason: CriterionReason


@dataclass(frozen=True, slots=True)
class GateDecides(ReasonBase):
    """A gate that decides the rule, with the criteria that decide the gate."""

    kind: ClassVar[ReasonKind] = ReasonKind.GATE_DECIDES
    gate: str
    status: Literal["passing", "conditional", "failing", "unknown"]
    criteria: tuple[CriterionDecides | NamesNoCriterion, ...]


@dataclass(frozen=True, slots=True)
class GateNotApplicable(ReasonBase):
    """No criterion of the gate applies."""

    kind: ClassVar[ReasonKind] = ReasonKind.GATE_NOT_APPLICABLE
    gate: str


@dataclass(frozen=True, slots=True)
class GateNotDue(ReasonBase):
    """The gate is judged later, in `hours`."""

    kind: ClassVar[ReasonKind] = ReasonKind.GATE_NOT_DUE
    gate: str
    hours: float


@dataclass(frozen=True, slots=True)
class RunningVerdict(ReasonBase):
    """The verdict of the running gates, on which a promotion depends."""

    kind: ClassVar[ReasonKind] = ReasonKind.RUNNING_VERDICT
    verdict: str


@dataclass(frozen=True, slots=True)
class LastStage(ReasonBase):
    """Whether the last stage of the rollout runs."""

    kind: ClassVar[ReasonKind] = ReasonKind.LAST_STAGE
    stage: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class OpenIncidents(ReasonBase):
    """The critical incidents that are not resolved, by id."""

    kind: ClassVar[ReasonKind] = ReasonKind.OPEN_INCIDENTS
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotYetDeployed(ReasonBase):
    """Nothing has been deployed, so no gate is judged."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOT_YET_DEPLOYED


@dataclass(frozen=True, slots=True)
class SimulatedValues(ReasonBase):
    """Criteria whose value is simulated."""

    kind: ClassVar[ReasonKind] = ReasonKind.SIMULATED_VALUES
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingDemanded(ReasonBase):
    """The target is 0, and the plan has neither a blocker nor a rule: whatever is measured would be GO."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOTHING_DEMANDED


@dataclass(frozen=True, slots=True)
class NothingMeasured(ReasonBase):
    """No criterion of the plan has a fresh measured value."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOTHING_MEASURED


@dataclass(frozen=True, slots=True)
class AttestedShare(ReasonBase):
    """How much of the 100 points is attested by people, and how much the plan allows."""

    kind: ClassVar[ReasonKind] = ReasonKind.ATTESTED_SHARE
    points: float
    limit: float


@dataclass(frozen=True, slots=True)
class NotOfCandidate(ReasonBase):
    """Criteria whose evidence is too old, or too new, for the commit to deploy."""

    kind: ClassVar[ReasonKind] = ReasonKind.NOT_OF_CANDIDATE
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOfCandidate(ReasonBase):
    """All evidence is recent enough for the commit to deploy."""

    kind: ClassVar[ReasonKind] = ReasonKind.ALL_OF_CANDIDATE


@dataclass(frozen=True, slots=True)
class Overtaken(ReasonBase):
    """Criteria whose newest figure is of an older commit than the figure before it."""

    kind: ClassVar[ReasonKind] = ReasonKind.OVERTAKEN
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffBranch(ReasonBase):
    """Criteria whose newest figure is of a commit that the commit to deploy does not contain."""

    kind: ClassVar[ReasonKind] = ReasonKind.OFF_BRANCH
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misdated(ReasonBase):
    """Criteria whose newest figure nobody can tell: a clock was wrong when one was stored."""

    kind: ClassVar[ReasonKind] = ReasonKind.MISDATED
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreadCommits(ReasonBase):
    """So many commits of the branch are newer than the newest one that was read; None: the clone cannot say it."""

    kind: ClassVar[ReasonKind] = ReasonKind.UNREAD_COMMITS
    commits: int | None


CommitReason = NotOfCandidate | AllOfCandidate | Overtaken | OffBranch | Misdated | UnreadCommits
GuardReason = NothingDemanded | NothingMeasured | SimulatedValues | AttestedShare | CommitReason


@dataclass(frozen=True, slots=True)
class RolledBack(ReasonBase):
    """The newest event is a rollback."""

    kind: ClassVar[ReasonKind] = ReasonKind.ROLLED_BACK


LaterReason = GateNotDue | RunningVerdict | LastStage | OpenIncidents | NotYetDeployed | RolledBack
RuleReason = (
    GuardReason
    | NothingApplies
    | ReadinessCompared
    | NoBlockers
    | NamesNoCriterion
    | CriterionDecides
    | GateDecides
    | GateNotApplicable
    | LaterReason
)


@dataclass(frozen=True, slots=True)
class AddMeasurement(ReasonBase):
    """Nothing measures the criterion: connect a metric, or have it attested."""

    kind: ClassVar[ReasonKind] = ReasonKind.ADD_MEASUREMENT
    criterion: str


@dataclass(frozen=True, slots=True)
class ChangeValue(ReasonBase):
    """The criterion fails: bring its value to the threshold."""

    kind: ClassVar[ReasonKind] = ReasonKind.CHANGE_VALUE
    criterion: str
    value: float
    demand: Requirement


@dataclass(frozen=True, slots=True)
class Measure(ReasonBase):
    """There is no fresh value: measure it (`again`: it was measured before)."""

    kind: ClassVar[ReasonKind] = ReasonKind.MEASURE
    criterion: str
    demand: Requirement
    again: bool


@dataclass(frozen=True, slots=True)
class ProofByMetric(ReasonBase):
    """What proves the step: a value of the metric in its scope, at most `max_age_days` old, that meets the demand.

    `max_age_days` is None for what is counted from git: it holds until a commit changes it.
    """

    kind: ClassVar[ReasonKind] = ReasonKind.PROOF_BY_METRIC
    metric: str
    scope: str
    demand: Requirement
    max_age_days: float | None


@dataclass(frozen=True, slots=True)
class ProofByAttestation(ReasonBase):
    """What proves the step: a metric added to the plan, or an attestation."""

    kind: ClassVar[ReasonKind] = ReasonKind.PROOF_BY_ATTESTATION


Step = AddMeasurement | ChangeValue | Measure
Proof = ProofByMetric | ProofByAttestation
PathReason = Step | Proof
