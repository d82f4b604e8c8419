"""Factors: every criterion with its course, progress and pace; one of them in detail."""

from app.dashboard import alt_texts, cache, charts
from app.dashboard import sentences as words
from app.dashboard.deployment_marks import deployment_marks, deployments_about, with_deployments
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables import factors
from app.dashboard.tables.download import safe
from app.wording.status import arithmetic, not_for_go
from app.wording.text import sentence

ABOUT = "every criterion: its value, its history, its demand"
PACES = "Pace a week: of at most the last 13 weeks, and needed to finish in 26 weeks. pp: percentage points."


def show(sheet: Sheet) -> None:
    """The table of all, then one opened."""
    key = sheet.context.key
    explained = cache.explanation(key)
    criteria = {c["id"]: c for c in frames.by_urgency(explained["criteria"])}
    if not criteria:
        sheet.note("The plan has no criteria: add `[[gate.criterion]]` tables to tminus.toml, or import a checklist.")
        return
    sheet.remembered(_all)
    chosen = sheet.choose("Open a factor", {name: c["title"] for name, c in criteria.items()}, "factor")
    sheet.remembered(_opened, chosen)


def _all(sheet: Sheet) -> None:
    key = sheet.context.key
    criteria = {c["id"]: c for c in frames.by_urgency(cache.explanation(key)["criteria"])}
    rows = factors.factor_rows(
        criteria,
        cache.history(key),
        cache.forecast(key),
        sheet.context.links,
        sheet.look,
        not_for_go(cache.status(key)["decision"]["rules"]),
    )
    sheet.lead(words.factors_sentence(criteria))
    sheet.text_table("Factors", rows)
    sheet.text(PACES, quiet=True)


def _opened(sheet: Sheet, chosen: str) -> None:
    explained = cache.explanation(sheet.context.key)
    criterion = next(c for c in explained["criteria"] if c["id"] == chosen)
    plan = explained["plans"].get(chosen)
    sheet.heading(criterion["title"])
    sheet.text(words.factor_sentence(criterion))
    if doubt := not_for_go(cache.status(sheet.context.key)["decision"]["rules"]).get(chosen):
        sheet.text(f"**{safe(sentence(doubt))}**")
    sheet.bullets(words.factor_notes(criterion, plan))
    points = factors.series_points(cache.series(sheet.context.key, criterion["metric"], criterion["scope"]), criterion)
    if points.empty:
        sheet.note("No value of it is stored.")  # the step that measures it is one of the bullets
        return
    threshold = factors.axis_value(criterion["threshold"], criterion["unit"])
    title = factors.axis_title(criterion["unit"])
    chart = charts.series_chart(points, threshold, f"needs {frames.wanted(criterion)}", title)
    key = sheet.context.key
    marks = deployment_marks(cache.deployments(key), points["at"].min(), key.moment)
    alt = f"{alt_texts.series_alt(criterion, points)} {deployments_about(marks)}".strip()
    sheet.chart(f"{criterion['title']} over time", with_deployments(chart, marks), alt, points)
    sheet.text(f"{alt_texts.series_about(points)} {deployments_about(marks)}".strip(), quiet=True)
    sheet.text(f"Its points: {safe(arithmetic(criterion))}.", quiet=True)


with page("Factors", ABOUT) as opened:
    show(opened)
