"""The calls behind the commands that a person acts with: runbook, run-step, drill, messages."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from app.command_line.calls import workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.answers.types.process import (
        DrillAnswer,
        DrillsAnswer,
        MessageDraftAnswer,
        MessagesAnswer,
        MessageSentAnswer,
        RunbookAnswer,
        StepRunAnswer,
    )
    from app.workspace import Workspace


def runbook(args: Namespace) -> RunbookAnswer:
    """The runbooks with the last run of each step."""
    from app.steps.runbook import runbook as runbook_step

    workspace = workspace_of(args)
    return runbook_step(workspace, _at(workspace, args))


def run_step(args: Namespace) -> StepRunAnswer:
    """Run one step that the person has confirmed."""
    from app.steps.runbook import TIMEOUT, read_seconds
    from app.steps.runbook import run_step as step

    timeout = read_seconds(args.timeout, "--timeout") or TIMEOUT
    return step(workspace_of(args), args.id, _values(args.set), _confirm(args), _echo, by=args.by, timeout=timeout)


def drill(args: Namespace) -> DrillAnswer | DrillsAnswer:
    """Time a drill; without an id: the state of all."""
    from app.steps import drill as drill_steps
    from app.steps.runbook import read_seconds
    from app.workspace import UsageError

    workspace = workspace_of(args)
    if not args.id:
        if args.typed:
            raise UsageError("name the drill: tminus drill ID -- COMMAND; `tminus drill` lists them")
        return drill_steps.drills(workspace, workspace.now())
    deadline = read_seconds(args.deadline, "--deadline")
    question = drill_steps.DrillQuestion(args.health, args.expect, deadline, args.by)
    return drill_steps.drill(workspace, args.id, args.typed, question, _echo)


def messages(args: Namespace) -> MessagesAnswer | MessageDraftAnswer | MessageSentAnswer:
    """List the messages, draft one, or record that one was sent."""
    from app.steps import messages as message_steps
    from app.workspace import UsageError

    workspace = workspace_of(args)
    if args.action and not args.id:
        raise UsageError(f"name the message: tminus messages {args.action} ID; `tminus messages` lists them")
    _refuse_strange_options(args)
    at = _at(workspace, args)
    if args.action == "draft":
        from app.steps.production.message_draft import draft

        return draft(workspace, args.id, at)
    if args.action == "send":
        return _send(workspace, args)
    if args.action == "sent":
        return message_steps.message_sent(workspace, args.id, args.by, at if args.at else None, args.note)
    return message_steps.messages(workspace, at)


def _refuse_strange_options(args: Namespace) -> None:
    from app.workspace import UsageError

    if args.action not in ("send", "sent") and (args.by or args.note):
        raise UsageError("--by and --note belong to: tminus messages sent ID --by NAME")
    if (args.action == "send") != bool(args.to):
        raise UsageError("--to belongs to, and is needed by: tminus messages send ID --to URL --by NAME")


def _send(workspace: Workspace, args: Namespace) -> MessageSentAnswer:
    import os

    from app.delivery.address import address_of
    from app.steps.production.message_draft import send_message

    return send_message(workspace, args.id, address_of(args.to, os.environ), args.by)


def _at(workspace: Workspace, args: Namespace) -> datetime:
    from app.workspace import parse_as_of

    return parse_as_of(workspace, args.at).astimezone(workspace.zone)


def _values(given: list[str]) -> dict[str, str]:
    """The values of placeholders, from NAME=VALUE. UsageError: it has another form, or a name comes twice."""
    from app.workspace import UsageError

    values: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise UsageError(f"--set {text!r} is not NAME=VALUE, for example --set version=1.2.3")
        if values.get(name, value) != value:
            raise UsageError(f"--set {name} is given twice: {values[name]!r} and {value!r}")
        values[name] = value
    return values


def _confirm(args: Namespace) -> Callable[[str, str], bool]:
    """Show the exact command, and take --yes or the answer of a person at a terminal; anything else is no."""

    def confirm(command: str, folder: str) -> bool:
        out = sys.stderr if args.json else sys.stdout
        what = command or "(no command: a person acts by hand, and this records it)"
        print(f"{args.id}, in {folder}:\n\n{_indented(what)}\n", file=out, flush=True)
        if args.yes:
            return True
        if args.json or not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        print("Run this now? Type yes: ", end="", flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    return confirm


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _echo(text: str) -> None:
    """What the command writes, as it comes, beside the answer."""
    sys.stderr.write(text)
    sys.stderr.flush()
