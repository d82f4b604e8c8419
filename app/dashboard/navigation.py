"""The frame of the dashboard: which workspace, which day, which page. Run by app/dashboard/entry/streamlit_app.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.cache import Facts, evidence_version, facts, open_key, pull_running
from app.dashboard.chart_style import PAGE_STYLE
from app.dashboard.sheet import CONTEXT, Context
from app.dashboard.tables.download import safe
from app.wording.text import day
from app.workspace import CONFIG_VARIABLE, find_config
from ingest.source import TMinusError

LOOK_AGAIN_SECONDS = 3.0  # how soon a page notices that a pull began or ended
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


def main() -> None:
    """Draw the frame around the chosen page; an error is shown in one line with what to do."""
    st.set_page_config(page_title="T-minus", page_icon="⏳", layout="wide")
    st.html(PAGE_STYLE)
    st.logo(_logo(), size="large")
    chosen = st.navigation([_page(*row) for row in PAGES], expanded=True)
    try:
        known = facts(config_path())
        st.session_state[CONTEXT] = _context(known)
        _watch_pulls(evidence_version(config_path()))
        chosen.run()
    except TMinusError as problem:
        st.error(f"**This page cannot be drawn.** {safe(problem)}", icon=":material/error:")
        st.markdown("Run `tminus doctor`: it names what is wrong and the next step. Then reload this page.")


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _watch_pulls(shown: tuple[int, int]) -> None:
    """Say that a pull is running, and draw the page again when there is newer evidence than the page shows."""
    running = pull_running(config_path())
    if running:
        far = f" ({running.done} of {running.total} sources)" if running.total else ""
        st.info(f"A pull is running{far}. This page shows the state before it.", icon=":material/sync:")
    elif evidence_version(config_path()) != shown:
        st.rerun()


def _page(name: str, title: str, icon: str, address: str) -> Any:
    return st.Page(HERE / "pages" / f"{name}.py", title=title, icon=icon, url_path=address or None, default=not address)


def config_path() -> Path:
    """The tminus.toml to show: from the script's argument, the environment, or the working directory."""
    named = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].endswith(".toml") else os.environ.get(CONFIG_VARIABLE)
    return find_config(Path(named) if named else Path.cwd())


def _context(known: Facts) -> Context:
    with st.sidebar:
        at = st.date_input(
            "As of",
            value=known.today,
            min_value=min(known.first_day or known.today, known.today),
            max_value=known.today,
            key="at",
            bind="query-params",
            format="YYYY-MM-DD",
            help="Every page shows what was known at the end of this day.",
        )
        st.caption(f"**{safe(known.project)}**  \n{_extent(known)}")
    return Context(open_key(config_path(), at or known.today), known)


def _extent(known: Facts) -> str:
    if known.first_day is None:
        return "nothing read yet"
    return f"evidence since {day(known.first_day)}"


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
