"""Decide: the cheapest path as a staircase, and the form for a decision, filled from it or from a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

import streamlit as st

from app.answers.types.explain import MoveAnswer
from app.answers.types.meeting import DecisionEntry
from app.answers.types.status import CriterionAnswer, ReadinessAnswer
from app.dashboard.access.people import person
from app.dashboard.markup.bars import staircase
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import link, text
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.meeting.decisions import written
from app.dashboard.sheet import Sheet
from app.dashboard.tables import common as frames
from app.dashboard.tables.download import safe
from app.wording.meeting import path_gain
from app.wording.text import count, sentence

WEEK = timedelta(days=7)
PARAMETER = "decide"
MOST_STEPS = 12  # of a path that are drawn


def path_section(sheet: Sheet, path: Sequence[MoveAnswer], readiness: ReadinessAnswer, otherwise: str) -> None:
    """The cheapest path to the target, drawn as a staircase; each step can be made a decision."""
    sheet.heading(
        f"The cheapest path to {readiness['target']:g}",
        "The fewest criteria that have to pass, blockers first. "
        f"Readiness stays below {readiness['target']:g} until no blocker is open.",
    )
    if not path:
        sheet.text(otherwise)
        return
    links = sheet.context.links
    levels = [readiness["value"] or 0.0, *(move["readiness"] for move in path)]
    steps = [
        (_step(order, move, (levels[order - 1], readiness["target"]), links), move["readiness"])
        for order, move in enumerate(path, 1)
    ]
    sheet.html(staircase(readiness["value"] or 0.0, steps[:MOST_STEPS], readiness["target"]))
    if len(steps) > MOST_STEPS:
        sheet.text(f"{count(len(steps) - MOST_STEPS, 'more step')} in the download.", quiet=True)
    sheet.keep("Path", frames.path_rows(path))


def _step(order: int, move: MoveAnswer, level: tuple[float, float], links: Links) -> str:
    """A step in words; `level`: readiness before it, and the target."""
    decide = link("Decide", links.page("", "tm-decide", decide=move["criterion"]))
    blocker = " It is a blocker." if move["blocker"] else ""
    gain = path_gain(move["points"], level[0], move["readiness"], level[1])
    return f"{order}. {text(sentence(move['what']))}{blocker} <b>{gain}</b> · {decide}"


def decide_form(
    sheet: Sheet,
    criteria: Mapping[str, CriterionAnswer],
    path: Sequence[MoveAnswer],
    decisions: Sequence[DecisionEntry],
) -> None:
    """Write a decision: what, who, until when, for which criterion."""
    sheet.heading("Decide", "What is decided here is the first thing that the next review asks about.")
    key = sheet.context.key
    if not meeting_cache.is_today(key):
        sheet.text("This page shows a past day. Decisions are written on the page of today.")
        return
    if not (who := person()).may_write:
        sheet.text(f"Your role is {who.role}: a reviewer writes decisions.")
        return
    titles = {"": "none", **{c["id"]: c["title"] for c in criteria.values() if c["state"] != "not_applicable"}}
    name, words = proposal(st.query_params.get(PARAMETER, ""), titles, path, decisions)
    if words:
        sheet.text(f"Proposed: {safe(words)}.", quiet=True)
    with sheet.drawer("Write a decision", "decide-drawer", st.query_params.get(PARAMETER, "")) as is_open:
        if is_open:
            _form(sheet, titles, name, words)


def _form(sheet: Sheet, titles: Mapping[str, str], name: str, words: str) -> None:
    key, chosen = sheet.context.key, list(titles).index(name)
    # Each proposal has controls of its own: a new one fills them, and what was typed for another stays there.
    with st.form("decide", clear_on_submit=True):
        what = st.text_input("What", value=words, placeholder="Cover the payment module with tests", key=f"what-{name}")
        with st.container(horizontal=True):
            owner = st.selectbox(
                "Owner",
                meeting_cache.authors(key),
                index=None,
                accept_new_options=True,
                placeholder="choose, or type a name",
                width=240,
                key=f"owner-{name}",
            )
            first = meeting_cache.today(key)
            due = st.date_input("Due", value=first + WEEK, min_value=first, format="YYYY-MM-DD", width=160)
            criterion = st.selectbox(
                "Criterion",
                list(titles),
                index=chosen,
                format_func=titles.__getitem__,
                width=260,
                key=f"criterion-{name}",
            )
            by = "" if person().is_known else st.text_input("Written by (optional)", width=200)
        if st.form_submit_button("Write the decision", type="primary"):
            day = due if isinstance(due, date) else first
            _write(sheet, (what, owner or "", day, criterion, by))


def _write(sheet: Sheet, given: tuple[str, str, date, str, str]) -> None:
    if missing := _missing(given[0], given[1]):
        st.warning(missing, icon=":material/warning:")
        return
    if PARAMETER in st.query_params:
        del st.query_params[PARAMETER]
    written(partial(meeting_cache.decide, sheet.context.key, *given), "The decision is written.")


def _missing(text: str, owner: str) -> str:
    """Which field of the form is empty, and what belongs there."""
    if not text.strip():
        return "“What” is empty: write what is decided."
    return "" if owner.strip() else "“Owner” is empty: choose who does it, or type a name."


def proposal(
    asked: str, titles: Mapping[str, str], path: Sequence[MoveAnswer], decisions: Sequence[DecisionEntry]
) -> tuple[str, str]:
    """(criterion, text) of the decision to propose: the one asked for, else the first step that nobody works on."""
    steps = {move["criterion"]: sentence(move["what"]).removesuffix(".") for move in path}
    if asked in titles and asked:
        return asked, steps.get(asked, f"Bring {titles[asked]} to its threshold")
    taken = {entry["criterion"] for entry in decisions if entry["outcome"] == "open"}
    free = next((name for name in steps if name not in taken and name in titles), "")
    return free, steps.get(free, "")
