"""A project that may be read and not written: a mounted folder, an archive, another person's clone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.command_line.parser import main
from tests.testing.read_only import read_only
from tests.testing.repositories import add_commits, new_repository

READING = [
    *("status", "check", "moved", "forecast", "review", "decisions", "rollout"),
    *("series todo_count", "explain todo-markers", "sql SELECT\t1", "reread"),
]
WRITING = ["pull", "record coverage_line_percent 80", "export out", "backup b.duckdb", "site s", "init --force"]


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pulled project of one commit."""
    folder = tmp_path_factory.mktemp("read-only") / "p"
    new_repository(folder)
    add_commits(folder, [{"a.py": b"x = 1  # TODO one\n"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["init"]) == main(["pull"]) == 0
    return folder


@pytest.fixture
def project(pulled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The same project for each test, in which it works."""
    monkeypatch.chdir(pulled)
    monkeypatch.setenv("COLUMNS", "200")
    capsys.readouterr()
    return pulled


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_all_that_reads_answers_and_all_that_writes_says_so_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is half-written; a forecast that cannot be kept is shown, and says that it will not be scored."""
    os.utime(project / "tminus.toml")  # an edit that no command has stored yet
    before = _files(project)
    with read_only(project):
        for command in READING:
            code = main([part.replace("\t", " ") for part in command.split(" ")])
            out, err = capsys.readouterr()
            assert (command, code in (0, 1, 3), "cannot open" in err) == (command, True, False)
            assert ("this forecast is not kept" in out) == (command == "forecast")
        for command in WRITING:
            assert (command, main(command.split())) == (command, 2)
            out, err = capsys.readouterr()
            assert len(err.splitlines()) == 1
            assert "Permission denied" in err
    assert _files(project) == before


def test_an_edit_of_the_plan_decides_although_it_cannot_be_stored(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan of the file is in force at once, and no older one gives its verdict."""
    plan = project / "tminus.toml"
    text = plan.read_text()
    plan.write_text(text.replace("target = 90", "target = 91"))
    with read_only(project):
        main(["check"])
    plan.write_text(text)
    assert "target 91" in capsys.readouterr().out


def test_an_empty_list_names_the_table_to_add(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name of the table is printed with its brackets."""
    assert main(["runbook"]) == main(["messages"]) == 0
    out = capsys.readouterr().out
    assert "Add [[runbook]] tables" in out
    assert "Add [[message]] tables" in out
