"""What the commands for CI and for the forge print."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.answers.types.change import ChangeAnswer
    from app.answers.types.doctor import LintAnswer


def text(answer: str, _args: Namespace) -> None:
    """A script or a page as it is."""
    sys.stdout.write(answer)


def text_or_file(answer: str, args: Namespace) -> None:
    """A text as it is, or the file that it was written to, whole or not at all."""
    if not args.output:
        text(answer, args)
        return
    from pathlib import Path

    from app.reports.writing import write_report

    write_report(Path(args.output), answer)
    print(f"wrote {args.output}")


def site(pages: list[str], args: Namespace) -> None:
    """How many pages there are, and the first one."""
    print(f"wrote {_count(len(pages), 'page')}: {args.folder}/index.html")


def lint(answer: LintAnswer | str, args: Namespace) -> None:
    """A line for each problem, in the form that editors and CI services recognise."""
    if isinstance(answer, str):
        text(answer, args)
        return
    for one in answer["problems"]:
        path = f"{one['path']}: " if one["path"] else ""
        print(f"{one['file']}:{one['line']}:{one['column']}: {one['level']}: {path}{one['message']}")
    errors = sum(one["level"] == "error" for one in answer["problems"])
    warnings = len(answer["problems"]) - errors
    files = ", ".join(answer["files"])
    print(f"{files}: {_count(errors, 'error')}, {_count(warnings, 'warning')}", file=sys.stderr)


def lint_json(answer: LintAnswer | str, args: Namespace) -> str:
    """The problems as JSON; a schema is JSON already."""
    from app.command_line.output import answer_json

    return answer if isinstance(answer, str) else answer_json(answer, args)


def pr_comment(answer: ChangeAnswer, args: Namespace) -> None:
    """The comment, unless it went to a file; or where it was sent."""
    from app.reports.change_comment import comment_markdown

    if "sent" in answer:
        print(f"comment: {answer['sent']}")
    elif args.output:
        print(f"appended to {args.output}")
    else:
        text(comment_markdown(answer), args)


def _count(amount: int, noun: str) -> str:
    return f"{amount} {noun}{'' if amount == 1 else 's'}"
