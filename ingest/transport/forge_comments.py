"""One comment on a pull request (GitHub) or merge request (GitLab): found by its hidden line, updated or written.

Reading pages through all comments, so a second comment is never written because the first is on a later page. Only a
comment that begins with the hidden line is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ingest.source import SourceError
from ingest.transport import github, gitlab
from ingest.transport.http_client import Client, RetryPolicy, Service

_PULL_REF = re.compile(r"^refs/pull/(\d+)/")
_PAGE = 100


class CommentPlace(NamedTuple):
    """Where the comment belongs: the service, the path of its list, and how one comment is updated."""

    service: Service
    list_path: str
    item_path: str  # with {id}
    update: str  # the method that replaces a comment
    name: str  # in messages


def place_from_environment(environment: Mapping[str, str] | None = None) -> CommentPlace:
    """The pull request of this CI job. SourceError: it runs for none, or without a token."""
    variables = os.environ if environment is None else environment
    if variables.get("GITHUB_REPOSITORY"):
        return _github(variables)
    if variables.get("CI_MERGE_REQUEST_IID"):
        return _gitlab(variables)
    raise SourceError(
        "this is no job for a pull request of GitHub (GITHUB_REPOSITORY, GITHUB_REF) or a merge request of GitLab "
        "(CI_MERGE_REQUEST_IID): without --send the comment is printed"
    )


def _github(variables: Mapping[str, str]) -> CommentPlace:
    found = _PULL_REF.match(variables.get("GITHUB_REF", ""))
    number = variables.get("TMINUS_PULL_REQUEST", "").strip() or (found.group(1) if found else "")
    if not number.isdecimal():
        raise SourceError(
            f"GITHUB_REF {variables.get('GITHUB_REF', '')!r} is not a pull request: run on pull_request, "
            "or set TMINUS_PULL_REQUEST to its number"
        )
    repository = variables["GITHUB_REPOSITORY"]
    owner, _, name = repository.partition("/")
    if not owner or not name or "/" in name:
        raise SourceError(f"GITHUB_REPOSITORY must be owner/name, found {repository!r}")
    service = github.service(variables.get("GITHUB_API_URL", "") or github.DEFAULT_API, variables)
    _need_token(service, "GITHUB_TOKEN with pull-requests: write")
    base = f"repos/{quote(owner, safe='')}/{quote(name, safe='')}/issues"
    return CommentPlace(service, f"{base}/{number}/comments", f"{base}/comments/{{id}}", "PATCH", f"#{number}")


def _gitlab(variables: Mapping[str, str]) -> CommentPlace:
    number = variables["CI_MERGE_REQUEST_IID"].strip()
    project = variables.get("CI_MERGE_REQUEST_PROJECT_ID", "").strip() or variables.get("CI_PROJECT_ID", "").strip()
    if not number.isdecimal() or not project.isdecimal():
        raise SourceError(f"CI_MERGE_REQUEST_IID {number!r} and CI_PROJECT_ID {project!r} must be numbers")
    # The token of a job may not write notes: only one that the user made is used.
    own = {name: value for name, value in variables.items() if name != "CI_JOB_TOKEN"}
    service = gitlab.service(variables.get("CI_API_V4_URL", "") or gitlab.DEFAULT_API, own)
    _need_token(service, "GITLAB_TOKEN with the scope api")
    base = f"projects/{project}/merge_requests/{number}/notes"
    return CommentPlace(service, base, f"{base}/{{id}}", "PUT", f"!{number}")


def _need_token(service: Service, what: str) -> None:
    if not service.token:
        raise SourceError(
            f"{service.name}: no token to comment with: give the job {what}; a pull request from a fork has none, "
            "so there print the comment instead (without --send) or write it into the job summary"
        )


def send_comment(
    place: CommentPlace,
    hidden_line: str,
    body: str,
    *,
    patience: RetryPolicy | None = None,
    sleep: Callable[[float], None] | None = None,
) -> tuple[str, bool]:
    """Write the comment, or replace the one that begins with the hidden line; its address, and whether it is new.

    SourceError: the service refused or cannot be reached. A new comment whose answer was lost is looked for before it
    is written a second time.
    """
    more: dict[str, Any] = {"sleep": sleep} if sleep else {}
    with Client(place.service, patience=patience, **more) as client:
        return _put(client, place, hidden_line, body)


def _put(client: Client, place: CommentPlace, hidden_line: str, body: str) -> tuple[str, bool]:
    known = _find(client, place, hidden_line)
    if known is not None:
        answer = client.send(place.update, place.item_path.format(id=known), {"body": body})
        return _address(answer.json(), place), False
    try:
        answer = client.send("POST", place.list_path, {"body": body})
    except SourceError:
        if _find(client, place, hidden_line) is None:
            raise
        return place.name, True
    return _address(answer.json(), place), True


def _find(client: Client, place: CommentPlace, hidden_line: str) -> int | None:
    """The number of the oldest comment of ours."""
    for page in client.pages(place.list_path, {"per_page": _PAGE}):
        rows = page.json()
        if not isinstance(rows, list):
            raise SourceError(f"{place.service.name} answered with no list of comments for {place.name}")
        for row in rows:
            if isinstance(row, dict) and str(row.get("body", "")).startswith(hidden_line):
                return int(row["id"])
    return None


def _address(answer: Any, place: CommentPlace) -> str:
    found = answer.get("html_url") if isinstance(answer, dict) else None
    return str(found) if found else place.name
