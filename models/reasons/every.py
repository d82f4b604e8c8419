"""The union of all reasons. Each answer needs a few of them, so nobody loads this one but for its types."""

from __future__ import annotations

from models.reasons.criterion import CriterionReason
from models.reasons.decision import PathReason, RuleReason
from models.reasons.evaluation import EvaluationReason
from models.reasons.forecast import DriverReason, ForecastReason, GoalReason, SlipReason
from models.reasons.movement import EditReason, MoveReason
from models.reasons.ratchet import RatchetReason
from models.reasons.rollout import StageReason

Reason = (
    CriterionReason
    | RuleReason
    | PathReason
    | ForecastReason
    | DriverReason
    | GoalReason
    | SlipReason
    | MoveReason
    | EditReason
    | EvaluationReason
    | StageReason
    | RatchetReason
)
