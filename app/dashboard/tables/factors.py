"""What the Factors page shows: a row a criterion with its course, and the points of one series in its display unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.dashboard.tables import common as frames
from app.wording import numbers
from app.wording.numbers import earned, quantity
from app.wording.text import age, shorten

Answer = Mapping[str, Any]
MEGABYTE = 1e6


def factor_rows(criteria: Mapping[str, Answer], history: pd.DataFrame, forecast: Answer) -> pd.DataFrame:
    """One row a criterion; `Course` is its weekly value, oldest first, with weeks of no figure left out."""
    courses = {name: rows["value"].dropna().tolist() for name, rows in history.groupby("criterion")}
    parts = {part["id"]: part for part in forecast["criteria"]}
    return pd.DataFrame([_row(c, courses.get(name, []), parts.get(name)) for name, c in criteria.items()])


def _row(criterion: Answer, course: list[float], part: Answer | None) -> dict[str, Any]:
    unit = criterion["unit"]
    return {
        "State": frames.state(criterion),
        "Factor": criterion["title"] + (" (blocker)" if criterion["blocker"] else ""),
        "Now": frames.value(criterion),
        "Needs": frames.wanted(criterion),
        "Course": course[-52:],
        "Progress": _progress(criterion),
        "Seen a week": _pace(part["pace_seen"], unit) if part else "–",
        "Needed a week": _needed(part, criterion),
        "Points": " of ".join(earned(criterion["points"], criterion["points_possible"])),
        "Evidence": age(criterion["evidence"]["age_days"]),
    }


def _pace(pace: float | None, unit: str) -> str:
    return numbers.pace(pace, unit).removesuffix(" a week")


def _needed(part: Answer | None, criterion: Answer) -> str:
    """The pace that would do, or that there is nothing left to do."""
    if part is None:
        return "–"
    return "holds" if criterion["state"] == "passing" else _pace(part["pace_needed"], criterion["unit"])


def axis_value(value: float, unit: str) -> float:
    """A figure in the unit that its axis is drawn in."""
    return value / MEGABYTE if unit == "bytes" else value


def axis_title(unit: str) -> str:
    """The unit of an axis."""
    return "MB" if unit == "bytes" else unit


def series_points(series: pd.DataFrame, criterion: Answer) -> pd.DataFrame:
    """The stored figures of a factor for its chart; rows without a figure leave a gap."""
    if series.empty:
        return pd.DataFrame(columns=["at", "value", "kind", "told", "place"])
    frame = pd.DataFrame(
        {
            "at": series["observed_at"],
            "value": [axis_value(value, unit) for value, unit in zip(series["value"], series["unit"], strict=True)],
            "kind": series["kind"],
            "told": [quantity(value, unit) for value, unit in zip(series["value"], series["unit"], strict=True)],
            "place": [_short(locator) for locator in series["locator"]],
        }
    )
    return frame.reset_index(drop=True)


def _short(locator: str) -> str:
    return shorten(locator, 90)


def _progress(criterion: Answer) -> int | None:
    """Whole percent of the way, never rounded up; without a fresh figure nobody knows it, and the cell stays empty."""
    known = criterion["value"] is not None and criterion["state"] != "stale"
    return math.floor(criterion["attainment"] * 100) if known else None
