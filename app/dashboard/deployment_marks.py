"""Deployments and rollbacks on a time chart: a dashed line each, the newest one named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import altair as alt
import pandas as pd

from app.answers.types.rollout import DeploymentAnswer
from app.dashboard.chart_style import Drawing, time_axis
from app.dashboard.palette import INK, LOSS
from app.wording.rollout.stages import deployment_label, deployment_name
from app.wording.text import day, listing

LABEL_PIXELS = 120
NEAR = 25  # lines closer than this part of the chart's time are beside each other on a phone
# What is drawn, its colour and its shape: never the colour alone.
LOOKS = (("deployment", INK, "triangle-down"), ("rollback", LOSS, "triangle-up"))


def deployment_marks(
    deployments: Sequence[DeploymentAnswer], first: datetime | None, last: datetime | None
) -> pd.DataFrame:
    """The events between two moments of a chart; frame: at, name, what, commit, by, newest (its name once), side."""
    rows = [
        (
            pd.Timestamp(entry["at"]).tz_convert("UTC"),
            deployment_name(entry),
            "rollback" if entry["kind"] == "rollback" else "deployment",
            entry["commit"][:7],
            entry["by"],
        )
        for entry in deployments
    ]
    frame = pd.DataFrame(rows, columns=["at", "name", "what", "commit", "by"])
    if frame.empty or first is None or last is None:
        return frame.iloc[:0].assign(newest="", side="", beside=frame["at"].iloc[:0])
    start, end = (pd.Timestamp(moment).tz_convert("UTC") for moment in (first, last))
    shown = frame[(frame["at"] >= start) & (frame["at"] <= end)].reset_index(drop=True)
    # The name ends at its line; in the first quarter it begins there, or it would push the picture together.
    side = ["right" if 4 * (at - start) >= end - start else "left" for at in shown["at"]]
    named = [deployment_label(name) if k == len(shown) - 1 else "" for k, name in enumerate(shown["name"])]
    return shown.assign(newest=named, side=side, beside=_beside(shown["at"], side, (end - start) / NEAR))


def _beside(at: pd.Series[pd.Timestamp], side: list[str], near: pd.Timedelta) -> list[pd.Timestamp]:
    """Where each name ends: at its own line, or at the first of the lines close before it, which would cross it."""
    if not side or side[-1] == "left":
        return list(at)
    newest = at.iloc[-1]
    return [*at.iloc[:-1], at[at >= newest - near].min()]


def with_deployments(chart: Drawing, marks: pd.DataFrame, title: str | None = None) -> Drawing:
    """The chart with a line for each event (frame of `deployment_marks`); `title` is that of its time axis."""
    if marks.empty:
        return chart

    def build(shown: pd.DataFrame, axis: str | None, *given: Any) -> Any:
        built = chart.build(*given)
        built.layer = [*built.layer, *_layers(shown, axis)]
        return built

    build.__name__ = f"{chart.build.__name__}_with_deployments"
    return Drawing(build, (marks, title, *chart.given))


def _layers(marks: pd.DataFrame, title: str | None) -> list[Any]:
    """Constants instead of scales: a scale would be shared with the one of the chart."""
    x, edge = time_axis(title), alt.value(0)
    tips = [
        alt.Tooltip("at:T", title="on", format="%-d %b %Y %H:%M"),
        *(alt.Tooltip(f"{name}:N", title=name if name != "name" else "stage") for name in ("what", "name", "commit")),
        alt.Tooltip("by:N", title="by"),
    ]
    layers = []
    for what, colour, shape in LOOKS:
        if what not in set(marks["what"]):
            continue  # an empty layer is a picture without a name to a screen reader
        base = alt.Chart(marks[marks["what"] == what])
        rule = base.mark_rule(strokeDash=[3, 3], strokeWidth=1.2, opacity=0.75, color=colour)
        top = base.mark_point(shape=shape, size=70, filled=True, opacity=1, yOffset=4, color=colour)
        layers += [rule.encode(x=x, tooltip=tips), top.encode(x=x, y=edge, tooltip=tips)]
    aligned: Literal["left", "right"] = "right" if marks["side"].iloc[-1] == "right" else "left"
    away = -6 if aligned == "right" else 6
    # A long name is shortened: on a phone it would push the picture together. The line below the chart has it whole.
    word = alt.Chart(marks).mark_text(align=aligned, baseline="top", dx=away, dy=2, color=INK, limit=LABEL_PIXELS)
    return [*layers, word.encode(x=time_axis(title, "beside"), y=edge, text="newest:N")]


def deployments_about(marks: pd.DataFrame) -> str:
    """How to read the lines, and what they are; empty without any."""
    if marks.empty:
        return ""
    named = [f"{name} on {day(at)}" for name, at in zip(marks["name"], marks["at"].dt.to_pydatetime(), strict=True)]
    return f"Dashed vertical lines: {listing(named, 6)}."
