"""`tminus status --json` and `tminus check --json`: readiness, gates, criteria, the decision and the claims."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from app.answers.types.change import RatchetAnswer
from app.answers.types.values import (
    Comparator,
    ConditionKind,
    Day,
    Fraction,
    GateStatus,
    Moment,
    NotNegative,
    Percent,
    ReasonValue,
    Risk,
    RuleKind,
    State,
    Verdict,
)


class EvidenceAnswer(TypedDict):
    """Where a value can be checked."""

    kind: Literal["measured", "claimed", "simulated", "none"]  # none: nothing measures the criterion
    locator: str  # a file, a commit, a run; empty where there is no evidence
    commit: str
    observed_at: Moment | None
    age_days: float | None  # days from observed_at to the moment of the answer
    sha256: str  # digest of the bytes that were read
    source: str
    tool: str
    commits_behind: int | None  # commits from the evidence to the candidate; null: unknown


class CriterionAnswer(TypedDict):
    """One criterion, scored."""

    id: str
    title: str
    metric: str  # empty: nothing measures it
    scope: str  # component, bundle, flag; empty: the whole project
    value: float | None  # in `unit`; null: unknown, and `because` says why
    unit: str
    comparator: Comparator
    threshold: float
    baseline: float | None  # the value at which attainment is 0
    state: State
    attainment: float  # 0 at the baseline, 1 at the threshold
    because: str  # why it is in this state
    reason: ReasonValue  # the same as values
    attested: bool  # a named person vouches for it
    blocker: bool
    weight: NotNegative
    points: NotNegative  # of the 100 of the plan
    points_possible: NotNegative
    claim: str  # what the imported document says of it
    fix: str  # how to measure or improve it
    parent: str  # id of the criterion that is the AND of this one and its siblings; empty: none
    owner: str  # who sees to it
    due: Day | None
    risk: Risk
    level: int | None  # escalation level, 1 (mildest) to 4
    informed: str  # who is informed while it fails, by its level; empty where it does not fail
    evidence_link: str  # where a person shows what nothing measures
    evidence: EvidenceAnswer


class GateAnswer(TypedDict):
    """One gate with its criteria."""

    id: str
    title: str
    status: GateStatus
    completion: Percent | None  # null: no criterion of the gate applies
    points: float
    points_possible: float
    claim: str  # what the imported document says of it
    criteria: list[CriterionAnswer]


class RuleAnswer(TypedDict):
    """One rule of the decision."""

    id: str
    kind: RuleKind
    text: str
    holds: bool | None  # true is good for both kinds; null: the evidence cannot answer it
    because: str
    reasons: list[ReasonValue]  # the same as values


class ConditionAnswer(TypedDict):
    """A criterion that holds by a waiver, an attestation or a tolerance rather than by its value."""

    kind: ConditionKind
    criterion: str
    title: str
    is_required: bool  # GO needs the criterion
    owner: str  # empty for a tolerance
    expires: Day | None
    reason: str


class DecisionAnswer(TypedDict):
    """GO only when every rule holds, CONDITIONAL GO when some hold under conditions."""

    verdict: Verdict
    candidate: str | None  # the commit that the verdict is about
    conditions: list[ConditionAnswer]
    rules: list[RuleAnswer]


class ReadinessAnswer(TypedDict):
    """Readiness on the scale from 0 to 100."""

    value: Percent | None  # null: no criterion applies
    known_weight: Fraction  # share of the weight that fresh measurements speak for
    target: float
    uncapped: float | None  # the value without the cap of open blockers
    capped_because: list[str]  # ids of the open blockers that hold the value below the target
    attested_points: float  # points that rest on a named person's word


class ClaimAnswer(TypedDict):
    """What a document claims. A claim changes no readiness."""

    at: Moment
    metric: str
    value: float | None  # null: a verdict in words
    unit: str
    says: str
    text: str  # the line of the document
    path: str
    line: int | None
    commit: str
    author: str  # who wrote the sentence
    merged_by: str  # the author of the merge that brought it
    in_newest_commit: bool  # the line is in the newest commit
    removed_at: Moment | None
    removed_commit: str
    moved_to: str  # the file that the line was moved to


class DocumentAnswer(TypedDict):
    """The checklist that the plan was drafted from, and what of it is neither criterion nor rule."""

    path: str  # empty: the plan was not imported
    notes: list[str]
    contradictions: list[str]  # ticked boxes with an unticked one below
    changes: NotRequired[list[str]]  # ids of changes of the document that nobody has accepted into the plan
    assessed_on: NotRequired[str | None]  # day of the last assessment by hand, as the document or the plan names it
    next_review: NotRequired[str | None]  # day of the next review: named by the plan, or one rhythm after this answer


class StatusAnswer(TypedDict):
    """How ready the project is, gate by gate, with evidence."""

    schema: Literal["tminus.status/1"]
    at: Moment
    readiness: ReadinessAnswer
    decision: DecisionAnswer
    next_plan_from: Moment | None  # when an edit of the plan that is not in force yet takes effect
    gates: list[GateAnswer]
    claims: list[ClaimAnswer]  # oldest first
    document: DocumentAnswer
    project: str
    simulated: bool  # part of the values is simulated sample data
    remark: NotRequired[str]  # what to know of the clone: its newest commit is months old


class CheckAnswer(TypedDict):
    """The verdict for CI."""

    schema: Literal["tminus.check/1"]
    at: Moment
    kind: Literal["deploy", "running", "promotion"]  # of the gates that were asked for
    gate: str | None  # null: all gates of the kind
    verdict: Verdict
    next_plan_from: Moment | None
    candidate: str | None
    conditions: list[ConditionAnswer]
    rules: list[RuleAnswer]  # empty where one gate was asked for
    gates: list[GateAnswer]
    exit_code: Literal[0, 1, 3]  # 0 GO, 1 something fails or needs a condition, 3 only evidence is missing
    ratchet: NotRequired[RatchetAnswer]  # with --baseline; it then decides the exit code
