"""While pages are served, what reads for a pull on the same machine gets the time that nobody else wants.

A pull gives its readers a low priority (`ingest.transport.git_repo.lower_priority`), which still is a share of a busy
processor. Beside open pages they get none of it: the pull takes longer, and nobody waits for a page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.workspace import Workspace
from ingest.transport.git_repo import BACKGROUND
from ingest.warehouse.pull_state import running_pull, state_path


def give_way(workspace: Workspace) -> None:
    """Let the readers of a pull into this workspace give way; never the pull itself, which holds the file's lock."""
    warehouse = workspace.config.warehouse
    running = running_pull(warehouse) if hasattr(os, "SCHED_IDLE") else None  # Linux alone has it
    if running is None or not _has_open(running.process, state_path(warehouse)):
        return
    for process in _below(running.process):
        with suppress(OSError):  # it has ended already
            if os.getpriority(os.PRIO_PROCESS, process) >= BACKGROUND:
                os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def _has_open(process: int, file: Path) -> bool:
    """Whether the process has the file open: the number may be one of another machine or container."""
    with suppress(OSError):
        return any(place.samefile(file) for place in Path(f"/proc/{process}/fd").iterdir())
    return False


def _below(process: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                yield child
                yield from _below(child)
