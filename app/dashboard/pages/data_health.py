"""Data health: what was read, when, what failed, what is old, and what is not measured."""

import pandas as pd

from app.answers.blockers import criteria_of
from app.answers.types.status import StatusAnswer
from app.dashboard import cache
from app.dashboard.access.people import person
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables import health
from app.wording.text import count_of

ABOUT = "the sources behind the other pages"


def show(sheet: Sheet) -> None:
    """Sources, their failures and warnings, what is stored, what is unknown."""
    sheet.remembered(_read)
    _stored(sheet)
    _signed_acts(sheet)
    sheet.text(f"Warehouse: `{sheet.context.facts.warehouse}`", quiet=True)


def _read(sheet: Sheet) -> None:
    """What was read, and what is not known."""
    key = sheet.context.key
    runs, status = cache.runs(key), cache.status(key)
    sources = health.source_rows(runs, key.moment)
    sheet.lead(health.sentence(sources, status))
    _sources(sheet, sources, runs)
    _unknown(sheet, status)


def _sources(sheet: Sheet, sources: pd.DataFrame, runs: pd.DataFrame) -> None:
    sheet.heading("Sources", "The last pull of each; a failing source does not stop the others.")
    sheet.text_table("Sources", sources)
    failures, warnings = health.failure_rows(runs), health.warning_rows(runs)
    if len(failures):
        sheet.text("**Failures, newest first**")
        sheet.table("Failures", failures)
    if len(warnings):
        sheet.text("**Warnings of the last pull**")
        (sheet.text_table if len(warnings) <= 12 else sheet.table)("Warnings", warnings)


def _unknown(sheet: Sheet, status: StatusAnswer) -> None:
    rows = frames.unmeasured_rows(status)
    sheet.heading("Unknown, and how to measure it")
    if rows.empty:
        sheet.text("Nothing is unknown.")
    else:
        sheet.text_table("Unknown", rows)
    attested = frames.attested_rows(status)
    if len(attested):
        sheet.heading("Attested by a named person", "These points end on the date that each person gave.")
        sheet.text_table("Attested", attested)
    gaps = health.gap_rows(cache.history(sheet.context.key), criteria_of(status), sheet.context.links)
    if len(gaps):
        sheet.heading("Gaps", "Hollow: a week at whose end the criterion had no fresh value. Filled: a week with one.")
        sheet.text_table("Gaps", gaps)


def _signed_acts(sheet: Sheet) -> None:
    """The audit trail, for maintainers of a server with a sign-in."""
    who = person()
    if not who.is_known or who.role != "maintainer":
        return
    rows = health.signed_rows(meeting_cache.signed_acts(sheet.context.key))
    sheet.heading("Who wrote what", "Decisions and frozen reviews of people who signed in, newest first.")
    if rows.empty:
        sheet.text("Nobody who signed in has written anything yet.")
    else:
        sheet.table("Who wrote what", rows)


def _stored(sheet: Sheet) -> None:
    stored = cache.stored(sheet.context.key)
    sheet.heading(
        "Stored values", "One row per metric, scope and kind. Unknown: rows without a value, with the reason."
    )
    with sheet.drawer(count_of(len(stored), "series", "series"), "stored") as is_open:
        sheet.remembered(_stored_table, is_shown=is_open)


def _stored_table(sheet: Sheet) -> None:
    rows = health.stored_rows(cache.stored(sheet.context.key), sheet.context.key.moment)
    sheet.table("Stored values", rows)


with page("Data health", ABOUT) as opened:
    show(opened)
