"""Data health: what was read, when, what failed, what is old, and what nobody measures."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.answers.blockers import criteria_of
from app.dashboard import cache as page_data
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables import health

ABOUT = "what the figures of the other pages rest on"


def show(sheet: Sheet) -> None:
    """Sources, their failures and warnings, what is stored, what is unknown."""
    key, facts = sheet.context.key, sheet.context.facts
    runs, status = page_data.runs(key), page_data.status(key)
    sources = health.source_rows(runs, key.moment)
    sheet.lead(health.sentence(sources, status))
    _sources(sheet, sources, runs)
    _unknown(sheet, status)
    _stored(sheet)
    sheet.say(f"Warehouse: `{facts.warehouse}`", quiet=True)


def _sources(sheet: Sheet, sources: pd.DataFrame, runs: pd.DataFrame) -> None:
    sheet.head("Sources", "The last pull of each; a source that fails stops no other.")
    sheet.words("Sources", sources)
    failures, warnings = health.failure_rows(runs), health.warning_rows(runs)
    if len(failures):
        sheet.say("**Failures, newest first**")
        sheet.table("Failures", failures)
    if len(warnings):
        sheet.say("**Warnings of the last pull**")
        (sheet.words if len(warnings) <= 12 else sheet.table)("Warnings", warnings)


def _unknown(sheet: Sheet, status: Mapping[str, Any]) -> None:
    rows = frames.unmeasured_rows(status)
    sheet.head("Unknown, and how to measure it")
    if rows.empty:
        sheet.say("Nothing is unknown.")
    else:
        sheet.words("Unknown", rows)
    vouched = frames.vouched_rows(status)
    if len(vouched):
        sheet.head("Taken on a person's word", "These points end with the date that each person gave.")
        sheet.words("Vouched for", vouched)
    gaps = health.gap_rows(page_data.history(sheet.context.key), criteria_of(status))
    if len(gaps):
        sheet.head("Gaps", "Weeks at whose end no fresh figure spoke for a criterion, since evidence began.")
        sheet.words("Gaps", gaps)


def _stored(sheet: Sheet) -> None:
    rows = health.stored_rows(page_data.stored(sheet.context.key), sheet.context.key.moment)
    sheet.head("Figures stored", "One row a metric, scope and kind. Unknown: rows that say why there is no figure.")
    sheet.table("Figures", rows)


with page("Data health", ABOUT) as opened:
    show(opened)
