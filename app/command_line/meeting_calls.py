"""The calls behind the commands of the review meeting: review, decide, decisions."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.command_line.calls import window_of, workspace_of

if TYPE_CHECKING:
    from datetime import date

    from app.answers.types.delivery import SendAnswer
    from app.answers.types.meeting import DecideAnswer, DecisionsAnswer, FrozenAnswer, FrozenReviewsAnswer
    from app.answers.types.review import MeetingAnswer, ReviewAnswer, ReviewComparedAnswer
    from app.workspace import Workspace


def review(args: Namespace) -> MeetingAnswer:
    """The weekly review; with --freeze what was stored, with --frozen its text, with --list those there are."""
    from app.steps.review import review as review_step
    from app.workspace import UsageError

    args.format = args.format or _form_of(args.output)
    workspace = workspace_of(args)
    if args.by and not args.freeze:
        raise UsageError("--by names who freezes a review: add --freeze")
    if args.now and args.frozen is None:
        raise UsageError("--now compares a frozen review with the present evidence: add --frozen [DATE]")
    if args.list or args.frozen is not None:
        return _frozen(workspace, args)
    answer = review_step(workspace, *window_of(workspace, args))
    return _freeze(workspace, answer, args.by) if args.freeze else answer


def _form_of(output: str | None) -> str:
    """The form that the name of the file asks for; text for any other name."""
    suffix = (output or "").lower().rpartition(".")[2]
    return {"htm": "html"}.get(suffix, suffix) if suffix in ("htm", "html", "json", "pdf") else "md"


def _freeze(workspace: Workspace, answer: ReviewAnswer, by: str) -> FrozenAnswer:
    from app.reports.writing import files_of
    from app.steps.meeting import freeze

    return freeze(workspace, answer, files_of(answer), by)


def _frozen(workspace: Workspace, args: Namespace) -> FrozenReviewsAnswer | ReviewComparedAnswer | str:
    from app.steps import meeting
    from app.steps.review import compare_frozen

    if args.list:
        return meeting.frozen_reviews(workspace)
    asked = _day(args.frozen, "--frozen")
    day = asked.isoformat() if asked else None
    if args.now:
        return compare_frozen(workspace, day)
    form = "json" if args.json else {"markdown": "md", "pdf": "html"}.get(args.format, args.format)
    return meeting.frozen_review(workspace, day, form)


def send(args: Namespace) -> SendAnswer:
    """Send the review, or what changed."""
    import os

    from app.delivery.address import address_of
    from app.steps.send import send as send_step
    from app.workspace import UsageError

    if args.days < 0:
        raise UsageError(f"--days {args.days} is below 0")
    address, workspace = address_of(args.to, os.environ), workspace_of(args)
    window = window_of(workspace, args)
    return send_step(workspace, window, address, what=args.what, days=args.days, dry_run=args.dry_run)


def decide(args: Namespace) -> DecideAnswer:
    """Write a decision down."""
    from app.steps.meeting import decide as decide_step
    from app.workspace import UsageError

    due = _day(args.due, "--due")
    if due is None:
        raise UsageError("a decision needs a day: add --due DATE, for example --due 2026-03-31")
    return decide_step(workspace_of(args), args.text, args.owner, due, args.criterion, args.by)


def decisions(args: Namespace) -> DecisionsAnswer | DecideAnswer:
    """List the decisions, or close one."""
    from app.steps import meeting
    from app.workspace import parse_as_of

    if args.action:
        return _close_decision(args)
    _refuse_without_close(args)
    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at).astimezone(workspace.zone)
    return meeting.decisions(workspace, at, only_open=args.open)


def _refuse_without_close(args: Namespace) -> None:
    from app.workspace import UsageError

    given = [f"--{name}" for name in ("outcome", "note", "due", "by") if getattr(args, name)]
    if given:
        raise UsageError(f"{', '.join(given)} belongs to: tminus decisions close ID --outcome done|dropped|carried")


def _close_decision(args: Namespace) -> DecideAnswer:
    from app.steps.meeting import close_decision
    from app.workspace import UsageError

    due = _day(args.due, "--due")
    if not args.id or not args.outcome:
        raise UsageError("name the decision and how it ended: tminus decisions close ID --outcome done|dropped|carried")
    if due and args.outcome != "carried":
        raise UsageError(f"--due {due} is for --outcome carried: a decision that is {args.outcome} has no new day")
    return close_decision(workspace_of(args), args.id, args.outcome, by=args.by, note=args.note, due=due)


def _day(text: str | None, option: str) -> date | None:
    """A plain day as written; None where none is. UsageError: not an ISO date."""
    from datetime import date

    from app.workspace import UsageError

    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not an ISO date: write it like 2026-03-31") from None
