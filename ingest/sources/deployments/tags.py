"""Deployments as git tags: a pattern such as `deploy/{environment}/{stage}/*` says what a name means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.observation import Deployment, DeploymentKind
from ingest.source import SourceError
from ingest.transport.git_repo import GitRepository

_FIELDS = ("refname:strip=2", "objecttype", "objectname", "*objectname", "taggerdate:unix", "taggername")
_LAST_SECOND = 253_402_300_799  # of the year 9999
_PRE_RELEASE = re.compile(
    r"(?:^|[^a-z0-9])v?\d+(?:\.\d+)+[._-]?(?:alpha|beta|preview|pre|rc|dev|snapshot|nightly|canary|a|b)[._-]?\d*(?![a-z])",
    re.IGNORECASE,
)
_PART = re.compile(r"(\{[a-z]*\}|\*)")


def tag_pattern(text: str, where: str) -> re.Pattern[str]:
    """A pattern with {stage}, {environment} and * as an expression; SourceError for another name in braces."""
    parts: list[str] = []
    for part in _PART.split(text):
        name = part[1:-1] if part.startswith("{") else ""
        if name in ("stage", "environment"):
            if f"(?P<{name}>" in "".join(parts):
                raise SourceError(f"{where}: {{{name}}} is there twice in {text!r}")
            parts.append(f"(?P<{name}>[^/]+)")
        elif part == "*":
            parts.append(".+")
        elif part.startswith("{"):
            raise SourceError(f"{where}: {part} is unknown; use {{stage}}, {{environment}} and *, found {text!r}")
        else:
            parts.append(re.escape(part))
    return re.compile("".join(parts))


def is_pre_release(tag: str) -> bool:
    """Whether the last part of a tag is a version with a pre-release: "v2.0.0-rc.1", "1.4b2".

    >>> [is_pre_release(tag) for tag in ("v2.0.0-rc.1", "deploy/beta/1", "shop@1.2.0-beta", "1.4b2", "2.0-fix")]
    [True, False, True, True, False]
    """
    return bool(_PRE_RELEASE.search(tag.rpartition("/")[2]))


def tagged_deployments(
    repository: GitRepository, pattern: re.Pattern[str], kind: DeploymentKind
) -> Iterator[Deployment]:
    """The tags that match, each with its commit and the time of the tag (of its commit, for a lightweight tag)."""
    form = "%00".join(f"%({name})" for name in _FIELDS)
    answer = repository.read("for-each-ref", f"--format={form}", "refs/tags").decode("utf-8", "replace")
    for line in answer.splitlines():
        name, kind_of_object, own, target, tagged_at, by = line.split("\0")
        found = pattern.fullmatch(name)
        if found is None or (kind_of_object == "tag" and not target):
            continue
        commit = target or own
        if (at := _when(repository, tagged_at, commit)) is not None:
            yield _deployment(kind, found, at, commit, by)


def _deployment(kind: DeploymentKind, found: re.Match[str], at: datetime, commit: str, by: str) -> Deployment:
    named = found.groupdict()
    return Deployment(
        kind=kind,
        happened_at=at,
        stage=named.get("stage") or "",
        commit=commit,
        environment=named.get("environment") or "",
        by=by,
        source="git-tags",
        external=found.string,
    )


def _when(repository: GitRepository, tagged_at: str, commit: str) -> datetime | None:
    return _moment(tagged_at) or _moment(repository.ask("log", "-1", "--format=%ct", commit, "--"))


def _moment(seconds: str) -> datetime | None:
    if not seconds.isdigit() or int(seconds) > _LAST_SECOND:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
