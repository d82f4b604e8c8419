"""Both ends of a change into answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.answers.forecast import crossing_answer
from app.answers.reasons import reason_value
from app.answers.status import finite
from app.answers.types.change import (
    ChangeAnswer,
    ComparedAnswer,
    DateMove,
    MarkerAnswer,
    MovedCriterion,
    RatchetAnswer,
)
from app.answers.types.forecast import CrossingAnswer, QuantilesAnswer
from app.wording.change.ratchet import ratchet_text
from app.wording.movement_reasons import edit_text
from app.wording.names import names_of

if TYPE_CHECKING:
    from app.answers.status import Assessment
    from ingest.observation import Item
    from models.forecast import JointForecast
    from models.movement.plan_edits import PlanEdit
    from models.movement.ratchet import Compared
    from models.readiness.score import Readiness
    from models.readiness.scores import CriterionScore


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


def change_answer(
    *,
    project: str,
    at: datetime,
    ratchet: RatchetAnswer,
    states: tuple[Readiness, Readiness, Readiness],
    edits: Sequence[PlanEdit],
    dates: DateMove,
    markers: tuple[Iterable[Item], Iterable[Item]],
    simulated: bool,
) -> ChangeAnswer:
    """`tminus pr-comment --json`; `states`: the base, the change under the base's plan, and under its own."""
    before, unedited, after = states
    compared = {one["id"]: one for one in ratchet["criteria"]}
    moved = [_moved(was, now, compared) for was, now in zip(before.criteria, unedited.criteria, strict=True)]
    return {
        "schema": "tminus.change/1",
        "at": at.isoformat(),
        "project": project,
        "base": ratchet["base"],
        "head": ratchet["head"],
        "baseline": ratchet["baseline"],
        "base_is_named_commit": ratchet["base_is_named_commit"],
        "readiness": {
            "before": finite(before.value),
            "after": finite(after.value),
            "change": finite(after.value - before.value),
            "plan_edits": math.fsum(edit.points for edit in edits),
        },
        "criteria": sorted(filter(_is_moved, moved), key=lambda one: (-abs(one["points"]), one["id"])),
        "plan_edits": [{"id": e.id, "says": edit_text(e.because), "points": e.points} for e in edits],
        "not_compared": [_not_compared(one) for one in ratchet["criteria"] if one["outcome"] == "not_comparable"],
        "date": dates,
        "opened": markers_of(markers[0]),
        "closed": markers_of(markers[1]),
        "notes": ratchet["notes"],
        "simulated": simulated,
    }


def _is_moved(one: MovedCriterion) -> bool:
    return bool(one["points"] or one["change"])


def _moved(was: CriterionScore, now: CriterionScore, compared: Mapping[str, ComparedAnswer]) -> MovedCriterion:
    criterion = now.criterion
    found = compared.get(criterion.id)
    return {
        "id": criterion.id,
        "title": criterion.title,
        "unit": criterion.unit,
        "before": was.value,
        "after": now.value,
        "change": found["change"] if found else None,
        "points": now.points - was.points,
        "because": found["because"] if found else "",
        "reason": found["reason"] if found else None,
    }


def _not_compared(one: ComparedAnswer) -> MovedCriterion:
    return {
        "id": one["id"],
        "title": one["title"],
        "unit": one["unit"],
        "before": one["before"],
        "after": one["after"],
        "change": None,
        "points": 0.0,
        "because": one["because"],
        "reason": one["reason"],
    }


def date_move(
    before: JointForecast, after: JointForecast, states: tuple[Assessment, Assessment], at: datetime
) -> DateMove:
    """The date of GO at both ends; days use the time zone of the moment."""
    names, zone = names_of(states[1].plan), at.tzinfo
    then, now = (
        _checked(crossing_answer(joint.go, zone, names), state)
        for joint, state in zip((before, after), states, strict=True)
    )
    first, second = then["quantiles"]["p50"], now["quantiles"]["p50"]
    days = (date.fromisoformat(second) - date.fromisoformat(first)).days if first and second else None
    horizon = after.horizon_days
    return {
        "outcome_before": then["outcome"],
        "outcome_after": now["outcome"],
        "before": first,
        "after": second,
        "days": days,
        "interval_before": [then["quantiles"]["p10"], then["quantiles"]["p90"]],
        "interval_after": [now["quantiles"]["p10"], now["quantiles"]["p90"]],
        "odds_within": horizon,
        "odds_before": finite(before.go.probability_by(horizon)),
        "odds_after": finite(after.go.probability_by(horizon)),
        "because": "" if second else now["because"],
    }


def _checked(crossing: CrossingAnswer, state: Assessment) -> CrossingAnswer:
    """A forecast that takes GO for reached where readiness does not: no date is shown, and the reason is."""
    readiness = state.readiness
    if crossing["outcome"] != "holds" or (state.decision.rules_hold and readiness.value >= readiness.target):
        return crossing
    because = f"readiness is {readiness.value:.4g}, and its history shows no way from there to the target"
    return {**crossing, "outcome": "not_at_this_rate", "because": because, "quantiles": _NO_DATES}


_NO_DATES: QuantilesAnswer = {"p10": None, "p25": None, "p50": None, "p75": None, "p80": None, "p90": None, "p95": None}
