"""Weekly review: the verdict, what moved, the blockers, how the date moved, what is not measured."""

import pandas as pd
import streamlit as st

from app.answers.blockers import criteria_of
from app.answers.types.review import ReviewAnswer
from app.answers.types.status import StatusAnswer
from app.dashboard import cache
from app.dashboard import sentences as words
from app.dashboard.course_section import fill_course, reserve_course
from app.dashboard.forecast_sections import slip_section
from app.dashboard.meeting.cache import due_decisions
from app.dashboard.meeting.decisions import choose_frozen, decide_form, decisions_section, freeze_control, frozen_page
from app.dashboard.meeting.moves import waterfall
from app.dashboard.production.cache import overdue_messages
from app.dashboard.production.sections import overdue
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.download import safe
from app.dashboard.tables.movement import nothing_moved, other_changes
from app.wording.meeting import conditions
from app.wording.movement import movement_parts, total_points
from app.wording.numbers import points
from app.wording.rollout.process import overdue_lines
from app.wording.status import is_first, nothing_known

ABOUT = "what changed since the last meeting, and what to decide in this one"


def show(sheet: Sheet) -> None:
    """Bad news first: verdict, figures, moves, blockers, date, gaps, path."""
    context = sheet.context
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since = context.since
        frozen = choose_frozen(sheet)
        bar = st.container(width="content")
    if frozen:
        frozen_page(sheet, frozen)
        return
    review: ReviewAnswer = {**cache.review(context.key, since), "decisions": due_decisions(context.key, since)}
    with bar:
        freeze_control(sheet, review)
    history = cache.history(context.key)
    status = review["status"]
    first = nothing_known(review["before"])
    lead = words.verdict(status, review["moved"]["readiness"], since, is_first=first)
    sheet.lead(lead, status["decision"]["verdict"])
    sheet.text(words.date_sentence(review["forecast"]))
    sheet.figures(words.review_figures(review))
    criteria = criteria_of(status)
    decisions_section(sheet, review["decisions"], criteria)
    overdue(sheet, overdue_lines(overdue_messages(context.key), review["until"]))
    if status["decision"]["verdict"] == "CONDITIONAL GO":
        _conditions(sheet, status)
    _moves(sheet, review, since)
    _blockers(sheet, review, history)
    _date(sheet, review)
    course = reserve_course(sheet)
    _gaps(sheet, status)
    if status["decision"]["verdict"] != "CONDITIONAL GO":
        _conditions(sheet, status)
    _path(sheet, review)
    decide_form(sheet, criteria)
    cache.keep_shown(context.key)
    fill_course(sheet, course)


def _moves(sheet: Sheet, review: ReviewAnswer, since: str) -> None:
    criteria = criteria_of(review["status"])
    if is_first(review["moved"]):
        sheet.heading("What was measured first", "What earns the most points. A bar opens with its trend and commits.")
    else:
        total = points(total_points(review["moved"]))
        sheet.heading("What moved and why", f"The bars sum to {total} points. A bar opens with its trend and commits.")
    if not movement_parts(review["moved"]):
        sheet.text(nothing_moved(since))
        return
    waterfall(sheet, review["moved"], criteria, cache.history(sheet.context.key), 6)
    sheet.bullets(other_changes(review["moved"]))


def _blockers(sheet: Sheet, review: ReviewAnswer, history: pd.DataFrame) -> None:
    rows = frames.blocker_rows(review["before"], review["status"], history)
    sheet.heading("Blockers")
    if rows.empty:
        sheet.text("No blocker is open, and none was cleared.")
    else:
        sheet.text_table("Blockers", rows)


def _date(sheet: Sheet, review: ReviewAnswer) -> None:
    sheet.heading("The date")
    if review["slip"]["unit"] != "days":
        sheet.text(words.slip(review))
    if review["slip"]["unit"] != "none":
        slip_section(sheet, review["slip"])
    if review["forecast"]["outcome"] != "not_enough_evidence":  # else the top of the page names what is missing
        sheet.bullets(words.drivers(review["forecast"]))


def _conditions(sheet: Sheet, status: StatusAnswer) -> None:
    lines = conditions(status)
    if lines:
        about = "What GO rests on beside measured values: waivers, attestations and tolerances, each until its day."
        sheet.heading("Conditions", about)
        sheet.bullets([safe(line) for line in lines])


def _gaps(sheet: Sheet, status: StatusAnswer) -> None:
    rows = frames.unmeasured_rows(status)
    sheet.heading(
        "Not measured", "There is no fresh evidence for these: they earn no points, and their weight still counts."
    )
    if rows.empty:
        sheet.text("Nothing is unknown.")
    else:
        sheet.text_table("Not measured", rows)
    if attested := words.attested_sentence(status):
        sheet.text(attested)


def _path(sheet: Sheet, review: ReviewAnswer) -> None:
    target = review["status"]["readiness"]["target"]
    sheet.heading(
        f"The cheapest path to {target:g}",
        "The fewest criteria that have to pass, blockers first: until the last one holds, readiness stays below it.",
    )
    rows = frames.path_rows(review["path"])
    if rows.empty:
        sheet.text(words.no_path(review["status"]))
    else:
        sheet.text_table("Path", rows)


with page("Weekly review", ABOUT) as opened:
    show(opened)
