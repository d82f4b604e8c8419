"""What the forecast's charts and tables show: the way to the target, the odds, the paces, the kept forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from app import page_frames as frames
from app import phrasing
from app.charts import GO_EVENT, READINESS_EVENT
from app.phrasing import odds, when

Answer = Mapping[str, Any]
SETTLED = 0.01  # odds this close to their last value are drawn no further


def wedge(forecast: Answer, now: float) -> pd.DataFrame:
    """The bands of the forecast: from today's readiness to the days between which the target is reached."""
    part, columns = forecast["readiness"], ["at", "low", "high", "level", "name", "side"]
    if part["outcome"] != "dated":
        return pd.DataFrame(columns=columns)
    dates, target = part["quantiles"], forecast["target"]
    start = pd.Timestamp(forecast["origin"])
    rows: list[tuple[Any, ...]] = []
    bands = [("p10", "p90"), ("p25", "p75")] if dates["p75"] else [("p10", "p50")]
    for early, late in bands:
        if dates[early] and dates[late]:
            low, high = (pd.Timestamp(dates[name], tz="UTC") for name in (early, late))
            share = (low - start) / max(high - start, pd.Timedelta(days=1))
            corners = [(start, now, now), (low, now + (target - now) * share, target), (high, target, target)]
            rows += [(*corner, f"{early}-{late}", "", "") for corner in corners]
    rows += [
        (pd.Timestamp(dates[key], tz="UTC"), target, target, "", f"{told}: {when(dates[key])}", side)
        for key, told, side in (("p50", "50%", "lower"), ("p80", "80%", "upper"))
        if dates[key]
    ]
    return pd.DataFrame(rows, columns=columns)


def odds_rows(forecast: Answer) -> pd.DataFrame:
    """The curves of the odds from today on, as far as they still change."""
    rows = []
    for event, part in ((GO_EVENT, forecast["go"]), (READINESS_EVENT, forecast["readiness"])):
        for point in part["probability_by"]:
            chance = point["probability"]
            rows.append((pd.Timestamp(point["date"], tz="UTC"), chance, event, odds(chance)))
    frame = pd.DataFrame(rows, columns=["at", "probability", "event", "told"])
    if frame.empty:
        return frame
    final = frame.groupby("event")["probability"].transform("last")
    moving = frame.loc[(final - frame["probability"]).abs() > SETTLED, "at"]
    later = frame.loc[frame["at"] > moving.max(), "at"] if len(moving) else frame["at"]
    return frame[frame["at"] <= later.min()] if len(later) and len(moving) else frame


def pace_rows(forecast: Answer, criteria: Mapping[str, Answer]) -> pd.DataFrame:
    """Each factor's own forecast: pace seen beside pace needed, its dates and odds."""
    return pd.DataFrame(
        [_pace_row(part, criteria[part["id"]]) for part in forecast["criteria"] if part["id"] in criteria]
    )


def _pace_row(part: Answer, criterion: Answer) -> dict[str, str]:
    dates = part["quantiles"]
    holds = criterion["state"] == "passing"
    return {
        "Factor": criterion["title"],
        "Now": frames.value(criterion),
        "Needs": frames.wanted(criterion),
        "50% by": "holds now" if phrasing.holds_now(part) else when(dates["p50"], "no date"),
        "80% by": "holds now" if phrasing.holds_now(part) else when(dates["p80"], "no date"),
        "In 6 months": odds(phrasing.odds_within(part, 182)),
        "Seen a week": _pace(part["pace_seen"], criterion["unit"]),
        "Needed a week": "none, it holds" if holds else _pace(part["pace_needed"], criterion["unit"]),
        "In words": phrasing.sentence(part["because"]),
    }


def _pace(pace: float | None, unit: str) -> str:
    return phrasing.pace(pace, unit).removesuffix(" a week")


def kept_rows(kept: pd.DataFrame) -> pd.DataFrame:
    """The kept forecasts of GO that named dates: at, p50, p80."""
    rows = kept[(kept["subject"] == "go") & (kept["outcome"] == "dated")]
    dates = [json.loads(answer)["quantiles"] for answer in rows["answer"]]
    frame = pd.DataFrame(
        {"at": rows["origin"].to_numpy(), "p50": [d["p50"] for d in dates], "p80": [d["p80"] for d in dates]}
    )
    frame = frame.dropna()
    return frame.assign(p50=pd.to_datetime(frame["p50"], utc=True), p80=pd.to_datetime(frame["p80"], utc=True))


def target_steps(targets: Sequence[tuple[datetime, float]], start: datetime, end: datetime) -> pd.DataFrame:
    """The target as it stood over time, so that a chart steps where it was changed."""
    rows = [(max(since, start), target) for since, target in targets if since <= end]
    rows = rows or [(start, targets[0][1])]
    rows = [(start, rows[0][1]), *rows, (end, rows[-1][1])]
    frame = pd.DataFrame(rows, columns=["at", "target"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True), name=f"target {rows[0][1]:g}")


def simulated_span(since: datetime | None, end: datetime) -> pd.DataFrame:
    """The weeks that are simulated, as one stretch; empty when there are none."""
    if since is None or since > end:
        return pd.DataFrame(columns=["at", "end"])
    return pd.DataFrame({"at": [pd.Timestamp(since - timedelta(days=1))], "end": [pd.Timestamp(end)]})
