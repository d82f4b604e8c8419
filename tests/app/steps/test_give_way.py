"""While pages are served, what reads for a pull on the same machine gives way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.steps.evidence.give_way import give_way
from app.workspace import Workspace
from ingest.transport.git_repo import lower_priority
from ingest.warehouse.pull_state import announced, state_path
from tests.testing.sample import sample_in

pytestmark = pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has a class for idle processes")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A warehouse to pull into."""
    return sample_in(tmp_path_factory.mktemp("demo"), with_simulated=False)


@pytest.fixture
def reader() -> Iterator[int]:
    """A process that this one has started, as a pull starts one to read."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child.pid
        child.communicate(b"\n")


def test_what_reads_for_a_pull_gives_way_and_the_pull_does_not(workspace: Workspace, reader: int) -> None:
    """The reader gets the time that nobody else wants; the process that may hold the file's lock keeps its share."""
    lower_priority(reader)
    with announced(workspace.config.warehouse) as state:
        state.report(0, 1, "git")
        give_way(workspace)

    assert os.sched_getscheduler(reader) == os.SCHED_IDLE
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_other_children_of_a_pull_keep_their_share(workspace: Workspace, reader: int) -> None:
    """Only what the pull itself has put behind gives way."""
    with announced(workspace.config.warehouse) as state:
        state.report(0, 1, "git")
        give_way(workspace)

    assert os.sched_getscheduler(reader) == os.SCHED_OTHER


def test_a_process_number_of_another_machine_touches_nothing(workspace: Workspace, reader: int) -> None:
    """A pull in another container has numbers of its own: a process that does not hold the state is no pull."""
    lower_priority(reader)
    give_way(workspace)  # nobody pulls
    with announced(workspace.config.warehouse) as state:
        state.report(0, 1, "git")
        path: Path = state_path(workspace.config.warehouse)
        path.write_text(json.dumps({**json.loads(path.read_text()), "process": os.getppid()}))
        give_way(workspace)

    assert os.sched_getscheduler(reader) == os.SCHED_OTHER
