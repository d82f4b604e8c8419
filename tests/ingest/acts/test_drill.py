"""A drill is timed until the health check answers, by a real service on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest.acts.command import shell_words
from ingest.acts.drill import HealthCheck, Rehearsal, rehearse


class Service:
    """A service that answers what the file `answer` in its folder says: a status and a body."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.set(200, "v2")

    def set(self, status: int, body: str) -> None:
        (self.folder / "answer").write_text(f"{status} {body}")

    def answer(self) -> tuple[int, bytes]:
        self.asked += 1
        status, _, body = (self.folder / "answer").read_text().partition(" ")
        return int(status or 500), body.encode()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask five times as often: the same questions and answers in a fifth of the time."""
    monkeypatch.setattr("ingest.acts.drill.INTERVAL", 0.05)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """The service and the address of its health check."""
    state = Service(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = state.answer()
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state, f"http://127.0.0.1:{server.server_port}/health"
    server.shutdown()
    server.server_close()


def hold(command: str, folder: Path, url: str, expect: str = "", deadline: float = 2.0) -> Rehearsal:
    return rehearse(shell_words(command), folder, HealthCheck(url, expect), deadline, lambda _text: None)


def test_the_time_ends_when_the_service_is_back(service: tuple[Service, str], tmp_path: Path) -> None:
    """A service that comes back a while after the command has ended is timed to that moment, not to the command's."""
    state, url = service
    state.set(503, "down")
    run = hold("(sleep 0.3; echo '200 v1' > answer) > out 2>&1 & true", tmp_path, url, deadline=20)
    assert (run.outcome, run.was_down, run.command.exit_code) == ("answered", True, 0)
    assert run.seconds is not None
    assert 0.3 <= run.seconds < 20


def test_answers_of_before_the_rollback_do_not_end_the_drill(service: tuple[Service, str], tmp_path: Path) -> None:
    """While the command runs, the version that is being replaced still answers: that is not the end."""
    _, url = service
    run = hold("sleep 0.3", tmp_path, url, deadline=20)
    assert (run.outcome, run.was_down) == ("answered", False)
    assert run.seconds is not None
    assert run.seconds >= 0.3


@pytest.mark.parametrize(
    ("answer", "expect", "words"),
    [
        ("503 down", "", "it answered 503"),
        ("302 moved", "", "it answered 302"),
        ("200 v2", "v1", "its answer does not contain 'v1'"),
    ],
)
def test_a_check_that_never_answers_well_fails_the_drill(
    service: tuple[Service, str], tmp_path: Path, answer: str, expect: str, words: str
) -> None:
    """An error, a redirect or the wrong version until the deadline is a failure that names the last answer."""
    state, url = service
    (tmp_path / "answer").write_text(answer)
    run = hold("true", tmp_path, url, expect, deadline=0.3)
    assert (run.outcome, run.seconds) == ("no_answer", None)
    assert run.because == f"no healthy answer within 0.3 s: {words}"
    assert state.asked >= 2


def test_a_service_that_nobody_can_reach_fails_the_drill(tmp_path: Path) -> None:
    """A closed port is no answer, and the reason says so."""
    run = hold("true", tmp_path, "http://127.0.0.1:9/health", deadline=0.2)
    assert (run.outcome, run.was_down) == ("no_answer", True)
    assert "no answer" in run.because


def test_one_healthy_answer_alone_is_not_back(service: tuple[Service, str], tmp_path: Path) -> None:
    """A service that answers once and falls over again has not come back."""
    state, url = service
    answers = iter([200, 503] * 50)
    state.answer = lambda: (next(answers), b"v1")  # type: ignore[method-assign]
    assert hold("true", tmp_path, url, deadline=0.4).outcome == "no_answer"


@pytest.mark.parametrize(
    ("command", "outcome", "because"),
    [
        ("exit 3", "command_failed", "the command ended with exit code 3"),
        ("sleep 60", "no_answer", "the command still ran after 0.3 s"),
    ],
)
def test_a_command_that_fails_or_does_not_end_fails_the_drill(
    service: tuple[Service, str], tmp_path: Path, command: str, outcome: str, because: str
) -> None:
    """A healthy service does not make up for a rollback command that failed or hangs."""
    run = hold(command, tmp_path, service[1], deadline=0.3)
    assert (run.outcome, run.because, run.seconds) == (outcome, because, None)
