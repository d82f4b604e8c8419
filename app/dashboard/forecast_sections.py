"""Sections of a page about the date that several pages share."""

from __future__ import annotations

import pandas as pd

from app.dashboard import charts
from app.dashboard import what_if_controls as page_whatif
from app.dashboard.download import safe
from app.dashboard.sheet import Sheet
from app.dashboard.tables.forecast import SLIP_WORDS, Answer, slip_rows
from app.wording import forecast as forecast_words
from app.wording.slip import slip_causes_sentence, slip_sentence
from app.wording.what_if import before_after, what_if_notes, what_if_sentence


def tell_slip(sheet: Sheet, slip: Answer) -> None:
    """How the date moved, and the parts of the move as bars with their words."""
    sheet.say(f"**{safe(slip_sentence(slip))}**")
    rows = slip_rows(slip)
    if rows.empty:
        return
    days = slip["unit"] == "days"
    what = "days: to the right later" if days else "percentage points of chance: to the right likelier"
    alt = f"Causes of the move: {slip_causes_sentence(slip)}"
    sheet.chart("Causes of the move", charts.moves_chart(rows, what), alt, rows)
    sheet.say(f"The parts sum to the move. {SLIP_WORDS}", quiet=True)


def tell_what_if(sheet: Sheet, answer: Answer) -> None:
    """The imagined answer in one sentence, beside the answer as things go."""
    sheet.say(f"**{safe(what_if_sentence(answer))}**")
    for note in forecast_words.lines(what_if_notes(answer)):
        sheet.say(safe(note), quiet=True)
    columns = ["", "As things go", "As imagined"]
    sheet.words("Before and after", pd.DataFrame(before_after(answer), columns=columns))
    rows = page_whatif.odds_beside(answer, answer["what_if"])
    if len(rows):
        alt = page_whatif.odds_beside_alt(answer, answer["what_if"])
        sheet.chart("Odds as imagined", charts.odds_chart(rows), alt, rows)
