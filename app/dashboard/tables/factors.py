"""What the Factors page shows: one row per criterion with its course, and the points of one series."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from app.answers.types.forecast import CriterionForecast, JointForecastAnswer
from app.answers.types.status import CriterionAnswer, EvidenceAnswer
from app.dashboard.markup.bars import bullet
from app.dashboard.markup.links import Links
from app.dashboard.markup.pictures import Look, sparkline
from app.dashboard.markup.tags import Drawn, Linked
from app.dashboard.tables import common as frames
from app.wording.next_steps import is_decided_by_parts
from app.wording.numbers import pace_amount, quantity
from app.wording.status import is_counted_from_git
from app.wording.text import age, count, shorten

MEGABYTE = 1e6
MOST_POINTS = 300  # of a course in a chart that is about a thousand pixels wide


def factor_rows(
    criteria: Mapping[str, CriterionAnswer],
    history: pd.DataFrame,
    forecast: JointForecastAnswer,
    links: Links,
    look: Look,
    doubts: Mapping[str, str],
) -> pd.DataFrame:
    """One row per criterion; `Course` is its weekly value, oldest first, without the weeks that have none.

    `doubts`: see `not_for_go`.
    """
    courses = courses_of(history)
    parts = {part["id"]: part for part in forecast["criteria"]}
    drawn = {name: spark(c, courses.get(name, []), look) for name, c in criteria.items()}
    return pd.DataFrame([_row(c, drawn[name], parts.get(name), links, doubts) for name, c in criteria.items()])


def courses_of(history: pd.DataFrame) -> dict[str, list[float]]:
    """The weekly values of each criterion, oldest first, without the weeks that have none."""
    courses: dict[str, list[float]] = {}
    for name, value in zip(history["criterion"].tolist(), history["value"].tolist(), strict=True):
        course = courses.setdefault(name, [])
        if not math.isnan(value):
            course.append(value)
    return courses


def spark(criterion: CriterionAnswer, course: list[float], look: Look, weeks: int = 52) -> Drawn:
    """The course of a criterion as a small picture; its words give both ends."""
    shown = course[-weeks:]
    if not shown:
        return Drawn("", "")
    ends = [quantity(value, criterion["unit"], criterion["threshold"]) for value in (shown[0], shown[-1])]
    words = f"{ends[0]} to {ends[1]} over {count(len(shown), 'weekly value')}"
    return Drawn(words, sparkline(shown, f"{criterion['title']}: {words}", look, criterion["threshold"]))


def progress_bar(criterion: CriterionAnswer) -> Drawn:
    """How far a criterion is from its baseline to its threshold, as a bar."""
    done = progress(criterion)
    if is_decided_by_parts(criterion):
        return Drawn("–", "")
    if done is None:
        return Drawn("–", bullet(None, f"{criterion['title']}: no fresh value"))
    words = f"{done}% of the way from the baseline to {frames.wanted(criterion)}"
    return Drawn(f"{done}%", bullet(done / 100, words))


def _row(
    criterion: CriterionAnswer, course: Drawn, part: CriterionForecast | None, links: Links, doubts: Mapping[str, str]
) -> dict[str, Any]:
    title = criterion["title"] + (" (blocker)" if criterion["blocker"] else "")
    return {
        "State": frames.counted_state(criterion, doubts),
        "Factor": Linked(title, links.criterion(criterion["id"])),
        "Now, needs": frames.counted_now(criterion, doubts),
        "Course": course,
        "Progress": progress_bar(criterion),
        "Pace a week: now, needed": _paces(part, criterion),
        "Points": frames.points_words(criterion),
        "Evidence": _evidence(criterion["evidence"]),
    }


def _evidence(evidence: EvidenceAnswer) -> str:
    return "counted from git" if is_counted_from_git(evidence) else age(evidence["age_days"])


def _paces(part: CriterionForecast | None, criterion: CriterionAnswer) -> str:
    """The pace of the last weeks and the pace that is needed, or that nothing is left to do."""
    if part is None:
        return "–"
    seen = pace_amount(part["pace_seen"], criterion["unit"])
    if criterion["state"] == "passing":
        return f"{seen}, holds"
    return f"{seen}, {pace_amount(part['pace_needed'], criterion['unit'])}"


def axis_value(value: float, unit: str) -> float:
    """A value in the unit of its axis."""
    return value / MEGABYTE if unit == "bytes" else value


def axis_title(unit: str) -> str:
    """The unit of an axis."""
    return "MB" if unit == "bytes" else unit


def series_points(series: pd.DataFrame, criterion: CriterionAnswer) -> pd.DataFrame:
    """The stored values of a factor for its chart; rows without a value leave a gap."""
    if series.empty:
        return pd.DataFrame(columns=["at", "value", "kind", "label", "place"])
    frame = pd.DataFrame(
        {
            "at": series["observed_at"],
            "value": [axis_value(value, unit) for value, unit in zip(series["value"], series["unit"], strict=True)],
            "kind": series["kind"],
            "label": [quantity(value, unit) for value, unit in zip(series["value"], series["unit"], strict=True)],
            "place": [_short(locator) for locator in series["locator"]],
        }
    )
    return frame.reset_index(drop=True)


def thinned(points: pd.DataFrame) -> pd.DataFrame:
    """What a chart shows of a course of more than MOST_POINTS values; frame: at, value and more, in the same order.

    Of each of equally long stretches the first, the lowest, the highest and the last row stay: no extreme is lost, and
    a step ends where it ended. Rows without a value stay, too: they are gaps.
    """
    if len(points) <= MOST_POINTS:
        return points
    stretch = np.arange(len(points)) * (MOST_POINTS // 4) // len(points)
    values = points["value"].reset_index(drop=True)
    known = values.dropna().groupby(stretch[values.notna()])
    ends = np.flatnonzero(np.diff(stretch, prepend=-1, append=-1))  # where one begins; the one before ends there
    kept = {*known.idxmin(), *known.idxmax(), *ends[:-1], *(ends[1:] - 1), *values.index[values.isna()]}
    return points.iloc[sorted(kept)]


def _short(locator: str) -> str:
    return shorten(locator, 90)


def progress(criterion: CriterionAnswer) -> int | None:
    """Progress in whole percent, never rounded up; None without a fresh value."""
    known = criterion["value"] is not None and criterion["state"] != "stale"
    return math.floor(criterion["attainment"] * 100) if known else None
