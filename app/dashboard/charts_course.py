"""The chart of the course of the date."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from app.dashboard.chart_style import drawn, dress, time_axis
from app.dashboard.palette import EVIDENCE, INK, MUTED, TARGET
from app.wording.slip import BASIS_WORDS

YEAR_AXIS = alt.Axis(format="%b %Y", tickCount=6)
SHAPES = alt.Scale(domain=list(BASIS_WORDS.values()), range=["circle", "square"])


def _made_on() -> alt.X:
    """The day of the forecast, with room for the marks at both ends."""
    return time_axis("forecast made on", scale=alt.Scale(padding=14))


@drawn
def course_chart(rows: pd.DataFrame) -> Any:
    """When the forecast was made against the date it gave; frame: see `course_rows`."""
    base = alt.Chart(rows).encode(x=_made_on())
    layers = [*_dates(rows), *_promised(base, rows), *_gaps(base, rows)]
    return dress(alt.layer(*layers), 300)


def _dates(rows: pd.DataFrame) -> list[Any]:
    """The band from p25, the 50% and the 80% line, and a mark for each forecast; each only where there is one."""
    x, y = _made_on(), alt.Y("p50:T", title="GO by", axis=YEAR_AXIS)
    band, dated, late = (rows.dropna(subset=needed) for needed in (["p25", "band_end"], ["p50"], ["p80"]))
    layers = []
    if len(band):
        area = alt.Chart(band).mark_area(color=EVIDENCE, opacity=0.16)
        layers.append(
            area.encode(x=x, y=alt.Y("p25:T", title="GO by", axis=YEAR_AXIS), y2="band_end:T", detail="run:N")
        )
        bar = alt.Chart(band).mark_rule(color=EVIDENCE, opacity=0.3, strokeWidth=6)  # a single week has no area
        layers.append(bar.encode(x=x, y="p25:T", y2="band_end:T", tooltip=_tips()))
    if len(early := band[band["p50"].isna()]):
        tick = alt.Chart(early).mark_tick(color=EVIDENCE, thickness=3, width=14, orient="horizontal")
        layers.append(tick.encode(x=x, y="p25:T", tooltip=_tips()))
    if len(late):
        line = alt.Chart(late).mark_line(
            color=INK, strokeWidth=1.6, strokeDash=[6, 3], point={"color": INK, "size": 30}
        )
        layers.append(line.encode(x=x, y="p80:T", detail="run:N"))
    if len(dated):
        base = alt.Chart(dated).encode(x=x, y=y)
        layers.append(base.mark_line(color=EVIDENCE, strokeWidth=2.5).encode(detail="run:N"))
        legend = alt.Legend(labelLimit=400, columns=1)
        shape = alt.Shape("basis:N", scale=SHAPES, legend=legend)
        marks = base.mark_point(color=EVIDENCE, filled=True, size=64, opacity=1)
        layers.append(marks.encode(shape=shape, tooltip=_tips()))
    return layers


@drawn
def promised_odds_chart(rows: pd.DataFrame) -> Any:
    """The odds of the promised day by the day of the forecast; frame: see `course_rows`."""
    known = rows.dropna(subset=["chance"])
    chance = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%")
    base = alt.Chart(known).encode(
        x=_made_on(),
        y=alt.Y("chance:Q", title="odds", scale=alt.Scale(domain=[0, 1]), axis=chance),
        tooltip=_tips(),
    )
    line = base.mark_line(color=TARGET, strokeWidth=2.5)
    marks = base.mark_point(color=TARGET, filled=True, size=64, opacity=1).encode(
        shape=alt.Shape("basis:N", scale=SHAPES, legend=alt.Legend(labelLimit=400, columns=1))
    )
    last = alt.Chart(known.tail(1)).mark_text(align="right", dx=-9, dy=-8, color=INK, fontWeight=600)
    words = last.encode(x=_made_on(), y="chance:Q", text="odds:N")
    return dress(alt.layer(line, marks, words), 180)


def _promised(base: Any, rows: pd.DataFrame) -> list[Any]:
    if rows["promised"].isna().all():
        return []
    known = base.transform_filter("isValid(datum.promised)")
    line = known.mark_line(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step-after")
    first = alt.Chart(rows.dropna(subset=["promised"]).head(1)).encode(x=_made_on())
    name = first.mark_text(align="left", baseline="bottom", dy=-5, color=TARGET)
    stated = rows.dropna(subset=["promised"])
    moved = stated[stated["promised"].ne(stated["promised"].shift()) & stated["promised"].shift().notna()]
    marks = []
    if len(moved):
        point = alt.Chart(moved).mark_point(shape="diamond", size=90, filled=True, color=TARGET, opacity=1)
        marks = [point.encode(x=_made_on(), y="promised:T", tooltip=_tips())]
    return [line.encode(y="promised:T"), *marks, name.encode(y="promised:T", text=alt.value("promised"))]


def _gaps(base: Any, rows: pd.DataFrame) -> list[Any]:
    """The weeks without a date, as crosses on the lower edge; the first of them is named."""
    if (rows["gap"] == "").all():
        return []
    without = base.transform_filter("datum.gap != ''")
    marks = without.mark_point(shape="cross", angle=45, color=MUTED, filled=True, size=46, opacity=1)
    first = alt.Chart(rows[rows["gap"] != ""].head(1)).encode(x=_made_on())
    name = first.mark_text(align="left", baseline="bottom", dx=-4, dy=-8, color=MUTED)
    edge = alt.value("height")
    return [marks.encode(y=edge, tooltip=_tips()), name.encode(y=edge, text=alt.value("no date"))]


def _tips() -> list[alt.Tooltip]:
    dates = [("p25", "25% by"), ("p50", "50% by"), ("p75", "75% by"), ("p80", "80% by"), ("promised", "promised")]
    return [
        alt.Tooltip("at:T", title="made on", format="%-d %b %Y"),
        *(alt.Tooltip(f"{name}:T", title=title, format="%-d %b %Y") for name, title in dates),
        alt.Tooltip("odds:N", title="odds of the promised day"),
        alt.Tooltip("basis:N", title="basis"),
        alt.Tooltip("gap:N", title="gap"),
    ]
