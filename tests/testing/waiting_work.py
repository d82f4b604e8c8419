"""Work for a process beside a pull: it starts git as sources do, sends both process ids, and waits."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest.beside import Beside


def wait(_task: object, send: Callable[[bytes], None]) -> None:
    """Send the ids of this process and of a git that reads from it, then wait for a minute."""
    git = subprocess.Popen(["git", "hash-object", "--stdin-paths"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    send(pickle.dumps([os.getpid(), git.pid, os.getpriority(os.PRIO_PROCESS, git.pid)]))
    time.sleep(60)


def main() -> None:
    """Start the work beside this process, print what it sends, and wait to be killed."""
    with Beside("tests.testing.waiting_work:wait", None) as beside:
        print(*pickle.loads(next(beside.messages())), flush=True)
        time.sleep(60)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main()
