"""SonarQube and SonarCloud: measures and quality gate of the newest analysis, at its date and commit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ingest.readers.registry import read_bytes
from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment
from ingest.sources.report_files.combine import Combined, Origin, ReportFile, store
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.sources.service_source import ServiceSource
from ingest.transport.http_client import Client, Service
from ingest.transport.services import SONAR_CLOUD, sonar
from ingest.warehouse.payloads import PayloadStore

DEFAULTS = {"project": str, "api": SONAR_CLOUD, "sonar_branch": "", "new_code": False, "scope": ""}
MEASURES = (
    "coverage",
    "line_coverage",
    "branch_coverage",
    "bugs",
    "vulnerabilities",
    "code_smells",
    "duplicated_lines_density",
)
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Sonar(ServiceSource):
    """The built-in source `sonar`, configured by [sources.sonar]."""

    defaults = DEFAULTS
    name: str = "sonar"

    def service(self, api: str) -> Service:
        """SonarCloud or a SonarQube server."""
        return sonar(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """The newest analysis. Its figures keep its date, so a project that is analysed no more goes stale."""
        branch = {"branch": given["sonar_branch"]} if given["sonar_branch"] else {}
        analysis = _newest(client, given["project"], branch)
        at = moment(analysis.get("date"))
        if at is None:
            raise SourceError("Sonar's newest analysis has no date: check sources.sonar.api")
        revision = str(analysis.get("revision") or "").lower()
        page = f"{given['api'].rstrip('/')}/dashboard?{urlencode({'id': given['project'], **branch})}"
        commit = revision if _HASH.fullmatch(revision) else ""
        harvest, ledger = Harvest(marker=request.marker), ItemLedger.load(request, self.name)
        origin = Origin(self.name, min(at, request.now), commit, f"{page}#", f"sonar:{analysis.get('key')}")
        parts = [_part(*asked, given["scope"]) for asked in _answers(client, given, branch)]
        store(parts, origin, harvest, PayloadStore(request.payloads), ledger)
        ledger.hand_over(harvest)
        harvest.warnings += [line for part in parts for line in part.reading.warnings]
        harvest.counts["analyses"] = 1
        return harvest


def _newest(client: Client, project: str, branch: Mapping[str, str]) -> Mapping[str, Any]:
    body = client.get("api/project_analyses/search", {"project": project, "ps": 1, **branch}).json()
    rows = body.get("analyses") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise SourceError("Sonar's answer has no list of analyses: check sources.sonar.api")
    if not rows or not isinstance(rows[0], dict):
        raise SourceError(f"Sonar has no analysis of {project}: let CI run the scanner")
    return rows[0]


def _answers(client: Client, given: Mapping[str, Any], branch: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """The name and the bytes of each answer: these are what the readers know."""
    keys = [*MEASURES, *(f"new_{key}" for key in MEASURES if given["new_code"])]
    asked = {"component": given["project"], "metricKeys": ",".join(keys), "additionalFields": "metrics", **branch}
    measures = client.get("api/measures/component", asked)
    gate = client.get("api/qualitygates/project_status", {"projectKey": given["project"], **branch})
    for answer in (measures, gate):
        answer.json()  # a login page is an error with its address
    return [("sonar-measures.json", measures.body), ("sonar-gate.json", gate.body)]


def _part(name: str, body: bytes, scope: str) -> Combined:
    """The figures of one answer, by the reader of its format and by no other."""
    (reading,) = read_bytes(body, name, name.removesuffix(".json"))
    return Combined(reading, (ReportFile(name, body, reading),), scope, name)
