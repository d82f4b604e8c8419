"""What `tminus explain` lists, and what a first pull says: the next step is always one that can be taken."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from app.command_line.parser import main


def _repository(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    shown_text = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "one"]
    for arguments in (["init", "--quiet"], ["add", "."], shown_text):
        subprocess.run(["git", "-C", str(path), *arguments], check=True)
    return path


@pytest.fixture
def marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    files = {
        "src/a.py": "x = 1  # TODO: name it\n",
        "tests/test_a.py": "# TODO: more\n",
        "src/b.js": "// FIXME: slow\n",
    }
    repository = _repository(tmp_path / "repo", files)
    for command in ("init", "pull"):
        assert main([command, *(["--repo", str(repository)] if command == "init" else []), *_at(repository)]) == 0
    capsys.readouterr()
    return repository


def _at(repository: Path) -> list[str]:
    return ["--config", str(repository / "tminus.toml")]


def test_the_markers_that_count_are_listed(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A criterion of markers lists the open ones with place and author: as many as its value, none of the tests."""
    assert main(["explain", "todo-markers", "--json", *_at(marked)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["criteria"][0]["value"] == len(answer["open"]) == 2
    assert {(item["label"], item["path"], item["line"]) for item in answer["open"]} == {
        ("TODO", "src/a.py", 1),
        ("FIXME", "src/b.js", 1),
    }
    assert main(["explain", "todo-markers", *_at(marked)]) == 0
    assert "src/b.js:1" in capsys.readouterr().out


def test_a_criterion_without_items_lists_none(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A figure that counts no items has no list, not an empty one."""
    assert main(["explain", "test-coverage", "--json", *_at(marked)]) == 0
    assert json.loads(capsys.readouterr().out)["open"] is None


def test_a_forecast_that_knows_nothing_is_short(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no factor has odds there is no table of unknowns, and the reasons are not called reasons for a date."""
    assert main(["forecast", *_at(marked)]) == 3
    shown_text = capsys.readouterr().out
    assert "too little evidence" not in shown_text
    assert "Why this date" not in shown_text
    assert "Why there is no date" in shown_text


def test_a_pace_that_nobody_has_is_reported_in_a_sentence(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice a pace that is not measured is refused with what has one, or that nothing has one."""
    assert main(["forecast", "--what-if", "test-coverage=2x", *_at(marked)]) == 2
    assert "those with one are none" not in capsys.readouterr().err


def test_a_plan_is_written_where_it_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`init --config` writes that file and no other, and refuses a folder that is not there in one line."""
    repository = _repository(tmp_path / "repo", {"a.py": "x = 1\n"})
    (tmp_path / "plans").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    asked = tmp_path / "plans" / "shop.toml"
    assert main(["init", "--repo", str(repository), "--config", str(asked)]) == 0
    assert asked.exists()
    assert not list((tmp_path / "here").iterdir())
    assert main(["pull", "--quiet", "--config", str(asked)]) == 0
    assert main(["init", "--repo", str(repository), "--config", str(tmp_path / "nowhere" / "x.toml")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_an_empty_repository_is_reported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A repository without a commit is one warning, and the first pull does not speak of a last one."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert main(["init", "--repo", str(tmp_path), *_at(tmp_path)]) == 0
    assert main(["pull", *_at(tmp_path)]) == 0
    shown_text = capsys.readouterr().out
    assert " ".join(shown_text.split()).count("has no commit yet") == 1
    assert "since the last pull" not in shown_text


def test_a_described_api_is_named_in_the_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the tree holds an OpenAPI document, the plan says which one and the keys that make it evidence."""
    repository = _repository(tmp_path / "repo", {"api/openapi.yaml": "openapi: 3.0.3\n", "a.py": "x = 1\n"})
    assert main(["init", "--repo", str(repository), *_at(repository)]) == 0
    plan = (repository / "tminus.toml").read_text()
    assert 'openapi = \\"api/openapi.yaml\\"' in plan


def test_a_file_that_is_not_there_has_no_unknown_format(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`tminus read` of a missing file says that it was not read, not that its format is unknown."""
    main(["read", str(tmp_path / "nosuch.xml")])
    shown_text = capsys.readouterr().out
    assert "cannot read" in shown_text
    assert "unknown format" not in shown_text
