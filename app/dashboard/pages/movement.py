"""Movement: what moved in a window, which commits moved it, and which items opened and closed."""

from collections.abc import Mapping

import streamlit as st

from app.answers.blockers import criteria_of
from app.answers.types.movement import CriterionMoveAnswer, MovedAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard import cache
from app.dashboard.meeting.moves import waterfall
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import movement as movement_tables
from app.dashboard.tables.movement import GRADES, items_sentence, movement_sentence, nothing_moved, other_changes

ABOUT = "points gained and lost, and the commits behind them"


def show(sheet: Sheet) -> None:
    """The sum first, then the factors, the commits and items of one of them, of one author, or of all."""
    context = sheet.context
    moved = cache.moved(context.key, context.since)
    with st.container(horizontal=True):
        factor = sheet.choose(
            "Factor", {"all": "All factors", **{c["id"]: c["title"] for c in moved["criteria"]}}, "factor"
        )
        people = sorted({row["name"] for row in (*moved["by_author"], *moved["by_merger"]) if row["name"]})
        author = sheet.choose("Author", {"": "All authors", **{name: name for name in people}}, "author")
    sheet.remembered(_moved, factor, author)
    with sheet.drawer("Copy as Markdown", "copy") as is_open:
        if is_open:
            st.code(sheet.markdown(), language=None, wrap_lines=True)


def _moved(sheet: Sheet, factor: str, author: str) -> None:
    context = sheet.context
    moved = cache.moved(context.key, context.since)
    sheet.lead(movement_sentence(moved, context.since))
    _factors(sheet, moved, criteria_of(cache.status(context.key)))
    _commits(sheet, [c for c in moved["criteria"] if c["commits"] and factor in ("all", c["id"])], author)
    _items(sheet, moved, author)
    _sums(sheet, moved)


def _factors(sheet: Sheet, moved: MovedAnswer, criteria: Mapping[str, CriterionAnswer]) -> None:
    changes = movement_tables.changed(moved)
    sheet.heading("Points gained and lost", "A bar opens with its trend, its commits and its items.")
    sheet.bullets(other_changes(moved))
    if not changes:
        sheet.text(nothing_moved(sheet.context.since))
        return
    waterfall(sheet, moved, criteria, cache.history(sheet.context.key))
    sheet.text_table("Moves in words", movement_tables.moved_table(changes, criteria, sheet.context.links))
    sheet.text(GRADES, quiet=True)


def _commits(sheet: Sheet, shown: list[CriterionMoveAnswer], author: str) -> None:
    sheet.heading(
        "Commits",
        "Change: in the unit of the factor (pp: percentage points), "
        "where the evidence separates one commit from the next.",
    )
    rows = movement_tables.commit_rows(shown, sheet.context.links, author)
    if len(rows):
        sheet.table("Commits", rows)
    else:
        sheet.text("No commit of this window is linked to a change.")


def _items(sheet: Sheet, moved: MovedAnswer, author: str) -> None:
    sheet.heading("Items", "Markers, findings, failing tests and checklist boxes that appeared or disappeared.")
    for word, items in (("closed", moved["items"]["closed"]), ("opened", moved["items"]["opened"])):
        shown = [item for item in items if not author or author in (item["author"], item["merged_by"])]
        rows = movement_tables.item_rows(shown, sheet.context.links)
        if rows.empty:
            sheet.text(f"No item was {word} in this window.")
        else:
            sheet.text(items_sentence(len(rows), word))
            sheet.table(f"Items {word}", rows)


def _sums(sheet: Sheet, moved: MovedAnswer) -> None:
    """Who wrote the changes, who merged those of others, and the folders of the items of code."""
    links = sheet.context.links
    if moved["by_author"]:
        sheet.heading(
            "By author", "Points of commits that are traced as exact; items opened and closed; their commits."
        )
        sheet.text_table("By author", movement_tables.sum_rows(moved["by_author"], "Author", links))
    if moved["by_merger"]:
        sheet.heading("Merged for others")
        sheet.text_table("Merged for others", movement_tables.sum_rows(moved["by_merger"], "Merged by", links))
    if moved["by_folder"]:
        sheet.heading("By folder")
        sheet.table("By folder", movement_tables.sum_rows(moved["by_folder"], "Folder"))


with page("Movement", ABOUT) as opened:
    show(opened)
