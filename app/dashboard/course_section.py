"""The course of the date as a picture: it fills after the rest of the page, one week at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.answers.types.meeting import CoursePoint
from app.dashboard import cache
from app.dashboard.charts_course import course_chart, promised_odds_chart
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments
from app.dashboard.sheet import Sheet
from app.dashboard.tables.course import course_about, course_rows, course_table
from app.wording.slip import course_alt, promised_odds_alt


def reserve_course(sheet: Sheet) -> tuple[Any, int]:
    """The place of the course in the page; `fill_course` draws it when everything else is there."""
    sheet.heading(
        "The course of the date", "The forecast of GO week by week: when it was made, and which date it gave."
    )
    return st.container(), len(sheet.written)


def fill_course(sheet: Sheet, place: tuple[Any, int]) -> None:
    """Compute the weeks that are not known yet, one by one, and draw the picture; its words go to their place."""
    slot, index = place
    before = len(sheet.written)
    with slot:
        _draw(sheet, _points(sheet))
    drawn = sheet.written[before:]
    del sheet.written[before:]
    sheet.written[index:index] = drawn


def _points(sheet: Sheet) -> list[CoursePoint]:
    """Between two weeks a click of the user gets its turn; the weeks that are computed by then are kept."""
    key, progress, points = sheet.context.key, st.empty(), []
    moments = cache.course_moments(key)
    for number, moment in enumerate(moments):
        if number:
            progress.caption(f"Computing the forecast of earlier weeks: {number} of {len(moments)} …")
        points.append(cache.course_point(key, moment))
    progress.empty()
    return points


def _draw(sheet: Sheet, points: Sequence[CoursePoint]) -> None:
    rows = course_rows(points)
    if rows["p50"].isna().all() and rows["p25"].isna().all():
        sheet.text("No forecast of these weeks gave a date: there is no course to draw yet.")
    else:
        marks = deployment_marks(cache.deployments(sheet.context.key), rows["at"].min(), rows["at"].max())
        sheet.text(f"{course_about(points)} {deployments_about(marks)}".strip(), quiet=True)
        chart = with_deployments(course_chart(rows), marks, "forecast made on")
        sheet.chart("Course of the date", chart, f"{course_alt(points)} {deployments_about(marks)}".strip(), rows)
    if rows["chance"].notna().sum() > 1:
        sheet.text("**The odds of GO by the promised day, as each forecast gave them:**")
        marks = deployment_marks(cache.deployments(sheet.context.key), rows["at"].min(), rows["at"].max())
        chart = with_deployments(promised_odds_chart(rows), marks, "forecast made on")
        alt = f"{promised_odds_alt(points)} {deployments_about(marks)}".strip()
        sheet.chart("Odds of the promised day", chart, alt, rows)
    with st.expander("The dates in figures"):
        table = course_table(points)
        sheet.text_table("Course of the date in figures", table)
