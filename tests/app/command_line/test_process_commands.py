"""What a person does on the way to production, on the command line: runbook, run-step, drill, messages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.command_line.parser import main, split_words
from app.steps.assess import open_workspace
from ingest.warehouse.process import Deployment, append_deployment
from tests.testing.rollout_workspace import build, health_service

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A project with two runbooks, a drill and three messages."""
    return build(tmp_path)


@pytest.fixture
def run(config: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the project; its exit code, what it printed, and its errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        before, dashes, after = _halves(arguments)
        code = main([*before, "--config", str(config), *dashes, *after])
        return code, *capsys.readouterr()

    return call


def _halves(arguments: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:at]), list(arguments[at : at + 1]), list(arguments[at + 1 :])


def as_json(run: Run, *arguments: str) -> Any:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    answer = json.loads(run(*arguments[:at], "--json", *arguments[at:])[1])
    published = json.loads((SCHEMAS / f"{arguments[0]}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published, format_checker=jsonschema.FormatChecker()).validate(answer)
    return answer


def deployed(config: Path, hours_ago: float, commit: str = "a" * 40, stage: str = "internal") -> None:
    workspace = open_workspace(config)
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    append_deployment(workspace.warehouse, Deployment("deploy", at, stage, commit), at)


VALUES = ("--set", "version=1.2 rc", "--set", "environment=staging")


def test_without_yes_the_exact_command_is_shown_and_nothing_runs(run: Run, config: Path) -> None:
    """A pipe or a CI job is no person: the command is printed as it would run, exit code 2, nothing is stored."""
    code, out, err = run("run-step", "apply", *VALUES)
    assert (code, err) == (2, "")
    assert "echo applied '1.2 rc' >> marker; echo to staging" in out
    assert "Not run: repeat the command with --yes" in out
    assert not (config.parent / "marker").exists()
    assert not open_workspace(config).warehouse.exists()


def test_a_confirmed_step_runs_once_and_is_kept(run: Run, config: Path) -> None:
    """With --yes the step runs in the folder of the plan; outcome, time and last lines are in the runbook's answer."""
    code, out, err = run("run-step", "apply", *VALUES, "--yes", "--by", "Kim")
    assert (code, err) == (0, "to staging\n")
    assert "succeeded" in out
    assert (config.parent / "marker").read_text() == "applied 1.2 rc\n"
    book = as_json(run, "runbook")["runbooks"][0]
    last = book["steps"][0]["last_run"]
    assert (last["outcome"], last["exit_code"], last["by"], last["tail"]) == ("succeeded", 0, "Kim", ["to staging"])
    assert last["command"] == "echo applied '1.2 rc' >> marker; echo to staging"
    assert book["steps"][0]["placeholders"] == ["version", "environment"]
    assert "by Kim" in run("runbook")[1]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "runs"), [("yes\n", True), ("Y\n", True), ("\n", False), ("no\n", False), ("", False)]
)
def test_at_a_terminal_the_person_is_asked(
    config: Path, monkeypatch: pytest.MonkeyPatch, typed: str, *, runs: bool
) -> None:
    """Only a typed yes runs the step; return, no and the end of input do not."""
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    code = main(["run-step", "undo", "--config", str(config)])
    assert "echo undone >> marker" in out.getvalue()
    assert "Run this now? Type yes:" in out.getvalue()
    assert (code == 0) is runs
    assert (config.parent / "marker").exists() is runs


def test_a_secret_value_is_stored_nowhere(run: Run, config: Path) -> None:
    """The value of a placeholder that is called a token is neither in the kept command nor in the kept lines."""
    config.write_text(config.read_text().replace("echo undone >> marker", "echo with {api_token}"))
    assert run("run-step", "undo", "--set", "api_token=plain-looking", "--yes")[0] == 0
    stored = run("sql", "SELECT details FROM process_event", "--csv")[1]
    assert "plain-looking" not in stored
    assert stored.count("[redacted]") == 2


def test_a_step_without_a_command_is_recorded_as_done_by_hand(run: Run) -> None:
    """What a person does with a phone is evidence, too."""
    assert as_json(run, "run-step", "announce", "--yes")["outcome"] == "done_by_hand"
    assert "done by hand" in run("runbook")[1]


def test_a_failing_step_is_exit_code_1(run: Run, config: Path) -> None:
    """The exit code of the step is kept; the command says 1."""
    config.write_text(config.read_text().replace("echo undone >> marker", "echo broken; exit 42"))
    answer = as_json(run, "run-step", "undo", "--yes")
    assert (answer["outcome"], answer["exit_code"], answer["tail"]) == ("failed", 42, ["broken"])
    assert run("run-step", "undo", "--yes")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run-step", "apply", "--yes"), "step apply: no value for {version}, {environment}: add --set version=VALUE"),
        (("run-step", "undo", "--set", "x=1"), "step undo: the command has no placeholder {x}: it has none"),
        (("run-step", "undo", "--set", "x"), "--set 'x' is not NAME=VALUE"),
        (("run-step", "apply", "--set", "version=1", "--set", "version=2"), "--set version is given twice"),
        (("run-step", "back"), "'back' is a runbook, steps run one by one: undo"),
        (("run-step", "nothing"), "there is no runbook step 'nothing': `tminus runbook` lists them"),
        (("run-step", "undo", "--timeout", "soon"), "--timeout 'soon' is not a duration"),
        (("drill", "fast"), "type the command behind two dashes: tminus drill fast -- COMMAND; its runbook has: echo"),
        (("drill", "slow", "--", "true"), "there is no drill 'slow': the plan has fast"),
        (("drill", "fast", "--", "true"), "drill fast has no health check: give --health URL, or health_url in"),
        (("drill", "fast", "--health", "ftp://x", "--", "true"), "--health 'ftp://x' is not an address"),
        (("drill", "--", "true"), "name the drill: tminus drill ID -- COMMAND"),
        (("messages", "sent"), "name the message: tminus messages sent ID"),
        (("messages", "sent", "pre"), "a receipt names who sent the message: tminus messages sent pre --by NAME"),
        (("messages", "sent", "nobody", "--by", "Kim"), "there is no message 'nobody': the plan has pre, updates"),
        (("messages", "sent", "pre", "--by", "Kim", "--at", "2999-01-01"), "is in the future"),
        (("messages", "send", "pre", "--by", "Kim"), "--to belongs to, and is needed by: tminus messages send ID"),
        (("messages", "sent", "pre", "--by", "Kim", "--to", "json://h"), "--to belongs to, and is needed by"),
        (("messages", "send", "pre", "--to", "json://127.0.0.1:9/x"), "a receipt names who sent the message"),
        (("messages", "--by", "Kim"), "--by and --note belong to: tminus messages sent ID --by NAME"),
    ],
)
def test_a_wrong_use_is_one_line_and_exit_2(run: Run, config: Path, arguments: tuple[str, ...], words: str) -> None:
    """What was asked, what was found, what to do; nothing runs and nothing is stored."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert not (config.parent / "marker").exists()


def test_a_drill_that_succeeds_is_evidence_for_the_criterion(run: Run, config: Path) -> None:
    """The NO-GO rule "rollback untested" holds the verdict until a drill has answered within its limit."""
    assert as_json(run, "drill")["drills"][0]["state"] == "untested"
    with health_service() as url:
        answer = as_json(
            run, "drill", "fast", "--health", url, "--deadline", "30s", "--expect", "v1", "--by", "Kim", "--", "true"
        )
    assert (answer["run"]["counts"], answer["run"]["outcome"], answer["scope"]) == (True, "answered", "")
    (criterion,) = as_json(run, "status")["gates"][0]["criteria"]
    assert criterion["state"] == "passing"
    assert criterion["value"] == pytest.approx(answer["run"]["seconds"])
    state = as_json(run, "drill")["drills"][0]
    assert (state["state"], state["success"]["by"], state["success"]["health_url"]) == ("tested", "Kim", url)
    assert "tested: " in run("drill")[1]


def test_a_drill_that_fails_takes_the_evidence_away(run: Run) -> None:
    """After a failed drill the criterion is not passing any more, and the drill's state says what happened."""
    with health_service() as url:
        assert run("drill", "fast", "--health", url, "--deadline", "30s", "--", "true")[0] == 0
        code, out, _ = run("drill", "fast", "--health", url, "--deadline", "30s", "--", "sh", "-c", "exit 9")
    assert code == 1
    assert "failed: the command ended with exit code 9" in out
    state = as_json(run, "drill")["drills"][0]
    assert (state["state"], state["last"]["because"]) == ("failed", "the command ended with exit code 9")
    assert as_json(run, "status")["gates"][0]["criteria"][0]["state"] != "passing"


def test_a_check_that_answers_all_the_time_is_a_warning(run: Run) -> None:
    """A service that never went away does not show that the version before is back; with --expect it does."""
    with health_service() as url:
        assert (
            "answered during the whole drill"
            in run("drill", "fast", "--health", url, "--deadline", "30s", "--", "true")[1]
        )
        assert (
            "whole drill"
            not in run("drill", "fast", "--health", url, "--deadline", "30s", "--expect", "v1", "--", "true")[1]
        )


def test_options_behind_the_dashes_belong_to_the_command() -> None:
    """Everything behind two dashes is the command, also what looks like an option of tminus."""
    given = ["drill", "fast", "--by", "Kim", "--", "kubectl", "--json", "--", "x"]
    assert split_words(given) == (["drill", "fast", "--by", "Kim"], ["kubectl", "--json", "--", "x"])
    assert split_words(["sql", "--", "SELECT 1"]) == (["sql", "--", "SELECT 1"], [])


def test_messages_follow_the_recorded_deployment(run: Run, config: Path) -> None:
    """Without a deployment all wait; 70 minutes after it the update of T+60 is overdue until its receipt."""
    waiting = as_json(run, "messages")
    assert waiting["deployment"] is None
    assert {message["state"] for message in waiting["messages"]} == {"waiting"}
    deployed(config, 70 / 60)
    answer = as_json(run, "messages")
    assert [(m["id"], m["state"]) for m in answer["messages"]] == [
        ("updates", "overdue"),
        ("summary", "upcoming"),
        ("pre", "missed"),
    ]
    assert answer["messages"][0]["missed"] == 2
    code, out, _ = run("messages", "sent", "updates", "--by", "Kim")
    assert code == 0
    assert "next due" in out
    updates = as_json(run, "messages")["messages"][0]
    assert (updates["state"], updates["moments"][2]["sent_by"]) == ("upcoming", "Kim")
    assert updates["moments"][2]["is_late"]


def test_a_receipt_outside_the_schedule_says_so(run: Run, config: Path) -> None:
    """A summary sent in the first hour is kept, and does not count for the time after T+4 h."""
    deployed(config, 0.5)
    code, out, _ = run("messages", "sent", "summary", "--by", "Kim")
    assert code == 0
    assert "outside of every moment of its schedule; next due" in out
    answer = as_json(run, "messages")
    assert answer["receipts"][0]["id"] == "summary"
    assert next(m for m in answer["messages"] if m["id"] == "summary")["state"] == "upcoming"


def test_a_message_sent_twice_says_so(run: Run, config: Path) -> None:
    """The first receipt counts; the second one is kept, and is not called outside of the schedule."""
    deployed(config, 0.1)
    assert run("messages", "sent", "updates", "--by", "Kim")[0] == 0
    code, out, _ = run("messages", "sent", "updates", "--by", "Lee")
    assert code == 0
    assert "once more for" in out and "an earlier receipt counts" in " ".join(out.split())
    answer = as_json(run, "messages")
    assert len(answer["receipts"]) == 2
    assert next(m for m in answer["messages"] if m["id"] == "updates")["moments"][0]["sent_by"] == "Kim"


def test_a_draft_is_made_from_the_evidence(run: Run, config: Path) -> None:
    """The standard draft names verdict, stage, problems and drills; a template is filled, and a wrong name refused."""
    deployed(config, 1.0)
    answer = as_json(run, "messages", "draft", "updates")
    assert (answer["subject"], answer["audience"], answer["channel"]) == ("shop: Updates", "#deployment", "slack")
    for words in ("Verdict: NO-GO", "internal", "Open problems:\n- ", "untested: no drill has succeeded yet"):
        assert words in answer["text"]
    plan = config.read_text()
    config.write_text(plan.replace('channel = "slack"', 'template = "{stage}: {verdict} for {audience}"'))
    assert run("messages", "draft", "updates")[1].endswith("internal: NO-GO for #deployment\n")
    config.write_text(plan.replace('channel = "slack"', 'template = "{mood}"'))
    code, _, err = run("messages", "draft", "updates")
    assert (code, "{mood} is not a known fact; known are project" in err) == (2, True)


def test_overdue_messages_are_in_the_written_review(run: Run, config: Path) -> None:
    """The review of the week names what somebody still waits for, and how to record it."""
    deployed(config, 70 / 60)
    review = run("review")[1]
    assert "## Overdue messages" in review
    assert "tminus messages sent updates" in review


@pytest.mark.parametrize(("status", "code", "receipts"), [(200, 0, 1), (500, 2, 0)])
def test_a_message_is_delivered_on_request_and_only_then_recorded(
    run: Run, config: Path, status: int, code: int, receipts: int
) -> None:
    """What the service takes has a receipt that names the kind of address; what it refuses has none."""
    deployed(config, 0.1)
    with health_service(status) as url:
        address = url.replace("http://", "json://")
        assert run("messages", "send", "updates", "--to", address, "--by", "Kim")[0] == code
    found = as_json(run, "messages")["receipts"]
    assert len(found) == receipts
    assert all(receipt["note"] == "delivered to json://…" for receipt in found)
