"""What the commands print in a repository just cloned: nothing twice, no placeholder, no age where none matters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.command_line.parser import main
from app.dashboard.sentences import refusal
from tests.testing.repositories import add_commits, git, new_repository

UNKNOWN_TYPE = "1 file of an unknown type is not read for markers: .strange (1)"


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of old commits with a remote, its plan and one pull."""
    folder = new_repository(tmp_path_factory.mktemp("first") / "r")
    files = {"a.go": b"// TODO: split\n", "README.md": b"x\n", "b.strange": b"x\n"}
    add_commits(folder, [files])
    git(folder, "remote", "add", "origin", "git@github.com:acme/shop.git")
    config = ["--config", str(folder / "tminus.toml")]
    assert main(["init", "--repo", str(folder), *config]) == 0
    assert main(["pull", *config]) == 0
    return folder / "tminus.toml"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    main(list(arguments))
    return capsys.readouterr().out


def test_the_first_plan_names_the_repository_of_the_remote(cloned: Path) -> None:
    """The step that connects CI holds the name on GitHub, not a placeholder."""
    assert '[sources.github] repository = \\"acme/shop\\"' in cloned.read_text()
    assert "owner/name" not in cloned.read_text()


def test_a_figure_counted_from_git_has_the_day_of_its_commit(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds until a commit changes it, so an age would read as a warning that nobody can act on."""
    shown = printed(capsys, "status", "--config", str(cloned))
    row = next(line for line in shown.splitlines() if "Readme" in line)
    assert " old" not in row and row.rstrip()[-4:].isdigit()


def test_the_path_asks_no_freshness_of_what_is_counted_from_git(
    cloned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What git shows is as fresh as the pull; a report is asked to be fresh."""
    shown = " ".join(printed(capsys, "explain", "--config", str(cloned)).split())
    assert "tests_present ≥ 1 file" in shown and "tests_present ≥ 1 file, at most" not in shown
    assert "tests_failed ≤ 0 tests, at most 30 days old" in shown


def test_an_explanation_has_each_comparison_once(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line with the points says what is and what is needed; no second line repeats it."""
    assert printed(capsys, "explain", "readme", "--config", str(cloned)).count("1 file, meets ≥ 1 file") == 1
    assert "No value of secrets_count yet." in printed(capsys, "explain", "hardcoded-secrets", "--config", str(cloned))


def test_doctor_names_a_finding_once(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the repository shows and a source warned of is one line."""
    assert printed(capsys, "doctor", "--config", str(cloned)).count(UNKNOWN_TYPE) == 1


def test_the_forecast_page_lists_once_what_nothing_measures(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What GO needs is in the reason; only what else is unmeasured follows."""
    forecast = json.loads(printed(capsys, "forecast", "--json", "--config", str(cloned)))
    status = json.loads(printed(capsys, "status", "--json", "--config", str(cloned)))
    shown = refusal(forecast["go"], status)
    assert shown.count("Tests failed") == 1
    assert "Beside these, not measured now: High findings." in shown
