"""OpenTelemetry metrics as OTLP JSON: request durations and errors of a server, and memory over time.

The file exporter of the Collector writes one document a line; a single document is read as well, and so is what the
logging exporter of Java writes: one resource a line, without the list around it. Histograms are those
of the semantic conventions for HTTP servers. The 95th percentile is interpolated within its bucket, so it is as coarse
as the buckets; beyond the last bound it is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, NamedTuple

from ingest.readers.contract import Figure, Reader, ReadError, Reading, count, figure, number, one_line
from ingest.readers.performance.memory_series import METRIC as GROWTH
from ingest.readers.performance.memory_series import MemorySamples, growth_figures
from ingest.readers.text.json import decode, has, json_lines, load_object, mapping, objects, sequence, text
from ingest.redaction import redact_words

P95, ERRORS = "request_p95_seconds", "request_error_percent"
# Name -> seconds of its unit, where the metric states none: the stable convention, and the one before it.
_DURATIONS = {"http.server.request.duration": 1.0, "http.server.duration": 0.001}
_SECONDS = {"s": 1.0, "ms": 0.001, "us": 1e-6, "ns": 1e-9}
_BYTES = {"By": 1.0, "KiBy": 1024.0, "MiBy": 1024.0**2, "kBy": 1e3, "MBy": 1e6}
_STATUS = ("http.response.status_code", "http.status_code")
_MEMORY = re.compile(r"memory|heap|\brss\b|resident|working_set", re.IGNORECASE)
_LIMITS = re.compile(r"limit|max|virtual|available|committed|request(?:ed|s)?$|^system\.", re.IGNORECASE)
_RESIDENT = ("process.memory.usage", "process.memory.physical_usage")
_NOTHING = 1  # the flag of a point that carries no value
_DELTA = (1, "1", "AGGREGATION_TEMPORALITY_DELTA")
_CUMULATIVE = (2, "2", "AGGREGATION_TEMPORALITY_CUMULATIVE")


class Point(NamedTuple):
    """One data point with what surrounds it."""

    service: str
    metric: Mapping[str, Any]
    kind: str  # gauge, sum, histogram ...
    body: Mapping[str, Any]  # of the kind: temporality beside its points
    row: Mapping[str, Any]
    resource: str  # all attributes of the resource: two instances of a service are two series

    def attributes(self) -> dict[str, str]:
        """The attributes of the point as text."""
        return _attributes(self.row)


@dataclass(slots=True)
class Requests:
    """Requests of one service: counts by bucket, failed ones, and those of which nothing is known."""

    bounds: tuple[float, ...] = ()
    buckets: list[int] = field(default_factory=list)
    total: int = 0
    failed: int = 0
    unjudged: int = 0
    trouble: str = ""
    last: int = 0


def _detect(head: bytes, name: str) -> float:
    return 0.95 if has(head, "resourceMetrics") or has(head, "scopeMetrics") else 0.0


def read_otlp(data: bytes, name: str) -> Reading:
    """p95 and share of failed requests of each service, and growth of each memory series, at the last point's time.

    A file of other metrics claims nothing of ours. Scope "" where one service, or one memory series, is in the file.
    """
    documents, bad = _documents(data)
    points = [point for document in documents for point in _points(document)]
    if not points:
        raise ReadError("no data point in the file")
    figures = [*_request_figures(points)]
    grown, notes = _memory_figures(points)
    warnings = [f"{bad} lines are not OTLP"] if bad else []
    if not figures and not grown:
        known = ", ".join(sorted({one_line(text(point.metric.get("name")), 60) for point in points})[:5])
        warnings.append(f"no metric that is read (http.server.request.duration, memory in bytes), found {known}")
    at = _moment(max((_nanoseconds(point.row) for point in points), default=0))
    found = tuple(replace(one, at=at) for one in (*figures, *grown))
    return Reading("otlp-metrics", "opentelemetry", "", found, (), tuple(warnings), notes=tuple(notes))


def _documents(data: bytes) -> tuple[list[dict[str, Any]], int]:
    """Documents of one a line, or the only one, which may be written over many lines."""
    first = decode(data).lstrip().split("\n", 1)[0].rstrip()
    if not first.endswith("}") or first == "{":
        return [load_object(data)], 0
    rows, bad = json_lines(data)
    return [row for row in rows if "resourceMetrics" in row or "scopeMetrics" in row], bad


def _points(document: Mapping[str, Any]) -> Iterator[Point]:
    for resource in [document] if "scopeMetrics" in document else objects(document.get("resourceMetrics")):
        labels = _attributes(mapping(resource.get("resource")))
        identity = repr(sorted(labels.items()))
        # "instrumentationLibraryMetrics" is how it was called before version 0.15 of the protocol.
        scopes = resource.get("scopeMetrics") or resource.get("instrumentationLibraryMetrics")
        for metric in (one for scope in objects(scopes) for one in objects(scope.get("metrics"))):
            kind = next((key for key in ("gauge", "sum", "histogram", "exponentialHistogram") if key in metric), "")
            body = mapping(metric.get(kind))
            for row in objects(body.get("dataPoints")):
                yield Point(labels.get("service.name", ""), metric, kind, body, row, identity)


def _attributes(owner: Mapping[str, Any]) -> dict[str, str]:
    pairs = objects(owner.get("attributes"))
    return {text(pair.get("key")): redact_words(_plain(mapping(pair.get("value"))))[:200] for pair in pairs}


def _plain(value: Mapping[str, Any]) -> str:
    return str(
        next((value[key] for key in ("stringValue", "intValue", "boolValue", "doubleValue") if key in value), "")
    )


def _nanoseconds(row: Mapping[str, Any], key: str = "timeUnixNano") -> int:
    """A time of the protocol, as number or text; 0 where none is stated."""
    value = row.get(key)
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() and len(str(value)) < 21 else 0


def _moment(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).isoformat() if 0 < nanoseconds < 2.5e20 else ""


def _request_figures(points: Iterable[Point]) -> Iterator[Figure]:
    streams: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    for point in points:
        if text(point.metric.get("name")) in _DURATIONS:
            key = (
                point.service,
                text(point.metric.get("name")),
                point.resource,
                repr(sorted(point.attributes().items())),
            )
            streams[key].append(point)
    services: dict[str, Requests] = defaultdict(Requests)
    for (service, name, *_), stream in streams.items():
        if not _is_superseded(name, service, streams):
            _add_stream(services[service], stream)
    for service, requests in sorted(services.items()):
        scope = one_line(service) if len(services) > 1 else ""
        value, reason = _percentile(requests)
        yield figure(P95, value, scope, reason)
        share, reason = _error_share(requests)
        yield figure(ERRORS, share, scope, reason)


def _is_superseded(name: str, service: str, streams: Iterable[tuple[str, ...]]) -> bool:
    """Whether the same requests are also there under the stable name: a service may write both while it moves over."""
    stable = next(iter(_DURATIONS))
    return name != stable and any(key[:2] == (service, stable) for key in streams)


def _add_stream(requests: Requests, stream: list[Point]) -> None:
    """Add one stream; of a cumulative one the last point of each start, since it holds all from its start on."""
    temporality = stream[0].body.get("aggregationTemporality")
    if temporality in _DELTA:
        chosen = stream
    elif temporality in _CUMULATIVE:
        chosen = _last_of_each_start(stream)
    else:
        requests.trouble = "a histogram does not state whether it is delta or cumulative"
        return
    for point in chosen:
        _add_point(requests, point)


def _last_of_each_start(stream: Iterable[Point]) -> list[Point]:
    """The last point before each restart: the start moves, or, where none is stated, the count falls."""
    chosen: list[Point] = []
    for point in sorted(stream, key=lambda one: _nanoseconds(one.row)):
        before = chosen[-1].row if chosen else {}
        goes_on = _nanoseconds(before, "startTimeUnixNano") == _nanoseconds(point.row, "startTimeUnixNano")
        if chosen and goes_on and (count(before.get("count")) or 0) <= (count(point.row.get("count")) or 0):
            chosen.pop()
        chosen.append(point)
    return chosen


def _add_point(requests: Requests, point: Point) -> None:
    if count(point.row.get("flags") or 0) == _NOTHING:
        return
    bounds, buckets = _buckets(point)
    if not buckets:
        exponential = point.kind == "exponentialHistogram"
        requests.trouble = "exponential histograms are not read" if exponential else "the buckets are not its count"
        return
    if requests.buckets and requests.bounds != bounds:
        requests.trouble = "histograms with different bounds cannot be added up"
        return
    before = requests.buckets or [0] * len(buckets)
    requests.bounds, requests.total = bounds, requests.total + sum(buckets)
    requests.buckets = [one + other for one, other in zip(before, buckets, strict=True)]
    _judge(requests, point.attributes(), sum(buckets))


def _buckets(point: Point) -> tuple[tuple[float, ...], list[int]]:
    """Upper bounds in seconds, and the counts below each and above the last; no counts where they do not add up."""
    row = point.row
    factor = _SECONDS.get(text(point.metric.get("unit")), _DURATIONS[text(point.metric.get("name"))])
    bounds = tuple((number(bound) or 0.0) * factor for bound in sequence(row.get("explicitBounds")))
    buckets = [one for one in map(count, sequence(row.get("bucketCounts"))) if one is not None]
    is_whole = len(buckets) == len(bounds) + 1 and sum(buckets) == count(row.get("count"))
    return bounds, buckets if is_whole else []


def _judge(requests: Requests, attributes: Mapping[str, str], total: int) -> None:
    """Whether these requests failed: by their status, else by the type of their error."""
    status = next((attributes[key] for key in _STATUS if attributes.get(key)), "")
    if status.isdecimal():
        requests.failed += total if int(status) >= 500 else 0
    elif attributes.get("error.type"):
        requests.failed += total
    else:
        requests.unjudged += total


def _percentile(requests: Requests) -> tuple[float | None, str]:
    """The 95th percentile in seconds, evenly spread within its bucket; the first bucket begins at 0."""
    if requests.trouble or not requests.total:
        return None, requests.trouble or "no request was measured"
    rank = 0.95 * requests.total
    for place, reached in enumerate(accumulate(requests.buckets)):
        if reached >= rank:
            if place == len(requests.bounds):
                break
            lower = requests.bounds[place - 1] if place else 0.0
            own = requests.buckets[place]
            return lower + (requests.bounds[place] - lower) * (rank - (reached - own)) / own, ""
    bound = requests.bounds[-1] if requests.bounds else 0.0
    return None, f"above the last bound of the histogram ({bound:g} s)"


def _error_share(requests: Requests) -> tuple[float | None, str]:
    """Answers of 500 and above, and requests with an error, of all; unknown where a request states neither."""
    if requests.trouble or not requests.total:
        return None, requests.trouble or "no request was measured"
    if requests.unjudged:
        return None, f"{requests.unjudged} of {requests.total} requests have no status code"
    return 100 * requests.failed / requests.total, ""


def _memory_figures(points: Iterable[Point]) -> tuple[list[Figure], list[str]]:
    series: dict[tuple[str, str, str], MemorySamples] = {}
    starts: dict[tuple[str, str, str], int] = {}
    for point in sorted(filter(_is_memory, points), key=lambda one: _nanoseconds(one.row)):
        name, row = text(point.metric.get("name")), point.row
        key = (point.resource, name, repr(sorted(point.attributes().items())))
        samples = series.setdefault(key, MemorySamples(_scope_of(point, name)))
        start = _nanoseconds(row, "startTimeUnixNano")
        if samples.sizes and start != starts.get(key, start):
            samples.starts.append(len(samples.sizes))
        starts[key] = start
        samples.add(_nanoseconds(row) / 1e9 or None, _size(point))
    return growth_figures(_with_main(list(series.values())))


def _is_memory(point: Point) -> bool:
    """Whether the point is of memory in use, in bytes."""
    name = text(point.metric.get("name"))
    is_size = text(point.metric.get("unit")) in _BYTES and point.kind in ("gauge", "sum")
    return is_size and _MEMORY.search(name) is not None and _LIMITS.search(name) is None


def _size(point: Point) -> float | None:
    value = number(point.row.get("asInt", point.row.get("asDouble")))
    is_gap = value is None or count(point.row.get("flags") or 0) == _NOTHING
    return None if is_gap or value is None else value * _BYTES[text(point.metric.get("unit"))]


def _scope_of(point: Point, name: str) -> str:
    labels = ", ".join(f"{key}={value}" for key, value in sorted(point.attributes().items()))
    return one_line(": ".join(filter(None, [point.service, f"{name}{{{labels}}}" if labels else name])))


def _with_main(series: list[MemorySamples]) -> list[MemorySamples]:
    """The only series, or the only one of resident memory, is that of the whole: scope ""."""
    resident = [one for one in series if one.scope.rpartition(": ")[2] in _RESIDENT]
    chosen = series if len(series) == 1 else resident
    if len(chosen) == 1:
        chosen[0].scope = ""
    return series


READERS = (
    Reader(
        "otlp-metrics",
        "OpenTelemetry metrics (OTLP JSON)",
        "opentelemetry-python 1.45 (JSON file exporter), Java agent 2.13, Go; the documented example of the protocol",
        (P95, ERRORS, GROWTH),
        _detect,
        read_otlp,
    ),
)
