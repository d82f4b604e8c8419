"""OpenSSF Scorecard: the newest score that its public API has of a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ingest.readers.registry import read_bytes
from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment, table
from ingest.sources.report_files.combine import Combined, Origin, ReportFile, store
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.sources.service_source import ServiceSource
from ingest.transport.http_client import Client, Service
from ingest.transport.services import SCORECARD_API, scorecard
from ingest.warehouse.payloads import PayloadStore

DEFAULTS = {"repository": str, "api": SCORECARD_API}
_NAME = re.compile(r"(?:github\.com|gitlab\.com)(?:/[\w.-]+){2,}")
_HASH = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Scorecard(ServiceSource):
    """The built-in source `scorecard`, configured by [sources.scorecard]."""

    defaults = DEFAULTS
    name: str = "scorecard"

    def service(self, api: str) -> Service:
        """The public API, or a copy of it."""
        return scorecard(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """The score at its own date and commit: the service looks once a week."""
        name = given["repository"]
        if not _NAME.fullmatch(name):
            raise SourceError(f"sources.scorecard.repository: must be github.com/owner/name, found {name!r}")
        answer = client.get(f"projects/{quote(name)}")
        document = table(answer.json())
        about = table(document.get("repo"))
        at = moment(document.get("date"))
        if at is None or str(about.get("name") or "").lower() != name.lower():
            raise SourceError(f"Scorecard's answer is not about {name}, or has no date: check sources.scorecard.api")
        (reading,) = read_bytes(answer.body, "scorecard.json", "scorecard")
        commit = str(about.get("commit") or "").lower()
        harvest, ledger = Harvest(marker=request.marker), ItemLedger.load(request, self.name)
        known = commit if _HASH.fullmatch(commit) else ""
        origin = Origin(self.name, min(at, request.now), known, f"{answer.url}#", f"scorecard:{document['date']}")
        part = Combined(reading, (ReportFile("scorecard.json", answer.body, reading),), series="scorecard")
        store([part], origin, harvest, PayloadStore(request.payloads), ledger)
        ledger.hand_over(harvest)
        harvest.warnings += reading.warnings
        return harvest
