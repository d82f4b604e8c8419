"""Reading file versions for a pull leaves the processors to people who look at a page."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ingest.transport.git_repo import lower_priority

pytestmark = pytest.mark.skipif(not hasattr(os, "setpriority"), reason="Windows has no nice values")


def test_a_process_of_a_pull_gets_a_low_priority_and_this_one_keeps_its_own():
    """Only the child is moved back: the process that may hold the warehouse's lock is not."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lower_priority(child.pid)
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == max(own, 15)
        assert os.getpriority(os.PRIO_PROCESS, 0) == own
    finally:
        child.communicate(b"\n")
    lower_priority(child.pid)  # a process that has ended is no problem
