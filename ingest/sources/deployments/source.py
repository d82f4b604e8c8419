"""The source `deployments`: what tags, GitHub and GitLab say was deployed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.observation import Deployment
from ingest.source import Harvest, Request, SourceError
from ingest.sources.deployments.forges import github_deployments, gitlab_deployments
from ingest.sources.deployments.tags import is_pre_release, tag_pattern, tagged_deployments
from ingest.sources.settings import checked
from ingest.transport import github, gitlab
from ingest.transport.git_repo import GitRepository
from ingest.transport.http_client import Client, RetryPolicy

DEFAULTS = {
    "tags": "",
    "rollback_tags": "",
    "pre_releases": False,
    "github": "",
    "gitlab": "",
    "api": "",
    "stage_of": {},
}


@dataclass(frozen=True, slots=True)
class Deployments:
    """The built-in source `deployments`, configured by [sources.deployments]."""

    name: str = "deployments"
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep

    def observe(self, request: Request) -> Harvest:
        """Every deployment that is shown; the warehouse keeps each once. What is dated later than now waits."""
        given = checked("sources.deployments", request.settings, DEFAULTS)
        _check(given)
        tagged = list(self._tagged(request, given))
        kept = [d for d in tagged if given["pre_releases"] or not is_pre_release(d.external)]
        found = [*kept, *self._of_forge(given)]
        harvest = Harvest(marker=request.now.isoformat())
        if left_out := len(tagged) - len(kept):
            harvest.warnings.append(
                f"{left_out} tags of pre-releases are not deployments; where they are, set pre_releases = true under "
                "[sources.deployments]"
            )
        harvest.deployments = sorted((d for d in found if d.happened_at <= request.now), key=lambda d: d.happened_at)
        harvest.counts = {"deployments": len(harvest.deployments)}
        if later := len(found) - len(harvest.deployments):
            harvest.warnings.append(f"{later} deployments are dated in the future and were not read")
        return harvest

    def _tagged(self, request: Request, given: Mapping[str, Any]) -> Iterator[Deployment]:
        for key, kind in (("tags", "deploy"), ("rollback_tags", "rollback")):
            if given[key]:
                pattern = tag_pattern(given[key], f"sources.deployments.{key}")
                yield from tagged_deployments(
                    GitRepository(request.repository), pattern, "rollback" if kind == "rollback" else "deploy"
                )

    def _of_forge(self, given: Mapping[str, Any]) -> Iterator[Deployment]:
        if given["github"]:
            api = github.service(given["api"] or github.DEFAULT_API)
            with Client(api, None, self.patience, self.sleep) as client:
                yield from github_deployments(github.GitHub(client, given["github"]), given["stage_of"])
        if given["gitlab"]:
            api = gitlab.service(given["api"] or gitlab.DEFAULT_API)
            with Client(api, None, self.patience, self.sleep) as client:
                yield from gitlab_deployments(gitlab.GitLab(client, given["gitlab"]), given["stage_of"])


def _check(given: Mapping[str, Any]) -> None:
    if not any(given[key] for key in ("tags", "rollback_tags", "github", "gitlab")):
        raise SourceError(
            'sources.deployments: name where deployments are shown: tags = "deploy/{stage}/*", '
            'github = "owner/name" or gitlab = "group/project"'
        )
    if given["github"] and given["gitlab"]:
        raise SourceError("sources.deployments: github and gitlab are both named: choose one")
    wrong = [name for name, stage in given["stage_of"].items() if not isinstance(stage, str)]
    if wrong:
        raise SourceError(f"sources.deployments.stage_of.{wrong[0]}: must be the id of a stage")
