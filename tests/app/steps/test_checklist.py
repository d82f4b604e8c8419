"""The document lives: written from evidence by `tminus checklist`, its changes taken over by `tminus init --update`."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.command_line.parser import main
from app.steps.assess import open_workspace
from ingest.observation import Deployment
from ingest.warehouse.process import append_deployment
from tests.testing.prepared import prepared_in
from tests.testing.repositories import git, new_repository

SEED = Path(__file__).parents[2] / "fixtures" / "checklist" / "staging_double_encoded.md"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the seed as CHECKLIST.md, imported and measured once."""
    prepared_in(tmp_path, _measured)
    folder = tmp_path / "shop"
    monkeypatch.chdir(folder)
    return folder


def _measured(place: Path) -> None:
    folder = new_repository(place / "shop")
    shutil.copy(SEED, folder / "CHECKLIST.md")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Add the checklist")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["init", "--checklist", "CHECKLIST.md"]) == 0
        assert main(["record", "coverage_line_percent", "12.5"]) == 0
        assert main(["record", "rollback_seconds", "42"]) == 0


def test_the_checklist_is_written_from_evidence_and_then_current(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` fails before, the file shows the evidence, and a second run changes nothing."""
    before = (project / "CHECKLIST.md").read_bytes()
    assert main(["checklist", "--check"]) == 1
    assert (project / "CHECKLIST.md").read_bytes() == before
    assert main(["checklist"]) == 0
    text = (project / "CHECKLIST.md").read_text(encoding="utf-8")
    assert "| **Test Coverage** | <!-- tminus -->12.5%<!-- was: 3.4% --> |" in text
    assert "- [x] Rollback procedures tested (<60s) <!-- tminus -->*42 seconds, meets < 60 seconds*" in text
    assert "- [ ] JWT token rotation implemented <!-- tminus -->*ticked by hand, shown by nothing*" in text
    assert "RECOMMENDATION: <!-- tminus -->❌ NO-GO<!-- was: ❌ BLOCKED -->**" in text
    assert main(["checklist", "--check"]) == 0
    assert main(["checklist"]) == 0
    assert (project / "CHECKLIST.md").read_text(encoding="utf-8") == text
    capsys.readouterr()


def test_new_evidence_makes_the_file_out_of_date(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After another figure `--check` fails until the checklist is written again."""
    main(["checklist"])
    main(["record", "coverage_line_percent", "16"])
    capsys.readouterr()

    assert main(["checklist", "--check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "out of date"
    assert main(["checklist"]) == 0
    assert "<!-- tminus -->16%<!-- was: 3.4% -->" in (project / "CHECKLIST.md").read_text(encoding="utf-8")


def test_what_tminus_wrote_is_no_change_and_what_people_change_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A written document proposes nothing; a tick of a person is named by status until it is accepted."""
    main(["checklist"])
    document = project / "CHECKLIST.md"
    assert main(["init", "--update"]) == 0
    assert "no change that the plan does not have" in capsys.readouterr().out

    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("- [ ] User management", "- [x] User management"), encoding="utf-8")
    plan = project / "tminus.toml"
    plan.write_text(plan.read_text().replace("target = 90", "target = 90  # ours"))
    main(["status", "--json"])
    changed = ["criterion:user-management-apis-complete.claim"]
    assert json.loads(capsys.readouterr().out)["document"]["changes"] == changed
    assert main(["init", "--update", "--accept", "nothing-like-it"]) == 2
    assert main(["init", "--update", "--accept", changed[0]]) == 0
    edited = plan.read_text()
    assert "target = 90  # ours" in edited
    assert 'claim = "[x] User management APIs complete"' in edited
    capsys.readouterr()
    main(["status", "--json"])
    assert json.loads(capsys.readouterr().out)["document"]["changes"] == []


def test_changes_can_be_dropped(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--dismiss` leaves the plan as it is, and later changes are compared with the document of today."""
    document = project / "CHECKLIST.md"
    document.write_bytes(document.read_bytes().replace(b"<10MB |", b"<12MB |"))
    plan = (project / "tminus.toml").read_text()
    assert main(["init", "--update", "--dismiss"]) == 0
    assert main(["init", "--update"]) == 0
    assert "no change that the plan does not have" in capsys.readouterr().out
    assert [line for line in (project / "tminus.toml").read_text().splitlines() if line not in plan.splitlines()] == [
        line for line in (project / "tminus.toml").read_text().splitlines() if line.startswith("digest = ")
    ]


def test_the_imported_version_is_found_in_the_history(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another clone has no copy beside its warehouse: the version in git is used."""
    shutil.rmtree(project / ".tminus")
    document = project / "CHECKLIST.md"
    document.write_bytes(document.read_bytes().replace(b"<10MB |", b"<12MB |"))

    assert main(["init", "--update"]) == 0
    shown = capsys.readouterr().out
    assert "not found" not in shown
    assert "bundle-size" in shown


def test_a_plan_without_a_document_is_written_where_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --output the command says what to do; with it, gates and boxes are written beside a person's words."""
    folder = new_repository(tmp_path / "plain")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Begin")
    monkeypatch.chdir(folder)
    main(["init"])
    main(["record", "tests_failed", "0"])
    assert main(["checklist"]) == 2
    assert "--output FILE" in capsys.readouterr().err
    (folder / "READY.md").write_text("# Ours\n\nkept words\n")
    assert main(["checklist", "--output", "READY.md"]) == 0
    text = (folder / "READY.md").read_text()
    assert text.startswith("# Ours\n\nkept words\n<!-- tminus:begin -->\n")
    assert "- Verdict: NO-GO" in text
    assert main(["checklist", "--output", "READY.md", "--check"]) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x00\x01\x02", "NUL characters"), (b"x" * 5_000_001, "more than 5,000,000 bytes")],
)
def test_what_is_no_checklist_is_not_written_into(
    project: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    """A binary or a huge file is left as it is, with one line that says why."""
    (project / "CHECKLIST.md").write_bytes(content)

    assert main(["checklist"]) == 2
    assert words in capsys.readouterr().err
    assert (project / "CHECKLIST.md").read_bytes() == content


def test_the_second_half_is_ticked_by_evidence_and_unticked_without(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Boxes after GO follow deployments, figures and receipts; a message ticked by hand has to have a receipt."""
    document = project / "CHECKLIST.md"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("- [ ] **QA Team:**", "- [x] **QA Team:**").rstrip() + "\n\nOur own last words.\n")
    workspace = open_workspace(project / "tminus.toml")
    began = workspace.now() - timedelta(hours=80)
    append_deployment(workspace.warehouse, Deployment("deploy", began, "stage-1", "a" * 40), workspace.now())
    assert main(["record", "feedback_score", "4.3"]) == 0
    for name, hours in (("development-team-pre-deployment", -24), ("deployment-summary-post-deployment", 9)):
        moment = (began + timedelta(hours=hours)).isoformat()
        assert main(["messages", "sent", name, "--by", "Kim", "--at", moment]) == 0

    assert main(["checklist"]) == 0
    text = document.read_text(encoding="utf-8")
    for ticked in ("**Development Team:**", "**Deployment Summary:**", "Zero critical", "Positive user"):
        assert f"- [x] {ticked}" in text, ticked
    assert "preparation <!-- tminus -->*sent " in text and " by Kim*" in text
    assert (
        "- [ ] **QA Team:** Critical path validation and test execution <!-- tminus -->*ticked by hand, no receipt*"
        in text
    )
    assert "- [ ] **Business Stakeholders:** Deployment timeline and risk communication\n" in text
    assert "- [ ] All health endpoints responding correctly" in text
    assert "- [ ] 72+ hours stable operation\n" in text  # nothing watches it
    assert "Our own last words." in text
    assert main(["checklist", "--check"]) == 0

    for event in ("deploy-1", "receipt-1"):
        assert main(["withdraw", event, "--by", "Kim", "--note", "another project"]) == 0
    assert main(["checklist"]) == 0
    text = document.read_text(encoding="utf-8")
    for open_box in ("**Development Team:**", "**Deployment Summary:**", "Zero critical", "Positive user"):
        assert f"- [ ] {open_box}" in text, open_box
    assert main(["checklist", "--check"]) == 0
    assert main(["init", "--update", "--dismiss"]) == 0
    capsys.readouterr()


def test_init_says_that_people_alone_cannot_reach_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """More points without a metric than may rest on people's word are named, with the line to change."""
    folder = new_repository(tmp_path / "shop")
    (folder / "open.md").write_text(
        "# Go-live\n\n## Gate 1: Team\n\n- [ ] Team trained\n- [ ] Test coverage above 80%\n"
    )
    (folder / "few.md").write_text("# Go-live\n\n## Gate 1: Quality\n\n- [ ] Test coverage above 80%\n")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Begin")
    monkeypatch.chdir(folder)

    assert main(["init", "--checklist", "open.md"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "50% of the points have no metric" in words and "GO is refused above 25% on people's word" in words
    assert "below [readiness]: max_attested_percent = 50" in words
    assert main(["init", "--checklist", "few.md", "--force"]) == 0
    assert "people's word" not in capsys.readouterr().out
