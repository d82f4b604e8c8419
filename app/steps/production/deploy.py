"""`tminus deploy`: record a deployment or a rollback, or refuse a stage with the reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.answers.rollout import ExitCode, deployment_answer, names_with_rules
from app.answers.types.rollout import DeployAnswer
from app.steps.assess import assess
from app.steps.candidate import resolve_commit
from app.steps.production.state import END_OF_TIME, Production, deployments_until, production_of
from app.wording.names import names_of
from app.wording.rollout.stages import stage_texts
from app.workspace import UsageError, Workspace
from ingest.observation import Deployment
from ingest.warehouse.process import append_deployment, newest_deployment
from models.plan.rollout import Stage
from models.reasons.rollout import NeedOpen, RunningUnknown, Soaks, StageReason, VerdictForbids
from models.rollout.events import Deployed
from models.rollout.position import stages_in_order
from models.rollout.stages import refusals

if TYPE_CHECKING:
    from models.readiness.decision import GoDecision


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """What is to be recorded. `commit` is a revision of the repository; of a rollback it may be empty."""

    stage: str
    commit: str
    environment: str = ""
    by: str = ""
    at: datetime | None = None  # None: now
    override: str = ""
    again: bool = False  # a redeployment of what runs already is meant so
    note: str = ""


def deploy(workspace: Workspace, request: DeployRequest) -> DeployAnswer:
    """Record a deployment; a stage that may not begin is refused, and nothing is recorded without an override.

    UsageError: the stage or the commit does not exist, the time is not after the newest deployment and before now, or
    an override has no name. ProcessError: somebody else deployed while this was judged.
    """
    _check_override(request)
    with workspace.warehouse.one_state():
        request = _in_its_environment(workspace, request)
        newest = newest_deployment(workspace.warehouse)  # read first: what comes after it is noticed when writing
        at = _moment(workspace, request)
        state = production_of(workspace, at, request.environment)
        stage = _stage_of(state, request.stage)
        commit = resolve_commit(workspace, request.commit)
        if (known := _already(state, stage, commit)) and not request.again:
            return _answer(state, known, [], recorded=False, already=True)
        _check_order(state, at)
        about = assess(workspace, at, commit)
    reasons = refusals(stage, commit, state.situation(about))
    texts = stage_texts(reasons, names_with_rules(names_of(state.plan), about.decision.rules))
    if reasons and not request.override:
        code = _exit_code(reasons, about.decision)
        return _answer(state, None, texts, recorded=False, exit_code=code)
    event = Deployment(
        kind="deploy",
        happened_at=at,
        stage=stage.id,
        commit=commit,
        environment=request.environment,
        by=request.by,
        verdict=about.decision.verdict,
        override=request.override if reasons else "",
        refused=tuple(texts),
        note=request.note,
    )
    return _record(workspace, state, event, newest, texts)


def roll_back(workspace: Workspace, request: DeployRequest) -> DeployAnswer:
    """Record a rollback: to the commit that is named, else to the one that ran before. It is never refused.

    UsageError: nothing is deployed, no other commit ran before, or the time is not in order.
    """
    request = _in_its_environment(workspace, request)
    newest = newest_deployment(workspace.warehouse)
    at = _moment(workspace, request)
    state = production_of(workspace, at, request.environment)
    runs = state.where.newest
    if runs is None:
        raise UsageError(f"nothing is deployed{_in(request.environment)}, so there is nothing to roll back")
    if runs.kind == "rollback" and not request.again:
        return _answer(state, runs, [], recorded=False, already=True)
    _check_order(state, at)
    commit = resolve_commit(workspace, request.commit) if request.commit else _before(state.events)
    event = Deployment(
        kind="rollback",
        happened_at=at,
        stage=request.stage or (state.where.current.id if state.where.current else ""),
        commit=commit,
        environment=request.environment,
        by=request.by,
        note=request.note,
    )
    return _record(workspace, state, event, newest, [])


def _record(
    workspace: Workspace, state: Production, event: Deployment, newest: str, refused: list[str]
) -> DeployAnswer:
    stored = append_deployment(workspace.warehouse, event, workspace.now(), after=newest)
    shown = Deployed(
        id=stored.id,
        kind="rollback" if stored.kind == "rollback" else "deploy",
        at=stored.happened_at,
        stage=stored.stage,
        commit=stored.commit,
        environment=stored.environment,
        by=stored.by,
        verdict=stored.verdict,
        override=stored.override,
        refused=tuple(stored.refused),
    )
    return _answer(state, shown, refused, recorded=True)


def _answer(
    state: Production,
    event: Deployed | None,
    refused: list[str],
    *,
    recorded: bool,
    already: bool = False,
    exit_code: ExitCode = 0,
) -> DeployAnswer:
    return {
        "schema": "tminus.deploy/1",
        "recorded": recorded,
        "already": already,
        "event": None if event is None else deployment_answer(event, state.plan, state.at.tzinfo),
        "refused": refused,
        "exit_code": exit_code,
    }


def _check_override(request: DeployRequest) -> None:
    if request.override and not request.by.strip():
        raise UsageError("--override needs the name of who answers for it: add --by NAME")


def _in_its_environment(workspace: Workspace, request: DeployRequest) -> DeployRequest:
    """Without a name the only environment that has deployments. UsageError: there are several, all with names."""
    known = sorted({event.environment for event in deployments_until(workspace, END_OF_TIME)})
    if request.environment or not known or "" in known:
        return request
    if len(known) > 1:
        raise UsageError(f"name the environment with --environment; there are {', '.join(known)}")
    return replace(request, environment=known[0])


def _moment(workspace: Workspace, request: DeployRequest) -> datetime:
    now = workspace.now()
    if request.at is not None and request.at > now:
        raise UsageError(f"--at {request.at:%Y-%m-%d %H:%M} is in the future: it is {now:%Y-%m-%d %H:%M} now")
    return request.at or now


def _check_order(state: Production, at: datetime) -> None:
    """Events are recorded in the order in which they happen; a clock that runs backwards would tear it."""
    later = max(deployments_until(state.workspace, END_OF_TIME, state.environment), key=lambda e: e.at, default=None)
    if later is not None and later.at >= at:
        moment = later.at.astimezone(at.tzinfo)
        raise UsageError(
            f"{later.id} happened at {moment:%Y-%m-%d %H:%M:%S}, which is not before {at:%Y-%m-%d %H:%M:%S}: "
            "check the clock of this machine, or give a later --at"
        )


def _stage_of(state: Production, identity: str) -> Stage:
    stages = stages_in_order(state.plan.stages)
    if not stages:
        raise UsageError('the plan lists no stages: add [[stage]] tables with kind = "stage" to tminus.toml')
    for stage in stages:
        if stage.id == identity:
            return stage
    raise UsageError(f"there is no stage {identity!r}: the plan has {', '.join(stage.id for stage in stages)}")


def _already(state: Production, stage: Stage, commit: str) -> Deployed | None:
    """The newest event, where it is the same deployment."""
    newest = state.where.newest
    same = newest is not None and (newest.kind, newest.stage, newest.commit) == ("deploy", stage.id, commit)
    return newest if same else None


def _before(events: tuple[Deployed, ...]) -> str:
    """The commit that ran before the one that runs."""
    for event in reversed(events):
        if event.commit != events[-1].commit:
            return event.commit
    raise UsageError("no other commit was deployed before: name the one that runs now with --commit REV")


def _in(environment: str) -> str:
    return f" in {environment}" if environment else ""


def _exit_code(reasons: tuple[StageReason, ...], decision: GoDecision) -> ExitCode:
    """3 where only evidence or time is missing, else 1."""
    fails = any(rule.holds is False for rule in decision.rules)
    waits = (RunningUnknown, Soaks)
    only_missing = all(
        isinstance(reason, waits)
        or (isinstance(reason, NeedOpen) and reason.holds is None)
        or (isinstance(reason, VerdictForbids) and not fails)
        for reason in reasons
    )
    return 3 if only_missing else 1
