"""How much processor time something takes, as a multiple of a yardstick measured beside it: no clock is asserted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_TEXT = "lorem ipsum 12 dolor 7 sit " * 2_000
_PATTERN = re.compile(r"(\w+) (\d+)")


def effort(work: Callable[[], object]) -> float:
    """Processor time of the work in yardsticks; one yardstick takes some 10 ms, and is measured before and after.

    A busy or slow machine slows both, so a bound on this ratio holds where a bound in seconds does not.
    """
    before = _processor_time(_yardstick)
    spent = _processor_time(work)
    return spent / max(before, _processor_time(_yardstick))


def _processor_time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _yardstick() -> None:
    for _ in range(5):
        sum(int(found.group(2)) for found in _PATTERN.finditer(_TEXT))
