"""The pages of GitLab's REST API that T-minus reads; gitlab.com and self-managed alike."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ingest.source import SourceError
from ingest.transport.http_client import Client, Service
from ingest.transport.trusted_hosts import check_receiver

DEFAULT_API = "https://gitlab.com/api/v4"
_PAGE = 100


def service(api: str, environment: Mapping[str, str] | None = None) -> Service:
    """How to ask: a personal, group or project token, or the token that a CI job is given."""
    variables = os.environ if environment is None else environment
    common = {"Accept": "application/json", "User-Agent": "tminus"}
    for variable, header in (("GITLAB_TOKEN", "PRIVATE-TOKEN"), ("CI_JOB_TOKEN", "JOB-TOKEN")):
        if token := variables.get(variable, "").strip():
            own = (DEFAULT_API, variables.get("CI_API_V4_URL", ""), variables.get("CI_SERVER_URL", ""))
            check_receiver("GitLab", "gitlab", api, own, variable, variables)
            return Service("GitLab", api, common, header, token, variable)
    return Service("GitLab", api, common, token_hint="GITLAB_TOKEN")  # noqa: S106 - the name of a variable


class GitLab:
    """One project on one server."""

    def __init__(self, client: Client, project: str) -> None:
        self.client = client
        self.path = f"projects/{quote(project, safe='')}"

    def project(self) -> dict[str, Any]:
        """The project itself: default branch and address."""
        return _table(self.client.get(self.path).json())

    def pipelines(self, branch: str, updated_after: datetime) -> Iterator[list[dict[str, Any]]]:
        """Pages of the pipelines of the branch that changed since a moment, in the order of their creation."""
        params = {
            "ref": branch,
            "updated_after": f"{updated_after:%Y-%m-%dT%H:%M:%SZ}",
            "order_by": "id",
            "sort": "asc",
            "per_page": _PAGE,
        }
        return self._pages(f"{self.path}/pipelines", params)

    def jobs(self, pipeline: int) -> list[dict[str, Any]]:
        """The jobs of the pipeline; retried ones are left out by GitLab itself."""
        return [
            row for page in self._pages(f"{self.path}/pipelines/{pipeline}/jobs", {"per_page": _PAGE}) for row in page
        ]

    def children(self, pipeline: int) -> list[dict[str, Any]]:
        """The pipelines of the same project that the pipeline started: the list of pipelines leaves them out."""
        found = []
        for page in self._pages(f"{self.path}/pipelines/{pipeline}/bridges", {"per_page": _PAGE}):
            for bridge in page:
                child, parent = bridge.get("downstream_pipeline"), bridge.get("pipeline")
                if isinstance(child, dict) and isinstance(parent, dict):
                    found += [child] if child.get("project_id") == parent.get("project_id") else []
        return found

    def deployments(self) -> Iterator[dict[str, Any]]:
        """All deployments that succeeded, oldest first."""
        params = {"status": "success", "order_by": "id", "sort": "asc", "per_page": _PAGE}
        for page in self._pages(f"{self.path}/deployments", params):
            yield from page

    def test_summary(self, pipeline: int) -> dict[str, Any]:
        """What GitLab counted in the test reports of the pipeline."""
        return _table(self.client.get(f"{self.path}/pipelines/{pipeline}/test_report_summary").json())

    def job_artifacts(self, job: int, cap: int) -> bytes:
        """The archive of the job; GitLab sends it itself or redirects to its object store."""
        return self.client.download(f"{self.path}/jobs/{job}/artifacts", cap)

    def _pages(self, path: str, params: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
        for answer in self.client.pages(path, params):
            body = answer.json()
            if not isinstance(body, list):
                raise SourceError("GitLab answered with no list: check sources.gitlab.api")
            yield [row for row in body if isinstance(row, dict)]


def _table(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise SourceError("GitLab answered with no object: check sources.gitlab.api")
    return body
