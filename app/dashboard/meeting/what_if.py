"""What if, inline: the pace of the open factors, the effect beside it, and the way to make it a decision."""

from __future__ import annotations

from app.answers.types.forecast import JointForecastAnswer
from app.dashboard import cache, what_if_controls
from app.dashboard.forecast_sections import what_if_section
from app.dashboard.markup.tags import link
from app.dashboard.sheet import Sheet
from app.dashboard.tables.download import safe

MOST_LEVERS = 4


def what_if_inline(sheet: Sheet, answer: JointForecastAnswer, first: list[str]) -> None:
    """The controls (`first`: the factors to offer before others) and the forecast without and with the changes."""
    sheet.heading("What if", "The same forecast with a factor at another pace, without it, or after a freeze.")
    if not cache.levers(sheet.context.key):
        sheet.text("No factor has enough figures for a pace yet.")
        return
    with sheet.drawer("Try a change", "what-if-drawer", what_if_controls.followed()) as is_open:
        if is_open:
            _scenario(sheet, answer, first)


def _scenario(sheet: Sheet, answer: JointForecastAnswer, first: list[str]) -> None:
    key = sheet.context.key
    levers, titles = cache.levers(key), cache.droppable(key)
    linked, problem = what_if_controls.read_link(key, list(titles))
    if problem:
        sheet.warn(safe(problem))
    offered = sorted(levers, key=lambda name: (name not in linked.pace, name not in first))[:MOST_LEVERS]
    sheet.flush()
    scenario = what_if_controls.controls(key, linked, offered, titles)
    if not scenario:
        sheet.text("No scenario yet: choose above, and its effect appears here.", quiet=True)
        return
    changes = what_if_controls.written(scenario)
    what_if_section(sheet, {**answer, "what_if": cache.aside(key, changes, "", 0.0)["what_if"]}, with_curves=False)
    decided = next(iter([*scenario.pace, *scenario.drop]), "")
    if decided:
        address = sheet.context.links.page("", "tm-decide", **{"if": ",".join(changes), "decide": decided})
        sheet.html(f"<p>{link(f'Make it a decision: {titles.get(decided, decided)}', address)}</p>")
