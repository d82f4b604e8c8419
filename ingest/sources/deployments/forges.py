"""Deployments that succeeded, as GitHub and GitLab list them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.observation import Deployment
from ingest.transport.github import GitHub
from ingest.transport.gitlab import GitLab


def github_deployments(github: GitHub, stage_of: Mapping[str, str]) -> Iterator[Deployment]:
    """Each deployment with a success among its statuses; it happened when the first success was reported."""
    for row in github.deployments():
        number, commit = row.get("id"), str(row.get("sha") or "")
        succeeded = _first_success(github, number) if isinstance(number, int) and commit else None
        if succeeded is not None:
            by, where = _text(row, "creator", "login"), str(row.get("environment") or "")
            yield _deployment("github", where, stage_of, succeeded, commit, by, f"deployment {number}")


def _first_success(github: GitHub, number: int) -> datetime | None:
    statuses = github.deployment_statuses(number)
    moments = [_moment(status.get("created_at")) for status in statuses if status.get("state") == "success"]
    return min((moment for moment in moments if moment is not None), default=None)


def gitlab_deployments(gitlab: GitLab, stage_of: Mapping[str, str]) -> Iterator[Deployment]:
    """Each deployment whose status is success; it happened when it finished."""
    for row in gitlab.deployments():
        number, commit = row.get("id"), str(row.get("sha") or "")
        moments = (_moment(row.get(key)) for key in ("finished_at", "updated_at", "created_at"))
        finished = next((moment for moment in moments if moment is not None), None)
        if commit and row.get("status") == "success" and finished is not None:
            by, where = _text(row, "user", "username"), _text(row, "environment", "name")
            yield _deployment("gitlab", where, stage_of, finished, commit, by, f"deployment {number}")


def _deployment(
    source: str, where: str, stage_of: Mapping[str, str], at: datetime, commit: str, by: str, external: str
) -> Deployment:
    """An environment of the forge that means a stage belongs to the one environment of the rollout."""
    stage = stage_of.get(where, "")
    return Deployment(
        "deploy", at, stage, commit, "" if stage else where, by=by, source=source, external=f"{external} ({where})"
    )


def _text(row: Mapping[str, Any], key: str, inner: str) -> str:
    """A text of an object within the row; an API may send anything."""
    table = row.get(key)
    return str(table.get(inner) or "") if isinstance(table, Mapping) else ""


def _moment(text: Any) -> datetime | None:
    """A time of an API; None for null or nonsense."""
    try:
        parsed = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
