"""Claims vs evidence: what documents said, with file and line, against what the evidence showed."""

import pandas as pd

from app import charts, page_data, page_forecast
from app import page_chart_words as chart_words
from app import page_frames as frames
from app import page_words as words
from app.page_parts import Sheet, choose, page

ABOUT = "a claim is shown beside the evidence, and never moves the number"
KINDS = {"percent": "Readiness figures", "all": "All claims", "words": "Verdict words", "other": "Ticks and others"}


def show(sheet: Sheet) -> None:
    """The widest gap in a sentence, the timeline, the list."""
    key, facts = sheet.context.key, sheet.context.facts
    status = page_data.status(key)
    readiness = frames.whole(page_data.history(key))
    claims = frames.claim_rows(status["claims"], readiness)
    if claims.empty:
        sheet.lead("No document claims anything yet.")
        sheet.note(
            "T-minus looks for readiness figures and GO words in the repository's documents at every `tminus pull`."
        )
        return
    percent = claims[
        [
            words.is_percent_claim({"metric": m, "value": v})
            for m, v in zip(claims["metric"], claims["value"], strict=True)
        ]
    ]
    sheet.lead(words.claims_sentence(percent, len(claims)))
    if len(percent):
        end = key.moment
        steps = page_forecast.target_steps(
            page_data.targets(key), min(readiness["at"].iloc[0], percent["at"].min()), end
        )
        simulated = page_forecast.simulated_span(facts.simulated_from, end)
        sheet.say("Line: readiness by evidence, week by week. Hollow diamonds: what a document claimed.", quiet=True)
        chart = charts.readiness_chart(readiness, steps, percent, pd.DataFrame(), simulated)
        sheet.chart("Claims against evidence", chart, chart_words.claims_alt(percent, readiness), readiness)
    _list(sheet, claims)


def _list(sheet: Sheet, claims: pd.DataFrame) -> None:
    sheet.head("Every claim, newest first")
    kind = choose("Kind of claim", KINDS, "kind")
    rows = words.claims_table(claims, kind)
    if rows.empty:
        sheet.say("There is no claim of this kind.")
    else:
        sheet.table("Claims", rows)


with page("Claims vs evidence", ABOUT) as opened:
    show(opened)
