"""From the [ratchet] table to the tolerances of `tminus check --baseline`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.plan.plan import Gate
from models.plan.tables import TableReader

_PATH = "ratchet.tolerance"


def tolerances_in(
    mapping: Mapping[str, Any], gates: Sequence[Gate], reader: TableReader
) -> tuple[tuple[str, float], ...]:
    """(criterion id or metric, how much worse it may get, in its unit) of [ratchet.tolerance]."""
    table = reader.table(mapping, "ratchet", "ratchet")
    reader.only(table, ("tolerance",), "ratchet")
    stated = reader.table(table, "tolerance", _PATH)
    criteria = [criterion for gate in gates for criterion in gate.criteria]
    known = sorted({name for c in criteria for name in (c.id, c.metric) if name})
    for name in stated if known else ():
        reader.known(name, known, f"{_PATH}.{name}", "criterion or metric")
    return tuple((name, reader.number(stated, name, _PATH, default=0.0, low=0.0)) for name in stated)
