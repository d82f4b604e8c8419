"""The arguments of the commands for CI and for the forge."""

from __future__ import annotations

from argparse import ArgumentParser

from app.command_line.arguments import at, filled, json


def check(parser: ArgumentParser) -> None:
    """Which gate, against which baseline, and where to write the result."""
    parser.add_argument("--gate", metavar="GATE", help="only this gate, of any kind")
    parser.add_argument(
        "--kind", choices=("deploy", "running", "promotion"), help="the gates of this kind (default: deploy)"
    )
    parser.add_argument("--commit", metavar="REV", type=filled, help="the commit to deploy; evidence must be of it")
    parser.add_argument("--allow-conditional", action="store_true", help="exit 0 also on CONDITIONAL GO")
    parser.add_argument(
        "--baseline",
        metavar="REV",
        type=filled,
        help="exit 1 when a value is worse than there (a branch such as main, or a commit), whatever the verdict is",
    )
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="ID",
        help="with --baseline: the comparison of this criterion does not decide the exit code (repeatable)",
    )
    parser.add_argument("--summary", metavar="FILE", help="append a Markdown summary, e.g. $GITHUB_STEP_SUMMARY")
    parser.add_argument("--annotations", choices=("github", "gitlab"), help="remarks at lines, in the form of a forge")
    parser.add_argument(
        "--annotations-file",
        metavar="FILE",
        help="where to write them (default: github prints them, gitlab writes gl-code-quality-report.json)",
    )
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML, which every CI shows")
    at(parser)


def lint(parser: ArgumentParser) -> None:
    """Which files."""
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="a tminus.toml or a Markdown checklist (default: the plan and its own)"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of tminus.toml, for editors")
    json(parser)


def completion(parser: ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell to write it for")


def pr_comment(parser: ArgumentParser) -> None:
    """Which change, and where its comment goes."""
    parser.add_argument(
        "--base", metavar="REV", type=filled, default="main", help="what the change is compared with (default: main)"
    )
    parser.add_argument("--head", metavar="REV", type=filled, help="the change (default: what is checked out)")
    parser.add_argument(
        "--send", action="store_true", help="write or update the comment on the pull request of this CI job"
    )
    parser.add_argument("--output", metavar="FILE", help="append the comment to a file, e.g. $GITHUB_STEP_SUMMARY")
    at(parser)


def badge(parser: ArgumentParser) -> None:
    """What the badge shows, and where it is written."""
    parser.add_argument(
        "--show",
        choices=("readiness", "verdict", "odds"),
        default="readiness",
        help="what it shows (default: readiness)",
    )
    parser.add_argument(
        "--output",
        metavar="FILE",
        help="write it here: .json for a badge service, anything else is SVG (default: print)",
    )
    parser.add_argument("--at", metavar="DATE", help="as of this date or time (default: now)")


def metrics(parser: ArgumentParser) -> None:
    """Where the metrics are written."""
    parser.add_argument("--output", metavar="FILE", help="write them here, in one move (default: print)")
    parser.add_argument("--at", metavar="DATE", help="as of this date or time (default: now)")


def site(parser: ArgumentParser) -> None:
    """Where the site is written."""
    parser.add_argument("folder", metavar="FOLDER", help="where to write it; other files there stay")
    parser.add_argument("--since", metavar="DATE", help="start of the current review (default: a week before its end)")
    parser.add_argument("--until", metavar="DATE", help="end of the current review (default: now)")
