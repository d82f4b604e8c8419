"""The answer of `tminus moved`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from app.answers.status import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from models.movement.movement import Movement
    from models.plan.plan import Plan


def moved_answer(movement: Movement, plan: Plan) -> dict[str, Any]:
    """`tminus moved --json`, with the titles and units of the plan."""
    told = {c.id: {"title": c.title, "unit": c.unit} for c in plan.criteria}
    found = movement.to_json()
    criteria = [{**told.get(c["id"], {"title": c["id"], "unit": ""}), **c} for c in found["criteria"]]
    return {"schema": "tminus.moved/1", **found, "criteria": criteria, **_sums(movement)}


def _sums(movement: Movement) -> dict[str, list[dict[str, Any]]]:
    """What each person wrote, what each person merged for others, and the items of each folder."""
    from models.movement.sums import by_author, by_folder, by_merger

    sums = {"by_author": by_author, "by_merger": by_merger, "by_folder": by_folder}
    return {name: [one.to_json() for one in add_up(movement)] for name, add_up in sums.items()}


def open_items(items: pd.DataFrame, scope: str) -> list[dict[str, Any]]:
    """The open markers of code in a scope of `todo_count`: a component, a kind of marker, or "" for all."""
    open_ = items[(items["kind"] == "marker") & (items["path_class"] == "code") & items["closed_at"].isna()]
    if scope.startswith("marker:"):
        open_ = open_[open_["label"] == scope.removeprefix("marker:")]
    elif scope:
        open_ = open_[open_["scope"] == scope]
    return [
        {
            "label": row.label,
            "text": row.text,
            "path": row.path,
            "line": None if math.isnan(row.line) else int(row.line),
            "opened_at": row.opened_at.isoformat(),
            "opened_commit": row.opened_commit,
            "author": row.opened_by,
            "merged_by": row.opened_merged_by,
        }
        for row in rows_of(open_[::-1])
    ]
