"""The JSON of every command keeps the schema that is published for it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

import jsonschema
import pytest

from app.command_line.commands import COMMANDS
from app.command_line.parser import main
from app.maintenance.docs import out_of_date
from app.maintenance.schemas import ANSWERS, schema_of
from app.workspace import Workspace
from tests.testing.pulls import make_repository
from tests.testing.sample import sample_in

ROOT = Path(__file__).parents[3]
REPORTS = ROOT / "tests" / "fixtures" / "ci_outputs" / "python"
# Every question about the sample. `pull`, `read`, `reread` and `doctor` need files of their own: see below.
QUESTIONS = (
    ["status"],
    ["status", "--at", "2025-09-08T23:59"],
    ["check"],
    ["check", "--gate", "critical-functionality"],
    ["forecast"],
    ["forecast", "--what-if", "test-coverage=2x", "--what-if", "freeze:2w", "--what-if", "drop:load-time"],
    ["forecast", "--by", "2026-10-31", "--odds", "80%", "--since", "2025-11-14"],
    ["forecast", "--at", "2025-09-08"],
    ["moved"],
    ["moved", "--since", "2025-09-01"],
    ["review"],
    ["review", "--list"],
    ["decisions"],
    ["decisions", "--open"],
    ["series"],
    ["series", "todo_count", "--scope", ""],
    ["series", "readiness_claim_percent"],
    ["explain"],
    ["explain", "todo-markers"],
    ["explain", "load-time"],
    ["backtest"],
    ["sql", "SELECT metric, scope, count(*) AS n, NULL AS nothing FROM observation GROUP BY 1, 2"],
    ["doctor"],
    ["reread", "--dry-run"],
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample with its simulated programme."""
    return sample_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample without its simulated programme: little is measured."""
    return sample_in(tmp_path_factory.mktemp("demo"), with_simulated=False)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints with --json."""
    capsys.readouterr()
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def validate(command: str, answer: Any) -> None:
    """Compare an answer with the published schema; formats of days and times are checked, too."""
    published = json.loads((ROOT / "docs" / "schemas" / f"{command}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published, format_checker=jsonschema.FormatChecker()).validate(answer)


def test_every_command_with_json_has_a_schema() -> None:
    """The commands that take --json are those that have a schema, and the other way round."""
    takes_json = set()
    for command in COMMANDS.values():
        parser = ArgumentParser()
        command.arguments(parser)
        takes_json |= {command.name} if "--json" in parser.format_help() else set()

    assert takes_json == set(ANSWERS) == {name for name, command in COMMANDS.items() if command.json}


def test_the_published_schemas_are_current() -> None:
    """The schemas equal what the types of the answers give now (`make docs` writes them)."""
    assert [name for name in out_of_date() if name.startswith("schemas/")] == []


@pytest.mark.parametrize("arguments", QUESTIONS, ids=" ".join)
def test_answers_keep_their_schema(capsys: pytest.CaptureFixture[str], sample: Workspace, arguments: list[str]) -> None:
    """Each answer about the sample has the keys and types of its published schema, and no others."""
    validate(arguments[0], answer(capsys, *arguments, "--config", str(sample.path)))


@pytest.mark.parametrize("command", ["status", "check", "forecast", "review", "explain"])
def test_answers_without_evidence_keep_their_schema(
    capsys: pytest.CaptureFixture[str], real: Workspace, command: str
) -> None:
    """Where little is measured, unknown values are null, and the schema allows them."""
    validate(command, answer(capsys, command, "--config", str(real.path)))


def test_files_and_pulls_keep_their_schema(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Report files, a file that cannot be read, a series from a file, a pull and a doctor keep their schemas."""
    reports = [str(path) for path in sorted(REPORTS.iterdir()) if path.is_file()]
    validate("read", answer(capsys, "read", *reports, str(tmp_path / "absent.xml")))
    series = tmp_path / "series.csv"
    series.write_text("date,value\n" + "".join(f"2025-{month:02d}-01,{month}\n" for month in range(1, 13)))
    validate("forecast", answer(capsys, "forecast", "--csv", str(series), "--threshold", "20", "--direction", "higher"))
    repository = make_repository(tmp_path / "repository", 12)
    main(["init", "--repo", str(repository), "--config", str(repository)])
    config = ["--config", str(repository / "tminus.toml")]
    validate("pull", answer(capsys, "pull", *config))
    validate("doctor", answer(capsys, "doctor", *config))
    validate("doctor", answer(capsys, "doctor", "--config", str(tmp_path / "nothing.toml")))
    validate("reread", answer(capsys, "reread", *config))


def test_an_undocumented_key_fails() -> None:
    """A key that the type does not have is refused at every depth."""
    schema = schema_of("toy", Toy)
    good = {"schema": "toy/1", "parts": [{"size": 1.5}], "names": {"a": 1}}
    jsonschema.validate(good, schema)
    jsonschema.validate({**good, "note": None}, schema)

    for bad in (
        {**good, "more": 1},
        {**good, "parts": [{"size": 1, "more": 1}]},
        {**good, "names": {"a": "text"}},
        {**good, "schema": "toy/2"},
        {"schema": "toy/1", "parts": []},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_comments_and_docstrings_become_descriptions() -> None:
    """The comment behind a key describes it, also where the key is inherited."""
    schema = schema_of("toy", Toy)

    assert schema["description"] == "A toy."
    assert schema["properties"]["parts"]["description"] == "largest first"
    assert schema["$defs"]["Part"]["properties"]["size"]["description"] == "in bytes"


def test_a_type_that_json_has_not_is_refused() -> None:
    """A type without a JSON form is an error when the schema is made, not when somebody validates."""
    with pytest.raises(TypeError, match="has no JSON schema"):
        schema_of("toy", dict[int, str])


class Sized(TypedDict):
    """What has a size."""

    size: float  # in bytes


class Part(Sized):
    """A part of a toy."""


class Toy(TypedDict):
    """A toy."""

    schema: Literal["toy/1"]
    parts: list[Part]  # largest first
    names: dict[str, int]
    note: NotRequired[str | None]
