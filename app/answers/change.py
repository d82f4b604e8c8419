"""Both ends of a change into answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.answers.reasons import reason_value
from app.answers.types.change import ComparedAnswer, MarkerAnswer
from app.wording.change.ratchet import ratchet_text

if TYPE_CHECKING:
    from ingest.observation import Item
    from models.movement.ratchet import Compared


def compared_answer(one: Compared, line: int | None, is_accepted: bool) -> ComparedAnswer:
    """One criterion of the ratchet."""
    criterion = one.criterion
    return {
        "id": criterion.id,
        "title": criterion.title,
        "metric": criterion.metric,
        "scope": criterion.scope,
        "unit": criterion.unit,
        "comparator": criterion.comparator,
        "threshold": criterion.threshold,
        "before": one.before,
        "after": one.after,
        "change": one.change,
        "tolerance": one.tolerance,
        "outcome": one.outcome,
        "accepted": is_accepted,
        "because": ratchet_text(one.because) if one.because else "",
        "reason": reason_value(one.because) if one.because else None,
        "proposed_threshold": one.proposal,
        "line": line,
    }


def markers_of(items: Iterable[Item]) -> list[MarkerAnswer]:
    """Markers by path and line; those in code first."""
    found: list[MarkerAnswer] = [
        {"label": i.label, "text": i.text, "path": i.path, "line": i.line, "path_class": i.path_class} for i in items
    ]
    return sorted(found, key=lambda m: (m["path_class"] != "code", m["path"], m["line"] or 0, m["label"]))
