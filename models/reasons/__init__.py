"""Why an answer is what it is, as values: one frozen dataclass per kind of reason, no text. app/wording words them."""

from __future__ import annotations

from models.reasons.criterion import ClaimedFigure, CriterionReason
from models.reasons.decision import PathReason, RuleReason
from models.reasons.evaluation import EvaluationReason
from models.reasons.forecast import DriverReason, ForecastReason, GoalReason, SlipReason
from models.reasons.kinds import ReasonBase, ReasonKind
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

__all__ = [
    "ClaimedFigure",
    "CriterionReason",
    "DriverReason",
    "EditReason",
    "EvaluationReason",
    "ForecastReason",
    "GoalReason",
    "MoveReason",
    "PathReason",
    "RatchetReason",
    "Reason",
    "ReasonBase",
    "ReasonKind",
    "RuleReason",
    "SlipReason",
    "StageReason",
]
