"""The answer of `tminus moved`."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from app.answers.reasons import reason_value
from app.answers.status import finite, rows_of
from app.wording.movement_reasons import edit_text, grade_text, move_text
from app.wording.names import Names, names_of
from app.wording.reasons import criterion_text

if TYPE_CHECKING:
    import pandas as pd

    from models.movement.attribution import CommitShare, CriterionMove
    from models.movement.movement import ItemChange, LostEvidence, Movement
    from models.movement.plan_edits import PlanEdit
    from models.plan.plan import Plan


def moved_answer(movement: Movement, plan: Plan) -> dict[str, Any]:
    """`tminus moved --json`, with the titles and units of the plan; unknown numbers are null, moments ISO text."""
    before, after = movement.before, movement.after
    names = names_of(plan)
    heads = {c.id: {"title": c.title, "unit": c.unit} for c in plan.criteria}
    return {
        "schema": "tminus.moved/1",
        "since": movement.since.isoformat(),
        "until": movement.until.isoformat(),
        "readiness": {
            "before": finite(before.value),
            "after": finite(after.value),
            "change": finite(movement.change),
            "gains": finite(movement.gains),
            "losses": finite(movement.losses),
            "cap": finite(movement.cap),
            "lost_evidence": finite(movement.lost_points),
            "plan_edits": finite(movement.edit_points),
            "capped_before": list(before.capped_because),
            "capped_after": list(after.capped_because),
        },
        "criteria": [
            {**heads.get(move.id, {"title": move.id, "unit": ""}), **_move(move)} for move in movement.criteria
        ],
        "items": {"opened": [_item(item) for item in movement.opened], "closed": [_item(i) for i in movement.closed]},
        "lost_evidence": [_lost(lost, names) for lost in movement.lost_evidence],
        "plan_edits": [_edit(edit, names) for edit in movement.plan_edits],
        "residual": finite(movement.residual),
    }


def _move(move: CriterionMove) -> dict[str, Any]:
    return {
        "id": move.id,
        "before": move.before,
        "after": move.after,
        "points": move.points,
        "grade": grade_text(move.grade),
        "because": move_text(move.because),
        "reason": reason_value(move.because),
        "commits": [_commit(share) for share in move.commits],
        "spans": [
            {
                "since": span.since,
                "until": span.until,
                "delta": span.delta,
                "points": span.points,
                "grade": grade_text(span.grade),
            }
            for span in move.spans
        ],
    }


def _commit(share: CommitShare) -> dict[str, Any]:
    return {
        "commit": share.commit,
        "author": share.author,
        "merged_by": share.merged_by,
        "date": share.date.isoformat(),
        "subject": share.subject,
        "delta": share.delta,
        "points": share.points,
        "grade": grade_text(share.grade),
    }


def _item(item: ItemChange) -> dict[str, Any]:
    return {**{field.name: getattr(item, field.name) for field in fields(item)}, "at": item.at.isoformat()}


def _lost(lost: LostEvidence, names: Names) -> dict[str, Any]:
    return {
        "id": lost.id,
        "title": names.criterion(lost.id),
        "state": lost.state,
        "before": lost.before,
        "because": criterion_text(lost.because),
        "reason": reason_value(lost.because),
        "points": lost.points,
    }


def _edit(edit: PlanEdit, names: Names) -> dict[str, Any]:
    return {
        "what": f"{edit.thing} {edit.action}",
        "id": edit.id,
        "title": names.gate(edit.id) if edit.thing == "gate" else names.criterion(edit.id),
        "because": edit_text(edit.because),
        "reason": reason_value(edit.because),
        "points": edit.points,
    }


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
