"""Weekly review: the verdict, what moved, what stands in the way, how the date slipped, what nobody measures."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app.answers.blockers import criteria_of
from app.dashboard import alt_texts as chart_words
from app.dashboard import cache as page_data
from app.dashboard import charts
from app.dashboard import sentences as words
from app.dashboard.forecast_sections import tell_slip
from app.dashboard.sheet import Sheet, choose_since, page
from app.dashboard.tables import common as frames
from app.dashboard.tables import movement as page_moves
from app.dashboard.tables.movement import nothing_moved, other_changes
from app.wording.status import is_first, nothing_known

ABOUT = "what changed since the last meeting, and what to decide in this one"


def show(sheet: Sheet) -> None:
    """Bad news first: verdict, figures, moves, blockers, date, gaps, path."""
    found = sheet.context
    since = choose_since(found)
    review = page_data.review(found.key, since)
    history = page_data.history(found.key)
    status = review["status"]
    first = nothing_known(review["before"])
    told = words.verdict(status, review["moved"]["readiness"], since, is_first=first)
    sheet.lead(told, status["decision"]["verdict"])
    sheet.say(words.date_sentence(review["forecast"]))
    sheet.figures(words.review_figures(review))
    _moves(sheet, review, since)
    _blockers(sheet, review, history)
    _date(sheet, review)
    _gaps(sheet, status)
    _path(sheet, review)
    page_data.keep_shown(found.key)


def _moves(sheet: Sheet, review: Mapping[str, Any], since: str) -> None:
    criteria = criteria_of(review["status"])
    biggest = page_moves.changed(review["moved"], 5)
    moves = page_moves.move_rows(biggest)
    if is_first(review["moved"]):
        sheet.head("What was measured first", "What earns the most points.")
    else:
        sheet.head("The five biggest moves" if len(moves) >= 5 else "What moved")
    if moves.empty:
        sheet.say(nothing_moved(since))
        return
    sheet.chart("Biggest moves", charts.moves_chart(moves), chart_words.moves_alt(moves), moves)
    sheet.bullets(other_changes(review["moved"]))
    with st.expander("From, to, and how each move was traced"):
        sheet.words("Moves", page_moves.moved_table(biggest, criteria))
        sheet.say("The Movement page lists the commits and the items that opened and closed.", quiet=True)


def _blockers(sheet: Sheet, review: Mapping[str, Any], history: pd.DataFrame) -> None:
    rows = frames.blocker_rows(review["before"], review["status"], history)
    sheet.head("Blockers")
    if rows.empty:
        sheet.say("No blocker is open, and none was cleared.")
    else:
        sheet.words("Blockers", rows)


def _date(sheet: Sheet, review: Mapping[str, Any]) -> None:
    sheet.head("The date")
    if review["slip"]["unit"] != "days":
        sheet.say(words.slip(review))
    if review["slip"]["unit"] != "none":
        tell_slip(sheet, review["slip"])
    if review["forecast"]["outcome"] != "not_enough_evidence":  # else the top of the page says what is missing
        sheet.bullets(words.drivers(review["forecast"]))


def _gaps(sheet: Sheet, status: Mapping[str, Any]) -> None:
    rows = frames.unmeasured_rows(status)
    sheet.head("Not measured", "Nothing fresh speaks for these: they earn nothing, and they stay in the denominator.")
    if rows.empty:
        sheet.say("Nothing is unknown.")
    else:
        sheet.words("Not measured", rows)
    if vouched := words.vouched_sentence(status):
        sheet.say(vouched)


def _path(sheet: Sheet, review: Mapping[str, Any]) -> None:
    target = review["status"]["readiness"]["target"]
    sheet.head(
        f"The cheapest path to {target:g}",
        "The fewest criteria that must come to pass, blockers first: until the last one holds, readiness stays below.",
    )
    rows = frames.path_rows(review["path"], criteria_of(review["status"]))
    if rows.empty:
        sheet.say(words.no_path(review["status"]))
    else:
        sheet.words("Path", rows)


with page("Weekly review", ABOUT) as opened:
    show(opened)
