"""Frames into charts: the readiness history with its forecast, factors, moves, gates and claims. Altair only."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from app.dashboard.chart_style import drawn, dress, time_axis
from app.dashboard.palette import CLAIM, EVIDENCE, INK, MUTED, SIMULATED, TARGET
from app.dashboard.tables.factors import thinned
from app.dashboard.tables.forecast import CHANGED_EVENT, GO_EVENT, READINESS_EVENT

SHORTEST: Final = pd.Timedelta(days=42)
PERCENT_AXIS: Final = alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + ''")


@drawn
def readiness_chart(
    history: pd.DataFrame,
    targets: pd.DataFrame,
    claims: pd.DataFrame,
    days: pd.DataFrame,
    simulated: pd.DataFrame,
) -> Any:
    """Readiness by week to its target, claims as hollow marks, and the days by which the odds reach 10 to 90%.

    Frames: history (at, readiness), targets (at, target), claims (at, value, says), days (at, until, target, level,
    name, side), simulated (at, end); any but the first may be empty.
    """
    y = alt.Y("readiness:Q", title="readiness", scale=alt.Scale(domain=[0, 100]), axis=PERCENT_AXIS)
    layers = [_simulated_ground(simulated)] if len(simulated) else []
    ends = [history["at"].max(), *(days["until"] if len(days) else ())]
    span = max(ends) - history["at"].min()
    room = max(span * 0.02, SHORTEST - span)  # over a day or two the axis would show only hours
    layers.append(alt.Chart(pd.DataFrame({"at": [max(ends) + room]})).mark_point(opacity=0).encode(x=time_axis()))
    layers.append(_target_line(targets))
    if len(days):
        layers += _target_days(days)
    line = alt.Chart(history).encode(x=time_axis(), y=y)
    layers.append(line.mark_line(color=EVIDENCE, strokeWidth=2.5))
    layers.append(
        line.mark_circle(color=EVIDENCE, size=26, opacity=1).encode(
            tooltip=[
                alt.Tooltip("at:T", title="week to", format="%-d %b %Y"),
                alt.Tooltip("readiness:Q", title="readiness", format=".1f"),
                alt.Tooltip("measured:N", title="of the weight is measured"),
            ]
        )
    )
    if len(claims):
        layers.append(claim_marks(claims))
    return dress(alt.layer(*layers), 340)


def claim_marks(claims: pd.DataFrame) -> Any:
    """Claims: hollow diamonds, never joined by a line."""
    return (
        alt.Chart(claims)
        .mark_point(shape="diamond", size=70, filled=False, color=CLAIM, strokeWidth=1.6, opacity=0.85)
        .encode(
            x=time_axis(),
            y=alt.Y("value:Q"),
            tooltip=[
                alt.Tooltip("at:T", title="claimed on", format="%-d %b %Y"),
                alt.Tooltip("value:Q", title="claims", format=".0f"),
                alt.Tooltip("says:N", title="in words"),
                alt.Tooltip("place:N", title="in"),
            ],
        )
    )


def _simulated_ground(simulated: pd.DataFrame) -> Any:
    ground = alt.Chart(simulated).mark_rect(color=SIMULATED).encode(x=time_axis(), x2="end:T")
    name = alt.Chart(simulated).mark_text(align="left", baseline="bottom", dx=6, dy=-4, color=MUTED, fontStyle="italic")
    return ground + name.encode(x="at:T", y=alt.value("height"), text=alt.value("simulated weeks"))


def _target_line(targets: pd.DataFrame) -> Any:
    base = alt.Chart(targets).encode(x=time_axis(), y=alt.Y("target:Q"))
    line = base.mark_line(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step-after")
    name = alt.Chart(targets.head(1)).mark_text(align="left", baseline="bottom", dx=2, dy=-4, color=TARGET)
    return line + name.encode(x="at:T", y="target:Q", text=alt.Text("name:N"))


def _target_days(days: pd.DataFrame) -> list[Any]:
    """Bars along the target line, the likelier days darker; the 50% and 80% days as ticks with their names."""
    y = alt.Y("target:Q")
    bars = alt.Chart(days[days["level"] != ""]).mark_rule(color=EVIDENCE, opacity=0.25, strokeWidth=14)
    ends = alt.Chart(days[days["level"] == ""]).encode(x=time_axis(), y=y)
    layers = [
        bars.encode(x=time_axis(), x2="until:T", y=y, detail="level:N"),
        ends.mark_tick(orient="vertical", color=EVIDENCE, thickness=2.5, size=18),
    ]
    # The names are above each other, so that close days stay readable.
    for side, rise in (("upper", -24), ("lower", -10)):
        named = days[days["side"] == side]
        if len(named):
            names = alt.Chart(named).mark_text(align="right", baseline="bottom", dx=5, dy=rise)
            layers.append(names.encode(x=time_axis(), y=y, text="name:N", color=alt.value(INK)))
    return layers


@drawn
def odds_chart(odds: pd.DataFrame) -> Any:
    """P(reached by date), one line per event; frame: at, probability (0..1), event, label (the odds in words)."""
    events = list(dict.fromkeys(odds["event"]))
    looks = {GO_EVENT: (INK, [1, 0]), READINESS_EVENT: (EVIDENCE, [6, 3]), CHANGED_EVENT: (TARGET, [2, 2])}
    colours = alt.Scale(domain=events, range=[looks[event][0] for event in events])
    dashes = alt.Scale(domain=events, range=[looks[event][1] for event in events])
    chance = alt.Axis(values=[0.1, 0.25, 0.5, 0.8, 0.9], format="%")
    base = alt.Chart(odds).encode(
        x=time_axis(),
        y=alt.Y("probability:Q", title="chance", scale=alt.Scale(domain=[0, 1]), axis=chance),
        color=alt.Color("event:N", scale=colours),
        tooltip=[
            alt.Tooltip("event:N", title="event"),
            alt.Tooltip("at:T", title="by", format="%-d %b %Y"),
            alt.Tooltip("label:N", title="chance"),
        ],
    )
    line = base.mark_line(strokeWidth=2.5, interpolate="monotone")
    return dress(
        line.encode(strokeDash=alt.StrokeDash("event:N", scale=dashes)) + base.mark_circle(size=34, opacity=1), 260
    )


@drawn
def kept_chart(kept: pd.DataFrame) -> Any:
    """The date as it was forecast at each earlier moment: 50% to 80%; frame: at, p50, p80."""
    base = alt.Chart(kept).encode(x=time_axis("forecast made on"))
    band = base.mark_area(color=EVIDENCE, opacity=0.18).encode(y=alt.Y("p50:T", title="forecast date"), y2="p80:T")
    edges = [
        base.mark_line(color=EVIDENCE, strokeWidth=2, point=True, strokeDash=d).encode(y=f"{name}:T")
        for name, d in (("p50", [1, 0]), ("p80", [6, 3]))
    ]
    return dress(alt.layer(band, *edges), 220)


@drawn
def series_chart(points: pd.DataFrame, threshold: float, threshold_name: str, title: str) -> Any:
    """One factor as measured, step by step, with its threshold; frame: at, value, kind, label, place."""
    x = time_axis()
    y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=5, format="~s"))
    tips = [
        alt.Tooltip("at:T", title="on", format="%-d %b %Y"),
        alt.Tooltip("label:N", title="value"),
        alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("place:N", title="evidence"),
    ]
    figures = alt.Chart(thinned(points[points["kind"] != "claimed"]))
    line = figures.mark_line(color=EVIDENCE, strokeWidth=2, interpolate="step-after").encode(
        x=x,
        y=y,
        strokeDash=alt.StrokeDash(
            "kind:N", scale=alt.Scale(domain=["measured", "simulated"], range=[[1, 0], [4, 3]]), legend=None
        ),
    )
    filled = alt.Scale(domain=["measured", "simulated"], range=[EVIDENCE, "white"])
    dots = figures.mark_point(size=36, color=EVIDENCE, filled=True, stroke=EVIDENCE, strokeWidth=1.4, opacity=1)
    layers = [line, dots.encode(x=x, y=y, fill=alt.Fill("kind:N", scale=filled, legend=None), tooltip=tips)]
    claimed = points[points["kind"] == "claimed"]
    if len(claimed):
        marks = alt.Chart(claimed).mark_point(
            shape="diamond", size=85, filled=False, color=CLAIM, strokeWidth=1.8, opacity=1
        )
        layers.append(marks.encode(x=x, y=y, tooltip=tips))
    return dress(alt.layer(*layers, *_threshold(points, threshold, threshold_name)), 280)


def _threshold(points: pd.DataFrame, threshold: float, name: str) -> list[Any]:
    frame = pd.DataFrame({"value": [threshold], "at": [points["at"].min()], "name": [name]})
    rule = alt.Chart(frame).mark_rule(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5).encode(y="value:Q")
    word = alt.Chart(frame).mark_text(align="left", baseline="bottom", dx=2, dy=-4, color=TARGET)
    return [rule, word.encode(x="at:T", y="value:Q", text="name:N")]
