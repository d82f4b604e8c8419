"""Movement: what moved in a window, which commits moved it, and which items opened and closed."""

import streamlit as st

from app.answers.blockers import criteria_of
from app.answers.types.movement import MovedAnswer
from app.dashboard import cache
from app.dashboard.markup.tables import table
from app.dashboard.meeting.moves import MOST_OPENED, waterfall
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import movement as movement_tables
from app.dashboard.tables.movement import GRADES, items_sentence, movement_sentence, nothing_moved, other_changes

MANY_COMMITS = 40
ABOUT = "points gained and lost, and the commits behind them"


def show(sheet: Sheet) -> None:
    """The sum first, then the factors, the commits and items of one of them, of one author, or of all."""
    context = sheet.context
    moved = cache.moved(context.key, context.since)
    sheet.lead(movement_sentence(moved, context.since))
    factors = {"all": "All factors", **{c["id"]: c["title"] for c in moved["criteria"]}}
    factor = sheet.choose("Factor", factors, "factor")
    people = sorted({row["name"] for row in (*moved["by_author"], *moved["by_merger"]) if row["name"]})
    author = sheet.choose("Author", {"": "All authors", **{name: name for name in people}}, "author")
    sheet.remembered(_factors)
    _commits_part(sheet, factor, author)
    sheet.remembered(_items, author)
    with sheet.drawer("Copy as Markdown", "copy") as is_open:
        if is_open:
            st.code(sheet.markdown(), language=None, wrap_lines=True)


def _commits_part(sheet: Sheet, factor: str, author: str) -> None:
    """The commits; very many, of which none is asked for, wait until somebody opens them."""
    many = sum(len(move["commits"]) for move in cache.moved(sheet.context.key, sheet.context.since)["criteria"])
    if many <= MANY_COMMITS or (factor, author) != ("all", ""):
        sheet.remembered(_commits, factor, author)
        return
    with sheet.drawer(f"All {many} commits behind these points", "commits-drawer") as is_open:
        sheet.remembered(_commits, factor, author, is_shown=is_open)


def _factors(sheet: Sheet) -> None:
    key = sheet.context.key
    moved, criteria = cache.moved(key, sheet.context.since), criteria_of(cache.status(key))
    changes = movement_tables.changed(moved)
    about = "A bar opens with its trend, its commits and its items."
    if len(changes) > MOST_OPENED:
        about += f" Those after the {MOST_OPENED} largest lead to their commits instead."
    sheet.heading("Points gained and lost", about)
    sheet.bullets(other_changes(moved))
    if not changes:
        sheet.text(nothing_moved(sheet.context.since))
        return
    waterfall(sheet, moved, criteria, cache.history(key))
    words = movement_tables.moved_table(changes, criteria, sheet.context.links)
    sheet.html(table("Moves in words", words, most=MOST_OPENED))
    sheet.keep("Moves in words", words)
    sheet.text(GRADES, quiet=True)


def _commits(sheet: Sheet, factor: str, author: str) -> None:
    moved = cache.moved(sheet.context.key, sheet.context.since)
    shown = [c for c in moved["criteria"] if c["commits"] and factor in ("all", c["id"])]
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


def _items(sheet: Sheet, author: str) -> None:
    moved = cache.moved(sheet.context.key, sheet.context.since)
    sheet.heading("Items", "Markers, findings, failing tests and checklist boxes that appeared or disappeared.")
    for word, items in (("closed", moved["items"]["closed"]), ("opened", moved["items"]["opened"])):
        shown = [item for item in items if not author or author in (item["author"], item["merged_by"])]
        rows = movement_tables.item_rows(shown, sheet.context.links)
        if rows.empty:
            sheet.text(f"No item was {word} in this window.")
        else:
            sheet.text(items_sentence(len(rows), word))
            sheet.table(f"Items {word}", rows)
    _sums(sheet, moved)


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
