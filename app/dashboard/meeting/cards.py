"""The verdict in figures: one card each, with its last twelve weeks; a click goes to its section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import pandas as pd

from app.answers.blockers import SETTLED_STATES
from app.answers.types.meeting import CoursePoint
from app.answers.types.status import CriterionAnswer
from app.dashboard.markup.pictures import Look, sparkline
from app.dashboard.markup.tags import text
from app.dashboard.sentences import Figure
from app.wording.text import count

WEEKS = 12
# The beginning of a figure's name, and the section that it leads to.
_SECTIONS = (
    ("GO by", "tm-date"),
    ("Readiness", "tm-moves"),
    ("Measured", "tm-unmeasured"),
    ("Open blockers", "tm-stuck"),
    ("50%", "tm-date"),
    ("80%", "tm-date"),
)


def cards(figures: Sequence[Figure], courses: Mapping[str, Sequence[float]], here: str, look: Look) -> str:
    """One card a figure; `courses`: its weekly values by the beginning of its name; `here`: address of this page."""
    many = len(figures)
    columns = f"--tm-cards:{many};--tm-half:{max(-(-many // 2), 2)}"
    drawn = "".join(_card(figure, courses, here, look) for figure in figures)
    return f'<div class="tm-cards" style="{columns}">{drawn}</div>'


def _card(figure: Figure, courses: Mapping[str, Sequence[float]], here: str, look: Look) -> str:
    label, value, change, tone = figure
    name, section = next((pair for pair in _SECTIONS if label.startswith(pair[0])), ("", ""))
    values = list(courses.get(name, ()))
    words = f"{label}, {count(len(values), 'week')}"
    picture = sparkline(values, words, look) if len(values) > 1 else ""
    return (
        f'<a class="tm-in tm-card" href="{escape(here)}#{section}"><span class="tm-label">{text(label)}</span>'
        f'<span class="tm-value">{text(value)}</span><span class="tm-more tm-{tone}">{text(change)}</span>{picture}</a>'
    )


def history_courses(history: pd.DataFrame, criteria: Mapping[str, CriterionAnswer]) -> dict[str, list[float]]:
    """Readiness, share of the weight measured, and open blockers, week by week."""
    whole = history[history["criterion"] == ""].tail(WEEKS)
    blockers = history[history["criterion"].isin([name for name, c in criteria.items() if c["blocker"]])]
    is_open = ~blockers["state"].isin(SETTLED_STATES)
    by_week = is_open.groupby(blockers["at"]).sum().tail(WEEKS)
    return {
        "Readiness": [float(value) for value in whole["readiness"].dropna()],
        "Measured": [float(value) for value in whole["known_weight"].dropna()],
        "Open blockers": [float(value) for value in by_week],
    }


def date_courses(points: Sequence[CoursePoint]) -> dict[str, list[float]]:
    """The odds of the promised day and the forecast dates, week by week; weeks without one are left out."""
    shown = points[-WEEKS:]
    return {
        "GO by": [point["promised_odds"] for point in shown if point["promised_odds"] is not None],
        "50%": [float(date.fromisoformat(point["p50"]).toordinal()) for point in shown if point["p50"]],
        "80%": [float(date.fromisoformat(point["p80"]).toordinal()) for point in shown if point["p80"]],
    }
