"""What a movement shows: the moves, the commits behind them, the items that opened and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from app.dashboard.download import safe
from app.dashboard.tables.common import line_words, short_hashes, state
from app.wording.numbers import number, points, quantity
from app.wording.reasons import readable
from app.wording.status import is_first
from app.wording.text import count, listing, people, when

Answer = Mapping[str, Any]


def changed(moved: Answer, limit: int | None = None) -> list[Answer]:
    """The criteria whose points changed, the largest change first."""
    found = (c for c in moved["criteria"] if c["points"])
    return sorted(found, key=lambda c: -abs(c["points"]))[:limit]


def move_rows(moves: Sequence[Answer]) -> pd.DataFrame:
    """Moves for the chart."""
    return pd.DataFrame(
        [
            {
                "name": c["title"],
                "points": c["points"],
                "told": points(c["points"]),
                "way": "gain" if c["points"] > 0 else "loss",
            }
            for c in moves
        ],
        columns=["name", "points", "told", "way"],
    )


def moved_table(moves: Sequence[Answer], criteria: Mapping[str, Answer]) -> pd.DataFrame:
    """Moves in words: from, to, and how sure it is which commits did it."""
    return pd.DataFrame([_moved_row(c, criteria.get(c["id"])) for c in moves])


def _moved_row(change: Answer, criterion: Answer | None) -> dict[str, str]:
    threshold = criterion["threshold"] if criterion else None
    is_apart = change["grade"] == "not comparable"
    before, after = (quantity(change[key], change["unit"], threshold) for key in ("before", "after"))
    return {
        "Points": points(change["points"]),
        "Factor": change["title"],
        "From": before,
        "To": after,
        "Now": state(criterion) if criterion else "left the plan",
        "Traced": short_hashes(f"{change['grade']}: {change['because']}" if is_apart else change["grade"]),
    }


def commit_rows(changes: Sequence[Answer]) -> pd.DataFrame:
    """The commits behind the changes, in the order of the changes, the biggest movers of each first.

    A commit has a share only where its grade allows one.
    """
    return pd.DataFrame(
        [
            {
                "Factor": change["title"],
                "Commit": c["commit"][:10],
                "Day": when(str(c["date"])) if c["date"] else "–",
                "Author": people(c),
                "Subject": c["subject"],
                "Change": "–" if c["delta"] is None else signed(c["delta"], change["unit"]),
                "Traced": short_hashes(c.get("grade") or change["grade"]),
            }
            for change in changes
            for c in sorted(change["commits"], key=lambda commit: -abs(commit["delta"] or 0))
        ],
        columns=["Factor", "Commit", "Day", "Author", "Subject", "Change", "Traced"],
    )


def sum_rows(sums: Sequence[Answer], head: str) -> pd.DataFrame:
    """Sums by person or folder."""
    return pd.DataFrame(
        [
            {
                head: row["name"],
                "Points": points(row["points"]) if row["points"] else "–",
                "Opened": row["opened"],
                "Closed": row["closed"],
                "Commits": row["commits"],
            }
            for row in sums
        ],
        columns=[head, "Points", "Opened", "Closed", "Commits"],
    )


def signed(change: float, unit: str) -> str:
    """A change of a figure in its unit, with a sign and a real minus."""
    if not change:
        return "no change"
    return f"{'+' if change > 0 else '−'}{quantity(abs(change), unit)}"


def item_rows(items: Sequence[Answer]) -> pd.DataFrame:
    """Items that opened or closed."""
    return pd.DataFrame(
        [
            {
                "Kind": str(item.get("label") or item.get("kind") or ""),
                "Text": str(item.get("text", "")),
                "Place": f"{item.get('path', '')}{line_words(item.get('line'))}",
                "Commit": str(item.get("commit") or item.get("closed_commit") or item.get("opened_commit") or "")[:10],
                "By": people(item),
            }
            for item in items
        ],
        columns=["Kind", "Text", "Place", "Commit", "By"],
    )


GRADES: Final = (
    "Traced: *exact* is read from the commit's own diff; *within A..B* means that the figure was measured at both ends "
    "and one of the commits between them did it; *near C* means a change was found around C."
)


def nothing_moved(since: str) -> str:
    """No change in a window."""
    return f"No factor has moved since {when(since)}: choose a longer window above, or pull newer evidence."


def other_changes(moved: Answer) -> list[str]:
    """Evidence that was lost, plans that were edited, the cap of open blockers, and what none of them explains."""
    told = [f"Evidence lost: {_change_words(row)}" for row in moved["lost_evidence"]]
    told += [f"Plan edited: {_change_words(row)}" for row in moved["plan_edits"]]
    cap = moved["readiness"].get("cap") or 0
    if abs(cap) >= 0.05:
        told.append(f"{'Open blockers hold readiness down' if cap < 0 else 'Blockers let go'}: {points(cap)} points.")
    if abs(moved.get("residual") or 0) >= 0.01:
        told.append(f"Not explained by any of these: {points(moved['residual'], 2)} points.")
    return told


def _change_words(row: Answer) -> str:
    what = f" {row['what']}" if row.get("what") else ""
    cost = f" ({points(row['points'])} points)" if row["points"] else ""
    return f"{safe(row['id'])}{safe(what)}, {safe(readable(row['because']))}{cost}."


def movement_sentence(moved: Answer, since: str) -> str:
    """The sum of a window."""
    readiness = moved["readiness"]
    before, after = (number(readiness[key]) for key in ("before", "after"))
    if is_first(moved):
        return f"Readiness is {after}; by {when(since)} nothing had been measured."
    gained = sum(c["points"] > 0 for c in moved["criteria"])
    lost = sum(c["points"] < 0 for c in moved["criteria"])
    if not readiness["change"] and not gained and not lost:
        return f"Readiness has stood at {after} since {when(since)}."
    amounts = ((gained, "gained"), (lost, "lost"))
    ways = listing([f"{count(amount, 'factor')} {word}" for amount, word in amounts if amount])
    change = points(readiness["change"] or 0)
    return f"Readiness went from {before} to {after} ({change}) since {when(since)}: {ways or 'no factor moved'}."


def items_sentence(amount: int, word: str) -> str:
    """How many items opened or closed."""
    return f"**{count(amount, 'item')} {word}**"
