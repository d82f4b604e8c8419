"""Which units are the same thing, and by what factor: a threshold in MB can be held against a figure in bytes."""

from __future__ import annotations

# unit -> (family, factor to the family's base unit). MB is 10^6 bytes as in SI; MiB is 2^20.
_UNITS: dict[str, tuple[str, float]] = {
    "percent": ("percent", 1.0),
    "%": ("percent", 1.0),
    "pct": ("percent", 1.0),
    "b": ("bytes", 1.0),
    "byte": ("bytes", 1.0),
    "bytes": ("bytes", 1.0),
    "kb": ("bytes", 1e3),
    "mb": ("bytes", 1e6),
    "gb": ("bytes", 1e9),
    "kib": ("bytes", 2.0**10),
    "mib": ("bytes", 2.0**20),
    "gib": ("bytes", 2.0**30),
    "ms": ("seconds", 1e-3),
    "s": ("seconds", 1.0),
    "sec": ("seconds", 1.0),
    "second": ("seconds", 1.0),
    "seconds": ("seconds", 1.0),
    "min": ("seconds", 60.0),
    "minutes": ("seconds", 60.0),
    "h": ("seconds", 3600.0),
    "hours": ("seconds", 3600.0),
    "mb/h": ("growth", 1.0),
    "mb/hr": ("growth", 1.0),
    "mb/hour": ("growth", 1.0),
}


def convert(value: float, unit: str, wanted: str) -> float | None:
    """`value` in the wanted unit; None where the two cannot be compared.

    An empty unit on either side states nothing, so nothing contradicts it.
    """
    has, needs = unit.strip().lower(), wanted.strip().lower()
    if has == needs or not has or not needs:
        return value
    family, factor = _UNITS.get(has, (has, 1.0))
    wanted_family, wanted_factor = _UNITS.get(needs, (needs, 1.0))
    if family != wanted_family:
        return None
    return value if factor == wanted_factor else value * factor / wanted_factor
