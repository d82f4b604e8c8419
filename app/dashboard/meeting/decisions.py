"""The section of the weekly review that remembers the decisions of earlier meetings, and what writing one shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import pandas as pd
import streamlit as st

from app.answers.types.meeting import DecisionEntry
from app.dashboard.access.people import person
from app.dashboard.cache import Key
from app.dashboard.markup.links import Links
from app.dashboard.markup.tables import table
from app.dashboard.markup.tags import Linked, chip, link, text
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.sheet import Sheet
from app.dashboard.tables.download import safe
from app.wording.meeting import decisions_about, since_words, state_words
from app.wording.text import count, shorten, when
from ingest.source import TMinusError

WEEK = timedelta(days=7)
WITH_BUTTONS = 5  # open decisions that have buttons of their own; the others are chosen from a table
SECTION = "tm-decisions"
CHOICE = "decision"  # of the URL: the decision that is chosen from the table
NOTICE = "decision-notice"


def decisions_section(sheet: Sheet, decisions: Sequence[DecisionEntry]) -> None:
    """What was decided before: owner, day, evidence since; overdue first, then as they are due, then the closed ones.

    Three buttons a decision would cost a browser most of the time of the page: the first ones have their own, the
    others are a table in which one is chosen.
    """
    sheet.heading("Last week's decisions", decisions_about(decisions))
    if not decisions:
        sheet.text("No decision is open. Write the first one below, under “Decide”.")
        return
    _notice(sheet)
    still_open = [entry for entry in decisions if entry["outcome"] == "open"]
    first = WITH_BUTTONS if len(still_open) > WITH_BUTTONS + 1 else len(still_open)
    titles = meeting_cache.planned_titles(sheet.context.key)
    may_close = meeting_cache.is_today(sheet.context.key) and person().may_write
    for entry in still_open[:first]:
        words = _words(sheet, entry, titles)
        if may_close:
            _open_decision(sheet, entry, words)
        else:
            sheet.html(_framed(words))
    _others(sheet, still_open[first:], titles, may_close=may_close)
    _closed(sheet, [entry for entry in decisions if entry["outcome"] != "open"], titles)
    sheet.keep("Decisions", decision_rows(decisions, titles, sheet.context.day))


def _closed(sheet: Sheet, closed: Sequence[DecisionEntry], titles: Mapping[str, str]) -> None:
    """What was closed since the last review; many are folded below their number."""
    markup = "".join(_framed(_words(sheet, entry, titles)) for entry in closed)
    if len(closed) <= WITH_BUTTONS:
        sheet.html(markup)
        return
    with sheet.folded(f"{count(len(closed), 'decision')} closed since the last review"):
        sheet.html(markup)


def _framed(words: str) -> str:
    return f'<div class="tm-decision">{words}</div>'


def _others(sheet: Sheet, others: Sequence[DecisionEntry], titles: Mapping[str, str], *, may_close: bool) -> None:
    """The open decisions after the first ones: a table, and the choice of one to close or carry over."""
    if not others:
        return
    how = " A click on its number chooses one." if may_close else ""
    sheet.text(f"**{count(len(others), 'more open decision')}**, as they are due.{how}")
    rows = decision_rows(others, titles, sheet.context.day, sheet.context.links if may_close else None)
    sheet.html(table("More open decisions", rows, is_long=True, most=len(rows)))
    if not may_close:
        return
    by_id = {entry["id"]: entry for entry in others}
    options = {"": "choose one", **{name: _option(entry) for name, entry in by_id.items()}}
    chosen = by_id.get(sheet.choose("Close or carry over", options, CHOICE))
    if chosen is not None:
        _open_decision(sheet, chosen, _words(sheet, chosen, titles))


def _option(entry: DecisionEntry) -> str:
    return f"{entry['id']}: {shorten(entry['text'], 60)} ({entry['owner']}, due {when(entry['due'])})"


def decision_rows(
    decisions: Sequence[DecisionEntry],
    titles: Mapping[str, str],
    today: date,
    links: Links | None = None,
) -> pd.DataFrame:
    """One row a decision, in words; with `links`, each number leads to the choice of its decision."""
    return pd.DataFrame(
        [
            {
                "Id": Linked(entry["id"], links.page("", SECTION, **{CHOICE: entry["id"]})) if links else entry["id"],
                "What": entry["text"],
                "Owner": entry["owner"],
                "Due": when(entry["due"]),
                "State": state_words(entry, today),
                "Criterion": _title(entry, titles) or "–",
                "Evidence since": since_words(entry),
            }
            for entry in decisions
        ]
    )


def _title(entry: DecisionEntry, titles: Mapping[str, str]) -> str:
    if entry["criterion"] in titles or not entry["criterion"]:
        return titles.get(entry["criterion"], "")
    return f"{entry['criterion']} (not in the plan any more)"


def _open_decision(sheet: Sheet, entry: DecisionEntry, words: str) -> None:
    """The words of a decision, and the buttons that close it or carry it over."""
    sheet.flush()
    key, identity = sheet.context.key, entry["id"]
    later = max(date.fromisoformat(entry["due"] or key.at), sheet.context.day) + WEEK
    with st.container(key=f"open-{identity}", border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(words)
        for label, outcome, due in _outcomes(later):
            asked = (key, identity, outcome, due)
            st.button(label, key=f"{outcome}-{identity}", on_click=_close, args=asked)


def _close(key: Key, identity: str, outcome: Literal["done", "carried", "dropped"], due: date | None) -> None:
    """Write what a button asks for, before the page is drawn: also where somebody has closed the decision meanwhile."""
    try:
        meeting_cache.close(key, identity, outcome, "", due)
    except TMinusError as problem:
        st.session_state[NOTICE] = (False, str(problem))
        return
    words = {"carried": f"carried over to {when(due.isoformat() if due else None)}"}.get(outcome, outcome)
    st.session_state[NOTICE] = (True, f"{identity}: {words}")


def _notice(sheet: Sheet) -> None:
    """What came of the last button: a short message, or a warning on the page."""
    is_written, words = st.session_state.pop(NOTICE, (True, ""))
    if not words:
        return
    if is_written:
        st.toast(safe(words))
    else:
        sheet.warn(safe(words))


def _words(sheet: Sheet, entry: DecisionEntry, titles: Mapping[str, str]) -> str:
    """State, what, owner, day, and the evidence since, with links to the owner's moves and the criterion's history."""
    links = sheet.context.links
    state = chip(state_words(entry, sheet.context.day), "bad" if entry["is_overdue"] else "same")
    owner = link(entry["owner"], links.author(entry["owner"]))
    since = ""
    if entry["criterion"]:
        is_known = entry["criterion"] in titles
        name = link(_title(entry, titles), links.criterion(entry["criterion"]) if is_known else "")
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
