"""The command line `tminus`: its parser, made from the table of commands, and how it ends.

Only what every command needs is loaded here: `tminus --help` loads neither typing nor the table of commands.
"""

from __future__ import annotations

import argparse
import sys

from app.command_line.names import HELP
from app.command_line.safe_output import safe_output, tolerant_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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


class _Help(argparse.RawDescriptionHelpFormatter):
    """Every command and what it does on one line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=16)
        self._action_max_length = 14  # argparse forgets that commands are indented once more


class _Named:
    """In place of the parser of a command, where it is only listed."""

    def __init__(self, **_settings: object) -> None:
        """Take what a parser would take."""


def build_list() -> argparse.ArgumentParser:
    """The parser of `tminus` that lists the commands, and reads only what is written before one."""
    parser = _without_commands()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_Named)  # type: ignore[type-var]
    for name, about in HELP.items():
        commands.add_parser(name, help=about)
    return parser


def build_parser(only: str = "") -> argparse.ArgumentParser:
    """The parser of `tminus` with all its commands, or with the one that is called: all take 15 ms to build."""
    from app.command_line.commands import COMMANDS

    parser = _without_commands()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for row in [COMMANDS[only]] if only else COMMANDS.values():
        command = commands.add_parser(row.name, help=row.help, description=row.help)
        row.arguments(command)
        command.add_argument("--config", metavar="FILE", help="the tminus.toml to use (default: here or above)")
        command.set_defaults(whole_parser=parser, own_parser=command)  # for completion, and for what is wrong
    return parser


def _without_commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tminus", description=DESCRIPTION, epilog=EPILOG, formatter_class=_Help)
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    return parser


def split_words(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """The arguments, and apart the command behind two dashes, for a tminus command that takes one."""
    from app.command_line.commands import COMMANDS

    row = COMMANDS.get(argv[0]) if argv else None
    if row is None or not row.takes_words or "--" not in argv:
        return list(argv), []
    dashes = list(argv).index("--")
    return list(argv[:dashes]), list(argv[dashes + 1 :])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code, also where nobody reads its output to the end."""
    with tolerant_output():
        given = sys.argv[1:] if argv is None else argv
        return _run(given) if given and given[0] in HELP else _list(given)


def _list(argv: Sequence[str]) -> int:
    """What is answered without a command: the help, the version, or what is wrong."""
    parser = build_list()
    before = next((place for place, word in enumerate(argv) if not word.startswith("-")), len(argv))
    args = parser.parse_args(argv[:before])
    if args.version:
        from importlib.metadata import version

        print(f"tminus {version('tminus')}")
    elif before < len(argv):
        parser.error(_unknown_command(argv[before]))
    else:
        parser.print_help()
    return 0


def _run(argv: Sequence[str]) -> int:
    """Run the command that is named first."""
    given, typed = split_words(argv)
    args, unknown = build_parser("" if argv[0] == "completion" else argv[0]).parse_known_args(given)
    if unknown:
        args.own_parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    args.typed = typed
    with safe_output():
        return _answer(args)


def _unknown_command(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, HELP, n=2, cutoff=0.6)
    hint = f"did you mean {' or '.join(close)}?" if close else "`tminus --help` lists them"
    return f"there is no command {word!r}; {hint}"


def _answer(args: argparse.Namespace) -> int:
    from app.command_line.commands import COMMANDS
    from ingest.source import TMinusError

    try:
        code = COMMANDS[args.command].run(args)
        sys.stdout.flush()  # a full disk is reported here, with a code that says so
        return code
    except TMinusError as problem:
        print(f"tminus {args.command}: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except OSError as problem:  # a full disk, a folder that cannot be written: the place is in the message
        print(f"tminus {args.command}: {problem.strerror or problem}: {problem.filename or 'output'}", file=sys.stderr)
        return 2
    except Exception:  # our fault, shown whole: but without what the environment holds
        import traceback

        traceback.print_exc()
        print(f"tminus {args.command}: an error of T-minus itself, please report the lines above", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
