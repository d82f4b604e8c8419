"""The memory of the meeting on the command line: decide, decisions, review --freeze, --frozen, --list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.command_line.parser import main
from tests.testing.dashboard_workspace import build

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
DUE = "2025-12-01"


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A project with 24 weeks of evidence; its clock is at 17 Nov 2025."""
    return str(build(tmp_path))


@pytest.fixture
def run(config, capsys):
    """Run a command on the project; its exit code, what it printed, and its errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, "--config", config])
        return code, *capsys.readouterr()

    return call


def as_json(run, *arguments: str) -> Any:
    answer = json.loads(run(*arguments, "--json")[1])
    published = json.loads((SCHEMAS / f"{arguments[0]}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published, format_checker=jsonschema.FormatChecker()).validate(answer)
    return answer


def test_a_decision_is_written_listed_and_closed(run):
    """What decide writes, decisions lists with the evidence since, and decisions close ends."""
    assert as_json(run, "decide", "Cover the payment module", "--owner", "Kim", "--due", DUE, "--criterion",
                   "test-coverage", "--by", "Lee")["id"] == "D1"  # fmt: skip
    listed = run("decisions")[1]
    assert "Cover the payment module" in listed
    assert "1 Dec 2025" in listed
    assert as_json(run, "decisions", "--open")["decisions"][0]["since"]["after"] is not None
    assert as_json(run, "decisions", "close", "D1", "--outcome", "done", "--note", "merged")["id"] == "D1"
    assert as_json(run, "decisions", "--open")["decisions"] == []
    assert "No decision is open." in run("decisions", "--open")[1]


def test_a_decision_is_carried_over_to_a_new_day(run):
    """A carried decision stays open, with its new day and how often that happened."""
    run("decide", "one", "--owner", "Kim", "--due", DUE)
    assert "still open" in run("decisions", "close", "D1", "--outcome", "carried", "--due", "2025-12-08")[1]
    assert "carried over once" in " ".join(run("decisions")[1].split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["decide", "x", "--owner", "Kim", "--due", "next week"], "--due 'next week' is not an ISO date"),
        (["decide", "x", "--owner", "Kim", "--due", "2025-02-30"], "is not an ISO date"),
        (["decide", "x", "--owner", "Kim"], "--due DATE"),
        (["decide", "x", "--due", DUE], "--owner"),
        (["decide", "x", "--owner", "Kim", "--due", "2001-01-01"], "before today"),
        (["decide", "x", "--owner", "Kim", "--due", DUE, "--criterion", "nothing"], "the plan has"),
        (["decisions", "close"], "name the decision"),
        (["decisions", "close", "D7", "--outcome", "done"], "unknown decision 'D7'"),
        (["decisions", "close", "D7", "--outcome", "done", "--due", DUE], "is for --outcome carried"),
        (["decisions", "close", "D7", "--outcome", "carried", "--due", "soon"], "is not an ISO date"),
        (["decisions", "--note", "x"], "decisions close"),
        (["review", "--frozen", "yesterday"], "--frozen 'yesterday' is not an ISO date"),
        (["review", "--frozen"], "no review is frozen yet"),
        (["review", "--by", "Kim"], "--freeze"),
    ],
)
def test_a_wrong_use_is_one_line_and_exit_2(run, arguments, words):
    """What cannot be done is refused in one line that says what to write instead, and nothing is stored."""
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert as_json(run, "decisions")["decisions"] == []


def test_a_frozen_review_is_read_again_byte_for_byte(run, tmp_path):
    """Freeze stores the review; --frozen gives each form, --list names who froze it, a second freeze is refused."""
    assert as_json(run, "review", "--freeze", "--by", "Kim")["day"] == "2025-11-17"
    markdown, html = run("review")[1], run("review", "--format", "html")[1]
    assert run("review", "--frozen")[1] == markdown
    assert run("review", "--frozen", "2025-11-17", "--format", "html")[1] == html
    assert as_json(run, "review", "--frozen")["schema"] == "tminus.review/1"
    assert run("review", "--frozen", "--format", "json")[1] == run("review", "--frozen", "--json")[1]
    assert as_json(run, "review", "--list")["reviews"][0]["frozen_by"] == "Kim"
    assert "by Kim" in " ".join(run("review", "--list")[1].split())
    code, _, err = run("review", "--freeze")
    assert (code, "frozen already" in err) == (2, True)
    assert run("review", "--frozen", "--output", str(tmp_path / "x.md"))[0] == 0
    assert run("review", "--frozen", "--output", str(tmp_path / "x.HTML"))[0] == 0  # the name says the form
    assert (tmp_path / "x.HTML").read_text(encoding="utf-8").startswith("<!doctype html")
    assert run("review", "--frozen", "--format", "md", "--output", str(tmp_path / "y.html"))[0] == 0
    assert (tmp_path / "y.html").read_text(encoding="utf-8").startswith("# ")
    assert (tmp_path / "x.md").read_text() == markdown
