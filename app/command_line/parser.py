"""The command line: what each command is called and takes. The handlers stand in app/command_line/handlers.py."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable, Sequence

DESCRIPTION = "Readiness from evidence, a deployment date with honest odds, and the commits that moved it."
EPILOG = """\
first steps, in a repository:
  tminus init && tminus pull     write tminus.toml, read the whole history
  tminus status                  how ready, and what is not measured
  tminus forecast                when, with which odds
  tminus moved                   what moved in the last week, and which commits moved it
  tminus app                     the dashboard

exit codes: 0 good, 1 gate failed, 2 usage or configuration, 3 not enough evidence
"""

# A command: name, its help, and the arguments it takes beside the common ones.
Arguments = Callable[[argparse.ArgumentParser], None]


def build_parser() -> argparse.ArgumentParser:
    """The parser of `tminus` with all its commands."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("tminus", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape)
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (about, arguments) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about)
        arguments(command)
        command.add_argument("--config", metavar="FILE", help="the tminus.toml to use (default: here or above)")
    return parser


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repo", metavar="PATH", default=".", help="the git repository (default: this folder)")
    parser.add_argument("--checklist", metavar="FILE", help="import gates, matrix and rules from a Markdown checklist")
    parser.add_argument("--name", help="name of the project (default: the repository's)")
    parser.add_argument("--force", action="store_true", help="replace an existing tminus.toml")


def _pull(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", action="append", default=[], metavar="NAME", help="only this source (repeatable)")
    parser.add_argument("--from-ci", metavar="FOLDER", help="read the reports that this CI job has just written")
    parser.add_argument("--quiet", action="store_true", help="no progress, only what went wrong")
    _json(parser)


def _at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="DATE", help="as of this date or time (default: now)")
    _json(parser)


def _status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="list every rule and every claim")
    _at(parser)


def _forecast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="CHANGE",
        help="imagine CRITERION=2x (twice the pace), drop:CRITERION or freeze:2w; repeat to combine",
    )
    parser.add_argument("--by", metavar="DATE", help="what must be true for GO by this day?")
    parser.add_argument("--odds", metavar="P", help="with --by: the chance wanted (default: 80%%)")
    parser.add_argument("--since", metavar="DATE", help="why the date moved since the forecast of this day")
    parser.add_argument("--csv", metavar="FILE", help="forecast this dated series (observed_at,value) instead")
    parser.add_argument("--threshold", type=float, metavar="X", help="with --csv: the value to reach")
    parser.add_argument("--direction", choices=("higher", "lower"), help="with --csv: which way is better")
    parser.add_argument("--baseline", type=float, metavar="X", help="with --csv: where the way starts (default: first)")
    parser.add_argument("--horizon", type=int, default=730, metavar="DAYS", help="how far to look (default: 730)")
    _at(parser)


def _moved(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="DATE", help="start of the window (default: a week before its end)")
    parser.add_argument("--until", metavar="DATE", help="end of the window (default: now)")
    _json(parser)


def _review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("markdown", "html", "json"), default="markdown", help="form of the review")
    parser.add_argument("--output", metavar="FILE", help="write it here instead of printing it")
    _moved(parser)


def _series(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metric", metavar="METRIC", nargs="?", help="which metric (without one: list what is stored)")
    parser.add_argument("--scope", metavar="SCOPE", help="only this scope ('' for the whole project)")
    parser.add_argument("--csv", action="store_true", help="print observed_at,value,commit,scope,kind")
    _json(parser)


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("criterion", metavar="CRITERION", nargs="?", help="which one (without one: the whole number)")
    _at(parser)


def _record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metric", metavar="METRIC", help="name of the metric, e.g. coverage_line_percent")
    parser.add_argument("value", metavar="VALUE", help="the figure, or 'unknown' (then --reason says why)")
    parser.add_argument("--at", metavar="DATE", help="when it was true (default: now)")
    parser.add_argument("--scope", default="", help="component, bundle, flag ...")
    parser.add_argument("--unit", default="", help="unit, for a metric outside the catalogue")
    parser.add_argument("--commit", default="", help="commit it was measured on")
    parser.add_argument("--note", default="", help="where it can be checked")
    parser.add_argument("--reason", default="", help="why the value is unknown")
    parser.add_argument("--claimed", action="store_true", help="somebody says so; nobody measured it")


def _read(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="a report of any tool; nothing is stored")
    _json(parser)


def _reread(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="tell what would change, store nothing")
    _json(parser)


def _backtest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="a folder of series (default: the project's own)")
    parser.add_argument("--output", metavar="FOLDER", help="write table, JSON and plot here")
    _json(parser)


def _sql(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="SQL, read-only; tables: see docs/warehouse.md")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    _json(parser)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="where to write one file a table")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet", help="form of the files")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="where to write the copy; it must not exist yet")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verify", action="store_true", help="read every block of the warehouse, too")
    _json(parser)


def _app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8501, help="port on loopback (default: 8501, or the next free)")
    parser.add_argument("--browser", action="store_true", help="open the browser, too")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--real", action="store_true", help="leave the simulated weeks out")
    parser.add_argument("--no-app", action="store_true", help="print the answers, do not serve the dashboard")
    _app(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gate", metavar="GATE", help="only this gate")
    parser.add_argument("--commit", metavar="REV", help="the commit to deploy; evidence must be of it")
    parser.add_argument("--allow-conditional", action="store_true", help="exit 0 also on CONDITIONAL GO")
    _at(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for other programs")


COMMANDS: dict[str, tuple[str, Arguments]] = {
    "init": ("write a commented tminus.toml, from the tree or from a checklist", _init),
    "pull": ("read what is new: git history, checklists, claims, CI and files", _pull),
    "status": ("how ready, gate by gate, with evidence", _status),
    "forecast": ("when readiness reaches its target and every GO rule holds", _forecast),
    "moved": ("what moved, and which commits moved it", _moved),
    "review": ("the weekly review as Markdown, HTML or JSON", _review),
    "check": ("for CI: exit 0 on GO, 1 when a gate fails, 3 without evidence", _check),
    "series": ("one metric over time", _series),
    "explain": ("where a criterion's points come from, and the cheapest path to the target", _explain),
    "record": ("store one figure by hand or from a CI job", _record),
    "read": ("what a report file would yield, without storing it", _read),
    "reread": ("read the kept raw reports again with the readers of today", _reread),
    "backtest": ("how good such forecasts have been", _backtest),
    "sql": ("ask the warehouse with SQL, read-only", _sql),
    "export": ("write the warehouse to files", _export),
    "backup": ("copy the warehouse to a file, checked and whole", _backup),
    "doctor": ("what is wrong or missing, each with the next step", _doctor),
    "app": ("serve the dashboard on loopback", _app),
    "demo": ("the whole product on bundled data, without network", _demo),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.version:
        from importlib.metadata import version

        print(f"tminus {version('tminus')}")
        return 0
    if args.command is None:
        parser.print_help()
        return 0
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    from app.command_line.safe_output import safe_output

    with safe_output():
        return _answer(args)


def _answer(args: argparse.Namespace) -> int:
    from app.command_line import handlers as commands
    from ingest.source import TMinusError

    try:
        return int(getattr(commands, f"run_{args.command}")(args) or 0)
    except TMinusError as problem:
        print(f"tminus {args.command}: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `tminus series ... | head` is no error
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except OSError as problem:  # a full disk, a folder that cannot be written: the place is in the message
        print(f"tminus {args.command}: {problem.strerror or problem}: {problem.filename or 'output'}", file=sys.stderr)
        return 2
    except Exception:  # our fault, shown whole: but without what the environment holds
        traceback.print_exc()
        print(f"tminus {args.command}: an error of T-minus itself, please report the lines above", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
