"""What a chart shows, for those who cannot see it, and how to read it for those who can."""

from __future__ import annotations

import pandas as pd

from app.answers.types.forecast import JointForecastAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard.tables import common as frames
from app.dashboard.tables.factors import MOST_POINTS
from app.wording.forecast import part_headline
from app.wording.numbers import number, odds
from app.wording.text import count, day, listing, span, when


def readiness_chart_about(days: pd.DataFrame, claims: pd.DataFrame, target: float) -> str:
    """How to read the chart of readiness by week."""
    about = "Line: readiness by evidence, week by week."
    if len(claims):
        about += " Hollow diamonds: what documents claimed; a claim changes no readiness."
    levels = set(days["level"]) - {""} if len(days) else set()
    if not levels:
        return about
    about += f" Bar on the target line: the days on which readiness is forecast to reach {target:g}, "
    if "p10-p50" in levels:
        about += "from a chance of 10% to one of 50%; later days are beyond the horizon."
    elif "p10-p90" in levels:
        about += "dark from a chance of 25% to one of 75%, light from 10% to 90%."
    else:
        about += "from a chance of 25% to one of 75%; later days are beyond the horizon."
    return about + " Readiness between now and then is not forecast."


def readiness_chart_alt(readiness: pd.DataFrame, claims: pd.DataFrame, forecast: JointForecastAnswer) -> str:
    """The chart of readiness by week in words."""
    first, last = readiness.iloc[0], readiness.iloc[-1]
    ends = [f"{number(row['readiness'])} on {day(row['at'])}" for row in (first, last)]
    course = f"Readiness by week: {ends[0]}, {ends[1]}."
    if len(claims):
        course += f" {count(len(claims), 'claim')} {_between(claims['value'])}."
    return f"{course} {part_headline('Readiness alone', forecast['readiness'], forecast['horizon_days'])}"


def odds_about(forecast: JointForecastAnswer) -> str:
    """How to read the odds."""
    horizon = span(forecast["horizon_days"])
    return (
        "GO is never likelier than any of its parts. The curves end where they hardly change any more; "
        f"nothing is forecast beyond {horizon}."
    )


def odds_alt(forecast: JointForecastAnswer) -> str:
    """The odds in words."""
    curves = []
    for name, part in (("GO", forecast["go"]), ("readiness alone", forecast["readiness"])):
        odds_by = [f"{odds(row['probability'])} by {when(row['date'])}" for row in part["probability_by"][3::4]]
        curves += [f"{name}: {listing(odds_by, 5)}"] if odds_by else []
    return f"Chance of being ready by a day. {'; '.join(curves)}."


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
    gates = [
        f"{row.name_} {row.label} by evidence, the document says {row.claim}"
        for row in bars.rename(columns={"name": "name_"}).itertuples()
    ]
    return f"Completion by gate: {'; '.join(gates)}."


def series_alt(criterion: CriterionAnswer, points_shown: pd.DataFrame) -> str:
    """The course of a factor in words."""
    figures = points_shown[points_shown["kind"] != "claimed"]
    if figures.empty:
        return f"{criterion['title']}: only claims, no measurement."
    first, last = figures.iloc[0], figures.iloc[-1]
    course = f"{first['label']} on {day(first['at'])}, {last['label']} on {day(last['at'])}"
    return f"{criterion['title']} over time: {course}; it needs {frames.wanted(criterion)}."


def series_about(points_shown: pd.DataFrame) -> str:
    """How to read a factor's chart."""
    kinds = set(points_shown["kind"])
    about = ["Each value is drawn until the next one. Dashes in brown: the threshold of the plan."]
    if (many := int((points_shown["kind"] != "claimed").sum())) > MOST_POINTS:
        about.append(f"Of {many:,} values, those at the ends and the lowest and highest of each stretch are drawn.")
    about += ["Hollow dots are simulated."] if "simulated" in kinds else []
    about += ["Hollow diamonds are claims."] if "claimed" in kinds else []
    return " ".join(about)


def claims_alt(percent: pd.DataFrame, readiness: pd.DataFrame) -> str:
    """The timeline of claims in words."""
    claims = f"{count(len(percent), 'readiness claim')} {_between(percent['value'])}"
    return f"{claims}; readiness by evidence {_between(readiness['readiness'])}."


def _between(values: pd.Series) -> str:
    return f"between {number(values.min())} and {number(values.max())}"
