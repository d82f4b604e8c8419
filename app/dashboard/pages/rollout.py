"""Rollout: phases and stages, checks, rollback, communication and monitoring, behind the GO that opens them."""

import streamlit as st

from app.dashboard import cache
from app.dashboard import sentences as words
from app.dashboard.cache import stages_of
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables.stages import COMMANDS, KINDS, is_boxes, lines_of, stage_about, stage_rows

ABOUT = "what happens after GO, and how to get back"


def show(sheet: Sheet) -> None:
    """Whether the first stage may start, then the stages of the plan by kind."""
    key = sheet.context.key
    if sheet.context.facts.has_evidence:
        status = cache.status(key)
        sheet.lead(words.rollout_sentence(status), status["decision"]["verdict"])
    else:
        sheet.note("Nothing has been read yet, so there is no verdict: run `tminus pull` in the folder of the project.")
    stages = stages_of(key)
    if not stages:
        sheet.note(
            "The plan lists no rollout yet. Add `[[stage]]` tables to tminus.toml, or import the checklist "
            "that has them: `tminus init --checklist FILE`."
        )
        return
    for kind, (title, about) in KINDS.items():
        shown = [stage for stage in stages if stage.kind == kind]
        if shown:
            sheet.heading(title, about)
        with st.container(horizontal=True):
            for stage in shown:
                commands = kind in COMMANDS and not is_boxes(stage)
                sheet.stage(stage.title, stage_about(stage), lines_of(stage), commands=commands)
    sheet.keep("Stages", stage_rows(stages), markdown=False)


with page("Rollout", ABOUT, needs_evidence=False) as opened:
    show(opened)
