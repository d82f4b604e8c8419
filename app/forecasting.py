"""The questions about the date: what a forecast is asked, what-if, goal, slip, claimed timelines, track record.

Frames and assessments in, models' answers out; app/steps.py fetches the frames.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from app.answers import Assessment
    from models.forecast import CriterionHistory, JointForecast
    from models.forecast_slip import Question, Shown
    from models.plan import Plan
    from models.readiness import CriterionScore

# A forecast that was kept stands for a moment up to this many days after it.
KEPT_FOR_DAYS = 7
MOST_TIMELINES = 6
# Sources that read every commit and store what changed: between two rows the figure is known, not missing.
STORED_AT_CHANGES = frozenset({"git", "tree"})


class Forecasted(NamedTuple):
    """One moment's assessment, what the forecast was asked, and its answer."""

    found: Assessment
    question: Question
    joint: JointForecast


class Kept(NamedTuple):
    """A forecast of GO as it was shown."""

    origin: datetime
    answer: Mapping[str, Any]


def forecasted(found: Assessment, seen: pd.DataFrame, horizon_days: int) -> Forecasted:
    """Forecast when every GO rule holds and readiness reaches its target, from what was observed up to then."""
    from models.forecast_slip import ask

    question = question_of(found, seen, horizon_days)
    return Forecasted(found, question, ask(question))


def question_of(found: Assessment, seen: pd.DataFrame, horizon_days: int) -> Question:
    """What the forecast is asked at the moment of an assessment."""
    import pandas as pd

    from models.forecast_slip import Question

    parts, missing = forecast_parts(found, seen)
    blockers = [c.id for c in found.plan.criteria if c.blocker and c.id in missing]
    return Question(
        tuple(parts),
        found.plan.target,
        pd.Timestamp(found.at),
        tuple(missing),
        tuple(blockers),
        found.readiness.attested_points,
        horizon_days,
    )


def forecast_parts(found: Assessment, seen: pd.DataFrame) -> tuple[list[CriterionHistory], list[str]]:
    """The measured criteria with their histories, and what GO needs that nothing measures (criteria and rules)."""
    from models.decision import required_criteria, unanswerable_rules

    needed = set(required_criteria(found.plan))
    parts = []
    missing = [f"rule {rule}" for rule in unanswerable_rules(found.plan)]
    for score in found.readiness.criteria:
        if score.state in ("not_applicable", "waived") or score.is_attested:
            continue
        values = history_of(seen, score.criterion.metric, score.criterion.scope)
        if not values.empty and score.state in ("passing", "failing", "stale"):
            parts.append(_part(score, values, required=score.criterion.id in needed))
        elif score.criterion.id in needed:
            missing.append(score.criterion.id)
    return parts, missing


def _part(score: CriterionScore, values: pd.Series, *, required: bool) -> CriterionHistory:
    from models.forecast import CriterionHistory

    criterion = score.criterion
    return CriterionHistory(
        id=criterion.id,
        history=values,
        threshold=criterion.threshold,
        direction=criterion.direction,
        baseline=criterion.baseline,
        points_possible=score.points_possible,
        required=required,
        scale=criterion.scale,
        state=score.state,
        blocker=criterion.blocker,
    )


def history_of(seen: pd.DataFrame, metric: str, scope: str) -> pd.Series:
    """The measured values of one metric and scope, the last of each day, on a DatetimeIndex."""
    import pandas as pd

    rows = seen[(seen["metric"] == metric) & (seen["scope"] == scope) & (seen["kind"] != "claimed")]
    values = rows.dropna(subset=["value"]).set_index("observed_at")["value"].sort_index(kind="stable")
    daily = values.groupby(pd.DatetimeIndex(values.index).floor("D")).last()
    if daily.empty or not set(rows["source"]) <= STORED_AT_CHANGES:
        return daily
    return _between_changes(daily, seen.loc[seen["source"].isin(STORED_AT_CHANGES), "observed_at"].max())


def _between_changes(daily: pd.Series, last_read: pd.Timestamp) -> pd.Series:
    """The series with a value a week up to the last commit that was read: it stood unchanged at each of them.

    Only where the changes alone would be too few for a forecast; else they say as much as their repetition.
    """
    import pandas as pd

    from models.forecast_history import MIN_OBSERVATIONS

    if len(daily) >= MIN_OBSERVATIONS:
        return daily
    weeks = pd.date_range(daily.index[0], last_read, freq="7D")
    return daily.reindex(daily.index.union(weeks)).ffill()


def day_after(at: datetime, day: date) -> int:
    """How many days after the team's day of `at` a day is."""
    return (day - at.date()).days


def goal_of(joint: JointForecast, at: datetime, by: date, odds: float) -> Any:
    """The cheapest pace changes for GO by a day of the team."""
    import pandas as pd

    from models.forecast_whatif import goal_seek

    return goal_seek(joint, joint.origin + pd.Timedelta(days=day_after(at, by)), odds)


def last_kept(kept: pd.DataFrame, since: datetime) -> Kept | None:
    """The newest forecast of GO that was shown at `since` or within a week before it."""
    import json

    import pandas as pd

    from models.track_record import first_of_day

    moment = pd.Timestamp(since).tz_convert("UTC")
    rows = [row for row in first_of_day(kept[kept["subject"] == "go"]) if row.origin <= moment]
    if not rows or moment - rows[-1].origin > pd.Timedelta(days=KEPT_FOR_DAYS):
        return None
    return Kept(rows[-1].origin.to_pydatetime(), json.loads(rows[-1].answer))


def shown_of(kept: Kept | None) -> Shown | None:
    """What a kept forecast told: its dates as day numbers, and its odds within the horizon."""
    from models.forecast_slip import LEVELS, Shown

    if kept is None:
        return None
    dates = kept.answer["quantiles"]
    told = {level: dates.get(f"p{round(100 * level)}") for level in LEVELS}
    rows = kept.answer["probability_by"]
    numbers = {level: date.fromisoformat(text).toordinal() if text else None for level, text in told.items()}
    return Shown(numbers, rows[-1]["probability"] if rows else None)


def newest_timelines(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each document its last claimed timeline; the newest of them, newest first."""
    last = {claim["path"]: dict(claim) for claim in sorted(told, key=lambda claim: claim["at"])}
    return sorted(last.values(), key=lambda claim: claim["at"], reverse=True)[:MOST_TIMELINES]


def timeline_judged(claim: Mapping[str, Any], then: Forecasted, end: Assessment | None) -> dict[str, Any]:
    """A claimed timeline beside the odds that the evidence of its day gives, and how things stood when it was over.

    `probability` is None where the evidence could not say; `came` and `readiness` where the day is still to come.
    """
    known = then.joint.outcome != "not_enough_evidence"
    stood = None if end is None or math.isnan(end.readiness.value) else float(end.readiness.value)
    return {
        **claim,
        "probability": float(then.joint.go.probability_by(claim["days"])) if known else None,
        "because": then.joint.because,
        "missing": list(then.joint.missing),
        "came": None if end is None else end.decision.verdict == "GO",
        "readiness": stood,
    }


def own_record(
    kept: pd.DataFrame, now: Forecasted, seen: pd.DataFrame, plans: Sequence[tuple[datetime, Plan]]
) -> dict[str, Any]:
    """How this project's kept forecasts came out: of GO, of readiness, and of each criterion."""
    from models.track_record import criterion_course, score_shown, verdict_courses

    courses = {}
    if len(kept):
        at, first = now.found.at, kept["origin"].min().to_pydatetime()
        courses = {part.id: criterion_course(part, at) for part in now.question.parts}
        courses |= verdict_courses(seen, plans, first, at)
    return score_shown(kept, courses, now.found.at)


def reference_record() -> dict[str, Any]:
    """How the method and its rivals did on other projects' efforts."""
    from models.reference import scores

    names = ("brier", "calibration_error", "coverage_80", "cases", "crossings")
    return {method: {name: score[name] for name in names} for method, score in scores().items()}
