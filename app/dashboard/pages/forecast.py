"""Forecast: the date with its odds or the reason why there is none, what moves it, and its track record."""

import pandas as pd

from app.answers.blockers import criteria_of
from app.answers.types.forecast import JointForecastAnswer
from app.answers.types.status import StatusAnswer
from app.dashboard import alt_texts, cache, charts, what_if_controls
from app.dashboard import sentences as words
from app.dashboard.course_section import fill_course, reserve_course
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments
from app.dashboard.forecast_sections import slip_section, what_if_section
from app.dashboard.markup.pictures import date_axis
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.claims import is_percent_claim
from app.dashboard.tables.download import safe
from app.dashboard.tables.forecast import (
    held_rows,
    kept_about,
    kept_rows,
    odds_rows,
    pace_rows,
    simulated_span,
    target_days,
    target_steps,
    timeline_dots,
    timeline_rows,
)
from app.wording.forecast import measured_headline, needed_lines, part_headline
from app.wording.text import count, when
from app.wording.track_record import record_sentences
from app.wording.what_if import goal_sentence

MOST_TIMELINES = 14
BEFORE = pd.Timedelta(days=28)
ABOUT = "when every GO rule holds and readiness reaches its target, as one event"


def show(sheet: Sheet) -> None:
    """The sentence first, then why, readiness by week, the odds, what-if, the factors, claims and the track record."""
    key = sheet.context.key
    sheet.remembered(_lead)
    course = reserve_course(sheet)
    sheet.remembered(_courses)
    _what_if(sheet, cache.forecast(key))
    sheet.remembered(_details)
    sheet.flush()
    cache.keep_shown(key)
    fill_course(sheet, course)


def _lead(sheet: Sheet) -> None:
    """The date or why there is none."""
    key = sheet.context.key
    answer, status = cache.forecast(key), cache.status(key)
    lead, dates = words.forecast_lead(answer)
    sheet.lead(lead)
    if dates:
        sheet.text(f"**{dates}**")
    if answer["outcome"] == "not_enough_evidence":
        _measured(sheet, answer)
        sheet.note(words.refusal(answer, status))
    else:
        sheet.bullets(words.why(answer))
    if answer["outcome"] not in ("dated", "holds"):
        sheet.text(f"**{safe(part_headline('Readiness alone', answer['readiness'], answer['horizon_days']))}**")


def _courses(sheet: Sheet) -> None:
    """What changed, readiness by week, the odds."""
    key = sheet.context.key
    answer = cache.forecast(key)
    _changed(sheet)
    _readiness(sheet, answer, cache.status(key))
    _odds(sheet, answer)


def _details(sheet: Sheet) -> None:
    """The factors, the claimed timelines, the track record."""
    key = sheet.context.key
    answer = cache.forecast(key)
    _factors(sheet, answer, cache.status(key))
    _claimed(sheet)
    _record(sheet, answer)


def _measured(sheet: Sheet, answer: JointForecastAnswer) -> None:
    """The date of what is measured, and what GO lacks evidence for."""
    if headline := measured_headline(answer):
        sheet.text(f"**{safe(headline)}**")
        sheet.bullets([f"Missing for GO: {safe(line)}" for line in needed_lines(answer)])


def _changed(sheet: Sheet) -> None:
    slip = cache.slip(sheet.context.key, sheet.context.since)
    sheet.heading(f"What changed since {when(sheet.context.since)}")
    slip_section(sheet, slip)


def _readiness(sheet: Sheet, answer: JointForecastAnswer, status: StatusAnswer) -> None:
    key, facts = sheet.context.key, sheet.context.facts
    readiness = frames.whole(cache.history(key))
    claims = frames.claim_rows([c for c in status["claims"] if is_percent_claim(c["metric"], c["value"])], readiness)
    days = target_days(answer)
    end = max([key.moment, readiness["at"].iloc[0] + charts.SHORTEST, *days["until"]])
    steps = target_steps(cache.targets(key), readiness["at"].iloc[0], end)
    simulated = simulated_span(facts.simulated_from, key.moment)
    sheet.heading("Readiness and its target", alt_texts.readiness_chart_about(days, claims, answer["target"]))
    marks = deployment_marks(cache.deployments(key), readiness["at"].iloc[0], end)
    chart = with_deployments(charts.readiness_chart(readiness, steps, claims, days, simulated), marks)
    alt = f"{alt_texts.readiness_chart_alt(readiness, claims, answer)} {deployments_about(marks)}".strip()
    sheet.chart("Readiness by week", chart, alt, readiness)
    sheet.text(deployments_about(marks), quiet=True)


def _odds(sheet: Sheet, answer: JointForecastAnswer) -> None:
    rows = odds_rows(answer)
    sheet.heading("The chance of being ready by a day")
    if rows.empty:
        sheet.text("There are no odds to draw: the measurements do not show when the target is reached.")
        return
    # The odds begin today: what was deployed in the weeks before is drawn to their left.
    marks = deployment_marks(cache.deployments(sheet.context.key), rows["at"].min() - BEFORE, rows["at"].max())
    sheet.text(f"{alt_texts.odds_about(answer)} {deployments_about(marks)}".strip(), quiet=True)
    alt = f"{alt_texts.odds_alt(answer)} {deployments_about(marks)}".strip()
    sheet.chart("Odds by date", with_deployments(charts.odds_chart(rows), marks), alt, rows)


def _what_if(sheet: Sheet, answer: JointForecastAnswer) -> None:
    key = sheet.context.key
    sheet.heading(
        "What if",
        "The same forecast with changes: a factor at another pace from now on, without a factor, after a freeze. "
        "The link of this page holds every choice.",
    )
    titles = cache.droppable(key)
    linked, problem = what_if_controls.read_link(key, list(titles))
    if problem:
        sheet.warn(safe(problem))
    sheet.flush()
    scenario = what_if_controls.controls(key, linked, cache.levers(key), titles)
    changes = what_if_controls.written(scenario)
    if scenario:
        what_if_section(sheet, {**answer, "what_if": cache.aside(key, changes, "", 0.0)["what_if"]})
    else:
        sheet.text("No scenario yet: choose above, and its effect appears here.", quiet=True)
    sheet.heading(
        "What must be true for a day", "The cheapest changes of pace that make GO by that day as likely as asked."
    )
    sheet.flush()
    by, chance = what_if_controls.goal_controls(key, answer["horizon_days"])
    if by:
        goal = cache.aside(key, changes, by, chance)["goal"]
        sheet.text(f"**{safe(goal_sentence(goal, imagined=bool(scenario)))}**")


def _factors(sheet: Sheet, answer: JointForecastAnswer, status: StatusAnswer) -> None:
    criteria = criteria_of(status)
    links = sheet.context.links
    rows, held = pace_rows(answer, criteria, links), held_rows(answer, criteria, links)
    sheet.heading(
        "Factors still open",
        "Each date is for that factor alone. Pace a week: of at most the last 13 weeks, and needed to finish in "
        "26 weeks; pp: percentage points.",
    )
    if len(rows):
        sheet.text_table("Factors still open", rows)
    else:
        sheet.text(
            "Every factor that has been measured holds."
            if len(held)
            else "No factor has been measured yet; Data health shows how to begin."
        )
    if len(held):
        sheet.heading("Factors that hold", "Any of them can still fall back: GO needs all of them on the same day.")
        sheet.text_table("Factors that hold", held)


def _claimed(sheet: Sheet) -> None:
    claims = cache.timelines(sheet.context.key)
    if claims:
        sheet.heading(
            "Claimed timelines",
            "The last claimed timeline of each document, newest first. Hollow dot: the day it was claimed. Filled: the "
            "day that it named, when it has passed. Dashed line: the day of this page.",
        )
        words = f"Claimed timelines of {count(len(claims), 'document')}, by the day they were claimed and the day named"
        shown = claims[:MOST_TIMELINES]
        sheet.html(date_axis(timeline_dots(shown), words, sheet.look, sheet.context.key.moment))
        sheet.text_table("Claimed timelines", timeline_rows(claims))


def _record(sheet: Sheet, answer: JointForecastAnswer) -> None:
    sheet.heading("Track record", kept_about(cache.is_sample(sheet.context.key)))
    kept = kept_rows(cache.kept_forecasts(sheet.context.key))
    sheet.bullets([safe(text) for text in record_sentences(answer["track_record"])])
    if len(kept) > 1:
        frame = pd.DataFrame(kept)
        marks = deployment_marks(cache.deployments(sheet.context.key), frame["at"].min(), frame["at"].max())
        chart = with_deployments(charts.kept_chart(kept), marks, "forecast made on")
        alt = f"{alt_texts.kept_alt(kept)} {deployments_about(marks)}".strip()
        sheet.chart("Forecasts kept", chart, alt, frame)


with page("Forecast", ABOUT) as opened:
    show(opened)
