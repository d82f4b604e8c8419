"""Codecov: the line coverage of every commit of a branch that it has a complete report of."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from ingest.observation import Evidence, Observation
from ingest.readers.contract import count, figure, number
from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import moment, table
from ingest.sources.service_source import ServiceSource
from ingest.transport.http_client import Client, Service
from ingest.transport.services import CODECOV_API, codecov

DEFAULTS = {"repository": str, "service": "github", "api": CODECOV_API, "days": 90, "recheck_days": 7, "scope": ""}
SERVICES = ("github", "gitlab", "bitbucket", "github_enterprise", "gitlab_enterprise", "bitbucket_server")
METRIC = "coverage_line_percent"
DEFINITION = "codecov-1"  # partly covered lines are not covered: another number than that of lcov
_PAGE = 100
_SHORT = {"github": "gh", "gitlab": "gl", "bitbucket": "bb"}
_ROUNDED = 1.0  # Codecov may be set to show whole percents


@dataclass(frozen=True, slots=True)
class Codecov(ServiceSource):
    """The built-in source `codecov`, configured by [sources.codecov]."""

    defaults = DEFAULTS
    name: str = "codecov"

    def service(self, api: str) -> Service:
        """codecov.io or a server of one's own."""
        return codecov(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """Every commit since the marker, the last days of it again: reports are processed late."""
        path = _path(given)
        about = _object(client.get(f"{path}/").json(), "repository")
        if about.get("active") is False:
            raise SourceError(f"Codecov has no report of {given['repository']}: let CI upload one")
        branch = given["branch"] or str(about.get("branch") or "main")
        since = _since(request, given)
        harvest = Harvest()
        for row in _commits(client, path, branch, since):
            _add(row, given, harvest)
        harvest.counts["commits"] = len(harvest.observations)
        harvest.marker = json.dumps({"until": request.now.isoformat(), "branch": branch})
        if not harvest.observations and not request.marker:
            harvest.warnings.append(f"Codecov has no complete report of {branch} in the last {given['days']} days")
        return harvest


def _path(given: Mapping[str, Any]) -> str:
    owner, _, name = given["repository"].rpartition("/")
    if not owner or not name:
        raise SourceError(f"sources.codecov.repository: must be owner/name, found {given['repository']!r}")
    if given["service"] not in SERVICES:
        raise SourceError(f"sources.codecov.service: must be one of {', '.join(SERVICES)}, found {given['service']!r}")
    # A group within a group is written with a colon (gitlab: group:subgroup).
    return f"{given['service']}/{quote(owner.replace('/', ':'), safe=':')}/repos/{quote(name, safe='')}"


def _since(request: Request, given: Mapping[str, Any]) -> datetime:
    """Where to begin; from the start again when the marker is of another branch or damaged."""
    since = request.now - timedelta(days=given["days"])
    with contextlib.suppress(ValueError, KeyError, TypeError):
        marker = json.loads(request.marker or "{}")
        if not given["branch"] or marker["branch"] == given["branch"]:
            since = max(since, datetime.fromisoformat(marker["until"]) - timedelta(days=given["recheck_days"]))
    return since


def _commits(client: Client, path: str, branch: str, since: datetime) -> Iterator[dict[str, Any]]:
    """The commits of the branch, newest first, down to a page that is older than `since`."""
    for page in range(1, client.patience.pages + 1):
        answer = client.get(f"{path}/commits/", {"branch": branch, "page": page, "page_size": _PAGE})
        body = _object(answer.json(), "commits")
        dated = _dated(body.get("results"))
        young = [row for at, row in dated if at >= since]
        yield from young
        if not body.get("next") or not body["results"] or (dated and not young):
            return
    raise SourceError(f"Codecov has more than {client.patience.pages:,} pages: check sources.codecov.api")


def _dated(rows: Any) -> list[tuple[datetime, dict[str, Any]]]:
    if not isinstance(rows, list):
        raise SourceError("Codecov's answer has no list of commits: check sources.codecov.api")
    return [(at, row) for row in rows if isinstance(row, dict) and (at := moment(row.get("timestamp")))]


def _add(row: Mapping[str, Any], given: Mapping[str, Any], harvest: Harvest) -> None:
    """The figure of one commit; a report that is still processed comes with a later pull, a missing one never."""
    sha, at, state = str(row.get("commitid") or ""), moment(row.get("timestamp")), str(row.get("state") or "")
    totals = table(row.get("totals"))
    if at is None or not sha or state in ("pending", "skipped") or (not totals and state != "error"):
        return
    value, reason = (None, "Codecov could not process the report (error)") if state == "error" else _coverage(totals)
    found = figure(METRIC, value, given["scope"], reason)
    shown = "|".join(str(totals.get(key)) for key in ("hits", "misses", "partials", "lines", "coverage"))
    proof = Evidence(f"codecov:{sha}:{state}:{shown}", _page(given, sha), tool="codecov")
    harvest.evidence.append(proof)
    harvest.observations.append(
        Observation(
            METRIC, at, found.value, found.unit, found.scope, "measured", sha, proof.id, DEFINITION, found.reason
        )
    )


def _coverage(totals: Mapping[str, Any]) -> tuple[float | None, str]:
    """Hit lines of all lines; what Codecov states beside them must agree, as must their parts."""
    hits, misses, partials, lines = (count(totals.get(key)) for key in ("hits", "misses", "partials", "lines"))
    if hits is None or lines is None:
        return None, "Codecov states no lines"
    if lines == 0:
        return None, "no line is measured"
    if misses is not None and partials is not None and hits + misses + partials != lines:
        return None, f"{hits} hit, {misses} missed and {partials} partly hit lines are not the {lines} that are stated"
    value, stated = 100 * hits / lines, number(totals.get("coverage"))
    if stated is not None and abs(stated - value) > _ROUNDED:
        return None, f"Codecov states {stated:g}%, its lines give {value:.1f}%"
    return value, ""


def _page(given: Mapping[str, Any], sha: str) -> str:
    if given["api"] == CODECOV_API and given["service"] in _SHORT:
        return f"https://app.codecov.io/{_SHORT[given['service']]}/{given['repository']}/commit/{sha}"
    return f"{given['api'].rstrip('/')}/{_path(given)}/commits/{sha}/"


def _object(body: Any, what: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise SourceError(f"Codecov answered with no object for its {what}: check sources.codecov.api")
    return body
