"""The pages of GitHub's REST API that T-minus reads; works alike against GitHub Enterprise Server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from ingest.source import SourceError
from ingest.transport.http_client import Client, Service
from ingest.transport.trusted_hosts import check_receiver

DEFAULT_API = "https://api.github.com"
TOKEN_VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
# A search for runs answers with at most 1,000 of them, whatever total_count says: ask for smaller windows.
SEARCH_LIMIT = 1000
_PAGE = 100


def service(api: str, environment: Mapping[str, str] | None = None) -> Service:
    """How to ask: the headers GitHub documents, and the token of the environment where there is one."""
    variables = os.environ if environment is None else environment
    token = next((variables[name].strip() for name in TOKEN_VARIABLES if variables.get(name, "").strip()), "")
    if token:
        server = variables.get("GITHUB_SERVER_URL", "")
        own = (DEFAULT_API, variables.get("GITHUB_API_URL", ""), server, server.replace("://", "://api.", 1))
        check_receiver("GitHub", "github", api, own, "GITHUB_TOKEN", variables)
    headers = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "tminus",
    }
    return Service("GitHub", api, headers, token=f"Bearer {token}" if token else "", token_hint="GITHUB_TOKEN")  # noqa: S106


class MalformedAlertsError(SourceError):
    """An answer about alerts from which their number cannot be known."""


class IncompleteSearchError(SourceError):
    """A search of which a part is missing: what it counts is unknown."""


class GitHub:
    """One repository on one server."""

    def __init__(self, client: Client, repository: str) -> None:
        owner, _, name = repository.partition("/")
        if not owner or not name or "/" in name:
            raise SourceError(f"sources.github.repository: must be owner/name, found {repository!r}")
        self.client = client
        self.path = f"repos/{quote(owner, safe='')}/{quote(name, safe='')}"

    def about(self) -> dict[str, Any]:
        """The repository itself; a renamed one answers with its new name."""
        return _table(self.client.get(self.path).json())

    def default_branch(self) -> str:
        """The branch that readiness is about when none is configured."""
        branch: str = self.about().get("default_branch") or "main"
        return branch

    def search_issues(self, name: str, words: str) -> list[dict[str, Any]]:
        """Every issue and pull request of the repository `name` that the search finds, oldest first.

        IncompleteSearchError when GitHub did not search everything, or lists more or fewer than it counts.
        """
        try:
            return self._search(name, words)
        except IncompleteSearchError:  # one was opened or closed between two pages: once more
            return self._search(name, words)

    def _search(self, name: str, words: str) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        total = 0
        params = {"q": f"repo:{name} {words}", "sort": "created", "order": "asc", "per_page": _PAGE}
        for answer in self.client.pages("search/issues", params):
            page = _table(answer.json())
            total = _search_total(page)
            for row in page.get("items") or ():
                found[_issue_number(row, name)] = row
        if len(found) != total:
            raise IncompleteSearchError(f"GitHub counts {total} issues, its pages list {len(found)}")
        return list(found.values())

    def runs(self, branch: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Runs of the branch created in [since, until); halves the window while a search cannot list them all."""
        last = until - timedelta(seconds=1)  # both ends of GitHub's range belong to it
        window = f"{since:%Y-%m-%dT%H:%M:%SZ}..{last:%Y-%m-%dT%H:%M:%SZ}"
        params = {"branch": branch, "created": window, "per_page": _PAGE}
        found: list[dict[str, Any]] = []
        for answer in self.client.pages(f"{self.path}/actions/runs", params):
            page = _table(answer.json())
            total = page.get("total_count")
            if isinstance(total, int) and total > SEARCH_LIMIT and until - since > timedelta(hours=1):
                middle = since + timedelta(seconds=(until - since) // timedelta(seconds=2))
                return self.runs(branch, since, middle) + self.runs(branch, middle, until)
            found += _rows(page, "workflow_runs")
        return found

    def jobs(self, run: int) -> Iterator[dict[str, Any]]:
        """The jobs of the run's latest attempt."""
        return self._list(f"actions/runs/{run}/jobs", "jobs", {"filter": "latest"})

    def artifacts(self, run: int) -> Iterator[dict[str, Any]]:
        """The artifacts of the run, expired ones included."""
        return self._list(f"actions/runs/{run}/artifacts", "artifacts", {})

    def artifact(self, number: int, cap: int) -> bytes:
        """The artifact's zip. Its redirect to the artifact store lives for a minute, so it is followed at once."""
        return self.client.download(f"{self.path}/actions/artifacts/{number}/zip", cap)

    def deployments(self) -> Iterator[dict[str, Any]]:
        """All deployments, newest first."""
        for answer in self.client.pages(f"{self.path}/deployments", {"per_page": _PAGE}):
            yield from _objects(answer.json())

    def deployment_statuses(self, number: int) -> Iterator[dict[str, Any]]:
        """What was reported of a deployment, newest first."""
        for answer in self.client.pages(f"{self.path}/deployments/{number}/statuses", {"per_page": _PAGE}):
            yield from _objects(answer.json())

    def alerts(self, branch: str = "") -> Iterator[Any]:
        """All code-scanning alerts of the branch (else of the default branch), closed ones included.

        Rows come as they are, damaged ones too: an alert that is passed over would be a finding less. SourceError when
        the answer is not a list.
        """
        params = {"ref": f"refs/heads/{branch}"} if branch else {}
        for answer in self.client.pages(f"{self.path}/code-scanning/alerts", {**params, "per_page": _PAGE}):
            body = answer.json()
            if not isinstance(body, list):
                raise MalformedAlertsError(f"GitHub answered with {type(body).__name__} where a list of alerts belongs")
            yield from body

    def _list(self, path: str, key: str, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for answer in self.client.pages(f"{self.path}/{path}", {**params, "per_page": _PAGE}):
            body = answer.json()
            yield from _rows(_table(body), key)


def _search_total(page: Mapping[str, Any]) -> int:
    """How many a search finds; IncompleteSearchError where its list cannot be whole."""
    total = page.get("total_count")
    if not isinstance(total, int) or isinstance(total, bool) or not isinstance(page.get("items"), list):
        raise SourceError("GitHub's answer is not that of a search: check sources.github_issues.api")
    if "incomplete_results" not in page:
        raise IncompleteSearchError("GitHub does not say whether it searched everything (incomplete_results)")
    if page["incomplete_results"] is not False:
        raise IncompleteSearchError("GitHub did not search everything in time (incomplete_results)")
    if total > SEARCH_LIMIT:
        raise SourceError(f"the search finds {total:,}, GitHub lists {SEARCH_LIMIT:,} at most: narrow it")
    return total


def _issue_number(row: Any, name: str) -> int:
    """The number of a row; SourceError for one that is damaged or of another repository."""
    number = row.get("number") if isinstance(row, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise IncompleteSearchError("a row of GitHub's answer is not an issue")
    home = str(row.get("repository_url") or "").lower()
    if home and not home.endswith(f"/repos/{name.lower()}"):
        raise SourceError(f"the search leads out of {name} ({row.get('html_url')}): put its OR in parentheses")
    return number


def _objects(body: Any) -> list[dict[str, Any]]:
    if not isinstance(body, list):
        raise SourceError("GitHub answered with no list: check sources.deployments.api")
    return [row for row in body if isinstance(row, dict)]


def _table(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise SourceError("GitHub answered with no object: check sources.github.api")
    return body


def _rows(page: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = page.get(key)
    if not isinstance(rows, list):
        raise SourceError(f"GitHub's answer has no {key!r}: check sources.github.api")
    return [row for row in rows if isinstance(row, dict)]
