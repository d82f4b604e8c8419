"""The controls of what-if and goal: every choice stands in the URL, written as on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app.answers.asked import Imagined
from app.dashboard import cache as page_data
from app.dashboard.cache import Key
from app.dashboard.charts import GO_EVENT, IMAGINED_EVENT
from app.steps.what_if import read_imagined
from app.wording.numbers import odds
from app.wording.text import when
from app.workspace import UsageError

Answer = Mapping[str, Any]
PARAMETER = "if"
FACTORS = (0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MOST_LEVERS = 8


def read_link(key: Key, known: Sequence[str]) -> tuple[Imagined, str]:
    """What the URL imagines, and a word on what of it could not be read."""
    text = st.query_params.get(PARAMETER, "")
    try:
        found = read_imagined([part for part in text.split(",") if part.strip()])
        if found:
            page_data.aside(key, written(found), "", 0.0)
    except UsageError as problem:
        return Imagined(), f"The link imagines something that cannot be: {problem}"
    unknown = [name for name in found.drop if name not in known]
    return (found, "") if not unknown else (Imagined(), f"The link drops {unknown[0]}, which the plan has not.")


def written(imagined: Imagined) -> tuple[str, ...]:
    """The changes as the command line takes them."""
    told = [f"{name}={factor:g}x" for name, factor in imagined.pace.items()]
    told += [f"drop:{name}" for name in imagined.drop]
    return (*told, *([f"freeze:{imagined.freeze_weeks:g}w"] if imagined.freeze_weeks else []))


def controls(key: Key, linked: Imagined, levers: Sequence[str], titles: Mapping[str, str]) -> Imagined:
    """A pace a factor that is still open, factors to leave out, weeks of freeze; the URL follows."""
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
            help="As if the plan did not ask for it: its points leave the denominator.",
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
    imagined = Imagined(pace, tuple(drop), float(freeze))
    _link(PARAMETER, ",".join(written(imagined)))
    return imagined


def _begin(key: str, linked: Any) -> Any:
    """Start a control at what the link says; from then on it keeps its own state, or a quick second move is lost."""
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
    """A day and the odds wanted; both stand in the URL, and no day is asked for at first."""
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
    told = by.isoformat() if isinstance(by, date) else ""
    _link("by", told)
    _link("odds", f"{100 * chance:g}%" if told and chance != 0.8 else "")
    return told, chance


def _linked_day(today: date, last: date) -> date | None:
    try:
        found = date.fromisoformat(st.query_params.get("by", ""))
    except ValueError:
        return None
    return found if today < found <= last else None


def _linked_odds() -> float:
    from app.steps.what_if import USUAL_ODDS, read_odds

    try:
        return read_odds(st.query_params["odds"]) if "odds" in st.query_params else USUAL_ODDS
    except UsageError:
        return USUAL_ODDS


def _link(name: str, value: str) -> None:
    """Let the URL say it, or say nothing."""
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def odds_beside(answer: Answer, imagined: Answer) -> pd.DataFrame:
    """The odds of GO as things go and as imagined, for the chart of odds."""
    rows = [
        (pd.Timestamp(point["date"], tz="UTC"), point["probability"], event, odds(point["probability"]))
        for event, part in ((GO_EVENT, answer["go"]), (IMAGINED_EVENT, imagined["go"]))
        for point in part["probability_by"]
    ]
    return pd.DataFrame(rows, columns=["at", "probability", "event", "told"])


def odds_beside_alt(answer: Answer, imagined: Answer) -> str:
    """The same in words."""
    told = []
    for name, part in (("as things go", answer["go"]), ("as imagined", imagined["go"])):
        points = part["probability_by"][9::2]
        told.append(f"{name} " + ", ".join(f"{odds(p['probability'])} by {when(p['date'])}" for p in points))
    return f"Chance of GO by a day: {'; '.join(told)}."
