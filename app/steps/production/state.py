"""All that is known of one environment at a moment: its events, its soak, and the gates judged after the deployment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pandas as pd

from app.answers.status import Assessment
from app.steps.assess import asked_of, plan_at, whole_plans_in_force
from app.steps.production.windows import CriterionSamples, samples_of_criteria
from app.workspace import UsageError, Workspace, consistent_read
from ingest.warehouse import process
from models.frames import CLAIMS, DEPLOYMENTS, PROCESS_EVENTS, SNAPSHOT, check_frame, empty_frame
from models.plan.kinds import kinds_of, plan_of_kind
from models.plan.plan import Criterion, Gate, GateKind, Plan
from models.readiness.after_deployment import HOUR, AfterDeployment, CriterionWindow
from models.readiness.decision import GoDecision, gate_answer
from models.readiness.readings import History, Key, ObservedValue, as_moment, plan_keys, with_zone
from models.readiness.score import baselines_from, claims_by_key, score_readings
from models.readiness.scores import GateScore, Readiness
from models.reasons.criterion import ClaimedFigure
from models.reasons.window import OtherEnvironment, WindowRunning
from models.rollout.environments import gates_of_others, plan_of_environment
from models.rollout.events import (
    Deployed,
    Incident,
    deployed_from,
    environment_of,
    in_environment,
    incidents_from,
    rollout_environments,
)
from models.rollout.position import Position, position, stages_in_order
from models.rollout.soak import Soak, critical_incidents_since, soak_clock
from models.rollout.stages import Situation
from models.rollout.verdicts import PromotionFacts, decide_after_deployment

END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
CRITICAL_LEVEL = 4  # a failing criterion of this escalation level, or a blocker, restarts the soak
SHORTEST_STEPS = 10  # of the samples: how much of them must be whole where a stage asks for no soak


@dataclass(frozen=True, slots=True)
class JudgedKind:
    """The gates of one kind, scored and decided. `not_due` holds the hours until each gate that is judged later."""

    kind: GateKind
    plan: Plan
    readiness: Readiness
    decision: GoDecision
    not_due: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Production:
    """One environment at a moment. `events` are its own, `environments` all that have events."""

    workspace: Workspace
    at: datetime
    plan: Plan
    environment: str
    environments: tuple[str, ...]
    events: tuple[Deployed, ...]
    incidents: tuple[Incident, ...]
    where: Position
    soak: Soak
    samples: Mapping[str, CriterionSamples]
    kinds: tuple[JudgedKind, ...]  # running and promotion, where the plan has such gates
    holding: tuple[GateScore, ...]  # running gates that are due, judged over the soak of the current stage

    @property
    def deployed_at(self) -> datetime | None:
        return self.where.newest.at if self.where.newest else None

    def judged(self, kind: GateKind) -> JudgedKind | None:
        return next((judged for judged in self.kinds if judged.kind == kind), None)

    def situation(self, deploy: Assessment) -> Situation:
        """What stages are judged by, for the commit that the assessment is about."""
        needs = _holds(deploy.readiness.gates)
        for judged in self.kinds:
            needs |= _holds(judged.readiness.gates)
        # A stage that soaks for two hours does not wait until a window of 72 hours is full.
        needs |= _holds([gate for gate in self.holding if gate.gate.judged_after is None])
        running = tuple(score for gate in self.holding for score in gate.criteria if not score.is_parent)
        stages = stages_in_order(self.plan.stages)
        return Situation(
            stages, self.where, self.soak, deploy.decision, needs, running, self.incidents, _filling(self.holding)
        )


@consistent_read
def production(workspace: Workspace, at: datetime, environment: str | None = None) -> Production:
    """Judge an environment, that of the newest deployment where none is named. UsageError: it has no deployments."""
    plan = plan_at(whole_plans_in_force(workspace), at)
    every = deployed_from(_deployments(workspace, at))
    chosen = environment_of(every) if environment is None else environment
    environments = tuple(sorted({event.environment for event in every}))
    if environment is not None and environment not in environments and environments:
        known = ", ".join(name or '""' for name in environments)
        raise UsageError(f"--environment {environment}: no deployment was recorded there; there are {known}")
    return _judged(workspace, at, plan, chosen, every)


@consistent_read
def production_of(workspace: Workspace, at: datetime, environment: str) -> Production:
    """Judge an environment that need not have deployments yet."""
    plan = plan_at(whole_plans_in_force(workspace), at)
    return _judged(workspace, at, plan, environment, deployments_until(workspace, at))


def _judged(
    workspace: Workspace, at: datetime, whole: Plan, environment: str, every: tuple[Deployed, ...]
) -> Production:
    """`whole` is the plan of all environments, `every` the events of all."""
    events, environments = in_environment(every, environment), rollout_environments(every)
    plan = plan_of_environment(whole, environment, environments)
    incidents = incidents_from(_acts(workspace, at))
    where = position(plan.stages, events)
    deployed_at = where.newest.at if where.newest else None
    later = [c for gate in plan.gates if gate.kind != "deploy" for c in gate.criteria]
    samples = samples_of_criteria(workspace, later, deployed_at, at) if deployed_at else {}
    soak = soak_clock(events, incidents, _critical_moments(plan, samples, deployed_at, at), at)
    stable = _stable_since(plan, samples, soak, deployed_at, at)
    known = _evidence(workspace, plan, at)
    is_watched = _is_watched(plan, samples, known, deployed_at)
    evidence = replace(
        known, readings={**known.readings, **_computed(where, stable, incidents, at, is_watched=is_watched)}
    )
    elsewhere = gates_of_others(plan, environment, environments)
    judge = _Judge(at, plan, where, soak, incidents, samples, evidence, elsewhere)
    kinds, running = [], judge.running()
    if running is not None:
        kinds.append(running)
    if (promotion := judge.promotion(running)) is not None:
        kinds.append(promotion)
    return Production(
        workspace=workspace,
        at=at,
        plan=whole,
        environment=environment,
        environments=tuple(sorted({event.environment for event in every})),
        events=events,
        incidents=incidents,
        where=where,
        soak=soak,
        samples=samples,
        kinds=tuple(kinds),
        holding=judge.holding(),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What was known of the criteria that are judged after the deployment; asked once for all verdicts."""

    readings: Mapping[Key, ObservedValue]
    baselines: Mapping[str, float]
    claims: Mapping[Key, ClaimedFigure]


def _evidence(workspace: Workspace, plan: Plan, at: datetime) -> _Evidence:
    part = replace(plan, gates=tuple(gate for gate in plan.gates if gate.kind != "deploy"))
    if not part.gates:
        return _Evidence({}, {}, {})
    ask, moment = workspace.warehouse.query, as_moment(at)
    wanted, open_ended = asked_of(part.criteria), asked_of(c for c in part.criteria if c.baseline is None)
    snapshot = check_frame(ask("snapshot", **wanted, until=at, simulated=True), SNAPSHOT, "snapshot")
    first = check_frame(ask("first_observations", **open_ended), SNAPSHOT, "first observations")
    claims = check_frame(ask("claims", until=at), CLAIMS, "claims")
    readings = History(snapshot, plan_keys([part])).readings(moment)
    return _Evidence(readings, baselines_from(first, part), claims_by_key(claims, part, moment))


def _is_watched(
    plan: Plan, samples: Mapping[str, CriterionSamples], known: _Evidence, deployed_at: datetime | None
) -> bool:
    """Whether anything of a running gate was measured since the deployment."""
    running = [criterion for criterion in plan_of_kind(plan, "running").criteria if criterion.metric]
    if deployed_at is None:
        return True  # nothing runs: no hours are counted
    since = as_moment(deployed_at)
    is_seen = any(_is_newer(known.readings.get((criterion.metric, criterion.scope)), since) for criterion in running)
    return is_seen or any(len(samples[c.id].samples.seconds) for c in running if c.id in samples)


def _is_newer(reading: ObservedValue | None, since: pd.Timestamp) -> bool:
    return reading is not None and reading.observed_at > since and not math.isnan(reading.value)


def _stable_since(
    plan: Plan, samples: Mapping[str, CriterionSamples], soak: Soak, deployed_at: datetime | None, now: datetime
) -> datetime | None:
    """Since when it has been stable: the start of the soak clock, or the end of the last gap in what is watched.

    Nobody knows whether it was stable while no sample of a running gate came. None while the clock does not run.
    """
    if soak.since is None or deployed_at is None:
        return None
    watched = [samples[c.id] for c in plan_of_kind(plan, "running").criteria if c.id in samples]
    gaps = (gap for known in watched for gap in known.last(deployed_at, now - deployed_at, now).result.gaps)
    ends = [datetime.fromtimestamp(gap.end, UTC) for gap in gaps]
    return max([soak.since, *(min(end, now) for end in ends)])


def _computed(
    where: Position, stable_since: datetime | None, incidents: tuple[Incident, ...], at: datetime, *, is_watched: bool
) -> dict[Key, ObservedValue]:
    """What follows from events and gaps: hours of stable operation that were seen, and critical incidents.

    Where nothing watches what runs, nobody knows how long it has been stable.
    """
    newest = where.newest
    if newest is None:
        return {}
    moment = as_moment(at)
    hours = (at - stable_since) / timedelta(hours=1) if stable_since else 0.0
    is_simulated = newest.is_simulated or any(incident.is_simulated for incident in incidents)
    values = {
        "stable_hours": (hours if is_watched else math.nan, "hours"),
        "incidents_critical_count": (float(critical_incidents_since(incidents, newest.at, at)), "incidents"),
    }
    return {
        (metric, ""): ObservedValue(
            value,
            moment,
            moment,
            unit=unit,
            kind="simulated" if is_simulated else "measured",
            commit=newest.commit,
            source="rollout",
            locator=newest.id,
            tool="tminus",
            reason="" if not math.isnan(value) else "no criterion of a running gate was measured since the deployment",
        )
        for metric, (value, unit) in values.items()
    }


@dataclass(frozen=True, slots=True)
class _Judge:
    at: datetime
    plan: Plan
    where: Position
    soak: Soak
    incidents: tuple[Incident, ...]
    samples: Mapping[str, CriterionSamples]
    evidence: _Evidence
    elsewhere: Mapping[str, OtherEnvironment]  # gates whose evidence is not of this environment

    @property
    def deployed_at(self) -> datetime | None:
        return self.where.newest.at if self.where.newest else None

    def running(self) -> JudgedKind | None:
        return self._kind("running", None)

    def promotion(self, running: JudgedKind | None) -> JudgedKind | None:
        order = stages_in_order(self.plan.stages)
        last = order[-1].id if order else ""
        is_last = self.where.current is not None and self.where.current.id == last
        decision = running.decision if running else None
        is_back = self.where.newest is not None and self.where.newest.kind == "rollback"
        return self._kind("promotion", PromotionFacts(decision, last, is_last, self.incidents, is_back))

    def _kind(self, kind: GateKind, facts: PromotionFacts | None) -> JudgedKind | None:
        if kind not in kinds_of(self.plan):
            return None
        part, not_due = plan_of_kind(self.plan, kind), self._not_due(kind)
        windows = {name: self._full(name, part) for name in self.samples}
        readiness = self._scored(part, windows)
        decision = decide_after_deployment(readiness, part, not_due, self.where.commit, facts)
        return JudgedKind(kind, part, readiness, decision, not_due)

    def holding(self) -> tuple[GateScore, ...]:
        """The running gates that are due, over the soak of the stage that runs."""
        part, not_due = plan_of_kind(self.plan, "running"), self._not_due("running")
        since = self.deployed_at  # not the start of the soak: the sample that restarted it would fall out
        if since is None or not part.gates:
            return ()
        own_time = {c.id for gate in part.gates if gate.judged_after is not None for c in gate.criteria}
        windows = {
            name: self._full(name, part)
            if name in own_time
            else samples.last(since, self._soak_length(samples), self.at)
            for name, samples in self.samples.items()
        }
        readiness = self._scored(part, windows)
        return tuple(gate for gate in readiness.gates if gate.gate.id not in not_due)

    def _soak_length(self, samples: CriterionSamples) -> timedelta:
        shortest = timedelta(seconds=SHORTEST_STEPS * samples.samples.step)
        wanted = self.where.current.soak if self.where.current else None
        return max(wanted or shortest, shortest)

    def _full(self, name: str, part: Plan) -> CriterionWindow:
        """Over the query's window up to now; of a gate that is judged at T+n, over the window that ends then."""
        samples, since = self.samples[name], self.deployed_at or self.at
        gate = next((g for g in part.gates if any(c.id == name for c in g.criteria)), None)
        if gate is not None and gate.judged_after is not None:
            return samples.judged(since, gate.judged_after, self.at)
        return samples.last(since, samples.length, self.at)

    def _not_due(self, kind: GateKind) -> dict[str, float]:
        if self.deployed_at is None:
            return {}
        due = {g.id: self.deployed_at + (g.judged_after or timedelta(0)) for g in self.plan.gates if g.kind == kind}
        return {gate: (moment - self.at).total_seconds() / HOUR for gate, moment in due.items() if moment > self.at}

    def _scored(self, part: Plan, windows: Mapping[str, CriterionWindow]) -> Readiness:
        after = {c.id: self._after(gate, c, windows) for gate in part.gates for c in gate.criteria}
        known = self.evidence
        return score_readings(known.readings, part, with_zone(self.at), known.baselines, known.claims, after=after)

    def _after(self, gate: Gate, criterion: Criterion, windows: Mapping[str, CriterionWindow]) -> AfterDeployment:
        if self.deployed_at is None:
            return AfterDeployment(None)
        counts_from = as_moment(self.deployed_at + (gate.judged_after or timedelta(0)))
        elsewhere = self.elsewhere.get(gate.id)
        return AfterDeployment(as_moment(self.deployed_at), counts_from, windows.get(criterion.id), elsewhere)


def _critical_moments(
    plan: Plan, samples: Mapping[str, CriterionSamples], deployed_at: datetime | None, now: datetime
) -> list[datetime]:
    """The last sample that failed a running criterion which is a blocker or of the highest escalation level."""
    if deployed_at is None:
        return []
    running = plan_of_kind(plan, "running").criteria
    critical = [samples[c.id] for c in running if c.id in samples and (c.blocker or c.level == CRITICAL_LEVEL)]
    found = (known.last(deployed_at, now - deployed_at, now).result.last_failing for known in critical)
    return [datetime.fromtimestamp(moment, UTC) for moment in found if moment is not None]


def _filling(gates: Iterable[GateScore]) -> frozenset[str]:
    """Gates and criteria that are unknown only because their window is not full yet."""
    found: set[str] = set()
    for gate in gates:
        parts = [s for s in gate.criteria if not s.is_parent and s.holds is None and s.state != "not_applicable"]
        own = {score.criterion.id for score in parts if isinstance(score.because, WindowRunning)}
        is_all = len(own) == len(parts) and gate_answer(gate)[0] is None
        found |= own | ({gate.gate.id} if is_all else set())
    return frozenset(found)


def _holds(gates: Iterable[GateScore]) -> dict[str, bool | None]:
    """Of each criterion and gate whether it holds; what is not applicable holds nothing up."""
    found: dict[str, bool | None] = {}
    for gate in gates:
        found |= {s.criterion.id: True if s.state == "not_applicable" else s.holds for s in gate.criteria}
        found[gate.gate.id] = gate_answer(gate)[0]
    return found


def _deployments(workspace: Workspace, at: datetime) -> pd.DataFrame:
    found = process.deployments(workspace.warehouse, at)
    return empty_frame(DEPLOYMENTS) if found is None else found


def _acts(workspace: Workspace, at: datetime) -> pd.DataFrame:
    found = process.process_events(workspace.warehouse, at, ["incident"])
    return empty_frame(PROCESS_EVENTS) if found is None else found


def deployments_until(workspace: Workspace, at: datetime, environment: str | None = None) -> tuple[Deployed, ...]:
    """Every deployment and rollback that counts, of one environment or (None) of all, oldest first."""
    events = deployed_from(_deployments(workspace, at))
    return events if environment is None else in_environment(events, environment)
