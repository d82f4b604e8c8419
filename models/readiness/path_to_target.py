"""The cheapest path to the target: the fewest criteria that must come to pass, blockers first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.readiness.attainment import demand, figure
from models.readiness.scores import CriterionScore, Readiness


@dataclass(frozen=True, slots=True)
class Move:
    """One criterion to bring to its threshold. `readiness` is the value after this and all earlier moves."""

    criterion: str
    title: str
    gate: str
    what: str
    points: float
    readiness: float
    proof: str
    blocker: bool


def path_to_target(readiness: Readiness) -> tuple[Move, ...]:
    """The moves in order; empty when the target is reached, or when nothing applies.

    Every open blocker comes first, since until the last one holds readiness stays below the target; then the criteria
    with most to gain. No shorter list reaches the target.
    """
    if math.isnan(readiness.value) or readiness.value >= readiness.target:
        return ()
    blockers = sorted(readiness.open_blockers, key=_gain, reverse=True)
    others = [score for score in readiness.criteria if not score.is_open_blocker and _gain(score) > 0]
    left, total, moves = len(blockers), readiness.uncapped, []
    for score in [*blockers, *sorted(others, key=_gain, reverse=True)]:
        # Points are rounded figures: their sum may miss an exact 90 by a hair.
        if left <= 0 and total >= readiness.target - 1e-10:
            break
        left -= 1
        total = min(total + _gain(score), 100.0)
        cap = max(readiness.target - 1.0, 0.0) if left > 0 else math.inf
        moves.append(_move(score, min(total, cap)))
    return tuple(moves)


def _gain(score: CriterionScore) -> float:
    return score.points_possible - score.points


def _move(score: CriterionScore, after: float) -> Move:
    criterion = score.criterion
    return Move(
        criterion=criterion.id,
        title=criterion.title,
        gate=criterion.gate,
        what=_what(score),
        points=_gain(score),
        readiness=after,
        proof=_proof(score),
        blocker=criterion.blocker,
    )


def _what(score: CriterionScore) -> str:
    criterion, wanted = score.criterion, demand(score.criterion)
    if not criterion.metric:
        return f"connect a measurement of {criterion.title}, or have a named person attest it"
    if score.state_beneath == "failing" and score.value is not None:
        return f"bring {criterion.title} from {figure(score.value, criterion.threshold)} to {wanted}"
    if score.state_beneath == "stale":
        return f"measure {criterion.title} again and show {wanted}"
    return f"measure {criterion.title} and show {wanted}"


def _proof(score: CriterionScore) -> str:
    criterion = score.criterion
    if not criterion.metric:
        return "a metric for it in the plan, or attested = { by, on, expires }"
    scope = f" of {criterion.scope}" if criterion.scope else ""
    age = f", not older than {figure(criterion.max_age_days)} days"
    return f"{criterion.metric}{scope} {demand(criterion)}{age}"
