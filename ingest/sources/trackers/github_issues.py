"""GitHub: searches for open issues and pull requests of one repository."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment
from ingest.sources.service_source import ServiceSource
from ingest.sources.trackers.open_items import Found, OpenItems, Search, Tracked, searches
from ingest.transport.github import DEFAULT_API, GitHub, service
from ingest.transport.http_client import Client, Service

DEFAULTS = {"repository": str, "api": DEFAULT_API, "search": ()}
_ELSEWHERE = re.compile(r"(?<![\w:])(?:repo|org|user|owner|enterprise):", re.IGNORECASE)
_CLOSED = re.compile(r"(?<![\w:-])(?:is|state):(?:closed|merged)\b", re.IGNORECASE)
_OPEN = re.compile(r"(?<![\w:-])(?:is|state):open\b", re.IGNORECASE)
_KIND = re.compile(r"(?<![\w:-])(?:is|type):(?:issue|pr|pull-request)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GitHubIssues(ServiceSource):
    """The built-in source `github_issues`, configured by [sources.github_issues]."""

    defaults = DEFAULTS
    name: str = "github_issues"

    def service(self, api: str) -> Service:
        """GitHub or a GitHub Enterprise Server."""
        return service(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """Ask every search, one after the other."""
        asked = github_searches(given)
        github = GitHub(client, given["repository"])
        ledger = OpenItems(self.name, request)
        for number, search in enumerate(asked, 1):
            request.progress(number, len(asked), "searches")
            try:
                found, search_page = _ask(github, search)
            except SourceError as problem:
                ledger.failed(search, problem)
            else:
                ledger.read(replace(search, page=search_page), found)
        return ledger.hand_over()


def github_searches(given: Mapping[str, Any]) -> list[Search]:
    """The searches with what each leaves unsaid: open ones, and issues. SourceError for words that lead elsewhere."""
    found = searches("github_issues", given, "query")
    for number, search in enumerate(found):
        where = f"sources.github_issues.search[{number}].query"
        if wrong := _ELSEWHERE.search(search.words):
            raise SourceError(f"{where}: leave out {wrong[0]!r}: sources.github_issues.repository names the repository")
        if wrong := _CLOSED.search(search.words):
            raise SourceError(f"{where}: counts what is open; leave out {wrong[0]!r}")
    return [replace(search, words=_whole(search.words)) for search in found]


def _whole(words: str) -> str:
    parts = ["" if _KIND.search(words) else "is:issue", "" if _OPEN.search(words) else "is:open", words]
    return " ".join(filter(None, parts))


def _ask(github: GitHub, search: Search) -> tuple[Found, str]:
    """The whole answer, and the page that shows the same list."""
    about = github.about()
    name, page = str(about.get("full_name") or ""), str(about.get("html_url") or "")
    if not name:
        raise SourceError("GitHub's answer about the repository has no name: check sources.github_issues.api")
    if about.get("has_issues") is False and "is:issue" in search.words:
        raise SourceError(f"the issues of {name} are switched off: nothing can be counted")
    rows = github.search_issues(name, search.words)
    items = [_tracked(row) for row in rows if row.get("state") != "closed"]
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
    return Found(items, digest), f"{page}/issues?q={quote_plus(search.words)}"


def _tracked(row: Mapping[str, Any]) -> Tracked:
    title, address = f"#{row['number']} {row.get('title') or ''}", str(row.get("html_url") or "")
    return Tracked(f"#{row['number']}", title, address, moment(row.get("created_at")))
