"""Where the points of a criterion come from, and the cheapest path to the target."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.answers import status as answers
from app.answers.blockers import criteria_of
from app.answers.movement import open_items
from app.answers.status import rows_of
from app.answers.types.explain import ExplainAnswer, MoveAnswer, OpenMarker, UncoveredFile, UncoveredFiles
from app.answers.types.status import CriterionAnswer
from app.steps.assess import assess, plan_known_at
from app.steps.forge import places_of
from app.workspace import UsageError, Workspace, consistent_read, no_criterion

MOST_FILES = 200


def open_of(workspace: Workspace, criterion: CriterionAnswer, at: datetime) -> list[OpenMarker] | None:
    """The markers that the criterion counts, oldest first; None for a criterion that counts no items."""
    if criterion["metric"] != "todo_count":
        return None
    ask = workspace.warehouse.query
    return open_items(ask("items", since=at, until=at), criterion["scope"], places_of(workspace, ask("commits")))


@consistent_read
def explain(workspace: Workspace, at: datetime, criterion: str | None = None) -> ExplainAnswer:
    """Where a criterion's points come from; without one, the arithmetic of the whole and the path to the target."""
    assessment = assess(workspace, at)
    answer = answers.status_answer(assessment)
    every = criteria_of(answer) | (_later(workspace, at) if criterion else {})
    chosen = [c for name, c in every.items() if criterion in (None, name)]
    if not chosen:
        raise UsageError(no_criterion(criterion or "", every))
    return {
        "schema": "tminus.explain/1",
        "at": answer["at"],
        "readiness": answer["readiness"],
        "criterion": criterion,
        "criteria": chosen,
        "path": path_of(assessment),
        "open": open_of(workspace, chosen[0], assessment.at) if criterion else None,
        "uncovered": uncovered_files(workspace, chosen[0]["metric"], chosen[0]["scope"], assessment.at, MOST_FILES)
        if criterion
        else None,
        "plans": {
            c.id: {"why": c.why, "fix": c.fix, "max_age_days": c.max_age_days, "owner": c.owner}
            for c in plan_known_at(workspace, at).criteria
        },
    }


def _later(workspace: Workspace, at: datetime) -> dict[str, CriterionAnswer]:
    """The criteria that are judged after the deployment; they earn no points of the readiness."""
    from app.steps.production.rollout import later_gates

    return {c["id"]: c for gate in later_gates(workspace, at) for c in gate["criteria"]}


def path_of(assessment: answers.Assessment) -> list[MoveAnswer]:
    """The cheapest path from an assessment to the target."""
    from models.readiness.score import path_to_target

    return answers.path_answer(path_to_target(assessment.readiness), assessment.plan)


def uncovered_files(workspace: Workspace, metric: str, scope: str, at: datetime, most: int) -> UncoveredFiles | None:
    """At most `most` files in the scope (a component, or "" for all); None where no report names any."""
    if not metric.startswith("coverage_"):
        return None
    ask = workspace.warehouse.query
    rows = ask("uncovered_files", until=at)
    if scope:
        rows = rows[(rows["scope"] == scope) | rows["path"].str.startswith(f"{scope}/")]
    counted = "missed_branches" if metric == "coverage_branch_percent" else "missed"
    rows = rows[rows[counted] > 0].sort_values(counted, ascending=False, kind="stable")
    if rows.empty:
        return None
    places = places_of(workspace, ask("commits"))
    files = [
        _file(row, places.line(row.path, None, row.opened_commit) if _is_there(workspace, row.path) else "")
        for row in rows_of(rows.head(most))
    ]
    left_out = len(rows) - len(files) + (0 if scope else int(rows["left_out"].iloc[0]))
    return {"files": files, "left_out": left_out}


def _is_there(workspace: Workspace, path: str) -> bool:
    """Whether the path of a report is one of the repository: tools name files by package or from a folder below."""
    return (workspace.config.repository / path).is_file()


def _file(row: Any, url: str) -> UncoveredFile:
    return {
        "path": row.path,
        "words": row.text,
        "missed": int(row.missed),
        "lines": int(row.lines),
        "missed_branches": int(row.missed_branches),
        "branches": int(row.branches),
        "commit": row.opened_commit,
        "url": url,
    }
