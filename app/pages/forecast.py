"""Forecast: the date with its odds or the reason why there is none, what it rests on, and its track record."""

import pandas as pd

from app import charts, page_data, page_forecast, phrasing
from app import page_chart_words as chart_words
from app import page_frames as frames
from app import page_words as words
from app.page_parts import Sheet, page

ABOUT = "when every GO rule holds and readiness reaches its target, as one event"


def show(sheet: Sheet) -> None:
    """The sentence first, then the way to it, the odds, the factors and the track record."""
    key = sheet.context.key
    answer, status = page_data.forecast(key), page_data.status(key)
    sheet.lead(words.safe_headline(answer))
    if answer["outcome"] == "not_enough_evidence":
        sheet.note(words.refusal(answer, status))
    else:
        sheet.bullets(words.drivers(answer))
    if answer["outcome"] != "dated":
        sheet.say(
            f"**{words.safe(phrasing.part_headline('Readiness alone', answer['readiness'], answer['horizon_days']))}**"
        )
    _way(sheet, answer, status)
    _odds(sheet, answer)
    _factors(sheet, answer, status)
    _record(sheet, answer)


def _way(sheet: Sheet, answer: dict, status: dict) -> None:
    key, facts = sheet.context.key, sheet.context.facts
    readiness = frames.whole(page_data.history(key))
    now = readiness["readiness"].iloc[-1]
    claims = frames.claim_rows([c for c in status["claims"] if words.is_percent_claim(c)], readiness)
    wedge = page_forecast.wedge(answer, now)
    end = max([key.moment, *wedge["at"]])
    steps = page_forecast.target_steps(page_data.targets(key), readiness["at"].iloc[0], end)
    simulated = page_forecast.simulated_span(facts.simulated_from, key.moment)
    sheet.head("The way to the target", chart_words.way_about(wedge, claims, answer["target"]))
    chart = charts.readiness_chart(readiness, steps, claims, wedge, simulated)
    sheet.chart("Readiness by week", chart, chart_words.way_alt(readiness, claims, answer), readiness)


def _odds(sheet: Sheet, answer: dict) -> None:
    rows = page_forecast.odds_rows(answer)
    sheet.head("The chance of being ready by a day")
    if rows.empty:
        sheet.say("There are no odds to draw: nothing measured can say when the target is reached.")
        return
    sheet.say(chart_words.odds_about(answer), quiet=True)
    sheet.chart("Odds by date", charts.odds_chart(rows), chart_words.odds_alt(answer), rows)


def _factors(sheet: Sheet, answer: dict, status: dict) -> None:
    rows = page_forecast.pace_rows(answer, frames.criteria_of(status))
    sheet.head(
        "Factor by factor",
        "Seen: the pace of the last 13 weeks. Needed: the pace that would do in 26. Each date is the factor's own.",
    )
    if rows.empty:
        sheet.say("No factor has been measured yet; Data health says how to begin.")
    else:
        sheet.words("Factors", rows)


def _record(sheet: Sheet, answer: dict) -> None:
    sheet.head("Track record", "Every forecast that the command line shows is kept, and scored when its day comes.")
    kept = page_forecast.kept_rows(page_data.kept_forecasts(sheet.context.key))
    sheet.say(words.track_record(answer["track_record"], len(kept)))
    if len(kept) > 1:
        sheet.chart("Forecasts kept", charts.kept_chart(kept), chart_words.kept_alt(kept), pd.DataFrame(kept))


with page("Forecast", ABOUT) as opened:
    show(opened)
