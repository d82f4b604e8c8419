"""The calls behind the commands from GO to promotion: deploy, rollout, incident."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.command_line.calls import workspace_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.answers.types.rollout import ActAnswer, DeployAnswer, RolloutAnswer
    from app.workspace import Workspace


def rollout(args: Namespace) -> RolloutAnswer:
    """Where the rollout is, and what holds it."""
    from app.steps.production.rollout import rollout as rollout_step
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at).astimezone(workspace.zone)
    return rollout_step(workspace, at, args.environment)


def deploy(args: Namespace) -> DeployAnswer:
    """Record a deployment or a rollback."""
    from app.steps.production.deploy import DeployRequest, roll_back
    from app.steps.production.deploy import deploy as deploy_step
    from app.workspace import UsageError

    if not args.rollback and not (args.stage and args.commit):
        raise UsageError("name what goes where: tminus deploy --stage ID --commit REV; or tminus deploy --rollback")
    if args.rollback and args.override:
        raise UsageError("--override is for a stage that is refused; a rollback is never refused")
    workspace = workspace_of(args)
    request = DeployRequest(
        stage=args.stage,
        commit=args.commit,
        environment=args.environment,
        by=args.by,
        at=_moment(workspace, args.at),
        override=args.override,
        again=args.again,
        note=args.note,
    )
    return roll_back(workspace, request) if args.rollback else deploy_step(workspace, request)


def incident(args: Namespace) -> ActAnswer:
    """Record an incident, or its end."""
    from app.steps.production.incident import open_incident, resolve_incident
    from app.workspace import UsageError

    if bool(args.text) == bool(args.resolve):
        raise UsageError("tminus incident 'TEXT' --severity critical|major|minor, or: tminus incident --resolve ID")
    if args.text and not args.severity:
        raise UsageError("how severe is it? --severity critical|major|minor; a critical one restarts the soak clock")
    workspace = workspace_of(args)
    at = _moment(workspace, args.at)
    if args.resolve:
        return resolve_incident(workspace, args.resolve, args.by, at)
    return open_incident(workspace, args.text, args.severity, args.by, at)


def _moment(workspace: Workspace, text: str | None) -> datetime | None:
    from app.workspace import parse_moment

    return parse_moment(text, workspace.zone) if text else None
