"""Shell completion for bash, zsh and fish, written from the parser: what it takes is what is offered.

Own generation: shtab knows no fish, and the three scripts share one walk over the parser.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

SHELLS = ("bash", "zsh", "fish")
# What an option or argument without choices takes, by its name in the help.
_FILES = {"FILE", "FOLDER", "PATH", "DIR"}


class Taken(NamedTuple):
    """One option, or one argument without a name."""

    names: tuple[str, ...]  # empty: an argument
    about: str
    choices: tuple[str, ...]
    takes_value: bool
    takes_file: bool


class Listed(NamedTuple):
    """One command with all that it takes."""

    name: str
    about: str
    taken: tuple[Taken, ...]

    @property
    def options(self) -> Iterator[Taken]:
        return (one for one in self.taken if one.names)

    @property
    def arguments(self) -> Iterator[Taken]:
        return (one for one in self.taken if not one.names)


def commands_of(parser: argparse.ArgumentParser) -> list[Listed]:
    """Every command of the parser, in order."""
    sub = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    abouts = {action.dest: action.help or "" for action in sub._choices_actions}
    return [
        Listed(name, abouts.get(name, ""), tuple(_taken(action) for action in inner._actions))
        for name, inner in sub.choices.items()
    ]


def _taken(action: argparse.Action) -> Taken:
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    choices = tuple(str(choice) for choice in action.choices or ())
    about = "" if action.help in (None, argparse.SUPPRESS) else str(action.help) % {"prog": "tminus"}
    takes_value = action.nargs != 0
    return Taken(tuple(action.option_strings), about, choices, takes_value, metavar.upper() in _FILES)


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The completion script of a shell."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](commands_of(parser))


# --- bash -----------------------------------------------------------------------------------------------------------


def _bash(commands: list[Listed]) -> str:
    names = " ".join(command.name for command in commands)
    cases = "\n".join(_bash_case(command) for command in commands)
    return f"""\
# Completion of tminus for bash: source it, or write it to
# ~/.local/share/bash-completion/completions/tminus
_tminus() {{
  local current previous command options values files
  current="${{COMP_WORDS[COMP_CWORD]}}"
  previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  command="${{COMP_WORDS[1]}}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{names} --help --version" -- "$current"))
    return
  fi
  options="" values="" files=""
  case "$command" in
{cases}
  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -F _tminus tminus
"""


def _bash_case(command: Listed) -> str:
    options = " ".join(name for one in command.options for name in one.names)
    arms = [arm for one in command.options if (arm := _bash_arm(one))]
    arguments = list(command.arguments)
    words = " ".join(choice for one in arguments for choice in one.choices)
    files = "yes" if any(one.takes_file for one in arguments) else ""
    rest = f'          *) [[ $current != -* ]] && values="{words}" && files="{files}" ;;'
    body = "\n".join([*arms, rest])
    return f'    {command.name})\n      options="{options}"\n      case "$previous" in\n{body}\n      esac ;;'


def _bash_arm(one: Taken) -> str:
    """What follows an option that takes a value; what takes anything offers nothing."""
    if not one.takes_value:
        return ""
    offered = f'values="{" ".join(one.choices)}"' if one.choices else 'files="yes"' if one.takes_file else 'options=""'
    return f"          {'|'.join(one.names)}) {offered} ;;"


# --- zsh ------------------------------------------------------------------------------------------------------------


def _zsh(commands: list[Listed]) -> str:
    listed = "\n".join(f"    '{command.name}:{_zsh_text(command.about)}'" for command in commands)
    cases = "\n".join(_zsh_case(command) for command in commands)
    return f"""\
#compdef tminus
# Completion of tminus for zsh: write it to a file _tminus in a folder of $fpath.
_tminus() {{
  local -a commands
  commands=(
{listed}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{cases}
  esac
}}
if [ "$funcstack[1]" = "_tminus" ]; then _tminus "$@"; else compdef _tminus tminus; fi
"""


def _zsh_case(command: Listed) -> str:
    lines = [
        f"      '{name}[{_zsh_text(one.about)}]{_zsh_value(one)}'" for one in command.options for name in one.names
    ]
    lines += [f"      '*:value:{_zsh_action(one)}'" for one in list(command.arguments)[:1]]
    return f"    {command.name}) _arguments \\\n" + " \\\n".join(lines) + " ;;"


def _zsh_value(one: Taken) -> str:
    return f":value:{_zsh_action(one)}" if one.takes_value else ""


def _zsh_action(one: Taken) -> str:
    if one.choices:
        return f"({' '.join(one.choices)})"
    return "_files" if one.takes_file else " "


def _zsh_text(text: str) -> str:
    plain = text.replace("'", "’").replace("\\", "")
    return "".join(f"\\{sign}" if sign in "[]:" else sign for sign in plain)


# --- fish -----------------------------------------------------------------------------------------------------------


def _fish(commands: list[Listed]) -> str:
    lines = [
        "# Completion of tminus for fish: write it to ~/.config/fish/completions/tminus.fish",
        "complete -c tminus -f",
    ]
    for command in commands:
        lines.append(f"complete -c tminus -n __fish_use_subcommand -a {command.name} -d {_fish_text(command.about)}")
        lines += [_fish_line(command.name, one) for one in command.taken if one.names or one.choices or one.takes_file]
    return "\n".join(lines) + "\n"


def _fish_line(command: str, one: Taken) -> str:
    parts = [f"complete -c tminus -n '__fish_seen_subcommand_from {command}'"]
    for name in one.names:
        parts.append(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}")
    if one.names and one.takes_value:
        parts.append("-r")
    if one.choices:
        parts.append(f"-f -a '{' '.join(one.choices)}'")
    elif one.takes_file:
        parts.append("-F")
    return " ".join([*parts, f"-d {_fish_text(one.about)}"])


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
