"""A confirmed command is run, bounded, and remembered without credentials."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from ingest.acts.command import KEPT_LINES, CommandError, run_command, shell_words, stoppable, typed_words

TOKEN = "ghp_" + "a1B2" * 9


def quiet(_text: str) -> None:
    """Show nothing."""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]


@pytest.mark.parametrize(
    ("command", "outcome", "code"),
    [
        ("echo one", "succeeded", 0),
        ("exit 7", "failed", 7),
        ("false\necho later", "failed", 1),
        ("false | cat", "failed", 1),
        ("if false; then echo no; fi", "succeeded", 0),
        ("read line || exit 4", "failed", 4),
    ],
)
def test_a_line_that_fails_fails_the_step(tmp_path: Path, command: str, outcome: str, code: int) -> None:
    """The outcome is that of the first line or pipe that fails; a question of the command gets no answer."""
    run = run_command(shell_words(command), tmp_path, 20, quiet)
    assert (run.outcome, run.exit_code) == (outcome, code)


def test_the_command_runs_in_the_folder_and_shows_what_it_writes(tmp_path: Path) -> None:
    """Both outputs are shown as they come, and the last lines are kept."""
    shown: list[str] = []
    run = run_command(shell_words("pwd; echo err >&2; seq 40"), tmp_path, 20, shown.append)
    assert "".join(shown).split() == [str(tmp_path), "err", *map(str, range(1, 41))]
    assert run.tail == tuple(map(str, range(41 - KEPT_LINES, 41)))


def test_a_command_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    """After the timeout nothing that the command has started runs on."""
    run = run_command(shell_words("sleep 300 & echo $! > pid; trap '' TERM; wait"), tmp_path, 0.3, quiet)
    assert (run.outcome, run.exit_code) == ("timed_out", None)
    assert not is_running(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_program_stops_the_command_and_is_an_outcome(tmp_path: Path, sign: signal.Signals) -> None:
    """Ctrl-C and a cancelled job end the command and its children; that it was stopped is the outcome."""

    def send_when_started() -> None:
        while not (tmp_path / "pid").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), sign)

    sender = threading.Thread(target=send_when_started)
    sender.start()
    run = run_command(shell_words("sleep 300 & echo $! > new; mv new pid; wait"), tmp_path, 60, quiet)
    sender.join()
    assert (run.outcome, run.exit_code) == ("interrupted", None)
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_a_signal_before_the_command_runs_stops_it_once_it_does() -> None:
    """A signal that comes while the command is being started interrupts as soon as it can be stopped."""
    with stoppable() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            stop.release()


def test_a_program_left_running_does_not_keep_the_step_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that the command starts in the background holds its output open; the step ends all the same."""
    monkeypatch.setattr("ingest.acts.command._DRAIN", 0.3)
    run = run_command(shell_words("sleep 30 & echo $! > pid; echo started"), tmp_path, 20, quiet)
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert (run.outcome, run.tail) == ("succeeded", ("started",))


def test_the_kept_lines_hold_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issued tokens, named passwords, keys over many lines, held and hidden values are replaced."""
    monkeypatch.setenv("DEPLOY_TOKEN", "held-value-77")
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *["Qm9keQ" * 9] * 30, "-----END PRIVATE KEY-----"])
    (tmp_path / "key").write_text(key)
    reported = (
        f"echo {TOKEN}; cat key; echo; echo password=hunter2hunter2; echo held-value-77; echo my-hidden-one; echo end"
    )
    run = run_command(shell_words(reported), tmp_path, 20, quiet, hidden=["my-hidden-one"])
    text = "\n".join(run.tail)
    assert run.tail[-1] == "end"
    for secret in (TOKEN, "Qm9keQ", "hunter2", "held-value-77", "my-hidden-one"):
        assert secret not in text
    assert text.count("[redacted]") >= 4


def test_huge_and_binary_output_is_bounded(tmp_path: Path) -> None:
    """Ten megabytes without a line break, and bytes that are no text, are neither kept whole nor an error."""
    script = "import sys; sys.stdout.buffer.write(b'\\xff\\x00' * 5_000_000 + b'\\nlast\\n')"
    run = run_command([sys.executable, "-c", script], tmp_path, 60, quiet)
    assert (run.outcome, run.tail[-1]) == ("succeeded", "last")
    assert sum(map(len, run.tail)) <= KEPT_LINES * 500


def test_what_is_typed_is_a_program_with_words_or_a_line_for_the_shell(tmp_path: Path) -> None:
    """Words are started as they are; one quoted text goes to the shell unless it is the path of a program."""
    program = tmp_path / "my tool"
    program.write_text("#!/bin/sh\necho tool\n")
    program.chmod(0o755)
    assert typed_words(["echo", "a;b"]) == ["echo", "a;b"]
    assert typed_words([str(program)]) == [str(program)]
    assert typed_words(["echo a; echo b"])[-1] == "echo a; echo b"
    with pytest.raises(CommandError, match="'no-such-program' cannot be started"):
        run_command(["no-such-program"], tmp_path, 5, quiet)
