"""Sending: a real server gets the text, a dry run sends nothing, and no secret is written or shown."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.answers.changes import changes_of
from app.command_line.parser import main
from app.steps.review import review as review_step
from app.workspace import WEEK, Workspace
from tests.testing.sample import sample_in

SECRET = "hunter2-hunter2"


class Inbox(ThreadingHTTPServer):
    """A webhook that keeps what it gets, and answers `status`."""

    def __init__(self) -> None:
        self.got: list[dict] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), Hook)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}/hook"


class Hook(BaseHTTPRequestHandler):
    server: Inbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append({**json.loads(body), "login": self.headers.get("Authorization", "")})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    pytest.importorskip("apprise")
    with Inbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def review(workspace: Workspace) -> dict:
    return review_step(workspace, workspace.now() - WEEK, workspace.now(), with_course=False)


def run(capsys: pytest.CaptureFixture[str], workspace: Workspace, *more: str) -> tuple[int, str]:
    code = main(["send", "--config", str(workspace.path), *more])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_webhook_gets_the_review(capsys, inbox: Inbox, workspace: Workspace) -> None:
    """Title and text arrive as they are written elsewhere."""
    code, shown = run(capsys, workspace, "--to", f"json://{inbox.place}")
    main(["review", "--config", str(workspace.path)])
    written = capsys.readouterr().out

    assert code == 0
    assert "sent to json://…" in shown
    assert inbox.got[0]["title"] == "medianest: weekly review, 21 Nov 2025"
    assert "**NO-GO.**" in inbox.got[0]["message"]
    assert inbox.got[0]["message"].split("## What moved")[1].strip() == written.split("## What moved")[1].strip()


def test_a_secret_comes_from_the_environment_and_is_shown_nowhere(
    capsys, inbox: Inbox, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a variable is enough; neither output, nor an error, nor any file has the password."""
    monkeypatch.setenv("TEAM_HOOK", f"json://kim:{SECRET}@{inbox.place}")
    code, shown = run(capsys, workspace, "--to", "TEAM_HOOK", "--what", "changes")
    inbox.status = 403
    refused, error = run(capsys, workspace, "--to", "TEAM_HOOK", "--what", "changes")

    assert (code, refused) == (0, 2)
    assert inbox.got[0]["login"].startswith("Basic ")
    assert "TEAM_HOOK (json://…)" in shown
    assert "answered 403" in error
    assert SECRET not in shown + error
    files = [path for path in Path(workspace.path.parent).rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_a_dry_run_sends_nothing(capsys, inbox: Inbox, workspace: Workspace) -> None:
    """The text is printed, the address is not."""
    code, shown = run(capsys, workspace, "--to", f"json://{inbox.place}", "--what", "changes", "--dry-run")

    assert code == 0
    assert inbox.got == []
    assert "Decision D2 of J. Ferreira" in shown
    assert "127.0.0.1" not in shown


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("slack://TokenA/TokenB/TokenC", "put it into an environment variable"),
        ("json://kim:word@host/", "put it into an environment variable"),
        ("NOT_SET_ANYWHERE", "there is no environment variable NOT_SET_ANYWHERE"),
        ("not an address", "it begins with a service"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(capsys, workspace: Workspace, to: str, words: str) -> None:
    """An address with a secret on the command line is refused without repeating it."""
    code, shown = run(capsys, workspace, "--to", to)

    assert code == 2
    assert words in shown
    assert "TokenB" not in shown and "kim:word" not in shown


def test_an_unknown_service_is_named(capsys, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise knows no such service: exit 2 with what to do."""
    pytest.importorskip("apprise")
    monkeypatch.setenv("TEAM_HOOK", "carrierpigeon://coop")
    code, shown = run(capsys, workspace, "--to", "TEAM_HOOK")

    assert code == 2
    assert "TEAM_HOOK (carrierpigeon://…) is not an address that Apprise knows" in shown


def test_nothing_to_send_is_no_failure(capsys, inbox: Inbox, workspace: Workspace) -> None:
    """Where nothing changed, nothing is sent, the command says so and exits 0."""
    window = ["--since", "2025-09-05", "--until", "2025-09-06"]
    code, shown = run(capsys, workspace, "--to", f"json://{inbox.place}", "--what", "changes", *window)

    assert code == 0
    assert "Nothing to send" in shown
    assert inbox.got == []


def test_each_kind_of_change_is_news_and_small_moves_are_not(review: dict) -> None:
    """Verdict, gate, date, stale evidence and overdue decisions each give a line; a small move of the date none."""
    quiet = {**review, "before": review["status"], "forecast_before": review["forecast"], "decisions": []}
    assert changes_of(quiet) == []

    quantiles = {**review["forecast"]["quantiles"], "p50": "2026-07-01", "p80": None}
    now = {**review["forecast"], "quantiles": quantiles}
    then = {**now, "quantiles": {**quantiles, "p50": "2026-07-10"}}
    assert changes_of({**quiet, "forecast": now, "forecast_before": then}) == []
    moved = changes_of({**quiet, "forecast": now, "forecast_before": then}, days=8)
    assert [entry["text"] for entry in moved] == [
        "The 50% date of GO moved from 10 Jul 2026 to 1 Jul 2026, 9 days earlier."
    ]

    gates = json.loads(json.dumps(review["status"]["gates"]))
    gates[0]["status"] = "passing"
    gates[0]["criteria"][1]["state"] = "stale"
    status = {**review["status"], "gates": gates, "decision": {**review["status"]["decision"], "verdict": "GO"}}
    found = {entry["kind"] for entry in changes_of({**quiet, "status": status, "decisions": review["decisions"]})}
    assert found == {"verdict", "gate", "stale", "overdue"}
