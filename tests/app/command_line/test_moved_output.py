"""What `tminus moved` prints for a busy window: the biggest movers first, sums by person and folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.command_line.parser import main
from tests.testing.repositories import add_commits, git, new_repository

MARKERS = b"# TODO x\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Thirty small changes around one of eight markers, in two folders."""
    repository = new_repository(tmp_path / "shop")
    commits: list[dict[str, bytes | None]] = [{"src/a.py": b"x = 1\n" * 100, "README.md": b"shop\n"}]
    for number in range(1, 30):
        commits.append({f"src/small/{number}.py": MARKERS if number != 4 else b"", "lib/big.py": b""})
        if number == 4:
            commits[-1]["lib/big.py"] = MARKERS * 8
        elif number > 4:
            commits[-1].pop("lib/big.py")
    add_commits(repository, commits)
    git(repository, "reset", "-q", "--hard")
    monkeypatch.chdir(repository)
    assert main(["init"]) == 0
    assert main(["pull", "--quiet"]) == 0
    return repository


def test_the_biggest_mover_is_listed_first(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A commit with eight markers comes before newer commits with one each, whose number is given."""
    capsys.readouterr()
    assert main(["moved", "--since", "2023-11-15"]) == 0
    out = capsys.readouterr().out
    changes = [line.split()[0] for line in out.splitlines() if "markers " in line or "marker " in line]
    assert "+8" in changes[1], out
    assert "smaller" in out and "earlier changes" not in out
    assert "By author" in out and "By folder" in out and "src/small" in out


def test_the_answer_has_sums_by_person_and_folder(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON names each author and folder with what they opened and closed."""
    capsys.readouterr()
    assert main(["moved", "--since", "2023-11-15", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    folders = {row["name"]: (row["opened"], row["closed"]) for row in found["by_folder"]}
    assert folders["lib"] == (8, 0)
    assert [row["name"] for row in found["by_author"]] == ["Ada"]
    assert found["by_merger"] == []
