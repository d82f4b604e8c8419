"""`tminus rollout`, `deploy`, `incident` and `withdraw` with --json: stages, windows, events and verdicts."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from app.answers.types.process import DeploymentMoment, DrillEntry, MessageEntry
from app.answers.types.status import GateAnswer, RuleAnswer
from app.answers.types.values import Comparator, Moment, NotNegative, ReasonValue, Verdict

GateKind: TypeAlias = Literal["deploy", "running", "promotion"]
# The current stage is soaking, soaked, held or stopped; the next one is open or refused; the others are done
# or skipped (before), waiting (after) or rolled_back.
StageState: TypeAlias = Literal[
    "done", "skipped", "soaking", "soaked", "held", "stopped", "open", "refused", "waiting", "rolled_back"
]
WindowState: TypeAlias = Literal["passed", "failing", "unknown", "running", "not_begun"]
RunState: TypeAlias = Literal["healthy", "failing", "gap"]


class DeploymentAnswer(TypedDict):
    """One deployment event."""

    id: str
    kind: Literal["deploy", "rollback"]
    at: Moment
    stage: str  # empty: it names none
    title: str  # of the stage
    commit: str
    environment: str
    by: str
    source: str  # command, git-tags, github, gitlab, or a sample
    external: str  # the tag, or the address of the deployment
    verdict: str  # at that time; empty where nobody asked
    override: str  # the reason why it was done although it was refused; else empty
    refused: list[str]  # the sentences that refused it
    simulated: bool


class IncidentAnswer(TypedDict):
    """One incident; a critical one restarts the soak clock."""

    id: str
    text: str
    severity: str  # critical | major | minor
    at: Moment
    by: str
    resolved_at: Moment | None  # null: still open
    simulated: bool


class SoakAnswer(TypedDict):
    """The soak clock of a stage: it restarts with a redeployment, a rollback and a critical incident."""

    needed_seconds: NotNegative
    elapsed_seconds: NotNegative  # 0 while a critical incident is open
    since: Moment | None  # null: it does not run
    ends_at: Moment | None  # when it is over if nothing restarts it
    restarted_by: str  # deployment | redeployment | rollback | incident | failing_sample; empty before the stage
    restarts: int  # how many times it restarted since the stage began


class StageAnswer(TypedDict):
    """One stage of the rollout."""

    id: str
    title: str
    users: int | None
    share: float | None  # of all users, in percent
    state: StageState
    entered_at: Moment | None
    entered_by: str
    commit: str  # that runs there; empty before the stage
    override: str  # the reason why the stage began although it was refused
    holds_because: list[str]  # what holds it, one sentence each; empty: nothing does
    reasons: list[ReasonValue]  # the same as values
    soak: SoakAnswer | None  # null: the stage has not begun, or asks for no soak


class GapAnswer(TypedDict):
    """A stretch of a window without samples; what happened there is unknown."""

    since: Moment
    until: Moment


class CheckpointAnswer(TypedDict):
    """One criterion over the first hours after the deployment, or over the last hours up to now."""

    name: str  # "T+1 h", or "last 72 h"
    hours: float
    state: WindowState
    value: float | None  # reduced, in the unit of the criterion; null: no number
    elapsed_hours: NotNegative
    samples: int  # numbers that were seen
    expected: int  # samples that the elapsed time should have
    gaps: list[GapAnswer]
    because: str
    reason: ReasonValue


class RunAnswer(TypedDict):
    """Consecutive samples in one state, or a stretch without any."""

    since: Moment
    until: Moment
    state: RunState
    samples: int


class WindowAnswer(TypedDict):
    """One criterion of a running or promotion gate that is judged by every sample since the deployment."""

    criterion: str
    title: str
    gate: str
    level: int | None  # escalation level while it fails
    informed: str  # who is to be informed while it fails; empty where the plan names nobody
    unit: str
    comparator: Comparator
    threshold: float
    reduce: str  # how many samples become one value
    step_seconds: float  # from one expected sample to the next
    checkpoints: list[CheckpointAnswer]
    strip: list[RunAnswer]  # every sample since the deployment, as runs
    simulated: bool


class KindVerdictAnswer(TypedDict):
    """The verdict of the gates of one kind. Another kind never changes it."""

    kind: GateKind
    verdict: Verdict
    because: str  # one sentence
    rules: list[RuleAnswer]
    gates: list[GateAnswer]
    not_due: list[str]  # ids of gates that are judged later
    exit_code: Literal[0, 1, 3]


class WithdrawalEntry(TypedDict):
    """Who withdrew an event, when and why."""

    at: Moment
    by: str
    note: str


class EventEntry(TypedDict):
    """One recorded event under the id that `tminus withdraw` takes."""

    id: str
    kind: str  # deploy | rollback | incident | resolution | drill | message | step_run | samples
    at: Moment
    by: str
    what: str  # one line
    withdrawn: WithdrawalEntry | None  # null: it counts
    simulated: bool


class WithdrawAnswer(TypedDict):
    """What `tminus withdraw` withdrew, and all events, newest first."""

    schema: Literal["tminus.withdraw/1"]
    at: Moment
    project: str
    withdrawn: EventEntry | None  # null: they were only listed
    events: list[EventEntry]


class EscalationEntry(TypedDict):
    """One escalation level of the plan: who is to be informed while a criterion of it fails."""

    level: int
    title: str
    who: str
    after_seconds: float | None  # how long a criterion fails before they are informed; null: at once
    criteria: list[str]  # titles of the criteria that have this level


class RolloutAnswer(TypedDict):
    """Where the rollout is, what holds it, since when, and what comes next."""

    schema: Literal["tminus.rollout/1"]
    at: Moment
    project: str
    environment: str
    environments: list[str]  # all that have deployments
    verdict: Verdict  # to deploy
    verdicts: list[KindVerdictAnswer]  # deploy, and running and promotion where the plan has such gates
    current: str | None  # id of the stage that runs
    next: str | None  # id of the stage that comes next
    says: str  # the whole in one or two sentences
    stages: list[StageAnswer]
    edited: list[str]  # what edits of the plan changed since the current stage began: less may be asked than before
    windows: list[WindowAnswer]
    deployments: list[DeploymentAnswer]
    incidents: list[IncidentAnswer]
    withdrawn: list[EventEntry]  # recorded by mistake: shown, and counted nowhere
    drills: list[DrillEntry]
    messages: list[MessageEntry]  # those that have to be dealt with first first
    escalation: list[EscalationEntry]  # mildest first
    message_clock: DeploymentMoment | None  # the T of the messages; null: no deployment is recorded or planned
    simulated: bool


class DeployAnswer(TypedDict):
    """What `tminus deploy` recorded, or why it refused."""

    schema: Literal["tminus.deploy/1"]
    recorded: bool
    already: bool  # the same event is the newest one: nothing was written
    event: DeploymentAnswer | None
    refused: list[str]  # why the stage is refused; with an override it was recorded all the same
    exit_code: Literal[0, 1, 3]


class ActAnswer(TypedDict):
    """What `tminus incident` recorded."""

    schema: Literal["tminus.incident/1"]
    id: str
    severity: str
    at: Moment
