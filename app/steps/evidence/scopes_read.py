"""Warnings about values under a scope that no criterion reads: they are stored, but change no criterion."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.answers.types.files import ReadAnswer
from app.workspace import UsageError, Workspace
from ingest.source import TMinusError

MOST_NAMED = 6


def unread(workspace: Workspace, metric: str, scopes: Iterable[str]) -> str:
    """The warning where criteria read the metric, but none under any of these scopes; else empty."""
    stored = set(scopes)
    read = {criterion.scope for criterion in workspace.plan.criteria if criterion.metric == metric}
    if not read or not stored or read & stored:
        return ""
    return (
        f"{metric} is stored under the scope {_names(stored)}; no criterion reads it there. "
        f"Scopes that are read: {_names(read)}"
    )


def unread_in_warehouse(workspace: Workspace) -> list[str]:
    """One warning for each metric of the plan that is stored under other scopes only."""
    stored: dict[str, set[str]] = {}
    for metric, scope in workspace.warehouse.rows("stored_scopes", workspace.config.name):
        stored.setdefault(metric, set()).add(scope)
    wanted = sorted({criterion.metric for criterion in workspace.plan.criteria if criterion.metric})
    return [warning for metric in wanted if (warning := unread(workspace, metric, stored.get(metric, ())))]


def unread_in_files(answer: ReadAnswer) -> ReadAnswer:
    """The answer of `tminus read`, each file with its warnings where a plan lies in this folder or above."""
    from app.steps.assess import open_workspace

    try:
        workspace = open_workspace(Path.cwd())
    except (UsageError, TMinusError):
        return answer  # without a plan no scope is asked for
    for file in answer["files"]:
        metrics = {one["metric"]: None for one in file["observations"]}
        for metric in metrics:
            scopes = [one["scope"] for one in file["observations"] if one["metric"] == metric]
            warning = unread(workspace, metric, scopes)
            file["warnings"] += [warning.replace("is stored", "would be stored")] if warning else []
    return answer


def _names(scopes: Iterable[str]) -> str:
    listed = [repr(scope) if scope else "'' (the whole)" for scope in sorted(scopes)]
    more = len(listed) - MOST_NAMED
    return ", ".join(listed[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
