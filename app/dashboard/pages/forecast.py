"""Forecast: the date with its odds or the reason why there is none, what moves it, and its track record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from app.answers.blockers import criteria_of
from app.dashboard import alt_texts as chart_words
from app.dashboard import cache as page_data
from app.dashboard import charts
from app.dashboard import sentences as words
from app.dashboard import what_if_controls as page_whatif
from app.dashboard.download import safe
from app.dashboard.forecast_sections import tell_slip, tell_what_if
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.claims import is_percent_claim
from app.dashboard.tables.forecast import (
    held_rows,
    kept_about,
    kept_rows,
    odds_rows,
    pace_rows,
    simulated_span,
    target_days,
    target_steps,
    timeline_rows,
)
from app.wording.forecast import measured_headline, needed_lines, part_headline
from app.wording.track_record import record_sentences
from app.wording.what_if import goal_sentence

ABOUT = "when every GO rule holds and readiness reaches its target, as one event"


def show(sheet: Sheet) -> None:
    """The sentence first, then why, the way to it, the odds, what-if, the factors, claims and the track record."""
    key = sheet.context.key
    answer, status = page_data.forecast(key), page_data.status(key)
    sheet.lead(words.safe_headline(answer))
    if answer["outcome"] == "not_enough_evidence":
        _measured(sheet, answer)
        sheet.note(words.refusal(answer, status))
    else:
        sheet.bullets(words.why(answer))
    if answer["outcome"] != "dated":
        sheet.say(f"**{safe(part_headline('Readiness alone', answer['readiness'], answer['horizon_days']))}**")
    _changed(sheet)
    _way(sheet, answer, status)
    _odds(sheet, answer)
    _what_if(sheet, answer)
    _factors(sheet, answer, status)
    _claimed(sheet)
    _record(sheet, answer)
    page_data.keep_shown(key)


def _measured(sheet: Sheet, answer: Mapping[str, Any]) -> None:
    """The date of what is measured, and what GO lacks evidence for."""
    if headline := measured_headline(answer):
        sheet.say(f"**{safe(headline)}**")
        sheet.bullets([f"Missing for GO: {safe(line)}" for line in needed_lines(answer)])


def _changed(sheet: Sheet) -> None:
    slip = page_data.slip(sheet.context.key, (sheet.context.day - timedelta(weeks=1)).isoformat())
    sheet.head("What changed since last week")
    tell_slip(sheet, slip)


def _way(sheet: Sheet, answer: Mapping[str, Any], status: Mapping[str, Any]) -> None:
    key, facts = sheet.context.key, sheet.context.facts
    readiness = frames.whole(page_data.history(key))
    claims = frames.claim_rows([c for c in status["claims"] if is_percent_claim(c)], readiness)
    days = target_days(answer)
    end = max([key.moment, readiness["at"].iloc[0] + charts.SHORTEST, *days["until"]])
    steps = target_steps(page_data.targets(key), readiness["at"].iloc[0], end)
    simulated = simulated_span(facts.simulated_from, key.moment)
    sheet.head("The way to the target", chart_words.way_about(days, claims, answer["target"]))
    chart = charts.readiness_chart(readiness, steps, claims, days, simulated)
    sheet.chart("Readiness by week", chart, chart_words.way_alt(readiness, claims, answer), readiness)


def _odds(sheet: Sheet, answer: Mapping[str, Any]) -> None:
    rows = odds_rows(answer)
    sheet.head("The chance of being ready by a day")
    if rows.empty:
        sheet.say("There are no odds to draw: nothing measured can say when the target is reached.")
        return
    sheet.say(chart_words.odds_about(answer), quiet=True)
    sheet.chart("Odds by date", charts.odds_chart(rows), chart_words.odds_alt(answer), rows)


def _what_if(sheet: Sheet, answer: Mapping[str, Any]) -> None:
    key = sheet.context.key
    sheet.head(
        "What if",
        "The same forecast asked again: a factor at another pace from now on, without a factor, after a freeze. "
        "The link of this page holds every choice.",
    )
    titles = page_data.droppable(key)
    linked, problem = page_whatif.read_link(key, list(titles))
    if problem:
        sheet.warn(safe(problem))
    imagined = page_whatif.controls(key, linked, page_data.levers(key), titles)
    if imagined:
        told = page_data.aside(key, page_whatif.written(imagined), "", 0.0)
        tell_what_if(sheet, {**answer, **told})
    else:
        sheet.say("Nothing is imagined yet: choose above, and the answer stands here.", quiet=True)
    sheet.head("What must be true for a day", "The cheapest changes of pace that make GO by that day likely enough.")
    by, chance = page_whatif.goal_controls(key, answer["horizon_days"])
    if by:
        goal = page_data.aside(key, page_whatif.written(imagined), by, chance)["goal"]
        sheet.say(f"**{safe(goal_sentence(goal, imagined=bool(imagined)))}**")


def _factors(sheet: Sheet, answer: Mapping[str, Any], status: Mapping[str, Any]) -> None:
    criteria = criteria_of(status)
    rows, held = pace_rows(answer, criteria), held_rows(answer, criteria)
    sheet.head(
        "Factors still open",
        "Pace a week: seen over the last 13 weeks, and needed to be there in 26. Each date is the factor's own.",
    )
    if len(rows):
        sheet.words("Factors still open", rows)
    else:
        sheet.say(
            "Every factor that has been measured holds."
            if len(held)
            else "No factor has been measured yet; Data health says how to begin."
        )
    if len(held):
        sheet.head("Factors that hold", "Any of them can still fall back: GO needs them all on the same day.")
        sheet.words("Factors that hold", held)


def _claimed(sheet: Sheet) -> None:
    claims = page_data.timelines(sheet.context.key)
    if claims:
        sheet.head("When documents said it would be ready", "The last claimed timeline of each document; newest first.")
        sheet.words("Claimed timelines", timeline_rows(claims))


def _record(sheet: Sheet, answer: Mapping[str, Any]) -> None:
    sheet.head("Track record", kept_about(page_data.is_sample(sheet.context.key)))
    kept = kept_rows(page_data.kept_forecasts(sheet.context.key))
    sheet.bullets([safe(text) for text in record_sentences(answer["track_record"])])
    if len(kept) > 1:
        sheet.chart("Forecasts kept", charts.kept_chart(kept), chart_words.kept_alt(kept), pd.DataFrame(kept))


with page("Forecast", ABOUT) as opened:
    show(opened)
