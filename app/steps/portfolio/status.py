"""How each project of a portfolio is: verdict, readiness, odds, moves, what is overdue; and all of them together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, cast

from app.answers.status import finite
from app.answers.types.portfolio import (
    BiggestMove,
    DatesOfProject,
    HoldingBackAnswer,
    OldestEvidence,
    OpenCriterionAnswer,
    PortfolioAnswer,
    ProjectAnswer,
    ReadyAnswer,
)
from app.steps.portfolio.definition import Portfolio, Project
from app.workspace import WEEK, Workspace
from ingest.observation import CATALOGUE
from ingest.source import TMinusError
from models.portfolio.overview import OpenCriterion, Standing, held_back_by, worst_first
from models.portfolio.ready import count_ready
from models.readiness.readings import CARRIED_SOURCES

if TYPE_CHECKING:
    from app.answers.types.movement import CriterionMoveAnswer
    from app.answers.types.status import CriterionAnswer, StatusAnswer
    from app.steps.date.question import Forecasted

WEEKS_SHOWN = 12
_MET = ("passing", "attested", "waived", "not_applicable")
_IN_ONE_PROCESS = 3  # projects: starting helpers takes longer than so few answers


def portfolio_status(portfolio: Portfolio, by: date | None = None) -> PortfolioAnswer:
    """Every project, worst first; how many are ready by `by` (default: the day that all of them promise)."""
    return combined(portfolio.name, _all_answers(portfolio, by), by)


def combined(name: str, projects: list[ProjectAnswer], by: date | None) -> PortfolioAnswer:
    """The answers of single projects as one, worst first."""
    day = by or _common_promise(projects)
    if by is None and day is not None:
        projects = [{**answer, "odds_by": _odds_promised(answer)} for answer in projects]
    order = {row.name: place for place, row in enumerate(worst_first(map(_standing, projects)))}
    return {
        "schema": "tminus.portfolio/1",
        "portfolio": name,
        "at": datetime.now(UTC).isoformat(),
        "projects": sorted(projects, key=lambda answer: order[answer["name"]]),
        "ready": _ready(projects, day) if day else None,
        "held_back_by": _held_back(projects),
    }


def _odds_promised(answer: ProjectAnswer) -> float | None:
    return 1.0 if answer["verdict"] == "GO" else answer["odds_promised"]


def _all_answers(portfolio: Portfolio, by: date | None) -> list[ProjectAnswer]:
    """One answer a project, computed side by side; a helper process that dies costs only time."""
    ask = partial(project_answer, by=by)
    jobs = min(portfolio.jobs or os.cpu_count() or 1, len(portfolio.projects))
    if jobs < 2 or len(portfolio.projects) <= _IN_ONE_PROCESS:
        return [ask(project) for project in portfolio.projects]
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            return list(pool.map(ask, portfolio.projects))
    except BrokenProcessPool:
        return [ask(project) for project in portfolio.projects]


def project_answer(project: Project, by: date | None = None) -> ProjectAnswer:
    """One project; whatever is wrong with it is its `error`, and stops no other."""
    from app.steps.assess import open_workspace

    try:
        return _answer(project, open_workspace(project.config), by)
    except (TMinusError, OSError) as problem:
        return _unreadable(project, str(problem))


def _answer(project: Project, workspace: Workspace, by: date | None) -> ProjectAnswer:
    from app.steps import assess, meeting, movement
    from app.steps.date.question import forecasted

    at = workspace.now()
    with workspace.warehouse.one_state():
        status = assess.status(workspace, at)
        now = forecasted(workspace, at, 730)
        moved = movement.moved(workspace, at - WEEK, at)
        history = assess.history(workspace, at, WEEKS_SHOWN)
        decided = meeting.decisions(workspace, at, only_open=True)["decisions"]
    criteria = [criterion for gate in status["gates"] for criterion in gate["criteria"]]
    return cast(
        "ProjectAnswer",
        {
            **_unreadable(project, ""),
            **_dates(now, workspace.zone),
            "verdict": status["decision"]["verdict"],
            "readiness": status["readiness"]["value"],
            "target": status["readiness"]["target"],
            "change": moved["readiness"]["change"],
            "known_weight": status["readiness"]["known_weight"],
            "odds_by": _odds_by(status, now, by) if by else None,
            "biggest_move": _biggest(moved["criteria"]),
            "overdue_decisions": sum(decision["is_overdue"] for decision in decided),
            "oldest_evidence": _oldest(criteria),
            "open": [_open(criterion) for criterion in criteria if criterion["state"] not in _MET],
            "weeks": [finite(value) for value in history.groupby("at")["readiness"].last()],
            "simulated": status["simulated"],
        },
    )


def _dates(now: Forecasted, zone: tzinfo) -> DatesOfProject:
    """The promised day with its odds, the dates of GO, and those of the measured part where GO has none."""
    from app.answers.forecast import crossing_answer, promised_answer
    from app.wording.forecast import holds_now
    from models.forecast.measured import measured_part

    promised = promised_answer(now.joint, now.assessment.plan, now.assessment.at)
    part = measured_part(now.joint)
    dates, measured = crossing_answer(now.joint.go, zone)["quantiles"], crossing_answer(part.forecast, zone)
    is_thin, holds = now.joint.outcome == "not_enough_evidence", holds_now(measured)
    return {
        "promised": promised["date"] if promised else None,
        "odds_promised": promised["probability"] if promised else None,
        "p50": dates["p50"],
        "p80": dates["p80"],
        "measured_p50": None if holds or not is_thin else measured["quantiles"]["p50"],
        "measured_weight": part.weight,
        "measured_holds": is_thin and holds,
    }


def _unreadable(project: Project, error: str) -> ProjectAnswer:
    return {
        "name": project.name,
        "team": project.team,
        "tags": list(project.tags),
        "config": str(project.config),
        "error": error,
        "verdict": None,
        "readiness": None,
        "target": None,
        "change": None,
        "known_weight": None,
        "promised": None,
        "odds_promised": None,
        "odds_by": None,
        "p50": None,
        "p80": None,
        "measured_p50": None,
        "measured_weight": None,
        "measured_holds": False,
        "biggest_move": None,
        "overdue_decisions": None,
        "oldest_evidence": None,
        "open": [],
        "weeks": [],
        "simulated": False,
    }


def _odds_by(status: StatusAnswer, now: Forecasted, by: date) -> float | None:
    """The odds of GO by a day: 1 where GO holds now, unknown without enough evidence or beyond the horizon."""
    if status["decision"]["verdict"] == "GO":
        return 1.0
    days = (by - now.assessment.at.date()).days
    if now.joint.outcome == "not_enough_evidence" or not 0 <= days <= now.joint.horizon_days:
        return None
    return float(now.joint.go.probability_by(days))


def _biggest(moves: Sequence[CriterionMoveAnswer]) -> BiggestMove | None:
    moved = [move for move in moves if move["points"]]
    if not moved:
        return None
    most = max(moved, key=lambda move: abs(move["points"]))
    return {"id": most["id"], "title": most["title"], "points": most["points"]}


def _oldest(criteria: Sequence[CriterionAnswer]) -> OldestEvidence | None:
    dated = [c for c in criteria if c["evidence"]["source"] not in CARRIED_SOURCES]
    aged = [(c["evidence"]["age_days"], c) for c in dated if c["evidence"]["age_days"] is not None]
    if not aged:
        return None
    age, oldest = max(aged, key=lambda pair: pair[0])
    return {"id": oldest["id"], "title": oldest["title"], "age_days": age}


def _open(criterion: CriterionAnswer) -> OpenCriterionAnswer:
    return {
        "id": criterion["id"],
        "title": criterion["title"],
        "subject": _subject(criterion),
        "state": criterion["state"],
    }


def _subject(criterion: CriterionAnswer) -> str:
    """What projects have in common: the metric. A scope (one counter, one bundle) means something else in each."""
    metric = CATALOGUE.get(criterion["metric"])
    return metric.title if metric and not criterion["scope"] else criterion["title"]


def _standing(answer: ProjectAnswer) -> Standing:
    return Standing(answer["name"], answer["verdict"] or "unreadable", answer["readiness"], answer["odds_promised"])


def _common_promise(projects: Sequence[ProjectAnswer]) -> date | None:
    """The day that every readable project promises; None where they promise different days, or one promises none."""
    days = {answer["promised"] for answer in projects if not answer["error"]}
    only = next(iter(days)) if len(days) == 1 else None
    return date.fromisoformat(only) if only else None


def _ready(projects: Sequence[ProjectAnswer], by: date) -> ReadyAnswer:
    odds = [answer["odds_by"] for answer in projects if answer["odds_by"] is not None]
    count = count_ready(odds)
    return {
        "by": by.isoformat(),
        "projects": len(projects),
        "with_odds": len(odds),
        "expected": count.expected,
        "low": count.low,
        "high": count.high,
        "low_together": count.low_together,
        "high_together": count.high_together,
        "probabilities": list(count.probabilities),
    }


def _held_back(projects: Sequence[ProjectAnswer]) -> list[HoldingBackAnswer]:
    rows = [
        OpenCriterion(answer["name"], part["subject"], part["state"] == "failing")
        for answer in projects
        for part in answer["open"]
    ]
    return [
        {"subject": row.subject, "failing": list(row.failing), "unknown": list(row.unknown)}
        for row in held_back_by(rows)
    ]
