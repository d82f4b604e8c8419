"""What the forecast is asked at a moment: the measured criteria with their histories."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from app.steps.assess import assess, observations
from app.workspace import Workspace, consistent_read
from models.readiness.attainment import is_all_or_nothing
from models.series.history import Histories

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.status import Assessment
    from models.forecast import CriterionHistory, JointForecast
    from models.forecast.slip import Question
    from models.plan.plan import Criterion
    from models.readiness.score import CriterionScore

_HAIR = 1e-6  # of a threshold; far below what any figure states


class Forecasted(NamedTuple):
    """One moment's assessment, what the forecast was asked, and its answer."""

    assessment: Assessment
    question: Question
    joint: JointForecast


def forecast_from(assessment: Assessment, seen: pd.DataFrame, horizon_days: int) -> Forecasted:
    """Forecast when every GO rule holds and readiness reaches its target, from what was observed up to then."""
    from models.forecast.slip import ask

    question = question_of(assessment, seen, horizon_days)
    return Forecasted(assessment, question, ask(question))


def question_of(assessment: Assessment, seen: pd.DataFrame, horizon_days: int) -> Question:
    """What the forecast is asked at the moment of an assessment."""
    import pandas as pd

    from models.forecast.slip import Question
    from models.readiness.parents import blocking_leaves

    parts, missing = forecast_parts(assessment, seen)
    blockers = [name for name in missing if name in blocking_leaves(assessment.plan)]
    return Question(
        tuple(parts),
        assessment.plan.target,
        pd.Timestamp(assessment.at),
        tuple(missing),
        tuple(blockers),
        assessment.readiness.attested_points,
        assessment.plan.max_attested_percent,
        horizon_days,
    )


def forecast_parts(assessment: Assessment, seen: pd.DataFrame) -> tuple[list[CriterionHistory], list[str]]:
    """The measured criteria with their histories, and what GO needs that nothing measures (criteria and rules)."""
    from models.readiness.decision import required_criteria, unanswerable_rules
    from models.readiness.parents import blocking_leaves

    needed, blocking = set(required_criteria(assessment.plan)), blocking_leaves(assessment.plan)
    parts, elsewhere, histories = [], _of_another_commit(assessment), Histories(seen)
    missing = [f"rule {rule}" for rule in unanswerable_rules(assessment.plan)]
    missing += _counted_rules(assessment)
    lacking = (needed - _waived(assessment)) | set(elsewhere)
    for score in filter(_takes_part, assessment.readiness.criteria):
        name = score.criterion.id
        values = histories.of(score.criterion.metric, score.criterion.scope)
        if name not in elsewhere and not values.empty and _is_measured(score):
            parts.append(_part(score, values, required=name in needed, blocker=name in blocking))
        elif name in lacking:
            missing.append(name)
    return parts, missing


def _takes_part(score: CriterionScore) -> bool:
    return not (score.state == "not_applicable" or score.is_attested or score.is_parent)


def _waived(assessment: Assessment) -> set[str]:
    return {score.criterion.id for score in assessment.readiness.criteria if score.state == "waived"}


def _of_another_commit(assessment: Assessment) -> list[str]:
    """Criteria whose figure says nothing of the candidate, where nothing else is against GO: it does not hold now."""
    against = [rule for rule in assessment.decision.rules if rule.holds is not True]
    if any(rule.id not in ("off_branch", "overtaken", "misdated") for rule in against):
        return []
    return [name for rule in against for reason in rule.because for name in getattr(reason, "criteria", ())]


def _is_measured(score: CriterionScore) -> bool:
    """Whether its figure takes part: a waived one earns the points of a fresh figure, as readiness counts them."""
    if score.state == "waived":
        return score.underlying_state in ("passing", "failing")
    return score.state in ("passing", "failing", "stale")


def _counted_rules(assessment: Assessment) -> list[str]:
    """Rules of the kind "at most three of these": the forecast has no odds for them until they hold."""
    counted = {rule.id for rule in assessment.plan.rules if rule.among}
    return [f"rule {r.id}" for r in assessment.decision.rules if r.id in counted and r.holds is not True]


def _part(score: CriterionScore, values: pd.Series, *, required: bool, blocker: bool) -> CriterionHistory:
    from models.forecast import CriterionHistory

    criterion = score.criterion
    is_step = is_all_or_nothing(criterion, score.baseline)
    return CriterionHistory(
        id=criterion.id,
        history=_short_of_strict(values, criterion),
        threshold=criterion.threshold,
        direction=criterion.direction,
        baseline=criterion.baseline,
        points_possible=score.points_possible,
        required=required,
        scale="step" if is_step else criterion.scale,
        state=score.state,
        blocker=blocker,
    )


def _short_of_strict(values: pd.Series, criterion: Criterion) -> pd.Series:
    """The values, those at the threshold of a strict comparator a hair short of it: "> 15" is not met by 15."""
    sign = {">": -1.0, "<": 1.0}.get(criterion.comparator)
    if sign is None:
        return values
    hair = sign * _HAIR * max(1.0, abs(criterion.threshold))
    return values.mask(values == criterion.threshold, criterion.threshold + hair)


@consistent_read
def forecasted(workspace: Workspace, at: datetime, horizon_days: int = 730) -> Forecasted:
    """Assess a moment and forecast from it; its days are the team's."""
    at = at.astimezone(workspace.zone)
    return forecast_from(assess(workspace, at), observations(workspace, at), horizon_days)
