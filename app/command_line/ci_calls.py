"""The calls behind the commands for CI and for the forge."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.command_line.calls import window_of, workspace_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.answers.types.change import ChangeAnswer, RatchetAnswer
    from app.answers.types.doctor import LintAnswer
    from app.answers.types.status import CheckAnswer
    from app.workspace import Workspace

_GITLAB_FILE = "gl-code-quality-report.json"


def check(args: Namespace) -> CheckAnswer:
    """The verdict for CI, or the ratchet; the files that were asked for are written."""
    from app.steps.check import check as check_step
    from app.workspace import parse_as_of

    _refuse_alone(args)
    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at)
    compared = _ratchet(workspace, at, args) if args.baseline else None
    answer = check_step(
        workspace, at, args.gate, kind=args.kind, commit=args.commit, allow_conditional=args.allow_conditional
    )
    if compared:
        answer["ratchet"], answer["exit_code"] = compared, compared["exit_code"]
    _write_files(answer, workspace, args)
    return answer


def _ratchet(workspace: Workspace, at: datetime, args: Namespace) -> RatchetAnswer:
    from app.steps.change.ratchet import ratchet

    return ratchet(workspace, args.baseline, at, commit=args.commit, accepted=args.accept)


def _refuse_alone(args: Namespace) -> None:
    from app.workspace import UsageError

    if args.accept and not args.baseline:
        raise UsageError("--accept belongs to a comparison: add --baseline REV")
    if (args.gate or args.kind) and args.baseline:
        raise UsageError("--gate and --kind ask for a verdict, --baseline compares the whole plan: choose one")
    if args.annotations_file and not args.annotations:
        raise UsageError("--annotations-file needs a form: add --annotations github or gitlab")


def _write_files(answer: CheckAnswer, workspace: Workspace, args: Namespace) -> None:
    project = workspace.config.name
    if args.summary:
        from app.reports.ci_summary import append_text, summary_markdown

        append_text(Path(args.summary), summary_markdown(answer, project))
    if args.junit:
        from app.reports.junit import junit_xml
        from app.reports.writing import write_report

        write_report(Path(args.junit), junit_xml(answer, project))
    if args.annotations:
        _write_annotations(answer, workspace, args)


def _write_annotations(answer: CheckAnswer, workspace: Workspace, args: Namespace) -> None:
    import sys

    from app.reports.annotations import annotations_of, github_commands, gitlab_code_quality
    from app.reports.writing import write_report
    from app.steps.change.places import criterion_lines, path_in_repository

    lines = dict(criterion_lines(workspace.path))
    found = annotations_of(answer, path_in_repository(workspace), lines)
    is_github = args.annotations == "github"
    text = github_commands(found) if is_github else gitlab_code_quality(found)
    if args.annotations_file or not is_github:
        write_report(Path(args.annotations_file or _GITLAB_FILE), text)
    else:  # a runner reads both streams; with --json stdout belongs to the answer
        print(text, end="", file=sys.stderr if args.json else sys.stdout)


def lint(args: Namespace) -> LintAnswer | str:
    """Problems of plans and checklists; with --schema the schema of the plan."""
    if args.schema:
        from app.steps.plan_file.schema import schema_text

        return schema_text()
    from app.steps.plan_file.lint import lint as lint_step

    if not args.files and args.config:
        return lint_step([Path(args.config)])
    return lint_step([Path(name) for name in args.files])


def completion(args: Namespace) -> str:
    """The completion script of a shell."""
    from app.command_line.completion import script

    return script(args.shell, args.whole_parser)


def pr_comment(args: Namespace) -> ChangeAnswer:
    """What a change moves; the comment is written where it was asked for."""
    from app.reports.change_comment import comment_markdown, marker_line
    from app.steps.change.effect import change_effect
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    answer = change_effect(workspace, args.base, args.head, parse_as_of(workspace, args.at))
    if args.output:
        from app.reports.ci_summary import append_text

        append_text(Path(args.output), comment_markdown(answer))
    if args.send:
        from app.steps.change.comment import send_to_forge

        answer["sent"] = send_to_forge(marker_line(answer["project"]), comment_markdown(answer))
    return answer


def badge(args: Namespace) -> str:
    """One figure as a badge, SVG or JSON."""
    from app.reports.badge import badge_of, badge_svg, endpoint_json
    from app.steps import assess
    from app.steps.date.forecast import forecast
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at)
    found = forecast(workspace, at, keep=False) if args.show == "odds" else None
    made = badge_of(args.show, assess.status(workspace, at), found)
    return endpoint_json(made) if str(args.output).lower().endswith(".json") else badge_svg(made)


def metrics(args: Namespace) -> str:
    """Status and forecast as OpenMetrics text."""
    from app.reports.open_metrics import metrics_text
    from app.steps import assess
    from app.steps.date.forecast import forecast
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at)
    return metrics_text(assess.status(workspace, at), forecast(workspace, at, keep=False))


def site(args: Namespace) -> list[str]:
    """Write the static site; returns its pages."""
    from app.reports.badge import badge_of, badge_svg, endpoint_json
    from app.reports.site import site_pages, write_site
    from app.reports.writing import render
    from app.steps import meeting
    from app.steps.review import review

    workspace = workspace_of(args)
    current = review(workspace, *window_of(workspace, args))
    frozen = [
        (one, meeting.frozen_review(workspace, one["day"], "html"))
        for one in meeting.frozen_reviews(workspace)["reviews"]
    ]
    shown: tuple[Literal["readiness", "verdict"], ...] = ("readiness", "verdict")
    badges = {name: badge_of(name, current["status"], None) for name in shown}
    files = {f"{name}.svg": badge_svg(badge) for name, badge in badges.items()}
    files |= {f"{name}.json": endpoint_json(badge) for name, badge in badges.items()}
    pages = site_pages(workspace.config.name, render(current, "html"), frozen, files)
    return write_site(Path(args.folder), pages)
