"""What holds the project back: for each open blocker since when, what moved it last, and what is next in concrete."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from app.answers.blockers import open_blockers
from app.answers.status import rows_of
from app.answers.types.explain import UncoveredFile, UncoveredFiles
from app.answers.types.meeting import LastMoveAnswer, NextItem, StuckAnswer
from app.answers.types.status import StatusAnswer
from app.steps.assess import asked_of, plan_at, plans_in_force
from app.steps.explain import uncovered_files
from app.steps.forge import places_of
from app.workspace import Workspace, consistent_read

if TYPE_CHECKING:
    import pandas as pd

    from ingest.forge import Places
    from models.meeting.stuck import Course
    from models.plan.plan import Criterion

MOST_NEXT = 5
# What a search of a tracker counts, and the kind of its items.
_TRACKED = {
    "issues_open_count": "issue",
    "issue_oldest_days": "issue",
    "incidents_open_count": "incident",
    "incident_oldest_hours": "incident",
}


@consistent_read
def stuck(workspace: Workspace, at: datetime, status: StatusAnswer) -> list[StuckAnswer]:
    """The open blockers of a status, the one that is furthest from its threshold first."""
    from models.meeting.stuck import course_of

    blocked = open_blockers(status)
    plan = plan_at(plans_in_force(workspace), at)
    asked = [criterion for criterion in plan.criteria if criterion.id in blocked]
    if not asked:
        return []
    ask = workspace.warehouse.query
    seen = ask("observations", **asked_of(asked), until=at, simulated=True)
    commits, items = ask("commits"), ask("items", since=at, until=at)  # those that were open then
    places = places_of(workspace, commits)
    rows = [
        _answer(criterion, course_of(seen, criterion), commits, _next(workspace, criterion, items, places, at), places)
        for criterion in asked
    ]
    return sorted(rows, key=lambda row: (blocked[row["id"]]["attainment"], row["id"]))


def _answer(
    criterion: Criterion, course: Course, commits: pd.DataFrame, following: list[NextItem], places: Places
) -> StuckAnswer:
    return {
        "id": criterion.id,
        "first": course.first.date().isoformat() if course.first else None,
        "since": course.failing_since.date().isoformat() if course.failing_since else None,
        "last_move": _last_move(course, commits, places),
        "owner": criterion.owner,
        "next": following,
    }


def _last_move(course: Course, commits: pd.DataFrame, places: Places) -> LastMoveAnswer | None:
    move = course.last_move
    if move is None:
        return None
    known = commits[commits["commit"] == move.commit]
    author, subject = (str(known[name].iloc[0]) if len(known) else "" for name in ("author", "subject"))
    return {
        "date": move.at.date().isoformat(),
        "before": move.before,
        "after": move.after,
        "commit": move.commit,
        "author": author,
        "subject": subject,
        "url": places.commit(move.commit, author),
    }


def _next(
    workspace: Workspace, criterion: Criterion, items: pd.DataFrame, places: Places, at: datetime
) -> list[NextItem]:
    """The oldest markers, the failing tests, the open findings, or the parts with the lowest coverage."""
    metric = criterion.metric
    if metric.startswith("coverage_"):
        if files := uncovered_files(workspace, metric, criterion.scope, at, MOST_NEXT):
            return _files(files)
        rows = workspace.warehouse.query("lowest_scopes", metric=metric, until=at, most=MOST_NEXT)
        return [_part(row.scope, row.value, row.unit) for row in rows_of(rows)]
    if metric == "todo_count":
        chosen = items[(items["kind"] == "marker") & (items["path_class"] == "code")]
        return _oldest(_of_scope(chosen, criterion.scope), places)
    if metric.startswith("tests_"):
        return _oldest(items[items["kind"] == "failing_test"], places)
    if kind := _TRACKED.get(metric, ""):
        of_search = (items["scope"] == criterion.scope) | (items["label"] == criterion.scope)
        return _oldest(items[(items["kind"] == kind) & of_search], places)
    found = items[items["kind"] == "finding"]
    labels = found["label"].str.lower().str.replace("-", "_")
    wanted = [label for label in set(labels) if label and label in metric]
    return _oldest(found[labels.isin(wanted)], places)


def _of_scope(markers: pd.DataFrame, scope: str) -> pd.DataFrame:
    if not scope:
        return markers
    label = scope.removeprefix("marker:")
    return markers[markers["label"] == label] if label != scope else markers[markers["scope"] == scope]


def _oldest(items: pd.DataFrame, places: Places) -> list[NextItem]:
    return [_item(row, places) for row in rows_of(items.sort_values("opened_at", kind="stable").head(MOST_NEXT))]


def _item(row: object, places: Places) -> NextItem:
    path, line = str(getattr(row, "path", "")), getattr(row, "line", math.nan)
    number = None if math.isnan(line) else int(line)
    commit = "" if getattr(row, "kind", "") == "marker" else str(getattr(row, "opened_commit", ""))
    return {
        "words": str(getattr(row, "text", "")),
        "path": path,
        "line": number,
        "url": places.line(path, number, commit) if path else "",
        "since": getattr(row, "opened_at").date().isoformat(),  # noqa: B009 - the stubs of pandas know no columns
        "value": None,
        "unit": "",
    }


def _files(found: UncoveredFiles) -> list[NextItem]:
    """The files with what is not covered of each; the last entry counts the others."""
    items = [_file(file) for file in found["files"]]
    return [*items, _part("not listed here", found["left_out"], "files")] if found["left_out"] else items


def _file(file: UncoveredFile) -> NextItem:
    return {
        "words": file["words"],
        "path": file["path"],
        "line": None,
        "url": file["url"],
        "since": None,
        "value": None,
        "unit": "",
    }


def _part(scope: str, value: float, unit: str) -> NextItem:
    return {"words": scope, "path": "", "line": None, "url": "", "since": None, "value": float(value), "unit": unit}
