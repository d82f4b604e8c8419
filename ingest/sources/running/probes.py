"""Probes of running systems: health, load time, days left of the TLS certificate. Never without consent."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ingest.observation import CATALOGUE, Evidence, Observation
from ingest.source import Harvest, Request, SourceError
from ingest.sources.settings import checked
from ingest.transport.addresses import shown_origin, without_query
from ingest.transport.probe import ProbeFailedError, Seen, fetch, reaches_private, tls_days_left
from ingest.transport.trusted_hosts import how_to_trust, is_listed, trusted

DEFINITION = "probe-1"
MOST_PROBES = 10  # of one address in one pull: this measures a system, it does not load it
HEALTH = "http_healthy_percent"
TIMES = ("load_first_byte_seconds", "load_whole_seconds")
TLS = "tls_expiry_days"
DEFAULTS = {"consent": False, "hosts": list, "check": (), "times": 3, "timeout_seconds": 10.0, "ca_file": ""}

Outcome = tuple[str, float | None, str]  # metric, value, reason


@dataclass(frozen=True, slots=True)
class Check:
    """One address to look at."""

    url: str
    scope: str
    status: int
    contains: str
    times: int
    timeout: float
    ca_file: str
    may_be_private: bool  # the user's own trust list names the address


@dataclass(frozen=True, slots=True)
class Probes:
    """The built-in source `probes`, configured by [sources.probes]."""

    name: str = "probes"
    sleep: Callable[[float], None] = time.sleep

    def observe(self, request: Request) -> Harvest:
        """Ask each address a few times, one after the other. A system that is down is a figure, not a failure."""
        checks = parse_checks(request.settings)
        harvest = Harvest(marker=request.now.isoformat())
        for number, check in enumerate(checks, 1):
            request.progress(number, len(checks), "probes")
            # The address may hold a key in its query: the evidence is known by the hash of it.
            name = hashlib.sha256(check.url.encode()).hexdigest()[:16]
            proof = Evidence(f"probe:{name}:{request.now.isoformat()}", without_query(check.url), tool="tminus probe")
            harvest.evidence.append(proof)
            for metric, value, why in [*self._answers(check), *_tls(check, request.now)]:
                unit = CATALOGUE[metric].unit
                harvest.observations.append(
                    Observation(
                        metric, request.now, value, unit, check.scope, "measured", "", proof.id, DEFINITION, why
                    )
                )
        harvest.counts = {"probes": len(checks)}
        return harvest

    def _answers(self, check: Check) -> list[Outcome]:
        """Health and times of a few requests, one after the other."""
        healthy: list[bool] = []
        times: list[tuple[float, float]] = []
        trouble = ""
        for number in range(check.times):
            if number:
                self.sleep(0.2)
            try:
                seen = fetch(check.url, check.timeout, check.ca_file, may_be_private=check.may_be_private)
                trouble = _wrong(check, seen) or trouble
                healthy.append(not _wrong(check, seen))
            except ProbeFailedError as problem:
                trouble = str(problem)
                if not problem.is_ours:
                    healthy.append(False)
                continue
            # An error page is quick: the time of an answer that was not the expected one says nothing.
            times += [(seen.first_byte, seen.whole)] if healthy[-1] else []
        return _outcomes(healthy, times, trouble)


def _wrong(check: Check, seen: Seen) -> str:
    if seen.status != check.status:
        return f"answered {seen.status}" + (f", leading to {without_query(seen.leads_to)}" if seen.leads_to else "")
    return "" if check.contains.encode() in seen.body else "answered without the expected text"


def _tls(check: Check, now: datetime) -> list[Outcome]:
    if urlsplit(check.url).scheme != "https":
        return []
    try:
        days = tls_days_left(check.url, now, check.timeout, check.ca_file, may_be_private=check.may_be_private)
        return [(TLS, days, "")]
    except ProbeFailedError as problem:
        return [(TLS, None, str(problem))]


def parse_checks(settings: Mapping[str, Any]) -> list[Check]:
    """Check [sources.probes]: without `consent = true` and the host in `hosts`, nothing is ever sent."""
    given = checked("sources.probes", settings, DEFAULTS)
    if not given["consent"]:
        raise SourceError(
            "sources.probes.consent: probes send requests to running systems; set consent = true to allow it"
        )
    problems: list[str] = []
    checks: list[Check] = []
    for number, table in enumerate(given["check"]):
        where = f"sources.probes.check[{number}]"
        try:
            values = checked(
                where,
                table,
                {"url": str, "scope": "", "status": 200, "contains": "", "times": given["times"]},
            )
            checks.append(_check(where, values, given))
        except SourceError as problem:
            problems.append(str(problem))
    if not checks and not problems:
        problems.append("sources.probes.check: missing; write a [[sources.probes.check]] table per address")
    if problems:
        raise SourceError("; ".join(problems))
    return checks


def _outcomes(healthy: Sequence[bool], times: Sequence[tuple[float, float]], trouble: str) -> list[Outcome]:
    """The share of good answers and the median times; unknown with the reason where there was none."""
    health = 100.0 * sum(healthy) / len(healthy) if healthy else None
    outcomes: list[Outcome] = [(HEALTH, health, "" if healthy else trouble)]
    for position, metric in enumerate(TIMES):
        value = statistics.median(pair[position] for pair in times) if times else None
        outcomes.append((metric, value, "" if times else f"no good answer: {trouble}"))
    return outcomes


def _check(where: str, check: Mapping[str, Any], given: Mapping[str, Any]) -> Check:
    parts = urlsplit(check["url"])
    _check_address(where, check["url"], given["hosts"])
    if check["times"] > MOST_PROBES:
        raise SourceError(f"{where}.times: at most {MOST_PROBES}, found {check['times']}")
    scope = check["scope"] or f"{shown_origin(check['url']).partition('://')[2]}{parts.path}"
    return Check(
        check["url"],
        scope,
        check["status"],
        check["contains"],
        check["times"],
        float(given["timeout_seconds"]),
        given["ca_file"],
        is_listed(check["url"], trusted("probes")),
    )


def _check_address(where: str, url: str, hosts: Sequence[str]) -> None:
    """Refuse an address that the configuration may not ask for; SourceError names the key."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{where}.url: must be an http or https address, found {url!r}")
    if parts.username or parts.password:
        raise SourceError(f"{where}.url: take the credentials out of the address")
    if parts.hostname.lower() not in [host.lower().strip("[]") for host in hosts]:
        raise SourceError(f"{where}.url: {parts.hostname!r} is not in sources.probes.hosts: add it there to allow it")
    if reaches_private(url) and not is_listed(url, trusted("probes")):
        raise SourceError(
            f"{where}.url: {parts.hostname!r} is an address of this machine or network, and a tminus.toml does not "
            f"decide to ask it; {how_to_trust('probes', url)}"
        )
