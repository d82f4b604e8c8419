"""Rollout: phases and stages, checks, rollback, communication and monitoring, behind the GO that opens them."""

from app import page_data
from app import page_words as words
from app.page_parts import Sheet, page
from app.page_stages import KINDS, stage_rows, stages_of

ABOUT = "what happens after GO, and how to get back"


def show(sheet: Sheet) -> None:
    """Whether the first stage may start, then everything the plan says of it."""
    key = sheet.context.key
    if sheet.context.facts.has_evidence:
        status = page_data.status(key)
        sheet.lead(words.rollout_sentence(status), status["decision"]["verdict"])
    else:
        sheet.note("Nothing has been read yet, so nobody can say GO: run `tminus pull` in the folder of the project.")
    stages = stages_of(key)
    if not stages:
        sheet.note(
            "The plan lists no rollout yet. Add `[[stage]]` tables to tminus.toml, or import the checklist "
            "that has them: `tminus init --checklist FILE`."
        )
        return
    for kind, (title, about) in KINDS.items():
        rows = stage_rows([stage for stage in stages if stage.kind == kind])
        if len(rows):
            sheet.head(title, about)
            sheet.words(title, rows)


with page("Rollout", ABOUT, needs_evidence=False) as opened:
    show(opened)
