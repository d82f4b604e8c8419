"""The plan: gates, criteria, rules, waivers; parse_plan reports every problem of the file at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from models.plan.rollout import Drill, Escalation, ImportedDocument, Message, Runbook, Stage

Comparator = Literal[">", ">=", "<", "<=", "=="]
RuleKind = Literal["go", "no-go"]
GateKind = Literal["deploy", "running", "promotion"]
Risk = Literal["", "critical", "high", "moderate", "low"]


class PlanError(ValueError):
    """All problems of a plan, one a line, each with its TOML path."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Attestation:
    """A named person vouches for a claim until `expires`; its points are shown apart."""

    by: str
    on: date
    expires: date
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One measurable demand: `metric` in `scope` compared with `threshold`."""

    id: str
    title: str
    gate: str
    metric: str  # "" where nothing measures it yet: its state is then missing (or claimed)
    scope: str
    comparator: Comparator
    threshold: float
    unit: str
    baseline: float | None = None  # attainment 0; None: the first measured value
    weight: float = 1.0
    blocker: bool = False
    scale: Literal["linear", "log"] = "linear"
    max_age_days: float = 30.0
    not_applicable: str = ""  # a reason: leaves the denominator
    attested: Attestation | None = None
    why: str = ""
    fix: str = ""
    claim: str = ""  # what the imported document states of it, word for word
    tolerance: float = 0.0  # in `unit`: how far beyond the threshold still holds, as a condition
    attestable: bool = False  # a blocker may be attested only when this says so
    against_direction: bool = False  # a comparison that the metric meets by getting worse is meant so
    owner: str = ""  # who is to see to it
    due: date | None = None
    parent: str = ""  # id of the criterion that is the AND of this one and its siblings
    risk: Risk = ""
    level: int | None = None  # escalation level, 1 (mildest) to 4: who is informed while it fails
    evidence_link: str = ""  # where a person shows what nothing measures

    @property
    def direction(self) -> Literal["higher", "lower"]:
        """Which way is better."""
        return "higher" if self.comparator in (">", ">=", "==") else "lower"


@dataclass(frozen=True, slots=True)
class Gate:
    id: str
    title: str
    weight: float
    criteria: tuple[Criterion, ...]
    claim: str = ""  # status and completion as the document claimed them
    kind: GateKind = "deploy"  # running and promotion gates are judged after the deployment, apart from readiness
    judged_after: timedelta | None = None  # how long after the deployment it is judged
    environment: str = ""  # of a running or promotion gate: where its evidence is from; empty where there is one


@dataclass(frozen=True, slots=True)
class Rule:
    """GO rules must all hold; a NO-GO rule blocks when one of its criteria fails. `needs` names criteria or gates.

    Of those that `among` names, at most `at_most` may not hold: "all red ones, and at most three yellow ones open".
    Those of `measured` need a fresh figure, whatever it is: "rollback untested" does not fire on a slow drill.
    """

    id: str
    kind: RuleKind
    text: str
    needs: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    at_most: int = 0
    measured: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All criteria and gates that it is about."""
        return (*self.needs, *self.among, *self.measured)


@dataclass(frozen=True, slots=True)
class Waiver:
    criterion: str
    owner: str
    reason: str
    expires: date
    covers_unknown: bool = False  # without it a waiver covers a failing figure, not a missing one


@dataclass(frozen=True, slots=True)
class Plan:
    target: float
    gates: tuple[Gate, ...]
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    stages: tuple[Stage, ...] = ()
    effective_from: datetime | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)
    promised: date | None = None  # the day somebody promised for GO: its odds are the first figure
    max_attested_percent: float = 25.0  # of all points; above this share on people's word GO is refused
    max_commits_behind: int | None = None  # evidence may be this many commits older than the candidate; None: any
    runbooks: tuple[Runbook, ...] = ()
    drills: tuple[Drill, ...] = ()
    messages: tuple[Message, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    document: ImportedDocument = field(default_factory=ImportedDocument)
    deployment_date: date | None = None  # as the plan names it; the promised day is `promised`
    assessment_date: date | None = None  # when the readiness was last assessed
    next_review: date | None = None
    review_cadence: timedelta | None = None
    ratchet_tolerance: tuple[tuple[str, float], ...] = ()  # by criterion or metric: how much worse a change may be

    def tolerance_of(self, criterion: Criterion) -> float:
        """How much worse a change may make a figure, in its unit: that of the criterion, else of its metric, else 0."""
        stated = dict(self.ratchet_tolerance)
        return stated.get(criterion.id, stated.get(criterion.metric, 0.0))

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the order of the plan."""
        return tuple(criterion for gate in self.gates for criterion in gate.criteria)

    @property
    def parents(self) -> frozenset[str]:
        """Ids of the criteria that are the AND of others."""
        return frozenset(criterion.parent for criterion in self.criteria if criterion.parent)
