"""What moved and why: one waterfall whose bars open in place, each with its trend, commits and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import accumulate

import pandas as pd

from app.answers.types.movement import CommitAnswer, CriterionMoveAnswer, ItemAnswer, MovedAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard.markup.bars import span_bar
from app.dashboard.markup.links import Links
from app.dashboard.markup.pictures import Look, trend
from app.dashboard.markup.tables import table
from app.dashboard.markup.tags import link, text
from app.dashboard.sheet import Sheet
from app.dashboard.tables import movement as movement_tables
from app.dashboard.tables.common import short_hashes, wanted
from app.dashboard.tables.download import safe
from app.wording.movement import SumPart, movement_parts
from app.wording.numbers import number, quantity
from app.wording.text import count, listing, people, when

MOST_COMMITS, MOST_ITEMS = 8, 8
MOST_OPENED = 10  # bars with what is behind them; a browser checks all of it at each visit, also what stays shut
# Items of these kinds are what a metric counts: the beginning of its name.
_COUNTED = (
    ("todo_count", "marker"),
    ("tests_", "failing_test"),
    ("findings_", "finding"),
    ("secrets_", "finding"),
    ("issues_open_", "issue"),
    ("issue_oldest_", "issue"),
    ("incidents_open_", "incident"),
    ("incident_oldest_", "incident"),
)


def waterfall(
    sheet: Sheet,
    moved: MovedAnswer,
    criteria: Mapping[str, CriterionAnswer],
    history: pd.DataFrame,
    limit: int | None = None,
) -> None:
    """Readiness then, each part, readiness now; a part of a criterion opens its trend, its commits and its items."""
    context = sheet.context
    lines = "\n".join(f"- {safe(part.name)}: {part.label}" for part in movement_parts(moved, limit))
    sheet.html(waterfall_html(moved, criteria, history, limit, context.links, sheet.look), lines)
    sheet.keep("Moves", movement_tables.part_rows(moved, limit), markdown=False)


def waterfall_html(
    moved: MovedAnswer,
    criteria: Mapping[str, CriterionAnswer],
    history: pd.DataFrame,
    limit: int | None,
    links: Links,
    look: Look,
) -> str:
    """The waterfall as HTML."""
    parts = movement_parts(moved, limit)
    by_id = {move["id"]: move for move in moved["criteria"]}
    levels = list(accumulate((part.points for part in parts), initial=moved["readiness"]["before"] or 0.0))
    low, high = min(levels), max(levels)
    room = high - low or 1.0
    scale = (low - 0.06 * room, high + 0.02 * room)
    rows = [_ends("Readiness then", levels[0], scale)]
    for place, (part, start) in enumerate(zip(parts, levels, strict=False)):
        move = by_id.get(part.criterion) if place < MOST_OPENED else None
        opened = _opened(move, moved, criteria, history, links, look)
        rows.append(_row(part, start, scale, opened, links))
    rows.append(_ends("Readiness now", moved["readiness"]["after"] or 0.0, scale))
    words = listing([f"{part.name} {part.label}" for part in parts], 12)
    return f'<div class="tm-waterfall" role="group" aria-label="{escape(words)}">{"".join(rows)}</div>'


def _ends(name: str, value: float, scale: tuple[float, float]) -> str:
    bar = span_bar(scale[0], value, scale, "sum")
    return (
        f'<div class="tm-plain"><span class="tm-name">{name}</span><span class="tm-points">{number(value)}</span>'
        f"{bar}</div>"
    )


def _row(part: SumPart, start: float, scale: tuple[float, float], opened: str, links: Links) -> str:
    """A bar; one that opens, or whose name leads to its commits where it has any."""
    bar = span_bar(start, start + part.points, scale, "gain" if part.points > 0 else "loss")
    leads = bool(part.criterion) and not opened
    name = link(part.name, links.page("movement", factor=part.criterion)) if leads else text(part.name)
    inner = f'<span class="tm-name">{name}</span><span class="tm-points">{part.label}</span>{bar}'
    if not opened:
        return f'<div class="tm-plain">{inner}</div>'
    return f'<details class="tm-row"><summary>{inner}</summary><div>{opened}</div></details>'


def _opened(
    move: CriterionMoveAnswer | None,
    moved: MovedAnswer,
    criteria: Mapping[str, CriterionAnswer],
    history: pd.DataFrame,
    links: Links,
    look: Look,
) -> str:
    """What is behind a bar: from and to, the trend, the commits, the items; nothing behind one of no criterion."""
    if move is None:
        return ""
    criterion = criteria.get(move["id"])
    parts = [_from_to(move, criterion, links)]
    if criterion is not None:
        parts.append(trend_of(criterion, history, look))
    parts.append(_commits(move, links))
    items = _items_of(moved, criterion)
    parts += [_items(word, rows, links) for word, rows in items]
    return "".join(parts)


def _from_to(move: CriterionMoveAnswer, criterion: CriterionAnswer | None, links: Links) -> str:
    threshold = criterion["threshold"] if criterion else None
    before, after = (quantity(value, move["unit"], threshold) for value in (move["before"], move["after"]))
    needs = f", needs {text(wanted(criterion))}" if criterion else ""
    more = f" · {link('its whole history', links.criterion(move['id']))}" if criterion else ""
    return f"<p>{text(before)} to <b>{text(after)}</b>{needs}{more}</p>"


def trend_of(criterion: CriterionAnswer, history: pd.DataFrame, look: Look) -> str:
    """The weekly values of a criterion with its threshold; nothing where there are fewer than two."""
    rows = history[(history["criterion"] == criterion["id"]) & history["value"].notna()]
    if len(rows) < 2:
        return ""
    points = list(zip(rows["at"].dt.to_pydatetime(), rows["value"].astype(float), strict=True))
    ends = [quantity(value, criterion["unit"], criterion["threshold"]) for value in (points[0][1], points[-1][1])]
    needs = f"needs {wanted(criterion)}"
    words = f"{criterion['title']}, {count(len(points), 'weekly value')}: {ends[0]} to {ends[1]}, {needs}"
    return trend(points, criterion["threshold"], needs, words, look)


def _commits(move: CriterionMoveAnswer, links: Links) -> str:
    """The commits behind a bar, a line each: a table would be three times the elements, for two or three commits."""
    if not move["commits"]:
        because = move["because"] if move["grade"] == "not comparable" else "no commit of the window is linked to it"
        return f'<p class="tm-quiet">{text(because)}</p>'
    ordered = sorted(move["commits"], key=lambda commit: -abs(commit["delta"] or 0))
    lines = "".join(_commit(commit, move, links) for commit in ordered[:MOST_COMMITS])
    left = len(ordered) - MOST_COMMITS
    more = link(f"{count(left, 'more commit')}", links.page("movement", factor=move["id"])) if left > 0 else ""
    rest = f'<p class="tm-quiet">{more}</p>' if more else ""
    return f'<ul class="tm-commits" aria-label="Commits behind {escape(move["title"])}">{lines}</ul>{rest}'


def _commit(commit: CommitAnswer, move: CriterionMoveAnswer, links: Links) -> str:
    """What it changed and how well that is known, behind its hash, subject, author and day."""
    author = link(people(commit), links.author(commit["author"]) if commit["author"] else "")
    facts = [
        when(str(commit["date"])) if commit["date"] else "",
        movement_tables.signed(commit["delta"], move["unit"]) if commit["delta"] is not None else "",
        short_hashes(commit["grade"] or move["grade"]),
    ]
    known = " · ".join(text(fact) for fact in facts if fact)
    subject = text(commit["subject"])
    return f"<li>{link(commit['commit'][:10], commit['url'])} {subject} <span>· {author} · {known}</span></li>"


def _items_of(moved: MovedAnswer, criterion: CriterionAnswer | None) -> list[tuple[str, Sequence[ItemAnswer]]]:
    """The items of the kind that a criterion counts, closed and opened."""
    if criterion is None:
        return []
    kind = next((kind for beginning, kind in _COUNTED if criterion["metric"].startswith(beginning)), "")
    both = (("closed", moved["items"]["closed"]), ("opened", moved["items"]["opened"]))
    found = [(word, [item for item in items if _is_counted(item, kind, criterion["scope"])]) for word, items in both]
    return [(word, rows) for word, rows in found if rows]


def _is_counted(item: ItemAnswer, kind: str, scope: str) -> bool:
    if item["kind"] in ("issue", "incident"):
        return item["kind"] == kind and scope in (item["scope"], item["label"])
    if item["kind"] != kind or kind != "marker":
        return item["kind"] == kind
    return item["path_class"] == "code" and scope in ("", item["scope"], f"marker:{item['label']}")


def _items(word: str, rows: Sequence[ItemAnswer], links: Links) -> str:
    frame = movement_tables.item_rows(rows[:MOST_ITEMS], links)
    left = len(rows) - MOST_ITEMS
    more = f'<p class="tm-quiet">{link(count(left, "more item"), links.page("movement"))}</p>' if left > 0 else ""
    return f"<p>{count(len(rows), 'item')} {word}</p>{table(f'Items {word}', frame)}{more}"
