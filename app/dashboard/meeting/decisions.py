"""The section of the weekly review that remembers the decisions of earlier meetings, and what writing one shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from app.answers.types.meeting import DecisionEntry
from app.answers.types.status import CriterionAnswer
from app.dashboard.access.people import person
from app.dashboard.markup.tags import chip, link, text
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.sheet import Sheet
from app.dashboard.tables.download import safe
from app.wording.meeting import since_words, state_words
from app.wording.text import when
from ingest.source import TMinusError

WEEK = timedelta(days=7)


def decisions_section(
    sheet: Sheet, decisions: Sequence[DecisionEntry], criteria: Mapping[str, CriterionAnswer]
) -> None:
    """What was decided before: owner, day, evidence since; overdue first, each with its buttons."""
    sheet.heading("Last week's decisions", "Open ones, overdue first, and those closed since the last review.")
    if not decisions:
        sheet.text("No decision is open. Write the first one below, under “Decide”.")
        return
    may_close = meeting_cache.is_today(sheet.context.key) and person().may_write
    for entry in decisions:
        words = _words(sheet, entry, criteria)
        if may_close and entry["outcome"] == "open":
            _open_decision(sheet, entry, words)
        else:
            sheet.html(f'<div class="tm-decision">{words}</div>')
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
    if known or not entry["criterion"]:
        return known["title"] if known else ""
    return f"{entry['criterion']} (not in the plan any more)"


def _open_decision(sheet: Sheet, entry: DecisionEntry, words: str) -> None:
    """The words of a decision, and the buttons that close it or carry it over."""
    sheet.flush()
    key, identity = sheet.context.key, entry["id"]
    later = max(date.fromisoformat(entry["due"] or key.at), sheet.context.day) + WEEK
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(words)
        with st.container(horizontal=True, width="content", gap="small"):
            for label, outcome, due in _outcomes(later):
                write = partial(meeting_cache.close, key, identity, outcome, "", due)
                if st.button(label, key=f"{outcome}-{identity}"):
                    written(write, f"{identity}: {outcome}")


def _words(sheet: Sheet, entry: DecisionEntry, criteria: Mapping[str, CriterionAnswer]) -> str:
    """State, what, owner, day, and the evidence since, with links to the owner's moves and the criterion's history."""
    links = sheet.context.links
    state = chip(state_words(entry, sheet.context.day), "bad" if entry["is_overdue"] else "same")
    owner = link(entry["owner"], links.author(entry["owner"]))
    since = ""
    if entry["criterion"]:
        is_known = entry["criterion"] in criteria
        name = link(_title(entry, criteria), links.criterion(entry["criterion"]) if is_known else "")
        since = f" · {name}: <b>{text(since_words(entry))}</b>"
    notes = f"<br>Note: {text('; '.join(entry['notes']))}" if entry["notes"] else ""
    return (
        f"<div>{state} <b>{text(entry['id'])}</b> {text(entry['text'])}<br>"
        f'<span class="tm-quiet">{owner} · due {when(entry["due"])}</span>{since}{notes}</div>'
    )


def _outcomes(later: date) -> list[tuple[str, Literal["done", "carried", "dropped"], date | None]]:
    return [
        ("Done", "done", None),
        (f"Carry over to {later.day} {later:%b}", "carried", later),
        ("Drop", "dropped", None),
    ]


def written(write: Callable[[], object], words: str) -> None:
    """Write, and draw the page again; what cannot be written is one line on the page."""
    try:
        write()
    except TMinusError as problem:
        st.warning(safe(problem), icon=":material/warning:")
        return
    st.toast(safe(words))
    st.rerun()
