"""What commands print and export cannot command a terminal or a spreadsheet, and holds no secret."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.testing.command_server import run_tminus
from tests.testing.hostile_repository import repository

SECRET = "qZ81-plain-words-no-shape"


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`tminus` in a process of its own."""
    return run_tminus(*arguments, cwd=folder, env={**os.environ, **environment})


def test_escapes_in_names_and_held_values_are_shown_as_text(tmp_path: Path) -> None:
    """Neither a path that holds a terminal's escape nor a held token is printed as it is."""
    folder = repository(tmp_path / "r")
    bad = f"{SECRET}\x1b]0;owned\x07.json"
    (folder / bad).write_text("{}")
    found = run(folder, "read", bad, GITHUB_TOKEN=SECRET)
    assert SECRET not in found.stdout + found.stderr
    assert "\x1b" not in found.stdout + found.stderr
    assert "\\x1b" in found.stdout


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    """Editors of Windows begin a UTF-8 file with a mark; the plan is read all the same."""
    folder = repository(tmp_path / "r")
    (folder / "tminus.toml").write_bytes(b"\xef\xbb\xbf" + (folder / "tminus.toml").read_bytes())
    assert run(folder, "pull").returncode == 0


def test_cells_that_a_spreadsheet_would_run_are_neutral_in_every_csv(tmp_path: Path) -> None:
    """What `sql --csv` prints and `export --format csv` writes begins no cell with a formula; numbers stay numbers."""
    folder = repository(tmp_path / "r")
    assert run(folder, "record", "tests_total", "5", "--note", "=cmd()").returncode == 0
    printed = run(folder, "sql", "SELECT excerpt, -5 AS n FROM evidence", "--csv").stdout
    assert "'=cmd()" in printed
    assert ",-5" in printed
    assert run(folder, "export", "out", "--format", "csv").returncode == 0
    assert ",'=cmd()" in (folder / "out" / "evidence.csv").read_text()


def test_items_with_an_open_end_are_answered_by_sql(tmp_path: Path) -> None:
    """An item that is still open has no closing date; the table shows an empty cell."""
    folder = repository(tmp_path / "r")
    assert run(folder, "pull", "--quiet").returncode == 0
    found = run(folder, "sql", "SELECT * FROM item")
    assert (found.returncode, found.stderr) == (0, "")
