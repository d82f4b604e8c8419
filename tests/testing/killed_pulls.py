"""A server that forks pulls which kill themselves: `python killed_pulls.py REPOSITORY`, one request a line on stdin.

A request is `ROOT CALL DELAY`: pull into ROOT and send SIGKILL to oneself DELAY seconds after the Python call number
CALL (0: never). The answer is `STATUS CALLS`: how the pull ended (0, or minus the signal) and how many calls were
counted, if it ended: for 0 none is, which takes half the time. The imports are made once, before the first fork, so a
killed pull costs only its own work.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from ingest.config import parse_config
from ingest.pull import pull
from ingest.source_table import BUILT_IN
from ingest.warehouse import append

append.CHUNK_ROWS = 40  # many transactions, so that many kills fall between two of them
_NOW = datetime(2025, 9, 8, tzinfo=UTC)


class KillingCounter:
    """Counts Python calls as a profile function, and kills the process some seconds after a given one."""

    def __init__(self, call: int, delay: float) -> None:
        self.calls = 0
        self._call = call
        self._delay = delay

    def __call__(self, _frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        self.calls += 1
        if self.calls == self._call:
            sys.setprofile(None)
            # In a thread: DuckDB lets go of the interpreter while it commits, and may be killed in the middle.
            threading.Thread(target=self._kill, daemon=True).start()

    def _kill(self) -> None:
        time.sleep(self._delay)
        os.kill(os.getpid(), signal.SIGKILL)


def run_pull(repository: str, root: Path, call: int, delay: float) -> KillingCounter:
    """Pull the repository into the folder; raises RuntimeError when a source reports an error."""
    counter = KillingCounter(call, delay)
    sys.setprofile(counter if call else None)
    report = pull(parse_config({"project": {"name": "p", "repository": repository}}, root), now=_NOW)
    sys.setprofile(None)
    if errors := [source.error for source in report.sources if not source.ok]:
        raise RuntimeError(errors)
    return counter


def serve(repository: str) -> None:
    """Fork a pull for each request and answer how it ended."""
    for _, place, _ in BUILT_IN:
        import_module(place.partition(":")[0])
    for name in ("duckdb", "pyarrow", "pandas", "ingest.redaction"):
        import_module(name)
    for line in sys.stdin:
        root, call, delay = line.split("\t")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            counter = run_pull(repository, Path(root), int(call), float(delay))
            os.write(writer, str(counter.calls).encode())
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reader) as answer:
            calls = answer.read()
        print(os.waitstatus_to_exitcode(status), calls or 0, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
