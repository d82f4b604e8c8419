"""What a command does not need is not loaded: a pull with nothing new is asked for every few minutes."""

from __future__ import annotations

import subprocess
import sys

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


def test_a_pull_with_nothing_new_loads_no_frames_and_no_wording(repository, tmp_path):
    """The second pull starts neither pandas nor the answers of other commands."""
    add_commits(repository, [{"a.py": b"# TODO one\n"}])
    (tmp_path / "tminus.toml").write_text(PLAN.replace('"repository"', f'"{repository}"'))
    answers = [
        subprocess.run([sys.executable, "-c", LOADED], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert answers[1].split() == ["0"]
