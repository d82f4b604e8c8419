"""Movement: what moved in a window, which commits moved it, and which items opened and closed."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.answers.blockers import criteria_of
from app.dashboard import alt_texts as chart_words
from app.dashboard import cache as page_data
from app.dashboard import charts
from app.dashboard.sheet import Sheet, choose, choose_since, page
from app.dashboard.tables import movement as page_moves
from app.dashboard.tables.movement import GRADES, items_sentence, movement_sentence, nothing_moved, other_changes

ABOUT = "readiness won and lost, down to the commits"


def show(sheet: Sheet) -> None:
    """The sum first, then the factors, the commits of one of them or of all, and the items."""
    found = sheet.context
    with st.container(horizontal=True):
        since = choose_since(found)
        moved = page_data.moved(found.key, since)
        factor = choose("Factor", {"all": "All factors", **{c["id"]: c["title"] for c in moved["criteria"]}}, "factor")
    criteria = criteria_of(page_data.status(found.key))
    sheet.lead(movement_sentence(moved, since))
    _factors(sheet, moved, criteria, since)
    _commits(sheet, [c for c in moved["criteria"] if c["commits"] and factor in ("all", c["id"])])
    _items(sheet, moved)
    _sums(sheet, moved)
    with st.expander("Copy as Markdown"):
        st.code(sheet.markdown(), language="markdown", wrap_lines=True)


def _factors(sheet: Sheet, moved: Mapping[str, Any], criteria: Mapping[str, Any], since: str) -> None:
    changes = page_moves.changed(moved)
    moves = page_moves.move_rows(changes)
    sheet.head("Points won and lost")
    sheet.bullets(other_changes(moved))
    if moves.empty:
        sheet.say(nothing_moved(since))
        return
    sheet.chart("Moves", charts.moves_chart(moves), chart_words.moves_alt(moves), moves)
    sheet.words("Moves in words", page_moves.moved_table(changes, criteria))
    sheet.say(GRADES, quiet=True)


def _commits(sheet: Sheet, shown: list[Mapping[str, Any]]) -> None:
    sheet.head(
        "Commits", "Change: in the factor's own unit, and only where the evidence can tell one commit from the next."
    )
    if shown:
        change = st.column_config.TextColumn(width=100)  # sized by its first rows, longer figures would be cut off
        sheet.table("Commits", page_moves.commit_rows(shown), column_config={"Change": change})
    else:
        sheet.say("No commit of this window is tied to a change.")


def _items(sheet: Sheet, moved: Mapping[str, Any]) -> None:
    sheet.head("Items", "Markers, findings, failing tests and checklist boxes that appeared or went.")
    for word in ("closed", "opened"):
        rows = page_moves.item_rows(moved["items"][word])
        if rows.empty:
            sheet.say(f"No item was {word} in this window.")
        else:
            sheet.say(items_sentence(len(rows), word))
            sheet.table(f"Items {word}", rows)


def _sums(sheet: Sheet, moved: Mapping[str, Any]) -> None:
    """Who wrote the changes, who merged those of others, and the folders of the items of code."""
    heads = {"by_author": ("By author", "Author"), "by_merger": ("Merged for others", "Merged by")}
    for key, (head, column) in {**heads, "by_folder": ("By folder", "Folder")}.items():
        if moved[key]:
            sheet.head(head)
            sheet.table(head, page_moves.sum_rows(moved[key], column))


with page("Movement", ABOUT) as opened:
    show(opened)
