"""Weekly review: the verdict, what moved, what stands in the way, how the date slipped, what nobody measures."""

import streamlit as st

from app import charts, page_data, page_forecast, page_moves, phrasing
from app import page_chart_words as chart_words
from app import page_frames as frames
from app import page_words as words
from app.blockers import criteria_of
from app.page_parts import Sheet, choose_since, page

ABOUT = "what changed since the last meeting, and what to decide in this one"


def show(sheet: Sheet) -> None:
    """Bad news first: verdict, figures, moves, blockers, date, gaps, path."""
    found = sheet.context
    since = choose_since(found)
    review = page_data.review(found.key, since)
    history = page_data.history(found.key)
    status = review["status"]
    first = phrasing.nothing_known(review["before"])
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


def _moves(sheet: Sheet, review: dict, since: str) -> None:
    criteria = criteria_of(review["status"])
    biggest = page_moves.changed(review["moved"], 5)
    moves = page_moves.move_rows(biggest)
    if phrasing.is_first(review["moved"]):
        sheet.head("What was measured first", "What earns the most points.")
    else:
        sheet.head("The five biggest moves" if len(moves) >= 5 else "What moved")
    if moves.empty:
        sheet.say(words.nothing_moved(since))
        return
    sheet.chart("Biggest moves", charts.moves_chart(moves), chart_words.moves_alt(moves), moves)
    sheet.bullets(words.other_changes(review["moved"]))
    with st.expander("From, to, and how each move was traced"):
        sheet.words("Moves", page_moves.moved_table(biggest, criteria))
        sheet.say("The Movement page lists the commits and the items that opened and closed.", quiet=True)


def _blockers(sheet: Sheet, review: dict, history: object) -> None:
    rows = frames.blocker_rows(review["before"], review["status"], history)
    sheet.head("Blockers")
    if rows.empty:
        sheet.say("No blocker is open, and none was cleared.")
    else:
        sheet.words("Blockers", rows)


def _date(sheet: Sheet, review: dict) -> None:
    sheet.head("The date")
    if review["slip"]["unit"] != "days":
        sheet.say(words.slip(review))
    if review["slip"]["unit"] != "none":
        page_forecast.tell_slip(sheet, review["slip"])
    if review["forecast"]["outcome"] != "not_enough_evidence":  # else the top of the page says what is missing
        sheet.bullets(words.drivers(review["forecast"]))


def _gaps(sheet: Sheet, status: dict) -> None:
    rows = frames.unmeasured_rows(status)
    sheet.head("Not measured", "Nothing fresh speaks for these: they earn nothing, and they stay in the denominator.")
    if rows.empty:
        sheet.say("Nothing is unknown.")
    else:
        sheet.words("Not measured", rows)
    if vouched := words.vouched_sentence(status):
        sheet.say(vouched)


def _path(sheet: Sheet, review: dict) -> None:
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
