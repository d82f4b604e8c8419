"""How a value is compared with a threshold: one number at a time, or a whole array."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from models.plan.plan import Comparator

COMPARISONS: dict[Comparator, Callable[[Any, float], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}
