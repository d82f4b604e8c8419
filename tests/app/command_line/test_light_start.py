"""What a command does not need is not loaded: a pull with nothing new is asked for every few minutes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.command_line.commands import COMMANDS
from app.command_line.names import HELP
from app.command_line.parser import build_list, build_parser, main
from tests.testing.repositories import add_commits

PLAN = """
[project]
name = "light"
repository = "repository"
[[gate]]
id = "g"
title = "Markers"
[[gate.criterion]]
id = "markers"
title = "No open markers"
metric = "todo_count"
comparator = "<="
threshold = 0
unit = "markers"
"""
LOADED = """
import contextlib, io, sys
from app.command_line.parser import main
with contextlib.redirect_stdout(io.StringIO()):
    code = main(["pull"])
print(code, *sorted({"pandas", "numpy", "sklearn", "app.answers.status", "streamlit"} & set(sys.modules)))
"""
HELP_ALONE = """
import sys
sys.argv = ["tminus", *sys.argv[1:]]
import tminus
try:
    tminus.main()
except SystemExit:
    pass
print(*sorted(sys.modules), file=sys.stderr)
"""
# What argparse itself loads to print a help.
HELP_OF_ARGPARSE = """
import argparse, sys
argparse.ArgumentParser("tminus").print_help()
print(*sorted(sys.modules), file=sys.stderr)
"""
OURS = {"tminus", "app", "ingest", "models", "app.command_line"} | {
    f"app.command_line.{name}" for name in ("names", "parser", "safe_output")
}
BESIDE_ARGPARSE = {"__future__", "contextlib", "errno"}


def loaded_by(script: str, *words: str) -> set[str]:
    """The modules that a script has loaded at its end."""
    command = [sys.executable, "-c", script, *words]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())


def test_a_pull_with_nothing_new_loads_no_frames_and_no_wording(repository, tmp_path):
    """The second pull starts neither pandas nor the answers of other commands."""
    add_commits(repository, [{"a.py": b"# TODO one\n"}])
    (tmp_path / "tminus.toml").write_text(PLAN.replace('"repository"', f'"{repository}"'))
    answers = [
        subprocess.run([sys.executable, "-c", LOADED], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert answers[1].split() == ["0"]


@pytest.mark.parametrize("words", [["--help"], []])
def test_the_help_loads_nothing_but_itself_and_argparse(words):
    """Neither typing, pathlib, nor arguments, calls and printers of any command are loaded to list the commands."""
    found = loaded_by(HELP_ALONE, *words)

    assert found - loaded_by(HELP_OF_ARGPARSE) - OURS <= BESIDE_ARGPARSE


def test_the_list_of_commands_is_the_table_of_commands():
    """Names and order agree, and the help without arguments reads as that of the whole parser."""
    assert list(HELP) == list(COMMANDS)
    assert build_list().format_help() == build_parser().format_help()


def test_what_comes_before_a_command_is_answered_without_it(capsys):
    """Help and version are printed whatever follows them; what is not known is refused with the usage at hand."""
    assert main(["--version", "status"]) == 0
    with pytest.raises(SystemExit):
        main(["--help", "status"])
    assert "usage: tminus" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["--json", "status"])
    assert ended.value.code == 2
    assert "unrecognized arguments: --json" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["decide", "Measure", "coverage"])
    assert "tminus decide: error: unrecognized arguments: coverage" in capsys.readouterr().err
