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
        if not isinstance(number, int) or not commit:
            continue
        reported = [_moment(s.get("created_at")) for s in github.deployment_statuses(number) if _succeeded(s)]
        moments = sorted(moment for moment in reported if moment is not None)
        if moments:
            by = str(_table(row.get("creator")).get("login") or "")
            where = str(row.get("environment") or "")
            yield _deployment("github", where, stage_of, moments[0], commit, by, f"deployment {number}")


def gitlab_deployments(gitlab: GitLab, stage_of: Mapping[str, str]) -> Iterator[Deployment]:
    """Each deployment whose status is success; it happened when it finished."""
    for row in gitlab.deployments():
        number, commit = row.get("id"), str(row.get("sha") or "")
        finished = _moment(row.get("finished_at")) or _moment(row.get("updated_at")) or _moment(row.get("created_at"))
        if isinstance(number, int) and commit and row.get("status") == "success" and finished is not None:
            where = str(_table(row.get("environment")).get("name") or "")
            by = str(_table(row.get("user")).get("username") or "")
            yield _deployment("gitlab", where, stage_of, finished, commit, by, f"deployment {number}")


def _deployment(
    source: str, where: str, stage_of: Mapping[str, str], at: datetime, commit: str, by: str, external: str
) -> Deployment:
    """An environment of the forge that stands for a stage belongs to the one environment of the rollout."""
    stage = stage_of.get(where, "")
    return Deployment(
        "deploy", at, stage, commit, "" if stage else where, by=by, source=source, external=f"{external} ({where})"
    )


def _succeeded(status: Mapping[str, Any]) -> bool:
    return status.get("state") == "success"


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _moment(text: Any) -> datetime | None:
    """A time of an API; None for null or nonsense."""
    try:
        parsed = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
