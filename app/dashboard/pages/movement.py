"""Movement: what moved in a window, which commits moved it, and which items opened and closed."""

from collections.abc import Mapping

import streamlit as st

from app.answers.blockers import criteria_of
from app.answers.types.movement import CriterionMoveAnswer, MovedAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard import alt_texts, cache, charts
from app.dashboard.sheet import Sheet, choose, choose_since, page
from app.dashboard.tables import movement as movement_tables
from app.dashboard.tables.movement import GRADES, items_sentence, movement_sentence, nothing_moved, other_changes

ABOUT = "points gained and lost, and the commits behind them"


def show(sheet: Sheet) -> None:
    """The sum first, then the factors, the commits of one of them or of all, and the items."""
    context = sheet.context
    with st.container(horizontal=True):
        since = choose_since(context)
        moved = cache.moved(context.key, since)
        factor = choose("Factor", {"all": "All factors", **{c["id"]: c["title"] for c in moved["criteria"]}}, "factor")
    criteria = criteria_of(cache.status(context.key))
    sheet.lead(movement_sentence(moved, since))
    _factors(sheet, moved, criteria, since)
    _commits(sheet, [c for c in moved["criteria"] if c["commits"] and factor in ("all", c["id"])])
    _items(sheet, moved)
    _sums(sheet, moved)
    with st.expander("Copy as Markdown"):
        st.code(sheet.markdown(), language="markdown", wrap_lines=True)


def _factors(sheet: Sheet, moved: MovedAnswer, criteria: Mapping[str, CriterionAnswer], since: str) -> None:
    changes = movement_tables.changed(moved)
    moves = movement_tables.move_rows(changes)
    sheet.heading("Points gained and lost")
    sheet.bullets(other_changes(moved))
    if moves.empty:
        sheet.text(nothing_moved(since))
        return
    sheet.chart("Moves", charts.moves_chart(moves), alt_texts.moves_alt(moves), moves)
    sheet.text_table("Moves in words", movement_tables.moved_table(changes, criteria))
    sheet.text(GRADES, quiet=True)


def _commits(sheet: Sheet, shown: list[CriterionMoveAnswer]) -> None:
    sheet.heading(
        "Commits", "Change: in the unit of the factor, only where the evidence separates one commit from the next."
    )
    if shown:
        change = st.column_config.TextColumn(width=100)  # sized by its first rows, longer figures would be cut off
        sheet.table("Commits", movement_tables.commit_rows(shown), column_config={"Change": change})
    else:
        sheet.text("No commit of this window is linked to a change.")


def _items(sheet: Sheet, moved: MovedAnswer) -> None:
    sheet.heading("Items", "Markers, findings, failing tests and checklist boxes that appeared or disappeared.")
    for word, items in (("closed", moved["items"]["closed"]), ("opened", moved["items"]["opened"])):
        rows = movement_tables.item_rows(items)
        if rows.empty:
            sheet.text(f"No item was {word} in this window.")
        else:
            sheet.text(items_sentence(len(rows), word))
            sheet.table(f"Items {word}", rows)


def _sums(sheet: Sheet, moved: MovedAnswer) -> None:
    """Who wrote the changes, who merged those of others, and the folders of the items of code."""
    tables = (
        ("By author", "Author", moved["by_author"]),
        ("Merged for others", "Merged by", moved["by_merger"]),
        ("By folder", "Folder", moved["by_folder"]),
    )
    for heading, column, sums in tables:
        if sums:
            sheet.heading(heading)
            sheet.table(heading, movement_tables.sum_rows(sums, column))


with page("Movement", ABOUT) as opened:
    show(opened)
