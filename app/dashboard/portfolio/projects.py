"""Which portfolio this server shows, and which of its projects this session shows."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app.dashboard.access.people import person
from app.dashboard.sheet import choose
from app.steps.portfolio.definition import Portfolio, Project, open_portfolio
from app.workspace import PORTFOLIO_VARIABLE

__all__ = ["Portfolio", "chosen_name", "served", "switch"]

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
