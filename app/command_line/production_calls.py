"""The calls behind the commands from GO to promotion: deploy, rollout, incident, withdraw."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.command_line.calls import workspace_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.answers.types.rollout import ActAnswer, DeployAnswer, RolloutAnswer, WithdrawAnswer
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


def withdraw(args: Namespace) -> WithdrawAnswer:
    """Withdraw an event or samples; without either, list the events."""
    from app.steps.production import withdraw as steps

    _check_withdrawal(args)
    workspace = workspace_of(args)
    if args.id:
        return steps.withdraw(workspace, args.id, args.by, args.note)
    since, until = _moment(workspace, args.since), _moment(workspace, args.until)
    if since is None or until is None:
        return steps.listed(workspace, workspace.now())
    return steps.withdraw_samples(workspace, args.samples, since, until, args.by, args.note)


def _check_withdrawal(args: Namespace) -> None:
    from app.workspace import UsageError

    if args.id and args.samples:
        raise UsageError("name an event or --samples CRITERION, not both")
    if len({bool(args.samples), bool(args.since), bool(args.until)}) > 1:
        raise UsageError("samples are withdrawn for a time: --samples CRITERION --since DATE --until DATE")
    if (args.by or args.note) and not (args.id or args.samples):
        raise UsageError("--by and --note belong to: tminus withdraw ID --by NAME --note TEXT")


def _moment(workspace: Workspace, text: str | None) -> datetime | None:
    from app.workspace import parse_moment

    return parse_moment(text, workspace.zone) if text else None
