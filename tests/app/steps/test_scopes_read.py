"""A figure under a scope that no criterion reads is kept, and a warning names the scopes that are read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from app.command_line.parser import main

PLAN = """
[project]
name = "shop"
repository = "."
[[gate]]
id = "g"
title = "Tests"
[[gate.criterion]]
id = "backend"
title = "Backend coverage"
metric = "coverage_line_percent"
scope = "backend"
comparator = ">="
threshold = 80
unit = "percent"
"""


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Path:
    """A repository whose plan reads one scope."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "tminus.toml").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("scope", "warned"), [("backend", False), ("Backend", True), ("", True), ("src", True)])
def test_record_names_the_scopes_that_are_read(shop, capsys, scope, warned):
    """The figure is stored either way."""
    assert main(["record", "coverage_line_percent", "85", "--scope", scope]) == 0
    reported = capsys.readouterr()
    assert "recorded coverage_line_percent" in reported.out
    assert ("Scopes that are read: 'backend'" in reported.err) is warned


def test_a_metric_that_no_criterion_reads_is_no_mistake(shop, capsys):
    """Other metrics may be recorded for their series alone."""
    assert main(["record", "rollback_seconds", "5"]) == 0
    assert capsys.readouterr().err == ""


def test_read_warns_of_a_file_whose_scopes_are_not_read(shop, capsys):
    """What would be stored beside the plan is reported before it is stored."""
    (shop / "cov.info").write_text("SF:web/a.js\nDA:1,1\nend_of_record\n")
    main(["read", "cov.info", "--json"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert any("Scopes that are read: 'backend'" in warning for warning in file["warnings"])


def test_pull_warns_while_only_other_scopes_are_stored(shop, capsys):
    """A pull says so until a figure comes under a scope that is read."""
    main(["record", "coverage_line_percent", "85"])
    capsys.readouterr()
    main(["pull"])
    assert "no criterion reads it there" in "".join(capsys.readouterr())
    main(["record", "coverage_line_percent", "85", "--scope", "backend"])
    capsys.readouterr()
    main(["pull"])
    assert "no criterion reads it there" not in "".join(capsys.readouterr())
