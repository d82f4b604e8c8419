"""The chart of the course of the date."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from app.dashboard.chart_style import EVIDENCE, INK, MUTED, TARGET, drawn, dress, time_axis
from app.dashboard.tables.course import BASIS_WORDS

YEAR_AXIS = alt.Axis(format="%b %Y", tickCount=6)
SHAPES = alt.Scale(domain=list(BASIS_WORDS.values()), range=["circle", "square"])


@drawn
def course_chart(rows: pd.DataFrame) -> Any:
    """When the forecast was made against the date it gave; frame: see `course_rows`."""
    base = alt.Chart(rows).encode(x=time_axis("forecast made on"))
    dated = base.transform_filter("isValid(datum.p50)")
    y = alt.Y("p50:T", title="GO by", axis=YEAR_AXIS)
    band = base.transform_filter("isValid(datum.p25) && isValid(datum.band_end)").mark_area(
        color=EVIDENCE, opacity=0.16, line=False
    )
    layers = [
        band.encode(y=alt.Y("p25:T", title="GO by", axis=YEAR_AXIS), y2="band_end:T", detail="run:N"),
        dated.mark_line(color=EVIDENCE, strokeWidth=2.5).encode(y=y, detail="run:N"),
        base.transform_filter("isValid(datum.p80)")
        .mark_line(color=INK, strokeWidth=1.6, strokeDash=[6, 3])
        .encode(y="p80:T", detail="run:N"),
        *_promised(base, rows),
        dated.mark_point(color=EVIDENCE, filled=True, size=64, opacity=1).encode(
            y=y, shape=alt.Shape("basis:N", scale=SHAPES), tooltip=_tips()
        ),
        *_gaps(base, rows),
    ]
    return dress(alt.layer(*layers), 300)


def _promised(base: Any, rows: pd.DataFrame) -> list[Any]:
    if rows["promised"].isna().all():
        return []
    known = base.transform_filter("isValid(datum.promised)")
    line = known.mark_line(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step-after")
    last = alt.Chart(rows.dropna(subset=["promised"]).tail(1)).encode(x=time_axis("forecast made on"))
    name = last.mark_text(align="right", baseline="bottom", dy=-5, color=TARGET)
    return [line.encode(y="promised:T"), name.encode(y="promised:T", text=alt.value("promised"))]


def _gaps(base: Any, rows: pd.DataFrame) -> list[Any]:
    """The weeks without a date, as crosses on the lower edge; the first of them is named."""
    if (rows["gap"] == "").all():
        return []
    without = base.transform_filter("datum.gap != ''")
    marks = without.mark_point(shape="cross", angle=45, color=MUTED, filled=True, size=46, opacity=1)
    first = alt.Chart(rows[rows["gap"] != ""].head(1)).encode(x=time_axis("forecast made on"))
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
