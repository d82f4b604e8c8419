"""Portfolio: every project, worst first; how many are ready by a day; what holds most of them back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.dashboard.markup.links import Links
from app.dashboard.markup.pictures import Look
from app.dashboard.markup.tables import table
from app.dashboard.portfolio import overview
from app.dashboard.portfolio.projects import Portfolio, choose, served
from app.dashboard.tables.download import safe, with_code
from app.wording.portfolio.sentences import counts_sentence, ready_sentence

ALL = "all"


def show(portfolio: Portfolio) -> None:
    """The choices, the count of ready projects, the table, the courses, what holds back."""
    st.title("Portfolio", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.date_input("Ready by", value=None, key="by", bind="query-params", format="YYYY-MM-DD", width=170)
        team = _choice("Team", {project.team for project in portfolio.projects}, "team")
        tag = _choice("Tag", {tag for project in portfolio.projects for tag in project.tags}, "tag")
        verdict = _choice("Verdict", {*overview.VERDICT_TONES, "not readable"}, "verdict")
    answer = overview.answer_of(portfolio, picked if isinstance(picked, date) else None)
    projects = overview.wanted(answer, team, tag, verdict)
    look, links = Look(dark=st.context.theme.type == "dark"), Links()
    st.header(safe(counts_sentence(portfolio.name, projects)), anchor=False)
    if answer["ready"]:
        st.markdown(safe(ready_sentence(answer["ready"])))
        if answer["ready"]["with_odds"]:
            st.html(overview.distribution(answer["ready"], look))
    else:
        st.caption("Choose a day to see how many projects are ready by then.")
    st.html(table("Projects, worst first", overview.rows_of(projects, links, look)))
    for project in projects:
        if project["error"]:
            st.warning(f"**{safe(project['name'])}** cannot be read: {with_code(project['error'])}")
    st.subheader("Readiness over twelve weeks", anchor=False)
    st.html(overview.courses(projects, links, look))
    st.subheader("What is open most often", anchor=False)
    st.html(overview.held_table(answer, [project["name"] for project in projects], links))


def _choice(label: str, names: set[str], key: str) -> str:
    """A filter that the link keeps; empty for all."""
    options = {ALL: f"all {label.lower()}s", **{name: name for name in sorted(names - {""})}}
    chosen = choose(label, options, key, width=170)
    return "" if chosen == ALL else chosen


opened = served()
if opened is None:
    st.info("This dashboard shows one project. Serve many with `tminus app --portfolio portfolio.toml`.")
else:
    show(opened)
