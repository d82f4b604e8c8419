"""The CI job that this program runs in: which commit and branch its figures belong to.

Only variables that the services document are looked at, and only inside the service that sets them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

FULL_HASH = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_LARGEST_EVENT = 10_000_000


class CiJob(NamedTuple):
    """A job. `commit` is a full hash or empty, `stated_by` names the variable; `request`: its pull request.

    `committed_at` is when the commit was made, where the clone knows it.
    """

    service: str
    commit: str = ""
    stated_by: str = ""
    branch: str = ""
    at: datetime | None = None
    request: str = ""
    committed_at: datetime | None = None


class _Variables(NamedTuple):
    """Names of variables, of each kind the first that is set counts.

    The commit of a pull request comes first: what is checked out there is often a merge that nobody else has.
    """

    service: str
    mark: str  # set inside this service alone
    commit: tuple[str, ...]
    branch: tuple[str, ...]
    request: tuple[str, ...]
    at: str = ""


_SERVICES = (
    _Variables(
        "GitHub Actions",
        "GITHUB_ACTIONS",
        ("GITHUB_SHA",),
        ("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
        ("GITHUB_HEAD_REF",),
    ),
    _Variables(
        "GitLab CI",
        "GITLAB_CI",
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"),
        ("CI_MERGE_REQUEST_IID", "CI_EXTERNAL_PULL_REQUEST_IID"),
        "CI_PIPELINE_CREATED_AT",
    ),
    _Variables(
        "Azure Pipelines",
        "TF_BUILD",
        ("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
        ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"),
        ("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"),
    ),
    _Variables(
        "CircleCI", "CIRCLECI", ("CIRCLE_SHA1",), ("CIRCLE_BRANCH",), ("CIRCLE_PR_NUMBER", "CIRCLE_PULL_REQUEST")
    ),
    _Variables("Buildkite", "BUILDKITE", ("BUILDKITE_COMMIT",), ("BUILDKITE_BRANCH",), ("BUILDKITE_PULL_REQUEST",)),
    _Variables(
        "Travis CI",
        "TRAVIS",
        ("TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"),
        ("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"),
        ("TRAVIS_PULL_REQUEST",),
    ),
    _Variables(
        "Bitbucket Pipelines",
        "BITBUCKET_BUILD_NUMBER",
        ("BITBUCKET_COMMIT",),
        ("BITBUCKET_BRANCH",),
        ("BITBUCKET_PR_ID",),
    ),
    _Variables(
        "Jenkins", "JENKINS_URL", ("GIT_COMMIT",), ("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"), ("CHANGE_ID",)
    ),
)


def current_job(environment: Mapping[str, str] | None = None) -> CiJob | None:
    """The job of this process, or None outside of the services that are known."""
    variables = os.environ if environment is None else environment
    for names in _SERVICES:
        if variables.get(names.mark, "").strip().lower() not in ("", "false", "0"):
            return _job(names, variables)
    return None


def _job(names: _Variables, variables: Mapping[str, str]) -> CiJob:
    commit, stated_by = _first_hash(names, variables)
    is_merge = names.mark == "GITHUB_ACTIONS" and variables.get("GITHUB_EVENT_NAME") == "pull_request"
    if is_merge and (head := _head_of_event(variables.get("GITHUB_EVENT_PATH", ""))):
        commit, stated_by = head, "the head of its pull request"
    branch = _first(names.branch, variables)
    for start in ("refs/heads/", "origin/"):
        branch = branch.removeprefix(start)
    at = moment_with_zone(variables.get(names.at, "")) if names.at else None
    return CiJob(names.service, commit, stated_by, branch, at, _first(names.request, variables))


def _first(names: tuple[str, ...], variables: Mapping[str, str]) -> str:
    """Some services write "false" where there is nothing."""
    values = (variables.get(name, "").strip() for name in names)
    return next((value for value in values if value not in ("", "false")), "")


def _first_hash(names: _Variables, variables: Mapping[str, str]) -> tuple[str, str]:
    for name in names.commit:
        if FULL_HASH.match(value := variables.get(name, "").strip().lower()):
            return value, name
    return "", ""


def _head_of_event(path: str) -> str:
    """GITHUB_SHA of a pull request is a merge made for the run alone: the commit that people know is its head."""
    try:
        with Path(path).open("rb") as file:
            event = json.loads(file.read(_LARGEST_EVENT))
        head = str(event["pull_request"]["head"]["sha"]).lower()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return head if FULL_HASH.match(head) else ""


def moment_with_zone(text: str) -> datetime | None:
    """An ISO moment in UTC; None where it is not one, or has no zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None
