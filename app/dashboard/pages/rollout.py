"""Rollout: the current stage and its clock, what holds the next one, windows, drills, messages and runbooks."""

from app.dashboard.cache import stages_of
from app.dashboard.production import cache as production
from app.dashboard.production import sections
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables.stages import COMMANDS, KINDS, is_boxes, stage_rows

ABOUT = "what happens after GO, and how to get back"


def show(sheet: Sheet) -> None:
    """Where the rollout is and what it waits for; then what the plan lists, folded away."""
    key = sheet.context.key
    stages = stages_of(key)
    if sheet.context.facts.has_evidence:
        _process(sheet)
    else:
        sheet.note("Nothing has been read yet, so there is no verdict: run `tminus pull` in the folder of the project.")
    if not stages:
        sheet.note(
            "The plan lists no rollout yet. Add `[[stage]]` tables to tminus.toml, or import the checklist "
            "that has them: `tminus init --checklist FILE`."
        )
        return
    _listed(sheet)


def _process(sheet: Sheet) -> None:
    key = sheet.context.key
    answer = production.rollout(key)
    sections.lead(sheet, answer)
    sections.verdicts(sheet, answer)
    sections.stepper(sheet, answer)
    if answer["stages"] or answer["deployments"]:
        sections.windows(sheet, answer)
        sections.escalation(sheet, answer)
    if answer["drills"] or answer["stages"]:
        sections.drills(sheet, answer)
    if answer["messages"]:
        sections.messages(sheet, answer)
    sections.events(sheet, answer)
    sections.runbooks(sheet, production.runbooks(key)["runbooks"])


def _listed(sheet: Sheet) -> None:
    """Phases, checks and lists of the plan as the document has them: text, which nothing enforces."""
    stages = stages_of(sheet.context.key)
    sheet.heading("As the plan lists it", "Phases, checks and commands in the words of the plan.")
    for kind, (title, about) in KINDS.items():
        shown = [stage for stage in stages if stage.kind == kind]
        if not shown:
            continue
        with sheet.folded(title):
            sheet.text(about, quiet=True)
            cards = "".join(
                sections.listed(sheet, stage, commands=kind in COMMANDS and not is_boxes(stage)) for stage in shown
            )
            sheet.html(f'<div class="tm-stages">{cards}</div>')
    sheet.keep("Stages", stage_rows(stages), markdown=False)


with page("Rollout", ABOUT, needs_evidence=False) as opened:
    show(opened)
