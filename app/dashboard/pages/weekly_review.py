"""Weekly review: the verdict, what was decided, what moved and why, what is stuck, the date, and what to decide."""

from collections.abc import Mapping, Sequence

import streamlit as st

from app.answers.blockers import blocker_changes, criteria_of, open_blockers
from app.answers.types.meeting import DecisionEntry
from app.answers.types.review import ReviewAnswer
from app.answers.types.status import StatusAnswer
from app.dashboard import cache
from app.dashboard import sentences as words
from app.dashboard.course_section import fill_course, plain_course, reserve_course
from app.dashboard.forecast_sections import slip_section
from app.dashboard.markup.tags import link
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.meeting.cards import cards, date_courses, history_courses
from app.dashboard.meeting.decide import decide_form, path_section
from app.dashboard.meeting.decisions import decisions_section
from app.dashboard.meeting.first_picture import ABOUT, TITLE, let_browser_draw, verdict_lead
from app.dashboard.meeting.frozen import chosen_frozen, freeze_control, frozen_page
from app.dashboard.meeting.moves import waterfall
from app.dashboard.meeting.stuck import changes_sentence, stuck_section
from app.dashboard.meeting.unmeasured import unmeasured_section
from app.dashboard.meeting.what_if import what_if_inline
from app.dashboard.production.cache import overdue_messages
from app.dashboard.production.sections import overdue
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables.download import safe, with_code
from app.dashboard.tables.movement import nothing_moved, other_changes
from app.wording.meeting import conditions, needs_action
from app.wording.movement import movement_parts, total_points
from app.wording.numbers import points
from app.wording.rollout.process import overdue_lines
from app.wording.status import also_against, is_first

Courses = Mapping[str, Sequence[float]]


def show(sheet: Sheet) -> None:
    """Bad news first; a frozen review is shown as it was."""
    if frozen := chosen_frozen(sheet):
        frozen_page(sheet, frozen)
    elif sheet.is_known:
        _show_known(sheet)
    else:
        _show_first(sheet)


def _show_known(sheet: Sheet) -> None:
    """Every answer is there: what follows each other is drawn as one element."""
    key = sheet.context.key
    status, decisions = cache.status(key), _due(sheet)
    review = _review(sheet, decisions)
    _lead(sheet, status)
    sheet.pause()
    _dates(sheet, review)
    sheet.pause()
    courses = {**_courses(sheet, status), **date_courses(cache.course_points(key))}
    sheet.html(_cards(sheet, words.review_figures(review), courses))
    let_browser_draw(sheet)
    _before_forecast(sheet, status, decisions)
    sheet.pause()
    with sheet.section("tm-stuck"):
        _stuck(sheet, review)
    sheet.pause()
    with sheet.section("tm-date"):
        _date(sheet, review)
        plain_course(sheet)
    _decide(sheet, review)
    sheet.flush()
    cache.keep_shown(key)


def _show_first(sheet: Sheet) -> None:
    """What needs no forecast is drawn first: a day that nobody has opened before answers at once."""
    key = sheet.context.key
    status = cache.status(key)
    _lead(sheet, status)
    date_line, strip = sheet.place(), st.empty()
    courses = _courses(sheet, status)
    strip.html(_cards(sheet, _standing(sheet, status), courses))
    let_browser_draw(sheet)
    decisions = _due(sheet)
    _before_forecast(sheet, status, decisions)
    sheet.pause()
    review = _review(sheet, decisions)
    with sheet.filling(date_line):
        _dates(sheet, review)
    strip.html(_cards(sheet, words.review_figures(review), courses))
    with sheet.section("tm-stuck"):
        _stuck(sheet, review)
    with sheet.part("tm-date"):
        _date(sheet, review)
        course = reserve_course(sheet)
    _decide(sheet, review)
    sheet.flush()
    cache.keep_shown(key)
    fill_course(sheet, course, is_plain=True)
    strip.html(_cards(sheet, words.review_figures(review), {**courses, **date_courses(cache.course_points(key))}))


def _due(sheet: Sheet) -> list[DecisionEntry]:
    return meeting_cache.due_decisions(sheet.context.key, sheet.context.since)


def _review(sheet: Sheet, decisions: list[DecisionEntry]) -> ReviewAnswer:
    """The review of this state; its decisions are those of now. The menu that freezes it comes with it."""
    review: ReviewAnswer = {**cache.review(sheet.context.key, sheet.context.since), "decisions": decisions}
    with sheet.slot:
        freeze_control(sheet, review)
    return review


def _lead(sheet: Sheet, status: StatusAnswer) -> None:
    """The sentence of the week, and what else is against GO."""
    verdict_lead(sheet, status, cache.status_before(sheet.context.key, sheet.context.since))
    if against := also_against(status, blockers_open=bool(open_blockers(status))):
        sheet.text(with_code(against), quiet=True)


def _dates(sheet: Sheet, review: ReviewAnswer) -> None:
    """The sentence of the dates, and the words of the cards for the download."""
    sheet.text(words.date_sentence(review["forecast"]))
    sheet.figures(words.review_figures(review))


def _courses(sheet: Sheet, status: StatusAnswer) -> Courses:
    return history_courses(cache.history(sheet.context.key), criteria_of(status))


def _standing(sheet: Sheet, status: StatusAnswer) -> list[words.Figure]:
    """The figures that need no forecast."""
    before = cache.status_before(sheet.context.key, sheet.context.since)
    return words.standing_figures(status, before, words.change_since(status, before))


def _decide(sheet: Sheet, review: ReviewAnswer) -> None:
    """What if, the path, the form for a decision, and what is not measured."""
    status = review["status"]
    with sheet.part("tm-what-if"):
        what_if_inline(sheet, review["forecast"], [step["criterion"] for step in review["path"]])
    path_section(sheet, review["path"], status["readiness"], words.no_path(status))
    with sheet.part("tm-decide"):
        decide_form(sheet, criteria_of(cache.status(sheet.context.key)), review["path"], review["decisions"])
    with sheet.section("tm-unmeasured"):
        sheet.remembered(_unmeasured)


def _before_forecast(sheet: Sheet, status: StatusAnswer, decisions: Sequence[DecisionEntry]) -> None:
    """What was decided, what waits, what GO rests on, what moved."""
    key, links = sheet.context.key, sheet.context.links
    if needed := needs_action(status, decisions, sheet.context.day, len(open_blockers(status))):
        line = " · ".join(link(words, links.page("", section)) for words, section in needed)
        sheet.html(f"<p><b>Needs action:</b> {line}</p>", f"**Needs action:** {', '.join(part[0] for part in needed)}.")
    with (sheet.part if decisions else sheet.section)("tm-decisions"):
        decisions_section(sheet, decisions)
    overdue(sheet, overdue_lines(overdue_messages(key), key.moment.isoformat()))
    if status["decision"]["verdict"] == "CONDITIONAL GO":
        _conditions(sheet, status)
    with sheet.section("tm-moves"):
        sheet.remembered(_moves)


def _cards(sheet: Sheet, figures: Sequence[words.Figure], courses: Courses) -> str:
    return cards(figures, courses, sheet.context.links.page(""), sheet.look)


def _unmeasured(sheet: Sheet) -> None:
    unmeasured_section(sheet, cache.status(sheet.context.key))


def _moves(sheet: Sheet) -> None:
    key = sheet.context.key
    moved, criteria = cache.moved(key, sheet.context.since), criteria_of(cache.status(key))
    if is_first(moved):
        sheet.heading("What was measured first", "What earns the most points. A bar opens with its trend and commits.")
    else:
        total = points(total_points(moved))
        sheet.heading("What moved and why", f"The bars sum to {total} points. A bar opens with its trend and commits.")
    if not movement_parts(moved):
        sheet.text(nothing_moved(sheet.context.since))
        return
    waterfall(sheet, moved, criteria, cache.history(key), 6)
    sheet.bullets(other_changes(moved))
    sheet.html(f"<p>{link('All commits and items of this window', sheet.context.links.page('movement'))}</p>")


def _stuck(sheet: Sheet, review: ReviewAnswer) -> None:
    key, criteria = sheet.context.key, criteria_of(review["status"])
    sheet.heading("Stuck", "The open blockers, the furthest from its threshold first.")
    if changes := changes_sentence(blocker_changes(review["before"], review["status"]), criteria):
        sheet.text(changes)
    rows = review["stuck"]
    if rows:
        stuck_section(sheet, rows, criteria, cache.history(key), review["forecast"], review["decisions"])
    else:
        sheet.text("No blocker is open.")


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


with page(TITLE, ABOUT) as opened:
    show(opened)
