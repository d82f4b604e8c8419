"""Sections of the weekly review that remember: decisions, the form for a new one, frozen reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from app.answers.types.meeting import DecisionEntry, FrozenReview
from app.answers.types.review import ReviewAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.sheet import Sheet, choose
from app.dashboard.tables.download import file_name, safe
from app.wording.meeting import frozen_words, since_words, state_words
from app.wording.text import when
from ingest.source import TMinusError

FORMS = (("md", "Markdown", "text/markdown"), ("html", "HTML", "text/html"), ("json", "JSON", "application/json"))
WEEK = timedelta(days=7)


def decisions_section(
    sheet: Sheet, decisions: Sequence[DecisionEntry], criteria: Mapping[str, CriterionAnswer]
) -> None:
    """What was decided before: owner, day, evidence since; overdue first, each with its buttons."""
    sheet.heading("Last week's decisions", "Open ones, overdue first, and those closed since the last review.")
    if not decisions:
        sheet.text("No decision is open. Write the first one below, under “Decide”.")
        return
    for entry in decisions:
        _decision(sheet, entry, criteria)
    sheet.keep("Decisions", decision_rows(decisions, criteria, sheet.context.day))


def decision_rows(
    decisions: Sequence[DecisionEntry], criteria: Mapping[str, CriterionAnswer], today: date
) -> pd.DataFrame:
    """One row a decision, in words."""
    return pd.DataFrame(
        [
            {
                "Id": entry["id"],
                "What": entry["text"],
                "Owner": entry["owner"],
                "Due": when(entry["due"]),
                "State": state_words(entry, today),
                "Criterion": _title(entry, criteria) or "–",
                "Evidence since": since_words(entry),
            }
            for entry in decisions
        ]
    )


def _title(entry: DecisionEntry, criteria: Mapping[str, CriterionAnswer]) -> str:
    known = criteria.get(entry["criterion"])
    return known["title"] if known else entry["criterion"]


def _decision(sheet: Sheet, entry: DecisionEntry, criteria: Mapping[str, CriterionAnswer]) -> None:
    words = state_words(entry, sheet.context.day)
    badge = f":red-badge[{words}]" if entry["is_overdue"] else f":gray-badge[{words}]"
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{badge} **{safe(entry['id'])}** {safe(entry['text'])}")
        since = f" · {safe(_title(entry, criteria))}: **{safe(since_words(entry))}**" if entry["criterion"] else ""
        notes = f"  \nNote: {safe('; '.join(entry['notes']))}" if entry["notes"] else ""
        st.markdown(f"{safe(entry['owner'])} · due {when(entry['due'])}{since}{notes}")
        if entry["outcome"] == "open" and meeting_cache.is_today(sheet.context.key):
            _buttons(sheet, entry)


def _buttons(sheet: Sheet, entry: DecisionEntry) -> None:
    key, identity = sheet.context.key, entry["id"]
    later = max(date.fromisoformat(entry["due"] or sheet.context.key.at), sheet.context.day) + WEEK
    with st.container(horizontal=True, gap="small"):
        for label, outcome, due in _outcomes(later):
            write = partial(meeting_cache.close, key, identity, outcome, "", due)
            name = f"{outcome}-{identity}"
            if st.button(label, key=name, help=f"{label}: decision {identity}", type="secondary"):
                _written(write, f"{identity}: {outcome}")


def _outcomes(later: date) -> list[tuple[str, Literal["done", "carried", "dropped"], date | None]]:
    return [
        ("Done", "done", None),
        (f"Carry over to {later.day} {later:%b}", "carried", later),
        ("Drop", "dropped", None),
    ]


def _written(write: Callable[[], object], words: str) -> None:
    """Write, and draw the page again; what cannot be written is one line on the page."""
    try:
        write()
    except TMinusError as problem:
        st.warning(safe(problem), icon=":material/warning:")
        return
    st.toast(safe(words))
    st.rerun()


def decide_form(sheet: Sheet, criteria: Mapping[str, CriterionAnswer]) -> None:
    """Write a decision: what, who, until when, for which criterion."""
    sheet.heading("Decide", "What is decided here is the first thing that the next review asks about.")
    key = sheet.context.key
    if not meeting_cache.is_today(key):
        sheet.text("This page shows a past day. Decisions are written on the page of today.")
        return
    titles = {"": "none", **{c["id"]: c["title"] for c in criteria.values() if c["state"] != "not_applicable"}}
    with st.form("decide", clear_on_submit=True):
        text = st.text_input("What", placeholder="Cover the payment module with tests")
        with st.container(horizontal=True):
            owners = meeting_cache.authors(key)
            owner = st.selectbox(
                "Owner", owners, index=None, accept_new_options=True, placeholder="choose, or type a name", width=240
            )
            first = meeting_cache.today(key)
            due = st.date_input("Due", value=first + WEEK, min_value=first, format="YYYY-MM-DD", width=160)
            criterion = st.selectbox("Criterion", list(titles), format_func=titles.__getitem__, width=260)
            by = st.text_input("Written by (optional)", width=200)
        if st.form_submit_button("Write the decision", type="primary"):
            day = due if isinstance(due, date) else first
            if missing := _missing(text, owner or ""):
                st.warning(missing, icon=":material/warning:")
            else:
                _written(partial(meeting_cache.decide, key, text, owner or "", day, criterion, by), "written")


def _missing(text: str, owner: str) -> str:
    """Which field of the form is empty, and what belongs there."""
    if not text.strip():
        return "“What” is empty: write what is decided."
    return "" if owner.strip() else "“Owner” is empty: choose who does it, or type a name."


def choose_frozen(sheet: Sheet) -> FrozenReview | None:
    """Which review the page shows: the present one, or a frozen one; the URL holds its day."""
    reviews = {review["day"]: review for review in meeting_cache.frozen_reviews(sheet.context.key)}
    if not reviews:
        return None
    options = {"": "Present figures", **{day: f"Frozen: {when(day)}" for day in reviews}}
    return reviews.get(choose("Review", options, "frozen"))


def freeze_control(sheet: Sheet, review: ReviewAnswer) -> None:
    """The button that stores the review of today; a day is frozen once."""
    key = sheet.context.key
    done = next((r for r in meeting_cache.frozen_reviews(key) if r["day"] == key.at), None)
    if done:
        st.caption(f"This day is {safe(frozen_words(done))}.")
    elif meeting_cache.is_today(key):
        with st.popover("Freeze", icon=":material/lock:"):
            st.markdown("Store this review with its figures, forecast and decisions. It never changes afterwards.")
            by = st.text_input("Your name", key="freeze-by")
            if st.button("Freeze this review", type="primary", key="freeze"):
                _written(partial(meeting_cache.freeze, key, review, by), "the review is frozen")


def frozen_page(sheet: Sheet, review: FrozenReview) -> None:
    """A frozen review as it was, read-only, with its three files."""
    key, day = sheet.context.key, review["day"]
    sheet.note(f"**{safe(frozen_words(review))}.** What follows is what was known then; it never changes.")
    with st.container(horizontal=True):
        for form, label, mime in FORMS:
            name = f"{file_name(sheet.context.facts.project, 'weekly review', day)}.{form}"
            body = meeting_cache.frozen_file(key, day, form).encode()
            st.download_button(f"Download {label}", body, name, mime, key=f"frozen-{form}", on_click="ignore")
    markdown = meeting_cache.frozen_file(key, day, "md")
    sheet.text(_as_page(markdown))


def _as_page(markdown: str) -> str:
    """The Markdown of a frozen review below the title of the page; a dollar sign begins no formula."""
    return "\n".join(f"##{line}" if line.startswith("# ") else line for line in markdown.splitlines()).replace(
        "$", "\\$"
    )
