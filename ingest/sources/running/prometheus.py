"""Prometheus: expressions of the configuration become figures; memory growth becomes a slope with its interval."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.observation import Evidence, Observation
from ingest.readers.contract import Figure
from ingest.source import Harvest, Request
from ingest.sources.running.prometheus_queries import UNCONFIRMED, Query, duration, figures_of, parse_queries
from ingest.sources.running.prometheus_samples import read_samples
from ingest.sources.settings import checked
from ingest.transport.addresses import without_query
from ingest.transport.http_client import Client, RetryPolicy
from ingest.transport.prometheus import QueryError, parse_range, query_range, service, warnings_of
from ingest.warehouse.payloads import PayloadStore

DEFAULTS = {"url": str, "query": (), "window": "2h", "step": "15s", "every": "1d", "backfill_days": 14, "tenant": ""}
_MOST_MOMENTS = 60  # of one pull, when it catches up


@dataclass(frozen=True, slots=True)
class Prometheus:
    """The built-in source `prometheus`, configured by [sources.prometheus]."""

    name: str = "prometheus"
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep

    def observe(self, request: Request) -> Harvest:
        """Ask every expression for now, and for the moments `every` since the last pull that were missed."""
        given = checked("sources.prometheus", request.settings, DEFAULTS)
        queries = parse_queries(given)
        harvest = Harvest(marker=json.dumps({"asked": request.now.isoformat()}))
        payloads = PayloadStore(request.payloads)
        every = len(queries)
        queries = [query for query in queries if query.confirmed]
        if proposals := every - len(queries):
            harvest.warnings.append(f"{proposals} queries are proposals and were not asked: {UNCONFIRMED}")
        with Client(service(given["url"], given["tenant"]), None, self.patience, self.sleep) as client:
            moments = list(_moments(request, given))
            for number, at in enumerate(moments, 1):
                request.progress(number, len(moments), "moments")
                for query in queries:
                    if not query.after:
                        _ask(client, query, at, harvest, payloads, is_now=at == request.now)
            for query in queries:
                if query.after:
                    read_samples(client, query, _since(query, request, given), request.now, harvest)
            harvest.counts = {"queries": len(queries), "moments": len(moments), "requests": client.requests}
        return harvest


def windowed_queries(settings: Mapping[str, Any]) -> list[Query]:
    """The confirmed queries with `after`, whose samples are stored; SourceError as in a pull."""
    queries = parse_queries(checked("sources.prometheus", settings, DEFAULTS))
    return [query for query in queries if query.after and query.confirmed]


def _moments(request: Request, given: Mapping[str, Any]) -> Iterator[datetime]:
    """Full multiples of `every` since the last pull (they are the same whoever pulls when), then now."""
    every = duration(given["every"], "sources.prometheus.every")
    since = request.now - timedelta(days=given["backfill_days"])
    # The first pull, or a damaged marker: catch up from the start, nothing is stored twice.
    with contextlib.suppress(ValueError, KeyError, TypeError):
        since = max(since, datetime.fromisoformat(json.loads(request.marker or "{}")["asked"]))
    first, last = int(since.timestamp() // every) + 1, int(request.now.timestamp() // every)
    for multiple in range(max(first, last - _MOST_MOMENTS + 1), last + 1):
        at = datetime.fromtimestamp(multiple * every, UTC)
        if at < request.now:
            yield at
    yield request.now


def _since(query: Query, request: Request, given: Mapping[str, Any]) -> datetime:
    """The whole window each time, so that samples which came late close their gap; at first also what is older."""
    window = timedelta(seconds=duration(query.window, "window"))
    return request.now - (window if request.marker else max(window, timedelta(days=given["backfill_days"])))


def _note_warnings(query: Query, body: bytes, harvest: Harvest) -> None:
    """Add what Prometheus warns of, each line once."""
    warnings = [f"{query.metric}: Prometheus warns: {words}" for words in warnings_of(body)]
    harvest.warnings += [line for line in warnings if line not in harvest.warnings]


def _is_known(figure: Figure) -> bool:
    return figure.value is not None


def _proof(query: Query, base: str, at: datetime, body: bytes, figures: Sequence[Figure]) -> Evidence:
    """The evidence of one answer, named by what was asked and what was answered."""
    digest = hashlib.sha256(body).hexdigest() if body else ""
    identity = f"{base}|{query.definition()}|{query.scope}|{at.isoformat()}|{digest}"
    name = f"prometheus:{hashlib.sha256(identity.encode()).hexdigest()[:20]}"
    return Evidence(name, f"{base}: {query.query}", digest, "prometheus", excerpt=_interval(figures))


def _ask(client: Client, query: Query, at: datetime, harvest: Harvest, payloads: PayloadStore, *, is_now: bool) -> None:
    start = at - timedelta(seconds=duration(query.window, "window"))
    step = duration(query.step, "step")
    base = without_query(client.service.base)
    body = b""
    try:
        body = query_range(client, query.query, start, at, step)
        restarts = parse_range(query_range(client, query.restarts, start, at, step)) if query.restarts else []
        figures = figures_of(query, parse_range(body), restarts, at.timestamp())
        _note_warnings(query, body, harvest)
    except QueryError as problem:
        figures = [Figure(query.metric, None, query.unit, query.scope, str(problem))]
    if not is_now and not any(map(_is_known, figures)):
        return  # a past moment of which nothing is known: it says nothing that the gap does not say
    proof = _proof(query, base, at, body, figures)
    harvest.evidence.append(proof)
    harvest.observations += [
        Observation(f.metric, at, f.value, f.unit, f.scope, "measured", "", proof.id, query.definition(), f.reason)
        for f in figures
    ]
    if body and (warning := payloads.keep(body, "prometheus", "query_range.json", proof.locator, at.isoformat())):
        harvest.warnings.append(warning)


def _interval(figures: Sequence[Figure]) -> str:
    intervals = (f"95% interval {f.low:g} to {f.high:g}" for f in figures if f.low is not None and f.high is not None)
    return next(intervals, "")
