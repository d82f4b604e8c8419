"""Jira Cloud and Data Center: searches in JQL, restricted to projects that the reader can see."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment, table
from ingest.sources.service_source import ServiceSource
from ingest.sources.trackers.open_items import Found, OpenItems, Search, Tracked, searches
from ingest.transport.http_client import Client, Service
from ingest.transport.jira import Jira, service

DEFAULTS = {"api": str, "projects": list, "cloud": "", "search": ()}
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)
_PROJECT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class JiraIssues(ServiceSource):
    """The built-in source `jira`, configured by [sources.jira]."""

    defaults = DEFAULTS
    name: str = "jira"

    def service(self, api: str) -> Service:
        """A site of Jira Cloud, or a server."""
        return service(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """Ask every search, one after the other."""
        asked = jira_searches(given)
        projects = [project.upper() for project in given["projects"]]
        jira = Jira(client, is_cloud=_is_cloud(given))
        ledger = OpenItems(self.name, request)
        refusal = _refusal(jira, projects)
        for number, search in enumerate(asked, 1):
            request.progress(number, len(asked), "searches")
            try:
                if refusal:
                    raise refusal
                found = _ask(jira, search, projects)
            except SourceError as problem:
                ledger.failed(search, problem)
            else:
                ledger.read(search, found)
        return ledger.hand_over()


def jira_searches(given: Mapping[str, Any]) -> list[Search]:
    """The searches with their projects in front; SourceError for what is not a key of a project, or for an order."""
    found = searches("jira", given, "jql")
    keys = [str(project) for project in given["projects"]]
    if not keys or not all(map(_PROJECT.fullmatch, keys)):
        raise SourceError(f'sources.jira.projects: must be the keys of projects, as ["SHOP"], found {keys!r}')
    for number, search in enumerate(found):
        if _ORDER.search(_QUOTED.sub("", search.words)):
            raise SourceError(f"sources.jira.search[{number}].jql: leave out ORDER BY: the oldest come first")
    listed = ", ".join(f'"{key.upper()}"' for key in keys)
    base = str(given["api"]).rstrip("/")
    whole = [f"project in ({listed}) AND ({search.words}) ORDER BY created ASC, key ASC" for search in found]
    pages = [f"{base}/issues/?{urlencode({'jql': words})}" for words in whole]
    return [replace(one, words=words, page=page) for one, words, page in zip(found, whole, pages, strict=True)]


def _is_cloud(given: Mapping[str, Any]) -> bool:
    """Whether the site is Jira Cloud: by its name, or as the table says for a domain of your own."""
    if given["cloud"] not in ("", "yes", "no"):
        raise SourceError(f'sources.jira.cloud: must be "yes" or "no", found {given["cloud"]!r}')
    host = urlsplit(given["api"]).hostname or ""
    return given["cloud"] == "yes" or (given["cloud"] == "" and host.endswith((".atlassian.net", ".jira.com")))


def _refusal(jira: Jira, projects: Sequence[str]) -> SourceError | None:
    """Why nothing can be counted: to who is not signed in, Jira answers a search with an empty list and 200."""
    try:
        jira.check_login()
        for project in projects:
            jira.check_project(project)
    except SourceError as problem:
        return problem
    return None


def _ask(jira: Jira, search: Search, projects: Sequence[str]) -> Found:
    rows = jira.search(search.words)
    strange = sorted({row["key"] for row in rows if row["key"].rpartition("-")[0].upper() not in projects})
    if strange:
        raise SourceError(
            f"the search leads out of {', '.join(projects)} ({strange[0]}): put its OR in parentheses, "
            "or add the project to sources.jira.projects"
        )
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
    still_open = [row for row in rows if not _is_done(row)]
    done = len(rows) - len(still_open)
    doubt = f"{done} of {len(rows)} issues of {search.scope or 'the search'} are done and not counted as open"
    advice = "; `AND statusCategory != Done` in its jql leaves them out"
    return Found([_tracked(jira, row) for row in still_open], digest, [doubt + advice] if done else [])


def _is_done(row: Mapping[str, Any]) -> bool:
    """Whether the status is of the category that Jira calls done, whatever a site names the status itself."""
    status = table(table(row.get("fields")).get("status"))
    return table(status.get("statusCategory")).get("key") == "done"


def _tracked(jira: Jira, row: Mapping[str, Any]) -> Tracked:
    fields = table(row.get("fields"))
    label = str(table(fields.get("priority")).get("name") or "")
    opened = moment(fields.get("created"))
    title = f"{row['key']} {fields.get('summary') or ''}"
    return Tracked(row["key"], title, jira.page(row["key"]), opened, label)
