"""Lines such as "Error rate <1%" of a monitoring list -> a metric with a Prometheus expression that is a proposal.

The expressions name metrics of common exporters (client libraries for HTTP, node_exporter, kube-state-metrics,
postgres_exporter, redis_exporter). None is asked before a person has checked it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.plan_drafting.draft import slug
from ingest.plan_drafting.language.plain_text import is_forbidding
from ingest.plan_drafting.language.quantities import Quantity, demands

SCOPE = "running"  # apart from figures of a laboratory or of CI
_PERCENTILE = re.compile(
    r"\bt?p[-\s]?\(?(\d+(?:[.,]\d+)?)\b|\b(\d+(?:[.,]\d+)?)\s?(?:th|st|nd|rd|er|e|\.|º|%)?[-\s]?(?:percentile?|perzentil|centile)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A criterion of a running gate and the expression that could measure it."""

    metric: str
    title: str
    comparator: str
    threshold: float
    unit: str
    query: str
    exporter: str


@dataclass(frozen=True, slots=True)
class _Kind:
    words: re.Pattern[str]
    metric: str
    dimension: str  # of the figure that the line names: share, seconds, bytes, "" ...
    query: str
    exporter: str
    better: str


def _kind(words: str, metric: str, dimension: str, better: str, exporter: str, query: str) -> _Kind:
    return _Kind(re.compile(words, re.IGNORECASE), metric, dimension, query, exporter, better)


_HTTP = "HTTP metrics of a client library"
_UNITS = {"share": "percent", "seconds": "seconds", "bytes": "bytes", "/hour": "per hour", "bytes/hour": "bytes/h"}
_ASSUMED = "; the document names no percentile, the 95th is an assumption"
_MEAN = re.compile(
    r"\b(?:avg|averag\w+|mean|median\w*|typical\w*|maxim\w+|minim\w+|worst|slowest|fastest|peak)\b|ø", re.IGNORECASE
)
# A time without a percentile is read as the 95th only where each of its words is known: one that is not may be the word
# for an average or a maximum in another language.
_PLAIN_TIME_WORDS = """
    response request requests responses latency latencies time times duration durations api apis http https web page
    database db sql query queries postgres postgresql mysql performance the of all is are be stays stay remains remain
    within under below less than at most and for in on normal acceptable good healthy endpoint endpoints server service
"""
_PLAIN_TIMES = frozenset(_PLAIN_TIME_WORDS.split())
# The first row that fits decides; {quantile} and {handler} are filled from the line.
_KINDS = (
    _kind(
        r"\b(?:database|db|sql|query|postgres\w*|mysql)\b.*\b(?:performance|latency|time|duration|queries|query)\b",
        "database_query_seconds",
        "seconds",
        "lower",
        "a histogram of query times",
        "histogram_quantile({quantile}, sum by (le) (rate(db_query_duration_seconds_bucket[5m])))",
    ),
    _kind(
        r"\b(?:response|request|latency|api)\b.*(?:time|latency|duration)?",
        "request_p{percentile}_seconds",
        "seconds",
        "lower",
        _HTTP,
        "histogram_quantile({quantile}, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
    ),
    _kind(
        r"\berror(?:s| rate)?\b|\b5xx\b|\bfailure rate\b",
        "request_error_percent",
        "share",
        "lower",
        _HTTP,
        '100 * sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))',
    ),
    _kind(
        r"\b(?:memory|ram|heap)\b",
        "memory_used_bytes",
        "bytes",
        "lower",
        "process metrics of a client library",
        "max(process_resident_memory_bytes)",
    ),
    _kind(
        r"\b(?:memory|ram)\b",
        "memory_used_percent",
        "share",
        "lower",
        "node_exporter",
        "100 * max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
    ),
    _kind(
        r"\bcpu\b",
        "cpu_used_percent",
        "share",
        "lower",
        "node_exporter",
        '100 * (1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])))',
    ),
    _kind(
        r"\b(?:disk|storage|filesystem|volume)\b",
        "disk_used_percent",
        "share",
        "lower",
        "node_exporter",
        "100 * max(1 - node_filesystem_avail_bytes / node_filesystem_size_bytes)",
    ),
    _kind(
        r"\b(?:restarts?|crash\w*)\b",
        "container_restarts_per_hour",
        "/hour",
        "lower",
        "kube-state-metrics",
        "sum(increase(kube_pod_container_status_restarts_total[1h]))",
    ),
    _kind(
        r"\b(?:cache|redis|memcached)\b.*\bhit",
        "cache_hit_percent",
        "share",
        "higher",
        "redis_exporter",
        "100 * sum(rate(redis_keyspace_hits_total[5m])) / (sum(rate(redis_keyspace_hits_total[5m])) "
        "+ sum(rate(redis_keyspace_misses_total[5m])))",
    ),
    _kind(
        r"\b(?:database|db|postgres\w*|sql)\b.*\b(?:connect\w*|availab\w+|up)\b",
        "database_available_percent",
        "share",
        "higher",
        "postgres_exporter",
        "100 * avg(pg_up)",
    ),
    _kind(
        r"\b(?:uptime|availab\w+)\b",
        "service_available_percent",
        "share",
        "higher",
        "the targets of Prometheus",
        "100 * avg(up)",
    ),
    _kind(
        r"\b(?:success\w*|complet\w+)\b",
        "{subject}_success_percent",
        "share",
        "higher",
        _HTTP,
        '100 * sum(rate(http_requests_total{{code=~"2..",handler=~".*{handler}.*"}}[5m])) '
        '/ sum(rate(http_requests_total{{handler=~".*{handler}.*"}}[5m]))',
    ),
)
# Times and errors of something else than requests.
_OTHER = re.compile(
    r"\b(?:queues?|jobs?|batch\w*|workers?|consumers?|start-?up|boot|builds?|deploy\w*|backups?|restor\w+|roll-?backs?"
    r"|recover\w*|failover|support|tickets?|sync\w*|replicat\w+|rto|rpo|mttr|cold)\b",
    re.IGNORECASE,
)
_DULL = {
    "user",
    "success",
    "rate",
    "completion",
    "complete",
    "completed",
    "the",
    "of",
    "successful",
    "request",
    "ratio",
}


def proposal_of(text: str) -> Proposal | None:
    """What a line demands of the running system; None unless it has one figure, compared on the side that is good.

    "Error rate > 5%" beside an alert says when it is bad: such a line is left to a person, never turned round.
    """
    found = demands(text)
    if len(found) != 1 or not found[0].comparator or found[0].comparator == "==":
        return None
    figure = found[0]
    name = f"{text[: figure.start]} {text[figure.end :]}"
    dimension = _dimension(figure, text)
    if is_forbidding(text) or not _is_clear(name, dimension):
        return None
    for kind in _KINDS:
        if kind.dimension == dimension and kind.words.search(name) and _is_good_side(figure, kind.better):
            return _proposal(kind, name, text, figure)
    return None


def _is_clear(name: str, dimension: str) -> bool:
    """Whether one of the queries, which are of percentiles and totals, is what the line is about."""
    if _OTHER.search(name) or _MEAN.search(name):
        return False
    return dimension != "seconds" or _says_which_time(name)


def _says_which_time(name: str) -> bool:
    """One percentile of two digits; or none, and no word that may name another statistic."""
    named = [first or second for first, second in _PERCENTILE.findall(name)]
    if named:
        return len(named) == 1 and len(named[0]) == 2
    return not re.search(r"\d", name) and _PLAIN_TIMES.issuperset(re.findall(r"[^\W\d_]+", name.lower()))


def _dimension(figure: Quantity, text: str) -> str:
    """ "<5/hour" is a rate: the reader of figures knows rates of sizes only."""
    if figure.dimension == "" and re.match(r"\s?(?:/|per )\s?(?:h\b|hr|hour)", text[figure.end :], re.IGNORECASE):
        return "/hour"
    return figure.dimension


def _is_good_side(figure: Quantity, better: str) -> bool:
    return figure.comparator in (("<", "<=") if better == "lower" else (">", ">="))


def _proposal(kind: _Kind, name: str, text: str, figure: Quantity) -> Proposal:
    found = _PERCENTILE.search(name)
    percentile = (found[1] or found[2]) if found else "95"
    words = [word for word in re.findall(r"[a-z]{3,}", name.lower()) if word not in _DULL]
    subject = "_".join(words[:3]) or "request"
    filling = {"quantile": f"0.{percentile}", "handler": words[0] if words else "", "subject": subject}
    query = kind.query.format(**filling) if "{quantile}" in kind.query or "{handler}" in kind.query else kind.query
    metric = kind.metric.format(percentile=percentile, subject=subject)
    title = re.sub(r"\s+", " ", re.sub(r"\(\s*\)", "", name)).strip(" :-–—")
    return Proposal(
        metric=metric,
        title=title or slug(text),
        comparator=str(figure.comparator),
        threshold=figure.value,
        unit=_UNITS[kind.dimension],
        query=query,
        exporter=kind.exporter + ("" if found or "{percentile}" not in kind.metric else _ASSUMED),
    )
