"""The controls of what-if and goal: every choice is in the URL, written as on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app.answers.asked import Scenario
from app.answers.types.forecast import JointForecastAnswer, WhatIfAnswer
from app.dashboard import cache
from app.dashboard.cache import Key
from app.dashboard.tables.forecast import CHANGED_EVENT, GO_EVENT
from app.steps.date.what_if import read_scenario
from app.wording.numbers import odds
from app.wording.text import when
from app.workspace import UsageError

PARAMETER = "if"
WRITTEN = "scenario-written"  # the changes that the last run put into the URL
FACTORS = (0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MOST_LEVERS = 8


def read_link(key: Key, known: Sequence[str]) -> tuple[Scenario, str]:
    """The scenario of the URL, and a sentence on what of it could not be read."""
    text = st.query_params.get(PARAMETER, "")
    _follow(text)
    try:
        scenario = read_scenario([part for part in text.split(",") if part.strip()])
        if scenario:
            cache.aside(key, written(scenario), "", 0.0)
    except UsageError as problem:
        return Scenario(), f"The changes in the link cannot be applied: {problem}"
    unknown = [name for name in scenario.drop if name not in known]
    if unknown:
        return Scenario(), f"The link drops {unknown[0]}, which is not in the plan."
    return scenario, ""


def followed() -> str:
    """The changes of a link that was followed; empty where the controls have put the changes into the URL."""
    text = str(st.query_params.get(PARAMETER, ""))
    return "" if text == st.session_state.get(WRITTEN) else text


def _follow(text: str) -> None:
    """Let a link that was followed since the last run move the controls; what the reader moved stays otherwise."""
    if text == st.session_state.get(WRITTEN, text):
        return
    for name in [str(key) for key in st.session_state if str(key).startswith("what-if-")]:
        del st.session_state[name]


def written(scenario: Scenario) -> tuple[str, ...]:
    """The changes as the command line takes them."""
    changes = [f"{name}={factor:g}x" for name, factor in scenario.pace.items()]
    changes += [f"drop:{name}" for name in scenario.drop]
    return (*changes, *([f"freeze:{scenario.freeze_weeks:g}w"] if scenario.freeze_weeks else []))


def controls(key: Key, linked: Scenario, levers: Sequence[str], titles: Mapping[str, str]) -> Scenario:
    """A pace per factor that is still open, factors to leave out, weeks of freeze; the URL follows."""
    chosen = {name: linked.pace[name] for name in linked.pace if name not in levers[:MOST_LEVERS]}
    with st.container(horizontal=True, gap="small"):
        for name in levers[:MOST_LEVERS]:
            chosen[name] = _pace(name, titles[name], linked.pace.get(name, 1.0))
    with st.container(horizontal=True, gap="small"):
        _begin("what-if-drop", [name for name in linked.drop if name in titles])
        drop = st.multiselect(
            "Leave out",
            list(titles),
            format_func=titles.__getitem__,
            key="what-if-drop",
            placeholder="nothing",
            width=420,
            help="As if the plan did not ask for it: its points leave the total.",
        )
        _begin("what-if-freeze", float(linked.freeze_weeks))
        freeze = st.number_input(
            "Freeze first, weeks",
            min_value=0.0,
            max_value=104.0,
            step=1.0,
            format="%g",
            key="what-if-freeze",
            width=170,
        )
    pace = {name: factor for name, factor in chosen.items() if factor != 1.0 and name not in drop}
    scenario = Scenario(pace, tuple(drop), float(freeze))
    st.session_state[WRITTEN] = ",".join(written(scenario))
    _link(PARAMETER, st.session_state[WRITTEN])
    return scenario


def _begin(key: str, linked: Any) -> Any:
    """Start a control at the value of the link; then it keeps its own state, or a quick second move would be lost."""
    if key not in st.session_state:
        st.session_state[key] = linked
    return st.session_state.setdefault(f"{key}-linked", linked)


def _pace(name: str, title: str, linked: float) -> float:
    key = f"what-if-{name}"
    factor: float = st.select_slider(
        title,
        sorted({*FACTORS, _begin(key, linked)}),
        format_func=lambda factor: "as now" if factor == 1 else f"{factor:g}× pace",
        key=key,
        width=225,
    )
    return factor


def goal_controls(key: Key, horizon_days: int) -> tuple[str, float]:
    """A day and the odds wanted; both are in the URL; no day is chosen at first."""
    today = date.fromisoformat(key.at)
    last = today + timedelta(days=horizon_days)
    with st.container(horizontal=True, gap="small"):
        _begin("goal-by", _linked_day(today, last))
        by = st.date_input(
            "GO by",
            value=None,
            min_value=today + timedelta(days=1),
            max_value=last,
            key="goal-by",
            format="YYYY-MM-DD",
            width=200,
        )
        chance = st.selectbox(
            "with a chance of",
            sorted({*CHANCES, _begin("goal-odds", _linked_odds())}),
            format_func=odds,
            key="goal-odds",
            width=160,
        )
    day = by.isoformat() if isinstance(by, date) else ""
    _link("by", day)
    _link("odds", f"{100 * chance:g}%" if day and chance != 0.8 else "")
    return day, chance


def _linked_day(today: date, last: date) -> date | None:
    try:
        linked = date.fromisoformat(st.query_params.get("by", ""))
    except ValueError:
        return None
    return linked if today < linked <= last else None


def _linked_odds() -> float:
    from app.steps.date.what_if import USUAL_ODDS, read_odds

    try:
        return read_odds(st.query_params["odds"]) if "odds" in st.query_params else USUAL_ODDS
    except UsageError:
        return USUAL_ODDS


def _link(name: str, value: str) -> None:
    """Put a value into the URL, or remove it there."""
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def odds_beside(answer: JointForecastAnswer, changed: WhatIfAnswer) -> pd.DataFrame:
    """The odds of GO without and with the changes, for the chart of odds."""
    rows = [
        (pd.Timestamp(point["date"], tz="UTC"), point["probability"], event, odds(point["probability"]))
        for event, part in ((GO_EVENT, answer["go"]), (CHANGED_EVENT, changed["go"]))
        for point in part["probability_by"]
    ]
    return pd.DataFrame(rows, columns=["at", "probability", "event", "label"])


def odds_beside_alt(answer: JointForecastAnswer, changed: WhatIfAnswer) -> str:
    """The same in words."""
    series = []
    for name, part in (("without changes", answer["go"]), ("in the scenario", changed["go"])):
        points = part["probability_by"][9::2]
        series.append(f"{name} " + ", ".join(f"{odds(p['probability'])} by {when(p['date'])}" for p in points))
    return f"Chance of GO by a day: {'; '.join(series)}."
