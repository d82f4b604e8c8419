"""Output that nobody reads to the end, and terminals that lack signs."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from app.command_line.parser import main
from app.command_line.safe_output import TolerantStream, encodable


@pytest.fixture
def closed_pipe(monkeypatch):
    """Standard output is a pipe whose reader is gone, with a small buffer so that it is noticed in between."""
    reading, writing = os.pipe()
    os.close(reading)
    stream = io.TextIOWrapper(io.BufferedWriter(io.FileIO(writing, "w"), 16), encoding="utf-8", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    yield stream
    stream.close()


def test_a_closed_pipe_does_not_change_the_exit_code(closed_pipe, tmp_path: Path, capfd):
    """With `| head -1` a command ends with the code of its answer, and says nothing about the pipe."""
    (tmp_path / "empty.json").write_text("{}")

    assert main(["read", str(tmp_path / "empty.json")]) == 3
    assert main(["read", str(tmp_path / "empty.json"), "--json"]) == 3
    assert main(["completion", "bash"]) == 0
    assert main([]) == 0
    assert capfd.readouterr().err == ""


def test_a_full_disk_is_an_error(monkeypatch, capsys, tmp_path: Path):
    """What could not be written for another reason is one line and exit 2."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this machine")
    (tmp_path / "empty.json").write_text("{}")
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["read", str(tmp_path / "empty.json")]) == 2
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
    assert "No space left" in capsys.readouterr().err


def test_without_a_standard_output_the_answer_still_has_its_code(monkeypatch, tmp_path: Path):
    """Python has no stream where the shell closed it (`>&-`): the exit code is all that is asked for."""
    (tmp_path / "empty.json").write_text("{}")
    monkeypatch.setattr(sys, "stdout", None)

    assert main(["read", str(tmp_path / "empty.json")]) == 3


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_every_sign_can_be_written_in_every_encoding(encoding):
    """Our signs have a substitute, others are escaped as JSON escapes them, and what the encoding has stays."""
    text = 'ok → ≤ 5 … “é” 🟢 "\ud800'
    shown = encodable(text, encoding)

    shown.encode(encoding)
    assert "->" in shown or encoding == "utf-8"
    assert json.loads(f'"{encodable("é→🟢", "ascii")}"') == "é->🟢"


def test_a_stream_of_an_old_terminal_takes_every_line():
    """Printing never ends at a sign."""
    raw = io.BytesIO()
    stream = TolerantStream(io.TextIOWrapper(raw, encoding="ascii"))
    print("Readiness 16 → 20 …", file=stream)
    stream.flush()

    assert raw.getvalue().splitlines() == [b"Readiness 16 -> 20 ..."]
