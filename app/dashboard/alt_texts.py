"""What a chart shows, for those who cannot see it, and how to read it for those who can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.dashboard.tables import common as frames
from app.wording.forecast import part_headline
from app.wording.numbers import number, odds
from app.wording.text import count, day, listing, span, when

Answer = Mapping[str, Any]


def moves_alt(moves: pd.DataFrame) -> str:
    """The moves in words."""
    told = [f"{row.name_} {row.told}" for row in moves.rename(columns={"name": "name_"}).itertuples()]
    return f"Bars of readiness points by factor: {listing(told, 8)}."


def way_about(days: pd.DataFrame, claims: pd.DataFrame, target: float) -> str:
    """How to read the chart of the way."""
    told = "Line: readiness by evidence, week by week."
    if len(claims):
        told += " Hollow diamonds: what documents claimed, which moves nothing."
    levels = set(days["level"]) - {""} if len(days) else set()
    if not levels:
        return told
    told += f" Bar on the target line: the days on which readiness is forecast to reach {target:g}, "
    if "p10-p50" in levels:
        told += "from a chance of 10% to one of 50%; later days lie beyond the horizon."
    elif "p10-p90" in levels:
        told += "dark from a chance of 25% to one of 75%, light from 10% to 90%."
    else:
        told += "from a chance of 25% to one of 75%; later days lie beyond the horizon."
    return told + " The way there is not forecast."


def way_alt(readiness: pd.DataFrame, claims: pd.DataFrame, forecast: Answer) -> str:
    """The chart of the way in words."""
    first, last = readiness.iloc[0], readiness.iloc[-1]
    ends = [f"{number(row['readiness'])} on {day(row['at'])}" for row in (first, last)]
    told = f"Readiness by week: {ends[0]}, {ends[1]}."
    if len(claims):
        told += f" {count(len(claims), 'claim')} {_between(claims['value'])}."
    return f"{told} {part_headline('Readiness alone', forecast['readiness'], forecast['horizon_days'])}"


def odds_about(forecast: Answer) -> str:
    """How to read the odds."""
    horizon = span(forecast["horizon_days"])
    return (
        "GO can never be likelier than any of its parts. The curves end where they hardly change any more; "
        f"beyond {horizon} nothing is said."
    )


def odds_alt(forecast: Answer) -> str:
    """The odds in words."""
    told = []
    for name, part in (("GO", forecast["go"]), ("readiness alone", forecast["readiness"])):
        parts = [f"{odds(row['probability'])} by {when(row['date'])}" for row in part["probability_by"][3::4]]
        told += [f"{name}: {listing(parts, 5)}"] if parts else []
    return f"Chance of being ready by a day. {'; '.join(told)}."


def kept_alt(kept: pd.DataFrame) -> str:
    """The kept forecasts in words."""
    last = kept.iloc[-1]
    dates = f"50% by {day(last['p50'])}, 80% by {day(last['p80'])}"
    return f"Forecast date by the day it was made; the latest, of {day(last['at'])}: {dates}."


def gates_about(bars: pd.DataFrame) -> str:
    """How to read the bars."""
    claimed = " Hollow diamond: what the document claims." if bars["claimed"].notna().any() else ""
    return f"Bar: how far the evidence goes.{claimed}"


def gates_alt(bars: pd.DataFrame) -> str:
    """The gates in words."""
    told = [
        f"{row.name_} {row.told} by evidence, the document says {row.claim}"
        for row in bars.rename(columns={"name": "name_"}).itertuples()
    ]
    return f"Completion by gate: {'; '.join(told)}."


def series_alt(criterion: Answer, points_shown: pd.DataFrame) -> str:
    """A factor's course in words."""
    figures = points_shown[points_shown["kind"] != "claimed"]
    if figures.empty:
        return f"{criterion['title']}: only claims, no figure."
    first, last = figures.iloc[0], figures.iloc[-1]
    course = f"{first['told']} on {day(first['at'])}, {last['told']} on {day(last['at'])}"
    return f"{criterion['title']} over time: {course}; it needs {frames.wanted(criterion)}."


def series_about(points_shown: pd.DataFrame) -> str:
    """How to read a factor's chart."""
    kinds = set(points_shown["kind"])
    told = ["A figure holds until the next one; the dashed line across is what the plan asks for."]
    told += ["Hollow dots are simulated."] if "simulated" in kinds else []
    told += ["Hollow diamonds are claims."] if "claimed" in kinds else []
    return " ".join(told)


def claims_alt(percent: pd.DataFrame, readiness: pd.DataFrame) -> str:
    """The timeline of claims in words."""
    told = f"{count(len(percent), 'readiness claim')} {_between(percent['value'])}"
    return f"{told}; readiness by evidence {_between(readiness['readiness'])}."


def _between(values: pd.Series) -> str:
    return f"between {number(values.min())} and {number(values.max())}"
