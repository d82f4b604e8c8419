"""Many blobs are scanned in a process of its own: the same result, a clear word when it dies, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.source import Harvest, Request, SourceError
from ingest.sources.git import blob_reader as git_reader
from ingest.sources.git.source import GitHistory
from tests.testing.repositories import add_commits, new_repository

COUNTERS = {"calls": {"kind": "matches", "pattern": r"\bcall\(", "paths": ["**/*.py"]}}


@pytest.fixture
def repository(tmp_path):
    """Twelve commits of files with markers, matches, a NUL byte and a name without extension."""
    path = new_repository(tmp_path)
    history: list[dict[str, bytes | None]] = []
    for number in range(12):
        history.append(
            {
                f"src/m{number % 3}.py": b"# TODO: part %d\ncall(%d)\n" % (number, number),
                "bin/run": b"#!/bin/sh\n# FIXME: step %d\n" % number,
                "data.py": b"\0# TODO in data %d\n" % number,
            }
        )
    add_commits(path, history)
    return path


@pytest.fixture
def started(monkeypatch):
    """The processes that the reader started, with windows so small that it starts one."""
    processes: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(git_reader, "WINDOW", 4)
    monkeypatch.setattr(git_reader.subprocess, "Popen", Recorded)
    return processes


def read(path, progress=lambda *_: None) -> Harvest:
    """Read the whole history."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return GitHistory().observe(Request("p", path, path, {"counters": COUNTERS}, "", now, lambda *_: [], progress))


def workers(processes) -> list[subprocess.Popen[bytes]]:
    """The started processes that are Python and not git."""
    return [process for process in processes if process.args[0] == sys.executable]


def test_a_process_finds_what_a_thread_finds(repository, started, monkeypatch):
    """The harvest is the same to the last field, whether a process or a thread scanned the blobs."""
    with_process = read(repository)
    assert len(workers(started)) == 1
    monkeypatch.setattr(git_reader, "WINDOW", 5000)
    with_thread = read(repository)
    assert len(workers(started)) == 1
    assert with_process == with_thread
    assert with_process.counts["blobs_binary"] == 12
    assert len(with_process.items) > 10


def test_few_blobs_start_no_process(repository, started, monkeypatch):
    """A pull of a few new blobs pays for no second interpreter."""
    monkeypatch.setattr(git_reader, "WINDOW", 5000)
    read(repository)
    assert workers(started) == []


def test_a_killed_process_is_one_clear_error(repository, started, monkeypatch):
    """A scan that the system kills becomes one line that says what was stopped, how, and what to do."""
    monkeypatch.setattr(git_reader, "_BOOT", "import os, sys; sys.stdin.read(9); os.kill(os.getpid(), 9)")
    with pytest.raises(SourceError, match=r"^the process that reads file versions of .* \(signal 9\): pull again.*$"):
        read(repository)
    assert [process.poll() for process in workers(started)] == [-9]


def test_a_failing_scan_tells_why(repository, started, monkeypatch):
    """What goes wrong inside the process reaches the user in words, with the repository's name."""
    boot = (
        "import sys; sys.path[:0] = sys.argv[2:]; "
        "from ingest.sources.git import blob_scanner; blob_scanner.find_markers = 0;"
    )
    monkeypatch.setattr(git_reader, "_BOOT", boot + " blob_scanner.work(sys.argv[1])")
    with pytest.raises(SourceError, match=r"^reading file versions of .* failed: TypeError: 'int' object"):
        read(repository)


def test_an_interrupted_pull_leaves_no_process(repository, started, monkeypatch):
    """Ctrl-C in the middle of the log ends the scanning process and git with it."""
    monkeypatch.setattr("ingest.sources.git.read_history._PROGRESS_EVERY", 20)

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(repository, interrupt)
    assert len(workers(started)) == 1
    assert all(process.poll() is not None for process in started)


def test_an_application_that_is_no_interpreter_scans_itself(repository, started, monkeypatch):
    """A frozen application starts no second copy of itself, and finds the same."""
    expected = read(repository)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert read(repository) == expected
    assert len(workers(started)) == 1
