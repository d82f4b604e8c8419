"""The course of the date as a picture: it fills after the rest of the page, one week at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.answers.types.meeting import CoursePoint
from app.dashboard import cache
from app.dashboard.cache import Key
from app.dashboard.charts_course import course_chart, promised_odds_chart
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments
from app.dashboard.markup.pictures import as_image
from app.dashboard.markup.tags import link, text
from app.dashboard.sheet import Place, Sheet
from app.dashboard.tables.course import course_about, course_rows, course_table
from app.dashboard.tables.download import safe
from app.reports.pictures import course_pictures
from app.reports.svg import on_dark
from app.wording.slip import NO_COURSE, course_alt, has_course, promised_odds_alt

UNNOTICED = 0.1  # seconds: what is known already is drawn without a word about it


def reserve_course(sheet: Sheet) -> Place:
    """The place of the course in the page; `fill_course` draws it when everything else is there."""
    _course_heading(sheet)
    return sheet.place()


def fill_course(sheet: Sheet, place: Place, *, is_plain: bool = False) -> None:
    """Compute the weeks that are not known yet, one by one, and draw the picture; its words go to their place.

    `is_plain`: the pictures of the written review, which cost a browser a tenth of charts with tooltips.
    """
    with sheet.filling(place):
        known = _known(sheet.context.key)
        if not known:
            _compute(sheet)
            known.append(True)
        sheet.remembered(_plain if is_plain else _charts)


def plain_course(sheet: Sheet) -> None:
    """The course as pictures, where every week of it is known."""
    _course_heading(sheet)
    sheet.pause()
    sheet.remembered(_plain)


def _course_heading(sheet: Sheet) -> None:
    sheet.heading(
        "The course of the date", "The forecast of GO week by week: when it was made, and which date it gave."
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def _known(key: Key) -> list[bool]:
    """Empty until every week of the course of a day was computed."""
    return []


def _plain(sheet: Sheet) -> None:
    points = cache.course_points(sheet.context.key)
    _draw_plain(sheet, points)
    _figures(sheet, points)


def _charts(sheet: Sheet) -> None:
    points = cache.course_points(sheet.context.key)
    _draw(sheet, points)
    _figures(sheet, points)


def _figures(sheet: Sheet, points: Sequence[CoursePoint]) -> None:
    with sheet.folded("The dates in figures"):
        sheet.text_table("Course of the date in figures", course_table(points))


def _compute(sheet: Sheet) -> None:
    """Between two weeks a click of the user gets its turn; the weeks that are computed by then are kept."""
    key, began, progress = sheet.context.key, time.monotonic(), None
    moments = cache.course_moments(key)
    for number, moment in enumerate(moments):
        if time.monotonic() - began > UNNOTICED:
            progress = progress or st.empty()
            progress.caption(f"Computing the forecast of earlier weeks: {number} of {len(moments)} …")
        cache.course_point(key, moment)
    if progress:
        progress.empty()


def _draw(sheet: Sheet, points: Sequence[CoursePoint]) -> None:
    rows = course_rows(points)
    if not has_course(points):
        sheet.text(NO_COURSE)
    else:
        marks = _deployed(sheet, rows)
        sheet.text(f"{course_about(points)} {deployments_about(marks)}".strip(), quiet=True)
        chart = with_deployments(course_chart(rows), marks, "forecast made on")
        sheet.chart("Course of the date", chart, f"{course_alt(points)} {deployments_about(marks)}".strip(), rows)
    if rows["chance"].notna().sum() > 1:
        sheet.text("**The odds of GO by the promised day, as each forecast gave them:**")
        marks = _deployed(sheet, rows)
        chart = with_deployments(promised_odds_chart(rows), marks, "forecast made on")
        alt = f"{promised_odds_alt(points)} {deployments_about(marks)}".strip()
        sheet.chart("Odds of the promised day", chart, alt, rows)


def _deployed(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """What was deployed in the weeks of the course, up to the moment of the page."""
    key = sheet.context.key
    return deployment_marks(cache.deployments(key), rows["at"].min(), max(rows["at"].max(), key.moment))


def _draw_plain(sheet: Sheet, points: Sequence[CoursePoint]) -> None:
    deployed = cache.deployments(sheet.context.key)
    drawn = course_pictures(points, deployed)
    if not has_course(points):
        sheet.text(NO_COURSE)
    figures = []
    for picture in drawn:
        svg = on_dark(picture.svg) if sheet.look.dark else picture.svg
        figure = f"<figcaption>{text(picture.title)}</figcaption>{as_image(svg, picture.words, 'tm-trend')}"
        figures.append(f"<figure>{figure}</figure>")
        sheet.written.append(f"*{safe(picture.title)}: {safe(picture.words)}*")
    if drawn:
        sheet.html(f'<div class="tm-figures">{"".join(figures)}</div>')
        sheet.tables.append(("Course of the date", course_rows(points)))
        more = link("with every figure under the pointer", sheet.context.links.page("forecast"))
        sheet.html(f'<p class="tm-quiet">The same {more}, on the Forecast page.</p>')
