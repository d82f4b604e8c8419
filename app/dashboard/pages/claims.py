"""Claims vs evidence: what documents said, with file and line, against what the evidence showed."""

import pandas as pd

from app.dashboard import alt_texts as chart_words
from app.dashboard import cache as page_data
from app.dashboard import charts
from app.dashboard.sheet import Sheet, choose, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.claims import claims_sentence, claims_table, is_percent_claim
from app.dashboard.tables.forecast import simulated_span, target_steps

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
        [is_percent_claim({"metric": m, "value": v}) for m, v in zip(claims["metric"], claims["value"], strict=True)]
    ]
    sheet.lead(claims_sentence(percent, len(claims)))
    if len(percent):
        end = key.moment
        steps = target_steps(page_data.targets(key), min(readiness["at"].iloc[0], percent["at"].min()), end)
        simulated = simulated_span(facts.simulated_from, end)
        sheet.say("Line: readiness by evidence, week by week. Hollow diamonds: what a document claimed.", quiet=True)
        chart = charts.readiness_chart(readiness, steps, percent, pd.DataFrame(), simulated)
        sheet.chart("Claims against evidence", chart, chart_words.claims_alt(percent, readiness), readiness)
    _list(sheet, claims)


def _list(sheet: Sheet, claims: pd.DataFrame) -> None:
    sheet.head("Every claim, newest first")
    kind = choose("Kind of claim", KINDS, "kind")
    rows = claims_table(claims, kind)
    if rows.empty:
        sheet.say("There is no claim of this kind.")
    else:
        sheet.table("Claims", rows)


with page("Claims vs evidence", ABOUT) as opened:
    show(opened)
