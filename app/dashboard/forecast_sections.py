"""Sections of a page about the date that several pages share."""

from __future__ import annotations

import pandas as pd

from app.answers.types.forecast import ChangedForecast, SlipAnswer
from app.dashboard import charts, what_if_controls
from app.dashboard.markup.bars import cause_bars
from app.dashboard.sheet import Sheet
from app.dashboard.tables.download import safe
from app.dashboard.tables.forecast import slip_rows
from app.wording import forecast as forecast_words
from app.wording.slip import slip_cause_notes, slip_causes_sentence, slip_sentence
from app.wording.what_if import before_after, what_if_notes, what_if_sentence


def slip_section(sheet: Sheet, slip: SlipAnswer) -> None:
    """How the date moved, and the parts of the move as bars with their words."""
    sheet.text(f"**{safe(slip_sentence(slip))}**")
    rows = slip_rows(slip)
    if rows.empty:
        return
    what = "Days, later to the right." if slip["unit"] == "days" else "Percentage points, likelier to the right."
    words = f"Causes of the move: {slip_causes_sentence(slip)}"
    parts = [tuple(row) for row in rows.itertuples(index=False, name=None)]
    sheet.html(cause_bars(parts, words), f"*{safe(words)}*")
    sheet.tables.append(("Causes of the move", rows))
    sheet.text(f"{what} The parts sum to the move. {slip_cause_notes(slip)}".strip(), quiet=True)


def what_if_section(sheet: Sheet, answer: ChangedForecast, *, with_curves: bool = True) -> None:
    """The forecast under the changes in one sentence, beside the forecast without them."""
    sheet.text(f"**{safe(what_if_sentence(answer, answer['what_if']))}**")
    for note in forecast_words.lines(what_if_notes(answer["what_if"])):
        sheet.text(safe(note), quiet=True)
    columns = ["Date or odds of GO", "Without changes", "In the scenario"]
    sheet.text_table("Before and after", pd.DataFrame(before_after(answer, answer["what_if"]), columns=columns))
    rows = what_if_controls.odds_beside(answer, answer["what_if"])
    if with_curves and len(rows):
        alt = what_if_controls.odds_beside_alt(answer, answer["what_if"])
        sheet.chart("Odds in the scenario", charts.odds_chart(rows), alt, rows)
