"""The frame of the dashboard: which workspace, which day, which page. Run by app/dashboard/entry/streamlit_app.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.access.people import admitted, person, without_project
from app.dashboard.bar import draw_bar
from app.dashboard.cache import Facts, facts
from app.dashboard.kept import current_workspace, evidence_version, show_newest
from app.dashboard.markup.style import page_style
from app.dashboard.portfolio.projects import served, switch
from app.dashboard.sheet import CONTEXT
from app.dashboard.tables.download import safe
from app.workspace import CONFIG_VARIABLE, find_config
from ingest.source import TMinusError
from ingest.warehouse.complete_state import OtherStateError

HERE = Path(__file__).parent

# file, title, icon (of the font that Streamlit brings along), address
PAGES: tuple[tuple[str, str, str, str], ...] = (
    ("weekly_review", "Weekly review", ":material/event_available:", ""),
    ("forecast", "Forecast", ":material/schedule:", "forecast"),
    ("gates", "Gates", ":material/rule:", "gates"),
    ("factors", "Factors", ":material/monitoring:", "factors"),
    ("movement", "Movement", ":material/commit:", "movement"),
    ("claims", "Claims vs evidence", ":material/format_quote:", "claims"),
    ("rollout", "Rollout", ":material/rocket_launch:", "rollout"),
    ("data_health", "Data health", ":material/database:", "data-health"),
)
# The overview of many projects; in the menu where the server shows a portfolio.
PORTFOLIO_PAGE = ("portfolio", "Portfolio", ":material/grid_view:", "portfolio")
_ADDRESSES = [row[3] for row in (*PAGES, PORTFOLIO_PAGE)]


def main() -> None:
    """Draw the frame around the chosen page; an error is shown in one line with what to do."""
    st.set_page_config(page_title="T-minus", page_icon="⏳", layout="wide")
    st.html(page_style(dark=st.context.theme.type == "dark"))
    st.logo(_logo(), size="large")
    if not admitted(_ADDRESSES):
        return
    if _sees_a_project():
        _draw()
    else:
        without_project(_ADDRESSES)


def _sees_a_project() -> bool:
    """Whether anything is shown to the person; what cannot be read is shown to nobody whose projects are listed."""
    portfolio, who = served(), person()
    if portfolio or who.projects is None:
        return portfolio is None or bool(portfolio.projects)
    try:
        return who.may_see(current_workspace(config_path()).config.name)
    except TMinusError:
        return False


def _draw() -> None:
    """The menu and the chosen page, for who is admitted."""
    many = [_page(PORTFOLIO_PAGE, None)] if served() else []
    try:
        project = switch()
        path = find_config(project.config) if project else config_path()
        known = _facts_of(path, optional=bool(many))
        chosen = st.navigation([*many, *(_page(row, known) for row in PAGES)], expanded=True)
        if many and chosen.url_path == PORTFOLIO_PAGE[3]:
            chosen.run()
            return
        known = known or facts(path)
        st.session_state[CONTEXT] = draw_bar(path, known, chosen.url_path)
        chosen.run()
    except OtherStateError as problem:  # a pull has ended, or somebody recorded a figure, while this page was drawn
        shown = evidence_version(path)
        if show_newest(path) != shown:
            st.rerun()
        st.error(safe(problem), icon=":material/error:")
    except TMinusError as problem:
        st.navigation([*many, *(_page(row, None) for row in PAGES)], expanded=True)
        st.error(f"**This page cannot be drawn.** {safe(problem)}", icon=":material/error:")
        st.markdown("Run `tminus doctor`: it names what is wrong and the next step. Then reload this page.")


def _facts_of(path: Path, *, optional: bool) -> Facts | None:
    """The facts of the project; `optional`: None where it cannot be read, since other projects can be."""
    try:
        return facts(path)
    except TMinusError:
        if not optional:
            raise
        return None


def _page(row: tuple[str, str, str, str], known: Facts | None) -> Any:
    """A page of the menu; those of things that the plan does not have are left out of it, and still open by link."""
    name, title, icon, address = row
    is_there = known is None or {"claims": known.has_claims, "rollout": known.has_rollout}.get(name, True)
    return st.Page(
        HERE / "pages" / f"{name}.py",
        title=title,
        icon=icon,
        url_path=address or None,
        default=not address,
        visibility="visible" if is_there else "hidden",
    )


def config_path() -> Path:
    """The tminus.toml to show: from the script's argument, the environment, or the working directory."""
    named = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].endswith(".toml") else os.environ.get(CONFIG_VARIABLE)
    return find_config(Path(named) if named else Path.cwd())


def _logo() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="32" viewBox="0 0 150 32">'
        "<style>@media (prefers-color-scheme:dark){text{fill:#E6E9ED}g{stroke:#6FA8DC}}</style>"
        '<g fill="none" stroke="#1F5A8C" stroke-width="3" stroke-linecap="round">'
        '<circle cx="16" cy="16" r="12" stroke-dasharray="58 18" transform="rotate(-90 16 16)"/>'
        '<path d="M11 16h10"/></g>'
        '<text x="38" y="22.5" font-family="system-ui,sans-serif" font-size="19" font-weight="600" fill="#1B2430">'
        "T-minus</text></svg>"
    )
