"""The imported checklist on the Gates page and in the review: contradictions, parts, notes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.answers.types.status import StatusAnswer
from app.command_line.parser import main
from app.dashboard.markup.links import Links
from app.dashboard.tables.common import gate_rows
from app.dashboard.tables.document import document_rows
from tests.testing.repositories import git, new_repository

SEED = Path(__file__).parents[2] / "fixtures" / "checklist" / "staging_double_encoded.md"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The seed, imported, with one figure."""
    folder = new_repository(tmp_path / "shop")
    shutil.copy(SEED, folder / "CHECKLIST.md")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Add the checklist")
    monkeypatch.chdir(folder)
    main(["init", "--checklist", "CHECKLIST.md"])
    main(["record", "rollback_seconds", "42"])
    return folder


def status_of(capsys: pytest.CaptureFixture[str]) -> StatusAnswer:
    capsys.readouterr()
    main(["status", "--json"])
    answer: StatusAnswer = json.loads(capsys.readouterr().out)
    return answer


def test_contradictions_and_notes_are_rows_of_the_gates_page(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The two contradictions of the seed come first, then the days that it names, then its notes."""
    rows = document_rows(status_of(capsys)["document"])

    assert list(rows["What"][:2]) == ["Contradiction", "Contradiction"]
    assert "line 41 'Hardcoded secrets removed (CRITICAL)' is not" in rows["Words of the document"][0]
    assert list(rows["What"][2:4]) == ["Last assessed by hand", "Next review"]
    assert set(rows["What"][4:]) == {"Note"}


def test_parts_name_what_they_are_a_part_of(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A box below another one names it; a box with parts shows how many hold, and has no points of its own."""
    gate = next(gate for gate in status_of(capsys)["gates"] if gate["id"] == "documentation-operations")
    rows = gate_rows(gate, Links()).astype(str).set_index("Criterion")

    assert rows.loc["Rollback time, part of Operational Procedures Validated", "Now, needs"].startswith("42 seconds")
    assert rows.loc["Operational Procedures Validated", "Evidence"].startswith("1 of 4 parts holds")
    assert rows.loc["Operational Procedures Validated", "Points"] == "–"
    assert rows.loc["Operational Procedures Validated", "Now, needs"] == "by its parts"


def test_a_gate_without_words_of_a_document_has_no_column_for_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column of dashes says nothing."""
    gate = next(gate for gate in status_of(capsys)["gates"] if gate["id"] == "documentation-operations")
    silent = {**gate, "criteria": [{**criterion, "claim": ""} for criterion in gate["criteria"]]}

    assert "The document says" in gate_rows(gate, Links())
    assert "The document says" not in gate_rows(silent, Links())


def test_the_review_names_the_contradictions(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The weekly review has a section about the document."""
    capsys.readouterr()
    main(["review"])
    page = capsys.readouterr().out.replace("\\", "")

    assert "## The document CHECKLIST.md" in page
    assert page.count("- contradiction: line") == 2
    assert "more notes on the page Gates" in page
