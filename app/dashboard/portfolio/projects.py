"""Which portfolio this server shows, and which of its projects this session shows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.access.people import person
from app.steps.portfolio.definition import Portfolio, Project, open_portfolio
from app.wording.text import distinguishable
from app.workspace import PORTFOLIO_VARIABLE

__all__ = ["Portfolio", "choose", "chosen_name", "served", "switch"]

CHOICE = "project"  # the choice that every link keeps


def served() -> Portfolio | None:
    """The portfolio of this server, with the projects that this person may see; None where it shows one project."""
    place = os.environ.get(PORTFOLIO_VARIABLE, "")
    if not place:
        return None
    whole, who = _opened(place, _changed(Path(place))), person()
    return replace(whole, projects=tuple(project for project in whole.projects if who.may_see(project.name)))


@st.cache_data(show_spinner=False, max_entries=4)
def _opened(place: str, changed_at: int) -> Portfolio:
    """`changed_at` is part of the key, so its name begins with a letter."""
    del changed_at
    return open_portfolio(Path(place))


def _changed(place: Path) -> int:
    return place.stat().st_mtime_ns if place.exists() else 0


def switch() -> Project | None:
    """The choice of a project in the side bar, and the project chosen; None where there is no portfolio."""
    portfolio = served()
    if portfolio is None or not portfolio.projects:
        return None
    names = {project.name: project.name for project in portfolio.projects}
    with st.sidebar:
        name = choose("Project", names, CHOICE, remember=True, width="stretch")
    return next(project for project in portfolio.projects if project.name == name)


def chosen_name() -> str:
    """The project that links keep; empty for the first one, and without a portfolio."""
    return str(st.session_state.get(f"kept-{CHOICE}", "")) if served() else ""


def choose(label: str, options: Mapping[str, str], key: str, *, remember: bool = False, **config: Any) -> str:
    """A choice that the URL holds by its value, not by its label; options are label by value, default first.

    A link that is followed changes the choice, and so does the reader; `remember`: it is kept on the other pages.
    Streamlit's own binding would put the label into the URL, and a link would break when a title changes.
    """
    values, state = list(options), st.session_state
    kept = state.get(f"kept-{key}", "") if remember else ""
    asked = st.query_params.get(key, kept)
    default = asked if asked in values else values[0]
    if state.get(f"linked-{key}") != asked or state.get(key) not in values:
        state[key] = default
    shown = distinguishable(options)
    chosen = str(st.selectbox(label, values, format_func=shown.__getitem__, key=key, **{"width": 280, **config}))
    link = "" if chosen == values[0] else chosen
    state[f"linked-{key}"] = state[f"kept-{key}"] = link
    if link:
        st.query_params[key] = link
    elif key in st.query_params:
        del st.query_params[key]
    return chosen
