"""What a movement shows: the moves, the commits behind them, the items that opened and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from app.answers.types.movement import (
    CriterionMoveAnswer,
    ItemAnswer,
    MovedAnswer,
    SumAnswer,
)
from app.answers.types.status import CriterionAnswer
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import Linked
from app.dashboard.tables.common import line_words, short_hashes, state
from app.dashboard.tables.download import safe
from app.wording.movement import movement_parts
from app.wording.numbers import change, number, points, quantity
from app.wording.status import edit_text, is_first, lost_text
from app.wording.text import count, listing, people, when


def changed(moved: MovedAnswer, limit: int | None = None) -> list[CriterionMoveAnswer]:
    """The criteria whose points changed, the largest change first."""
    moves = (move for move in moved["criteria"] if move["points"])
    return sorted(moves, key=lambda c: -abs(c["points"]))[:limit]


def part_rows(moved: MovedAnswer, limit: int | None = None) -> pd.DataFrame:
    """The parts of a movement for the chart, the cap of open blockers among them; their labels sum to the change."""
    rows = [
        {"name": p.name, "points": p.points, "label": p.label, "direction": "gain" if p.points > 0 else "loss"}
        for p in movement_parts(moved, limit)
    ]
    return pd.DataFrame(rows, columns=["name", "points", "label", "direction"])


def moved_table(
    moves: Sequence[CriterionMoveAnswer], criteria: Mapping[str, CriterionAnswer], links: Links
) -> pd.DataFrame:
    """Moves in words: from, to, and how well the commits behind them are known."""
    return pd.DataFrame([_moved_row(c, criteria.get(c["id"]), links) for c in moves])


def _moved_row(change: CriterionMoveAnswer, criterion: CriterionAnswer | None, links: Links) -> dict[str, object]:
    threshold = criterion["threshold"] if criterion else None
    is_apart = change["grade"] == "not comparable"
    before, after = (quantity(value, change["unit"], threshold) for value in (change["before"], change["after"]))
    return {
        "Points": points(change["points"]),
        "Factor": Linked(change["title"], links.criterion(change["id"])) if criterion else change["title"],
        "From": before,
        "To": after,
        "Now": state(criterion) if criterion else "no longer in the plan",
        "Traced": short_hashes(f"{change['grade']}: {change['because']}" if is_apart else change["grade"]),
    }


def commit_rows(changes: Sequence[CriterionMoveAnswer], links: Links, author: str = "") -> pd.DataFrame:
    """The commits behind the changes, in the order of the changes, the biggest movers of each first.

    A commit has a share only where its grade allows one. `author`: only what this person wrote or merged.
    """
    return pd.DataFrame(
        [
            {
                "Factor": Linked(move["title"], links.criterion(move["id"])),
                "Commit": Linked(c["commit"][:10], c["url"]),
                "Day": when(str(c["date"])) if c["date"] else "–",
                "Author": Linked(people(c), links.author(c["author"]) if c["author"] else ""),
                "Subject": c["subject"],
                "Change": "–" if c["delta"] is None else signed(c["delta"], move["unit"]),
                "Traced": short_hashes(c["grade"] or move["grade"]),
            }
            for move in changes
            for c in sorted(move["commits"], key=lambda commit: -abs(commit["delta"] or 0))
            if not author or author in (c["author"], c["merged_by"])
        ],
        columns=["Factor", "Commit", "Day", "Author", "Subject", "Change", "Traced"],
    )


def sum_rows(sums: Sequence[SumAnswer], heading: str, links: Links | None = None) -> pd.DataFrame:
    """Sums by person (with `links`: each name leads to what the person moved) or by folder."""
    return pd.DataFrame(
        [
            {
                heading: Linked(row["name"], links.author(row["name"])) if links else row["name"],
                "Points": points(row["points"]) if row["points"] else "–",
                "Opened": row["opened"],
                "Closed": row["closed"],
                "Commits": row["commits"],
            }
            for row in sums
        ],
        columns=[heading, "Points", "Opened", "Closed", "Commits"],
    )


def signed(delta: float, unit: str) -> str:
    """A change of a value in its unit, with its sign."""
    return change(delta, unit) if delta else "no change"


def item_rows(items: Sequence[ItemAnswer], links: Links) -> pd.DataFrame:
    """Items that opened or closed."""
    return pd.DataFrame(
        [
            {
                "Kind": item["label"] or item["kind"],
                "Text": item["text"],
                "Place": Linked(f"{item['path']}{line_words(item['line'])}", item["url"]),
                "Commit": Linked(item["commit"][:10], links.commit(item["commit"], item["author"])),
                "By": Linked(people(item), links.author(item["author"]) if item["author"] else ""),
            }
            for item in items
        ],
        columns=["Kind", "Text", "Place", "Commit", "By"],
    )


GRADES: Final = (
    "Traced: *exact* is read from the commit's own diff; *within A..B* means that the figure was measured at both ends "
    "and one of the commits between them did it; *near C* means that the figure moved at about commit C."
)


def nothing_moved(since: str) -> str:
    """No change in a window."""
    return f"No factor has moved since {when(since)}: choose a longer window above, or pull newer evidence."


def other_changes(moved: MovedAnswer) -> list[str]:
    """Evidence that was lost, plans that were edited, the cap of open blockers, and what none of them explains."""
    sentences = [f"Evidence lost: {safe(lost_text(row))}{_cost(row['points'])}." for row in moved["lost_evidence"]]
    sentences += [f"Plan edited: {safe(edit_text(row))}{_cost(row['points'])}." for row in moved["plan_edits"]]
    cap, residual = moved["readiness"]["cap"] or 0, moved["residual"] or 0
    if abs(cap) >= 0.05:
        reason = (
            "Open blockers keep readiness below the target"
            if cap < 0
            else "No open blocker holds readiness down any more"
        )
        sentences.append(f"{reason}: {points(cap)} points.")
    if abs(residual) >= 0.01:
        sentences.append(f"Not explained by any of these: {points(residual, 2)} points.")
    return sentences


def _cost(worth: float) -> str:
    return f" ({points(worth)} points)" if worth else ""


def movement_sentence(moved: MovedAnswer, since: str) -> str:
    """The sum of a window."""
    readiness = moved["readiness"]
    before, after = number(readiness["before"]), number(readiness["after"])
    if is_first(moved):
        return f"Readiness is {after}; by {when(since)} nothing had been measured."
    factors = _gained_and_lost(moved)
    if not readiness["change"] and not factors:
        return f"Readiness is unchanged at {after} since {when(since)}."
    moved_by = points(readiness["change"] or 0)
    return f"Readiness went from {before} to {after} ({moved_by}) since {when(since)}: {factors or 'no factor moved'}."


def _gained_and_lost(moved: MovedAnswer) -> str:
    gained = sum(move["points"] > 0 for move in moved["criteria"])
    lost = sum(move["points"] < 0 for move in moved["criteria"])
    amounts = ((gained, "gained"), (lost, "lost"))
    return listing([f"{count(amount, 'factor')} {word}" for amount, word in amounts if amount]) if gained + lost else ""


def items_sentence(amount: int, word: str) -> str:
    """How many items opened or closed."""
    return f"**{count(amount, 'item')} {word}**"
