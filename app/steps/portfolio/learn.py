"""What the projects of a portfolio teach each other: shown only where it helped on moments that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from app.answers.types.portfolio import LearnedAnswer, LearnedCriterion, UnreadProject
from app.steps.portfolio.definition import Portfolio, Project
from ingest.source import TMinusError
from models.evaluation.backtest import odds_of, ours
from models.evaluation.own_projects import Learned, OwnProjects, View
from models.series.cases import Case, Effort, effort_cases
from models.series.curve import GRID

WITHIN_DAYS = 182  # the odds that are shown side by side: half a year


def learn(portfolio: Portfolio) -> LearnedAnswer:
    """Score the shipped odds and those moved by the other projects on every moment of every project."""
    efforts: list[Effort] = []
    unread: list[UnreadProject] = []
    for project in portfolio.projects:
        try:
            efforts += _efforts(project)
        except (TMinusError, OSError) as problem:
            unread.append({"name": project.name, "error": str(problem)})
    cases = [case for effort in efforts for case in effort_cases(effort)]
    own = OwnProjects(cases, odds_of(ours, cases)) if cases else None
    learned = own.learned() if own else Learned(0, 0, 0, float("nan"), float("nan"), 0.0, float("inf"))
    return {
        "schema": "tminus.portfolio_learned/1",
        "portfolio": portfolio.name,
        "at": datetime.now(UTC).isoformat(),
        "projects": learned.projects,
        "moments": learned.moments,
        "crossings": learned.crossings,
        "score_shipped": _number(learned.shipped),
        "score_own": _number(learned.own),
        "gain": learned.gain,
        "gain_error": _number(learned.error),
        "enough": learned.is_enough,
        "helps": learned.helps,
        "within_days": WITHIN_DAYS,
        "criteria": _criteria(efforts, own) if own and learned.helps else [],
        "unread": unread,
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _efforts(project: Project) -> Sequence[Effort]:
    """The measured criteria of a project as efforts of one group."""
    from app.steps.assess import assess, observations, open_workspace
    from app.steps.date.question import forecast_parts

    workspace = open_workspace(project.config)
    now = workspace.now()
    with workspace.warehouse.one_state():
        parts, _ = forecast_parts(assess(workspace, now), observations(workspace, now))
    return [Effort(p.id, project.name, p.history, p.threshold, p.direction, p.baseline) for p in parts]


def _criteria(efforts: Sequence[Effort], own: OwnProjects) -> list[LearnedCriterion]:
    """The open criteria of today with both odds; a project is never judged by what it taught itself."""
    views: dict[str, View] = {}
    rows: list[LearnedCriterion] = []
    for effort in efforts:
        seen = effort.whole()
        if not seen.count or seen.now >= 1:
            continue
        views.setdefault(effort.group, own.view_for(effort.group))
        shipped = odds_of(ours, [Case(effort.id, effort.group, seen, float("inf"), 0.0)])
        moved = views[effort.group].odds(shipped)
        odds, odds_own = (float(np.interp(WITHIN_DAYS, GRID, row[0])) for row in (shipped, moved))
        rows.append({"project": effort.group, "id": effort.id, "odds": odds, "odds_own": odds_own})
    return rows
