"""Jira's REST API, as far as T-minus asks it: who is signed in, a project, a search. Cloud and Data Center."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ingest.source import SourceError
from ingest.transport.http_client import Answer, Client, Service
from ingest.transport.trusted_hosts import check_receiver

_HINT = "JIRA_TOKEN (and JIRA_USER, the mail address, for Jira Cloud)"
_PAGE = 100
_MOST = 5_000  # a search with more is no list that people work off
_FIELDS = "summary,created,priority,status"
_LOGIN_REASON = "x-seraph-loginreason"


def service(base: str, environment: Mapping[str, str] | None = None) -> Service:
    """How to ask: an API token with its mail address (Cloud), or a personal access token (Data Center)."""
    variables = os.environ if environment is None else environment
    token, user = (variables.get(name, "").strip() for name in ("JIRA_TOKEN", "JIRA_USER"))
    headers = {"Accept": "application/json", "User-Agent": "tminus"}
    if token:
        check_receiver("Jira", "jira", base, (variables.get("JIRA_URL", ""),), "JIRA_TOKEN", variables)
    if token and user:
        basic = base64.b64encode(f"{user}:{token}".encode()).decode()
        return Service("Jira", base, headers, token=f"Basic {basic}", token_hint=_HINT)
    return Service("Jira", base, headers, token=f"Bearer {token}" if token else "", token_hint=_HINT)


class IncompleteListError(SourceError):
    """A list of which a part is missing: what it counts is unknown."""


class Jira:
    """One site."""

    def __init__(self, client: Client, *, is_cloud: bool) -> None:
        self.client = client
        self.is_cloud = is_cloud

    def page(self, key: str) -> str:
        """The page of an issue."""
        return f"{self.client.service.base.rstrip('/')}/browse/{quote(key)}"

    def check_login(self) -> None:
        """SourceError where a token is given and Jira does not know it; a search would be empty then, not refused."""
        if self.client.service.token:
            body = _table(self._get("rest/api/2/myself", {}))
            if not any(body.get(key) for key in ("accountId", "name", "key")):
                raise SourceError(f"Jira does not say who is signed in: check {_HINT}")

    def check_project(self, key: str) -> None:
        """SourceError where the project does not exist or may not be seen."""
        body = _table(self._get(f"rest/api/2/project/{quote(key)}", {}))
        if str(body.get("key") or "").upper() != key:
            raise SourceError(f"Jira answered with {body.get('key')!r} for the project {key}: check sources.jira")

    def search(self, jql: str) -> list[dict[str, Any]]:
        """Every issue of the search, each once; IncompleteListError when a part is missing."""
        try:
            return self._search(jql)
        except IncompleteListError:  # an issue was opened or closed between two pages: once more
            return self._search(jql)

    def _search(self, jql: str) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for rows in self._cloud_pages(jql) if self.is_cloud else self._server_pages(jql, found):
            for row in rows:
                if not isinstance(row, dict) or not isinstance(row.get("key"), str):
                    raise IncompleteListError("a row of Jira's answer is not an issue")
                found[row["key"]] = row
            if len(found) > _MOST:
                raise IncompleteListError(f"the search finds more than {_MOST:,} issues: narrow it")
        return list(found.values())

    def _cloud_pages(self, jql: str) -> Iterator[list[Any]]:
        """Pages by token; the last one says so or names no further one."""
        seen: set[str] = set()
        params: dict[str, Any] = {"jql": jql, "fields": _FIELDS, "maxResults": _PAGE}
        while True:
            page = _table(self._get("rest/api/3/search/jql", params))
            yield _issues(page)
            token = page.get("nextPageToken")
            if page.get("isLast") is True or (not token and page.get("isLast") is not False):
                return
            if not isinstance(token, str) or token in seen:
                raise IncompleteListError("Jira says that more pages follow, and names none")
            seen.add(token)
            params = {**params, "nextPageToken": token}

    def _server_pages(self, jql: str, found: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Pages by number; the total that is stated must be what they list."""
        start = 0
        while True:
            params = {"jql": jql, "fields": _FIELDS, "startAt": start, "maxResults": _PAGE}
            page = _table(self._get("rest/api/2/search", params))
            rows, total = _issues(page), page.get("total")
            if not isinstance(total, int) or isinstance(total, bool):
                raise SourceError("Jira states no total: check sources.jira.api, and cloud for a site of Jira Cloud")
            yield rows
            start += len(rows)
            if not rows or start >= total:
                if len(found) != total:
                    raise IncompleteListError(f"Jira counts {total} issues, its pages list {len(found)}")
                return

    def _get(self, path: str, params: Mapping[str, Any]) -> Any:
        answer: Answer = self.client.get(path, params or None)
        reason = answer.headers.get(_LOGIN_REASON, "").upper()
        if "FAILED" in reason or "DENIED" in reason:
            raise SourceError(f"Jira did not accept the sign-in ({reason[:40]}): check {_HINT}")
        return answer.json()


def _issues(page: Mapping[str, Any]) -> list[Any]:
    rows = page.get("issues")
    if not isinstance(rows, list):
        raise SourceError("Jira's answer has no list of issues: check sources.jira.api")
    return rows


def _table(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise SourceError("Jira answered with no object: check sources.jira.api")
    return body
