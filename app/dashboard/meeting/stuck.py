"""Stuck: a row for each open blocker, the furthest from its threshold first, with what is next in concrete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from app.answers.types.forecast import CriterionForecast, JointForecastAnswer
from app.answers.types.meeting import DecisionEntry, LastMoveAnswer, NextItem, StuckAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import chip, coded, link, text
from app.dashboard.sheet import Sheet
from app.dashboard.tables import common as frames
from app.dashboard.tables.download import safe
from app.dashboard.tables.factors import courses_of, progress_bar, spark
from app.wording.next_steps import next_step
from app.wording.numbers import pace as spoken_pace
from app.wording.numbers import quantity
from app.wording.text import shorten, shorten_path, when

MOST_ROWS = 12


def stuck_section(
    sheet: Sheet,
    rows: Sequence[StuckAnswer],
    criteria: Mapping[str, CriterionAnswer],
    history: pd.DataFrame,
    forecast: JointForecastAnswer,
    decisions: Sequence[DecisionEntry],
) -> None:
    """The rows, and their words in the download."""
    courses = courses_of(history)
    parts = {part["id"]: part for part in forecast["criteria"]}
    owners = {entry["criterion"]: entry["owner"] for entry in decisions if entry["outcome"] == "open"}
    drawn, table = [], []
    for row in rows[:MOST_ROWS]:
        criterion = criteria[row["id"]]
        facts = _facts(row, criterion, parts.get(row["id"]), owners.get(row["id"]) or row["owner"], sheet.context.links)
        bar = progress_bar(criterion).markup + " " + spark(criterion, courses.get(row["id"], []), sheet.look, 12).markup
        drawn.append(_row(row, criterion, bar, facts, sheet.context.links))
        table.append({"Blocker": criterion["title"], **{name: words for name, words, _ in facts}})
    sheet.html(f'<div role="list">{"".join(drawn)}</div>')
    sheet.keep("Stuck", pd.DataFrame(table))
    if len(rows) > MOST_ROWS:
        sheet.text(f"{len(rows) - MOST_ROWS} more blockers are open: the Gates page lists all.", quiet=True)


Fact = tuple[str, str, str]  # name, words, HTML


def _facts(
    row: StuckAnswer, criterion: CriterionAnswer, part: CriterionForecast | None, owner: str, links: Links
) -> list[Fact]:
    now = frames.now_and_needs(criterion)
    since = f"since {when(row['since'])}" if row["since"] else "never measured"
    if row["since"] and row["since"] == row["first"]:
        since += ", its first figure"
    pace, by = _pace(part, criterion)
    facts = [("Now", now, f"<b>{text(now)}</b>"), ("Not met", since, text(since)), ("Pace", pace, text(pace))]
    facts.append(("50% date", by, text(by)))
    facts.append(("Owner", owner or "nobody yet", link(owner, links.author(owner)) if owner else "nobody yet"))
    return [*facts, _moved_fact(row["last_move"], criterion, links)]


def _pace(part: CriterionForecast | None, criterion: CriterionAnswer) -> tuple[str, str]:
    if part is None or part["outcome"] == "not_enough_evidence":
        return "too few figures", "no date: too few figures"
    return spoken_pace(part["pace_seen"], criterion["unit"]), when(part["quantiles"]["p50"], "no date")


def _moved_fact(move: LastMoveAnswer | None, criterion: CriterionAnswer, links: Links) -> Fact:
    if move is None:
        return ("Last moved", "no measurement has moved it", "no measurement has moved it")
    figures = [quantity(move[key], criterion["unit"], criterion["threshold"]) for key in ("before", "after")]
    change = f"{figures[0]} to {figures[1]} on {when(move['date'])}"
    if not move["commit"]:
        return ("Last moved", change, text(change))
    what = shorten(f"{move['subject']} ({move['author']})" if move["subject"] else "", 90)
    commit = link(move["commit"][:10], move["url"] or links.commit(move["commit"], move["author"]))
    words = f"{change}, measured at {move['commit'][:10]} {what}".strip()
    return ("Last moved", words, f"{text(change)}, measured at {commit} {text(what)}")


def _row(row: StuckAnswer, criterion: CriterionAnswer, bar: str, facts: Sequence[Fact], links: Links) -> str:
    name = row["id"]
    state = chip(frames.state(criterion), "bad" if criterion["state"] == "failing" else "warn")
    actions = " · ".join(
        (
            link("Decide", links.page("", "tm-decide", decide=name)),
            link("What if it went twice as fast?", links.page("", "tm-what-if", **{"if": f"{name}=2x"})),
            link("History", links.criterion(name)),
        )
    )
    cells = "".join(f"<div><dt>{label}</dt><dd>{markup}</dd></div>" for label, _, markup in facts)
    title = link(criterion["title"], links.criterion(name))
    return (
        f'<div class="tm-stuck" role="listitem"><h4>{title} {state}</h4>{bar}<dl class="tm-facts">{cells}</dl>'
        f'{_next(row["next"], criterion)}<p class="tm-actions">{actions}</p></div>'
    )


def _next(items: Sequence[NextItem], criterion: CriterionAnswer) -> str:
    """What to do next: the items where there are any, else the step of the plan."""
    step = next_step(criterion)[1]
    if not items:
        return f'<div class="tm-next">Next: {coded(step)}</div>' if step else ""
    least = "Files with the most that is not covered" if items[0]["path"] else "Parts with the least coverage"
    head = {"coverage_": least, "todo_": "Oldest markers", "tests_": "Failing tests"}
    title = next((words for start, words in head.items() if criterion["metric"].startswith(start)), "Open longest")
    is_file = criterion["metric"].startswith("coverage_")
    rows = "".join(f"<li>{_file(item) if is_file and item['path'] else _item(item)}</li>" for item in items)
    return f'<div class="tm-next">Next: {title}<ul>{rows}</ul></div>'


def _file(item: NextItem) -> str:
    return f"{link(shorten_path(item['path'], 70), item['url'])}: {text(item['words'])}"


def _item(item: NextItem) -> str:
    if item["value"] is not None:
        return f"{text(item['words'])}: {text(quantity(item['value'], item['unit']))}"
    place = f"{shorten_path(item['path'], 60)}{frames.line_words(item['line'])}"
    since = f", since {when(item['since'])}" if item["since"] else ""
    where = f" in {link(place, item['url'])}" if item["path"] else ""
    return f"{text(shorten(item['words'], 100))}{where}{since}"


def changes_sentence(changes: Sequence[tuple[str, str]], criteria: Mapping[str, CriterionAnswer]) -> str:
    """Which blockers are new, and which were cleared, since the last review."""
    words: dict[str, list[str]] = {}
    for change, name in changes:
        if not change.startswith("still open"):
            words.setdefault(change, []).append(safe(criteria[name]["title"]))
    return " ".join(f"**{change.capitalize()}:** {', '.join(names)}." for change, names in words.items())
