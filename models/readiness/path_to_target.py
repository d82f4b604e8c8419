"""The shortest path to the target: the fewest criteria that must still pass, blockers first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.readiness.attainment import demand_of
from models.readiness.readings import CARRIED_SOURCES
from models.readiness.scores import CriterionScore, Readiness
from models.reasons.decision import AddMeasurement, ChangeValue, Measure, Proof, ProofByAttestation, ProofByMetric, Step


@dataclass(frozen=True, slots=True)
class Move:
    """One criterion to bring to its threshold: `what` to do, what will be its `proof`, and the `points` it earns.

    `readiness` is the value after this and all earlier moves.
    """

    criterion: str
    title: str
    gate: str
    what: Step
    points: float
    readiness: float
    proof: Proof
    blocker: bool


def path_to_target(readiness: Readiness) -> tuple[Move, ...]:
    """The moves in order; empty when the target is reached, or when nothing applies.

    Every open blocker comes first, since until the last one holds readiness stays below the target; then the criteria
    with the most points to gain. No shorter list reaches the target.
    """
    if math.isnan(readiness.value) or readiness.value >= readiness.target:
        return ()
    blockers = sorted(_open_leaves(readiness), key=_gain, reverse=True)
    first = {score.criterion.id for score in blockers}
    others = [score for score in readiness.criteria if score.criterion.id not in first and _gain(score) > 0]
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


def _open_leaves(readiness: Readiness) -> list[CriterionScore]:
    """The criteria without children that hold an open blocker down: itself, or those below it."""
    below = {score.criterion.id: score.criterion.parent for score in readiness.criteria}
    open_ones = {score.criterion.id for score in readiness.open_blockers}

    def is_under_a_blocker(name: str) -> bool:
        while name:
            if name in open_ones:
                return True
            name = below.get(name, "")
        return False

    leaves = (score for score in readiness.criteria if not score.is_parent and score.state != "not_applicable")
    return [score for score in leaves if score.holds is not True and is_under_a_blocker(score.criterion.id)]


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


def _what(score: CriterionScore) -> Step:
    criterion, demand = score.criterion, demand_of(score.criterion)
    if not criterion.metric:
        return AddMeasurement(criterion.id)
    if score.underlying_state == "failing" and score.value is not None:
        return ChangeValue(criterion.id, score.value, demand)
    return Measure(criterion.id, demand, again=score.underlying_state == "stale")


def _proof(score: CriterionScore) -> Proof:
    criterion = score.criterion
    if not criterion.metric:
        return ProofByAttestation()
    known = score.evidence
    is_carried = known is not None and known.source in CARRIED_SOURCES and known.kind == "measured"
    age = None if is_carried else criterion.max_age_days
    return ProofByMetric(criterion.metric, criterion.scope, demand_of(criterion), age)
