"""A small real repository with a plan, whose branches are compared with main."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.command_line.parser import main
from tests.testing.prepared import prepared_in

PLAN = """\
[project]
name = "shop"

[readiness]
target = 90.0

[[gate]]
id = "quality"
title = "Quality"

[[gate.criterion]]
id = "todo-markers"
title = "TODO markers"
metric = "todo_count"
unit = "markers"
comparator = "<="
threshold = 0

[[gate.criterion]]
id = "coverage"
title = "Line coverage"
metric = "coverage_line_percent"
unit = "percent"
comparator = ">="
threshold = 70
"""
FIRST_DAY = "2024-01-01T08:00:00+0000"


@dataclass
class Project:
    """A working tree with `tminus.toml` at its top."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan of the working tree."""
        return self.path / "tminus.toml"

    def run(self, *arguments: str, **environment: str) -> str:
        """What git prints."""
        command = ["git", "-C", str(self.path), "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
        ).stdout

    def branch(self, name: str) -> None:
        """Begin a branch here."""
        self.run("checkout", "-q", "-b", name)

    def commit(self, files: dict[str, str], day: str = "") -> str:
        """Write the files and commit them, on a day; returns the commit."""
        for name, text in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)
        self.run("add", "--all")
        dated = {"GIT_COMMITTER_DATE": day, "GIT_AUTHOR_DATE": day} if day else {}
        self.run("commit", "-q", "-m", f"Change {', '.join(files)}", **dated)
        return self.run("rev-parse", "HEAD").strip()

    def record(self, metric: str, value: float) -> None:
        """Store a value of the commit that is checked out."""
        commit = self.run("rev-parse", "HEAD").strip()
        assert main(["record", metric, str(value), "--commit", commit, "--config", str(self.plan)]) == 0

    def check(self, capsys: pytest.CaptureFixture[str], baseline: str = "main", *more: str) -> Any:
        """The answer of `tminus check --baseline`."""
        capsys.readouterr()
        code = main(["check", "--config", str(self.plan), "--baseline", baseline, "--json", *more])
        answer = json.loads(capsys.readouterr().out)
        assert code == answer["exit_code"]
        return answer

    def outcome(self, capsys: pytest.CaptureFixture[str], criterion: str, *more: str) -> tuple[str, int]:
        """What became of one criterion, and the exit code."""
        answer = self.check(capsys, "main", *more)["ratchet"]
        (outcome,) = {one["outcome"] for one in answer["criteria"] if one["id"] == criterion}
        return outcome, answer["exit_code"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A repository with one marker on main, its history pulled."""
    path = tmp_path / "shop"
    prepared_in(path, _pulled)
    yield Project(path)


def _pulled(path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    made = Project(path)
    made.commit({"src/a.py": "x = 1  # TODO one\n", "tminus.toml": PLAN, ".gitignore": ".tminus/\n"}, FIRST_DAY)
    assert main(["pull", "--config", str(made.plan), "--quiet"]) == 0
