"""`tminus rollout`: where the rollout is, what holds it, since when, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.answers import rollout as answers
from app.answers.status import Assessment, condition_answer, informed_of
from app.answers.types.rollout import DeploymentAnswer, KindVerdictAnswer, RolloutAnswer, StageAnswer, WindowAnswer
from app.answers.types.status import CheckAnswer, GateAnswer
from app.steps.assess import assess, plan_at, plan_known_at, whole_plans_in_force
from app.steps.drill import drill_entries
from app.steps.messages import messages
from app.steps.production.state import CRITICAL_LEVEL, Production, deployments_until, production
from app.steps.production.windows import CriterionSamples
from app.steps.production.withdraw import events
from app.wording.names import names_of
from app.wording.rollout.edits import edit_words
from app.wording.rollout.stages import rollout_sentence
from app.workspace import UsageError, Workspace, consistent_read
from models.plan.plan import GateKind, Plan
from models.readiness.after_deployment import HOUR, CriterionWindow
from models.rollout.plan_edits import edits_between
from models.rollout.position import next_stage
from models.rollout.stages import standings
from models.rollout.verdicts import decide_gate

CHECKPOINTS = (timedelta(hours=1), timedelta(hours=24))


@consistent_read
def rollout(workspace: Workspace, at: datetime, environment: str | None = None) -> RolloutAnswer:
    """The stages with their state, the windows, the events and the verdict of each kind of gates."""
    state = production(workspace, at, environment)
    whole = assess(workspace, at)
    commit = state.where.commit if state.where.current else whole.decision.candidate
    about = assess(workspace, at, commit) if commit else whole
    stages = _stages(state, about, commit)
    current, after = _ids(state)
    due, verdicts = messages(workspace, at), _verdicts(state, whole)
    promotion = next((one["verdict"] for one in verdicts if one["kind"] == "promotion"), "")
    return {
        "schema": "tminus.rollout/1",
        "at": at.isoformat(),
        "project": workspace.config.name,
        "environment": state.environment,
        "environments": list(state.environments),
        "verdict": whole.decision.verdict,
        "verdicts": verdicts,
        "current": current,
        "next": after,
        "says": rollout_sentence(stages, current, after, _when(state, at), promotion),
        "stages": stages,
        "edited": _edited(workspace, state),
        "windows": windows(state),
        "deployments": [answers.deployment_answer(event, state.plan, at.tzinfo) for event in state.events],
        "incidents": [answers.incident_answer(incident, at.tzinfo) for incident in state.incidents],
        "withdrawn": [event for event in events(workspace, at) if event["withdrawn"] is not None],
        "drills": drill_entries(workspace, state.plan, at),
        "messages": due["messages"],
        "escalation": answers.escalation_answer(state.plan),
        "message_clock": due["deployment"],
        "simulated": _is_simulated(state, whole),
    }


def _ids(state: Production) -> tuple[str | None, str | None]:
    """The stage that runs, and the one that comes next."""
    after = next_stage(state.plan.stages, state.where)
    return state.where.current.id if state.where.current else None, after.id if after else None


def _edited(workspace: Workspace, state: Production) -> list[str]:
    """What the plan asks for now and did not when the current stage began, or the other way round."""
    current = state.where.current
    begun = state.where.entered.get(current.id) if current else None
    if begun is None:
        return []
    before = plan_at(whole_plans_in_force(workspace), begun.at)
    return [edit_words(edit) for edit in edits_between(before, state.plan, CRITICAL_LEVEL)]


def _is_simulated(state: Production, whole: Assessment) -> bool:
    of_events = any(e.is_simulated for e in state.events) or any(i.is_simulated for i in state.incidents)
    return of_events or whole.has_simulated or any(s.samples.is_simulated for s in state.samples.values())


def _when(state: Production, at: datetime) -> str:
    current = state.where.current
    begun = state.where.entered.get(current.id) if current else None
    return f"{begun.at.astimezone(at.tzinfo):%Y-%m-%d %H:%M}" if begun else ""


def _stages(state: Production, about: Assessment, commit: str) -> list[StageAnswer]:
    names = answers.names_with_rules(names_of(state.plan), about.decision.rules)
    standing = standings(state.situation(about), commit)
    return [answers.stage_answer(one, state.where, state.soak, names, state.at.tzinfo) for one in standing]


def _verdicts(state: Production, whole: Assessment) -> list[KindVerdictAnswer]:
    deploy = answers.verdict_answer("deploy", whole.plan, whole.readiness, whole.decision, ())
    return [deploy, *_later_verdicts(state)]


def _later_verdicts(state: Production) -> list[KindVerdictAnswer]:
    return [
        answers.verdict_answer(judged.kind, state.plan, judged.readiness, judged.decision, tuple(judged.not_due))
        for judged in state.kinds
    ]


@consistent_read
def deployments(workspace: Workspace, at: datetime) -> list[DeploymentAnswer]:
    """The deployments and rollbacks of every environment, oldest first."""
    plan = plan_at(whole_plans_in_force(workspace), at)
    return [answers.deployment_answer(event, plan, at.tzinfo) for event in deployments_until(workspace, at)]


def windows(state: Production) -> list[WindowAnswer]:
    """Each criterion that is judged by samples: T+1 h, T+24 h and its whole window side by side."""
    if state.deployed_at is None:
        return []
    since, informed, judged = state.deployed_at, informed_of(state.plan), _judged_after(state.plan)
    return [
        answers.window_answer(
            answers.ShownWindow(
                samples.criterion,
                samples.demand,
                samples.samples,
                _checkpoints(samples, state.plan, since, state.at),
                informed.get(samples.criterion.level or 0, ""),
            ),
            since,
            min(state.at, (since + judged.get(samples.criterion.id, state.at - since)).astimezone(state.at.tzinfo)),
        )
        for samples in state.samples.values()
    ]


def _judged_after(plan: Plan) -> dict[str, timedelta]:
    """By criterion, how long after the deployment its gate is judged, where it is judged once."""
    return {c.id: gate.judged_after for gate in plan.gates if gate.judged_after for c in gate.criteria}


def _checkpoints(
    samples: CriterionSamples, plan: Plan, since: datetime, now: datetime
) -> Mapping[str, CriterionWindow]:
    """T+1 h, T+24 h and the whole window; of a gate that is judged once, only its own moment."""
    if once := _judged_after(plan).get(samples.criterion.id):
        name = answers.checkpoint_name(once.total_seconds() / HOUR, is_last=False)
        return {name: samples.judged(since, once, now)}
    lengths = sorted({*CHECKPOINTS, *(gate.judged_after for gate in plan.gates if gate.judged_after)})
    shown = {
        answers.checkpoint_name(length.total_seconds() / HOUR, is_last=False): samples.first(since, length, now)
        for length in lengths
        if length < samples.length
    }
    whole = samples.length.total_seconds() / HOUR
    return shown | {answers.checkpoint_name(whole, is_last=True): samples.last(since, samples.length, now)}


@consistent_read
def later_gates(workspace: Workspace, at: datetime) -> list[GateAnswer]:
    """The gates that are judged after the deployment, with their criteria; their points are of their own kind."""
    if all(gate.kind == "deploy" for gate in plan_known_at(workspace, at).gates):
        return []
    verdicts = _later_verdicts(production(workspace, at))
    return [gate for verdict in verdicts for gate in verdict["gates"]]


def check_kind(workspace: Workspace, at: datetime, kind: GateKind, gate: str | None) -> CheckAnswer:
    """The verdict of the running or the promotion gates, or of one of them. UsageError: the plan has no such gates."""
    state = production(workspace, at)
    judged = state.judged(kind)
    if judged is None:
        raise UsageError(f'the plan has no gates of the kind {kind}: set kind = "{kind}" on a [[gate]]')
    decision = judged.decision
    if gate is not None:
        decision = decide_gate(judged.readiness, gate, judged.not_due, state.where.commit)
    not_due = tuple(judged.not_due)
    answer = answers.verdict_answer(kind, state.plan, judged.readiness, decision, not_due, gate=gate)
    return {
        "schema": "tminus.check/1",
        "at": at.isoformat(),
        "kind": kind,
        "gate": gate,
        "verdict": decision.verdict,
        "next_plan_from": None,
        "candidate": state.where.commit or None,
        "conditions": [condition_answer(condition) for condition in decision.conditions],
        "rules": answer["rules"],
        "gates": answer["gates"],
        "exit_code": answer["exit_code"],
    }
