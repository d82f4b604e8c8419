"""A movement into the answer of `tminus moved`; and the markers that are open in the code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.answers.reasons import reason_value
from app.answers.status import finite, rows_of
from app.answers.types.explain import OpenMarker
from app.answers.types.movement import (
    CommitAnswer,
    CriterionMoveAnswer,
    ItemAnswer,
    LostEvidenceAnswer,
    MovedAnswer,
    PlanEditAnswer,
    ReadinessMove,
    SpanAnswer,
    SumAnswer,
)
from app.wording.movement_reasons import edit_text, grade_text, move_text
from app.wording.names import Names, names_of
from app.wording.reasons import criterion_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import pandas as pd

    from ingest.forge import Places
    from models.movement.attribution import CommitShare, CriterionMove, Span
    from models.movement.movement import ItemChange, LostEvidence, Movement
    from models.movement.plan_edits import PlanEdit
    from models.movement.sums import MovementSum
    from models.plan.plan import Criterion, Plan


def moved_answer(
    movement: Movement,
    plan: Plan,
    since: datetime,
    until: datetime,
    project: str,
    places: Places | None = None,
    *,
    simulated: bool,
) -> MovedAnswer:
    """`tminus moved --json`, with titles and units of the plan; the window keeps the time zone it was asked in."""
    from models.movement.sums import by_author, by_folder, by_merger

    criteria, names = {criterion.id: criterion for criterion in plan.criteria}, names_of(plan)
    return {
        "schema": "tminus.moved/1",
        "since": since.isoformat(),
        "until": until.isoformat(),
        "readiness": _readiness(movement, names),
        "criteria": [_criterion(move, criteria.get(move.id), places) for move in movement.criteria],
        "items": {
            "opened": [_item(i, _line_of(i, places)) for i in movement.opened],
            "closed": [_item(i, _closing_page(i, places)) for i in movement.closed],
        },
        "lost_evidence": [_lost(lost, names) for lost in movement.lost_evidence],
        "plan_edits": [_edit(edit, names) for edit in movement.plan_edits],
        "residual": finite(movement.residual),
        "by_author": _sums(by_author(movement)),
        "by_merger": _sums(by_merger(movement)),
        "by_folder": _sums(by_folder(movement)),
        "project": project,
        "simulated": simulated,
    }


def _page(commit: str, author: str, places: Places | None) -> str:
    return places.commit(commit, author) if places else ""


def _closing_page(item: ItemChange, places: Places | None) -> str:
    """The commit that closed it; an issue or an incident has a page of its own."""
    return _own_page(item) or _page(item.commit, item.author, places)


def _line_of(item: ItemChange, places: Places | None) -> str:
    """The line of an open item: markers and boxes are followed to the newest commit, others keep their own."""
    commit = "" if item.kind in ("marker", "checkbox") else item.commit
    return _own_page(item) or (places.line(item.path, item.line, commit, item.author) if places else "")


def _own_page(item: ItemChange) -> str:
    return item.path if item.path.startswith(("https://", "http://")) else ""


def _sums(sums: Sequence[MovementSum]) -> list[SumAnswer]:
    return [
        {"name": s.name, "points": s.points, "commits": s.commits, "opened": s.opened, "closed": s.closed} for s in sums
    ]


def _readiness(movement: Movement, names: Names) -> ReadinessMove:
    return {
        "before": finite(movement.before.value),
        "after": finite(movement.after.value),
        "change": finite(movement.change),
        "gains": finite(movement.gains),
        "losses": finite(movement.losses),
        "cap": finite(movement.cap),
        "lost_evidence": finite(movement.lost_points),
        "plan_edits": finite(movement.edit_points),
        "capped_before": list(movement.before.capped_because),
        "capped_after": list(movement.after.capped_because),
        "capped_by": [
            names.criterion(name) for name in movement.after.capped_because or movement.before.capped_because
        ],
    }


def _criterion(move: CriterionMove, criterion: Criterion | None, places: Places | None) -> CriterionMoveAnswer:
    return {
        "title": criterion.title if criterion else move.id,
        "unit": criterion.unit if criterion else "",
        "id": move.id,
        "before": move.before,
        "after": move.after,
        "points": move.points,
        "grade": grade_text(move.grade),
        "because": move_text(move.because),
        "reason": reason_value(move.because),
        "commits": [_commit(share, places) for share in move.commits],
        "spans": [_span(span) for span in move.spans],
    }


def _commit(share: CommitShare, places: Places | None) -> CommitAnswer:
    return {
        "commit": share.commit,
        "author": share.author,
        "merged_by": share.merged_by,
        "date": share.date.isoformat(),
        "subject": share.subject,
        "delta": share.delta,
        "points": share.points,
        "grade": grade_text(share.grade),
        "url": _page(share.commit, share.author, places),
    }


def _span(span: Span) -> SpanAnswer:
    return {
        "since": span.since,
        "until": span.until,
        "delta": span.delta,
        "points": span.points,
        "grade": grade_text(span.grade),
    }


def _item(item: ItemChange, url: str) -> ItemAnswer:
    return {
        "id": item.id,
        "kind": item.kind,
        "label": item.label,
        "text": item.text,
        "path": item.path,
        "line": item.line,
        "scope": item.scope,
        "path_class": item.path_class,
        "at": item.at.isoformat(),
        "commit": item.commit,
        "author": item.author,
        "merged_by": item.merged_by,
        "url": url,
    }


def _lost(lost: LostEvidence, names: Names) -> LostEvidenceAnswer:
    return {
        "id": lost.id,
        "title": names.criterion(lost.id),
        "state": lost.state,
        "before": lost.before,
        "because": criterion_text(lost.because),
        "reason": reason_value(lost.because),
        "points": lost.points,
    }


def _edit(edit: PlanEdit, names: Names) -> PlanEditAnswer:
    return {
        "what": f"{edit.thing} {edit.action}",
        "id": edit.id,
        "title": names.gate(edit.id) if edit.thing == "gate" else names.criterion(edit.id),
        "because": edit_text(edit.because),
        "reason": reason_value(edit.because),
        "points": edit.points,
    }


def open_items(items: pd.DataFrame, scope: str, places: Places | None = None) -> list[OpenMarker]:
    """The open markers of code in a scope of `todo_count`: a component, a kind of marker, or "" for all."""
    open_ = items[(items["kind"] == "marker") & (items["path_class"] == "code")]
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
            "url": places.line(row.path, None if math.isnan(row.line) else int(row.line)) if places else "",
        }
        for row in rows_of(open_[::-1])
    ]
