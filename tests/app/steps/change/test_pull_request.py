"""`tminus pr-comment` says what a change moves, and keeps one comment up to date on a real server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.command_line.parser import main
from tests.testing.change import FIRST_DAY, Project, project
from tests.testing.local_forge import TOKEN, Fault, serving, trust_this_machine

__all__ = ["project"]
COMMENTS = "/repos/acme/shop/issues/7/comments"
SCHEMA = Path(__file__).parents[4] / "docs" / "schemas" / "pr-comment.schema.json"


def effect(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The answer as JSON, valid by its published schema."""
    capsys.readouterr()
    assert main(["pr-comment", "--config", str(project.plan), "--json", *arguments]) == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(answer)
    return answer


def comment(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output, errors."""
    capsys.readouterr()
    code = main(["pr-comment", "--config", str(project.plan), *arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_markers_readiness_and_criteria_of_a_change(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The comment holds the markers with their places, the value and the points of each criterion that moved."""
    project.record("coverage_line_percent", 60)
    project.branch("feature")
    project.commit({"src/a.py": "x = 1\n", "src/b.py": "y = 2\nz = 3  # FIXME later\n# TODO | <b>bold</b>\n"})
    project.record("coverage_line_percent", 75)
    answer = effect(project, capsys)
    assert [(m["path"], m["line"], m["label"]) for m in answer["opened"]] == [
        ("src/b.py", 2, "FIXME"),
        ("src/b.py", 3, "TODO"),
    ]
    assert [(m["path"], m["line"]) for m in answer["closed"]] == [("src/a.py", 1)]
    moved = {one["id"]: (one["before"], one["after"], one["points"]) for one in answer["criteria"]}
    assert moved == {"todo-markers": (1, 2, 0.0), "coverage": (60, 75, 50.0)}
    assert (answer["readiness"]["before"], answer["readiness"]["after"]) == (0.0, 50.0)
    _, text, _ = comment(project, capsys)
    assert text.startswith("<!-- tminus pr-comment: shop -->\n")
    assert "- + src/b.py:3: TODO \\| \\<b\\>bold\\</b\\>" in text


def test_a_moved_marker_is_neither_opened_nor_closed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A marker that goes to another file with its line is the same one."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1\n", "src/moved.py": "x = 1  # TODO one\n"})
    answer = effect(project, capsys)
    assert (answer["opened"], answer["closed"], answer["criteria"]) == ([], [], [])


def test_an_edit_of_the_plan_is_shown_apart(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Points that come from a lower threshold are named as an edit of the plan."""
    project.branch("feature")
    project.commit({"tminus.toml": project.plan.read_text().replace("threshold = 0", "threshold = 5")})
    answer = effect(project, capsys)
    assert answer["readiness"]["change"] == answer["readiness"]["plan_edits"] == 50.0
    assert [edit["id"] for edit in answer["plan_edits"]] == ["todo-markers"]


def test_the_date_moves_with_the_change(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """With a history that gives a date, closing markers moves it earlier, and its interval is there."""
    target = project.plan.read_text().replace("threshold = 70", 'threshold = 70\nnot_applicable = "no tests yet"')
    target = target.replace("threshold = 0", "threshold = 0\nbaseline = 30")
    project.commit({"tminus.toml": target}, FIRST_DAY)
    for week in range(26):
        markers = "".join(f"x = {k}  # TODO {k}\n" for k in range(30 - week))
        day = f"2024-{1 + week // 4:02d}-{1 + 7 * (week % 4):02d}T12:00:00+0000"
        project.commit({"src/a.py": markers}, day)
    assert main(["pull", "--config", str(project.plan), "--quiet"]) == 0
    project.branch("feature")
    project.commit({"src/a.py": "".join(f"x = {k}  # TODO {k}\n" for k in range(4))})
    moved = effect(project, capsys, "--at", "2024-07-05")["date"]
    assert moved["outcome_before"] == moved["outcome_after"] == "dated"
    assert moved["days"] is None or moved["days"] <= 0
    assert moved["odds_after"] > moved["odds_before"]
    assert moved["interval_after"][0] is not None


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server with a hundred and more comments of others, and the variables of a job on GitHub."""
    with serving() as server:
        trust_this_machine(monkeypatch, tmp_path / "home")
        server.routes[COMMENTS] = [{"id": n, "body": f"comment {n}"} for n in range(120)]
        for name, value in {
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_API_URL": server.base,
            "GITHUB_TOKEN": TOKEN,
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def test_one_comment_is_written_and_then_updated(
    project: Project, capsys: pytest.CaptureFixture[str], forge: Any
) -> None:
    """The first run writes a comment, the second replaces it, although it is on the second page."""
    for expected in (1, 1):
        code, out, _ = comment(project, capsys, "--send")
        assert (code, out) == (0, "comment: https://forge.example/c/1120\n")
        ours = [row for row in forge.routes[COMMENTS] if row["body"].startswith("<!-- tminus pr-comment: shop -->")]
        assert len(ours) == expected
    writes = [asked for asked in forge.asked if asked.path.startswith(("POST", "PATCH"))]
    assert [asked.path.split(" ")[0] for asked in writes] == ["POST", "PATCH"]
    assert writes[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_comment_whose_answer_was_lost_is_not_written_twice(
    project: Project, capsys: pytest.CaptureFixture[str], forge: Any
) -> None:
    """The connection breaks after the service wrote it: it is found, not written again."""
    forge.faults.append(Fault("POST", "drop"))
    assert comment(project, capsys, "--send")[0] == 0
    assert sum("tminus" in row["body"] for row in forge.routes[COMMENTS]) == 1


def test_a_refusal_is_one_line(project: Project, capsys: pytest.CaptureFixture[str], forge: Any) -> None:
    """A token that may not write: exit code 2, the reason, and no token in any output."""
    forge.faults.append(Fault("POST", "status", status=403, body=b'{"message": "Resource not accessible"}', times=9))
    code, out, err = comment(project, capsys, "--send")
    assert code == 2
    assert "Resource not accessible" in err
    assert TOKEN not in out + err


def test_a_rate_limit_is_waited_for(project: Project, capsys: pytest.CaptureFixture[str], forge: Any) -> None:
    """A write that was limited is sent again after the time that the service names."""
    forge.faults.append(Fault("POST", "status", status=429, headers={"Retry-After": "0"}))
    assert comment(project, capsys, "--send")[0] == 0
    assert sum("tminus" in row["body"] for row in forge.routes[COMMENTS]) == 1


def test_no_token_goes_to_a_host_that_nobody_trusts(
    project: Project, capsys: pytest.CaptureFixture[str], forge: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A GitLab address outside the job's own variables and the user's list gets nothing."""
    monkeypatch.delenv("GITHUB_TOKEN")
    code, _, err = comment(project, capsys, "--send")
    assert code == 2
    assert "a pull request from a fork has none" in err
    assert forge.asked == []


def test_gitlab_notes_are_kept_to_one(
    project: Project, capsys: pytest.CaptureFixture[str], forge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge request of GitLab: the note is written with the user's token, then replaced."""
    notes = "/projects/5/merge_requests/3/notes"
    forge.routes[notes] = []
    monkeypatch.delenv("GITHUB_REPOSITORY")
    for name, value in {
        "CI_MERGE_REQUEST_IID": "3",
        "CI_PROJECT_ID": "5",
        "CI_API_V4_URL": forge.base,
        "GITLAB_TOKEN": "glpat-" + "a1B2c3D4" * 3,
        "CI_JOB_TOKEN": "job",
    }.items():
        monkeypatch.setenv(name, value)
    assert comment(project, capsys, "--send")[0] == 0
    assert comment(project, capsys, "--send")[0] == 0
    assert len(forge.routes[notes]) == 1
    assert [a.path.split(" ")[0] for a in forge.asked if " " in a.path] == ["POST", "PUT"]


def test_outside_a_pull_request_it_says_so(
    project: Project, capsys: pytest.CaptureFixture[str], forge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a push there is no pull request to comment on."""
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    code, _, err = comment(project, capsys, "--send")
    assert code == 2
    assert "is not a pull request" in err
