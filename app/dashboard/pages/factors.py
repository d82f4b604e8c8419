"""Factors: every criterion with its course, progress and pace; one of them in detail."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.answers.types.explain import PlanNote
from app.answers.types.status import CriterionAnswer
from app.dashboard import alt_texts, cache, charts
from app.dashboard import sentences as words
from app.dashboard.sheet import Sheet, choose, page
from app.dashboard.tables import common as frames
from app.dashboard.tables import factors
from app.dashboard.tables.download import safe
from app.wording.next_steps import next_step
from app.wording.status import arithmetic

ABOUT = "every criterion: its value, its history, its demand"


def show(sheet: Sheet) -> None:
    """The table of all, then one opened."""
    key = sheet.context.key
    explained = cache.explanation(key)
    criteria = {c["id"]: c for c in frames.by_urgency(explained["criteria"])}
    if not criteria:
        sheet.note("The plan has no criteria: add `[[gate.criterion]]` tables to tminus.toml, or import a checklist.")
        return
    rows = factors.factor_rows(criteria, cache.history(key), cache.forecast(key))
    sheet.lead(words.factors_sentence(criteria))
    sheet.table("Factors", rows, column_config=_columns(), height=35 * min(len(rows), 30) + 38)
    st.space("small")
    chosen = choose("Open a factor", {name: c["title"] for name, c in criteria.items()}, "factor")
    _opened(sheet, criteria[chosen], explained["plans"].get(chosen))


def _columns() -> Mapping[str, Any]:
    column = st.column_config
    widths = {
        "State": 110,
        "Factor": 225,
        "Now": 100,
        "Needs": 90,
        "Pace a week": 100,
        "Needed a week": 105,
    }
    return {
        **{name: column.TextColumn(width=width) for name, width in widths.items()},
        "Course": column.LineChartColumn("Course", help="Its weekly value, oldest first", width=80),
        "Progress": column.ProgressColumn(
            "Progress",
            help="From the baseline to the threshold, in whole percent, never rounded up",
            format="%d%%",
            min_value=0,
            max_value=100,
            width=115,
        ),
    }


def _opened(sheet: Sheet, criterion: CriterionAnswer, plan: PlanNote | None) -> None:
    sheet.heading(criterion["title"])
    sheet.text(words.factor_sentence(criterion))
    sheet.bullets(words.factor_notes(criterion, plan))
    points = factors.series_points(cache.series(sheet.context.key, criterion["metric"], criterion["scope"]), criterion)
    if points.empty:
        step = next_step(criterion)[1]
        sheet.note("No value of it is stored." + (f" Next: {safe(step)}" if step else ""))
        return
    threshold = factors.axis_value(criterion["threshold"], criterion["unit"])
    title = factors.axis_title(criterion["unit"])
    chart = charts.series_chart(points, threshold, f"needs {frames.wanted(criterion)}", title)
    sheet.chart(f"{criterion['title']} over time", chart, alt_texts.series_alt(criterion, points), points)
    sheet.text(alt_texts.series_about(points), quiet=True)
    sheet.text(f"Its points: {safe(arithmetic(criterion))}.", quiet=True)


with page("Factors", ABOUT) as opened:
    show(opened)
