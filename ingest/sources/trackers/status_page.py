"""A status page with the API of Statuspage: incidents that are not resolved, by their impact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment
from ingest.sources.service_source import ServiceSource
from ingest.sources.trackers.open_items import Found, OpenItems, Search, Tracked
from ingest.transport.http_client import Client, Service

DEFAULTS = {"api": str, "scope": ""}
IMPACTS = ("critical", "major", "minor")
# Over, or planned work: some pages list it among the incidents.
_NOT_OPEN = frozenset({"resolved", "postmortem", "completed", "scheduled", "in_progress", "verifying"})
_PATH = "api/v2/incidents/unresolved.json"


@dataclass(frozen=True, slots=True)
class StatusPage(ServiceSource):
    """The built-in source `status_page`, configured by [sources.status_page]."""

    defaults = DEFAULTS
    name: str = "status_page"

    def service(self, api: str) -> Service:
        """The page's own address; its API is open to everyone."""
        return Service("the status page", api, {"Accept": "application/json", "User-Agent": "tminus"})

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """All incidents together with the oldest, and the number of each impact."""
        ledger = OpenItems(self.name, request)
        page = given["api"].rstrip("/")
        whole = Search("unresolved incidents", given["scope"], "incidents", page)
        parts = {
            impact: Search(f"unresolved incidents, {impact}", _scope(given["scope"], impact), "incidents", page)
            for impact in IMPACTS
        }
        try:
            found = _found(client)
        except SourceError as problem:
            for search in (whole, *parts.values()):
                ledger.failed(search, problem)
        else:
            ledger.read(whole, found)
            for impact, search in parts.items():
                own = [item for item in found.items if item.label == impact]
                ledger.read(search, Found(own, found.digest), with_items=False)
        return ledger.hand_over()


def _scope(scope: str, impact: str) -> str:
    return f"{scope}/{impact}" if scope else impact


def _found(client: Client) -> Found:
    answer = client.get(_PATH)
    document = answer.json()
    rows = document.get("incidents") if isinstance(document, dict) and isinstance(document.get("page"), dict) else None
    if not isinstance(rows, list):
        raise SourceError(f"{_PATH} is not the answer of a status page: check sources.status_page.api")
    if not all(isinstance(row, dict) and row.get("id") and row.get("status") for row in rows):
        raise SourceError("a row of the status page is not an incident: nothing is counted")
    items = [_incident(row) for row in rows if str(row["status"]).lower() not in _NOT_OPEN]
    return Found(items, hashlib.sha256(answer.body).hexdigest())


def _incident(row: Mapping[str, Any]) -> Tracked:
    opened = moment(row.get("started_at")) or moment(row.get("created_at"))
    impact = str(row.get("impact") or "").lower()
    return Tracked(str(row["id"]), str(row.get("name") or ""), str(row.get("shortlink") or ""), opened, impact)
