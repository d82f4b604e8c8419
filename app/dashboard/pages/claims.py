"""Claims vs evidence: what documents claim, with file and line, beside the evidence of that week."""

import pandas as pd
import streamlit as st

from app.dashboard import alt_texts, cache, charts
from app.dashboard.cache import Key
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.claims import claims_sentence, claims_table, percent_claims
from app.dashboard.tables.forecast import simulated_span, target_steps

ABOUT = "a claim is shown beside the evidence; it changes no readiness"
KINDS = {
    "percent": "Percentages of readiness",
    "all": "All claims",
    "words": "Verdict words",
    "other": "Ticks and others",
}


def show(sheet: Sheet) -> None:
    """The widest gap in a sentence, the timeline, the list."""
    if _claims(sheet.context.key).empty:
        sheet.lead("No document claims anything yet.")
        sheet.note(
            "At every `tminus pull`, T-minus looks for percentages of readiness and for GO verdicts "
            "in the documents of the repository."
        )
        return
    sheet.remembered(_timeline)
    sheet.heading("Every claim, newest first")
    sheet.remembered(_list, sheet.choose("Kind of claim", KINDS, "kind"))


def _timeline(sheet: Sheet) -> None:
    """The widest gap in a sentence, and the claims beside the readiness by evidence."""
    key, facts = sheet.context.key, sheet.context.facts
    readiness, claims = frames.whole(cache.history(key)), _claims(key)
    percent = claims[percent_claims(claims)]
    sheet.lead(claims_sentence(percent, len(claims)))
    if len(percent):
        end = key.moment
        steps = target_steps(cache.targets(key), min(readiness["at"].iloc[0], percent["at"].min()), end)
        simulated = simulated_span(facts.simulated_from, end)
        sheet.text("Line: readiness by evidence, week by week. Hollow diamonds: what a document claimed.", quiet=True)
        marks = deployment_marks(cache.deployments(key), readiness["at"].iloc[0], end)
        chart = with_deployments(charts.readiness_chart(readiness, steps, percent, pd.DataFrame(), simulated), marks)
        alt = f"{alt_texts.claims_alt(percent, readiness)} {deployments_about(marks)}".strip()
        sheet.chart("Claims against evidence", chart, alt, readiness)
        sheet.text(deployments_about(marks), quiet=True)


@st.cache_resource(show_spinner=False, max_entries=16)
def _claims(key: Key) -> pd.DataFrame:
    """The claims beside the evidence of their week."""
    return frames.claim_rows(cache.status(key)["claims"], frames.whole(cache.history(key)))


def _list(sheet: Sheet, kind: str) -> None:
    rows = claims_table(_claims(sheet.context.key), kind, sheet.context.links)
    if rows.empty:
        sheet.text("There is no claim of this kind.")
    else:
        sheet.table("Claims", rows)


with page("Claims vs evidence", ABOUT) as opened:
    show(opened)
