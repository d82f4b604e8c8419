"""Every sample of an expression since the deployment: what the service saw itself, never a value carried over a gap."""

from __future__ import annotations

import hashlib
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ingest.observation import Evidence, Observation, SampleSeries
from ingest.source import Harvest
from ingest.sources.running.prometheus_queries import MOST_POINTS, Query, duration
from ingest.sources.running.promql_selectors import selectors_in
from ingest.transport.addresses import without_query
from ingest.transport.http_client import Client
from ingest.transport.prometheus import QueryError, Series, parse_range, query_range, warnings_of

_MOST_IN_ONE_ANSWER = MOST_POINTS - 1_000
_INSTANT = 0.001
_LOOKED_BACK = "7d"  # how far before the asked time a series is looked for that has no sample at its beginning
_ABOUT_EXPRESSION = "PromQL"  # a remark about the expression; every other warning says that a part did not answer
Points = dict[float, float]  # seconds since 1970: value


def read_samples(client: Client, query: Query, since: datetime, now: datetime, harvest: Harvest) -> None:
    """Add the samples of an expression from `since` to `now`, and the newest one as its figure.

    A service repeats the last value of a series for up to five minutes after its last scrape. So a point counts only
    where one of the series that the expression reads has a sample of its own in that step.
    """
    base = without_query(client.service.base)
    identity = hashlib.sha256(f"{base}|{query.definition()}|{query.scope}".encode()).hexdigest()[:20]
    proof = Evidence(f"prometheus-samples:{identity}", f"{base}: {query.query}", "", "prometheus")
    harvest.evidence.append(proof)
    step = duration(query.step, "step")
    try:
        by_scope = _by_scope(query, _points(client, query, since, now, harvest))
    except QueryError as problem:
        harvest.observations.append(_figure(query, now, query.scope, None, str(problem), proof))
        return
    _note_coarse_step(client, query, now, step, harvest)
    for scope, points in by_scope.items():
        seconds = sorted(points)
        series = SampleSeries(
            query.metric,
            scope,
            query.unit,
            query.definition(),
            step,
            "measured",
            proof.id,
            seconds,
            [query.multiply * points[at] for at in seconds],
        )
        harvest.samples.append(series)
        harvest.observations.append(_newest(query, now, scope, series, proof))
    if not by_scope:
        why = "Prometheus has no data for the series of the expression"
        harvest.observations.append(_figure(query, now, query.scope, None, why, proof))


def _points(client: Client, query: Query, since: datetime, now: datetime, harvest: Harvest) -> dict[str, Points]:
    """The points that count, by the value of the scope label ("" without one)."""
    selectors, step = selectors_in(query.query), duration(query.step, "step")
    if not selectors:
        raise QueryError("the expression reads no series, so its answer shows nothing of the service")
    found: dict[str, Points] = {}
    seen: list[dict[str, Points]] = [{} for _ in selectors]
    stretches = list(_stretches(since, now, step))
    for start, end in stretches:
        body = query_range(client, query.query, start, end, step)
        if not _is_whole(query, body, start, end, harvest):
            continue
        _merge(found, _labelled(query, parse_range(body)))
        for times, selector in zip(seen, selectors, strict=True):
            _merge(times, _last_seen(client, query, selector, (start, end)))
    if not found:
        return found
    first = stretches[0][0]
    known = [
        (times, _begun(client, query, selector, times, first)) for times, selector in zip(seen, selectors, strict=True)
    ]
    return {label: _own(points, label, known, step) for label, points in found.items()}


def _is_whole(query: Query, body: bytes, start: datetime, end: datetime, harvest: Harvest) -> bool:
    """Whether every part of the service has answered; else a warning says which time was not stored."""
    partial = [line for line in warnings_of(body) if not line.startswith(_ABOUT_EXPRESSION)]
    if partial:
        harvest.warnings.append(
            f"{query.metric}: samples from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC were not stored, "
            f"because the answer is not whole: {partial[0]}"
        )
    return not partial


def _last_seen(client: Client, query: Query, selector: str, times: tuple[datetime, datetime]) -> dict[str, Points]:
    """When the series of a selector had their last sample, at each step."""
    asked = f"max{_by(query)} (timestamp({selector}))"
    return _labelled(query, parse_range(query_range(client, asked, *times, duration(query.step, "step"))))


def _by(query: Query) -> str:
    return f" by ({query.scope_label})" if query.scope_label else ""


def _begun(client: Client, query: Query, selector: str, seen: Mapping[str, Points], since: datetime) -> frozenset[str]:
    """The scopes with a series that was there before `since`, so that its silence is a hole."""
    step = duration(query.step, "step")
    known = {label for label, times in seen.items() if times and min(times) <= since.timestamp() + step}
    if not query.scope_label and known:
        return frozenset(known)
    asked = f"count{_by(query)} (count_over_time({selector}[{_LOOKED_BACK}]))"
    return frozenset(known.union(_labelled(query, parse_range(query_range(client, asked, since, since, step)))))


def _note_coarse_step(client: Client, query: Query, now: datetime, step: float, harvest: Harvest) -> None:
    """Warn where the service scrapes more often than the step: a window would pass over the samples between."""
    for selector in selectors_in(query.query)[:1]:
        asked = f"max(count_over_time({selector}[{round(step * 1000) - 1}ms]))"
        start = datetime.fromtimestamp(now.timestamp() - 10 * step, UTC)
        answer = parse_range(query_range(client, asked, start, now, step))
        counts = [value for series in answer for value in series.values]
        if counts and statistics.median(counts) >= 2:
            each = f"{step / statistics.median(counts):.0f}s"
            harvest.warnings.append(
                f"{query.metric}: step {query.step} is longer than the scrape interval, so only one of "
                f"{statistics.median(counts):.0f} samples is counted: set step to {each}"
            )


def _stretches(since: datetime, now: datetime, step: float) -> Iterator[tuple[datetime, datetime]]:
    """Multiples of the step, the same ones whoever pulls when; at most as many at once as one answer may hold."""
    first, last = math.ceil(since.timestamp() / step), math.floor(now.timestamp() / step)
    while first <= last:
        end = min(last, first + _MOST_IN_ONE_ANSWER)
        yield datetime.fromtimestamp(first * step, UTC), datetime.fromtimestamp(end * step, UTC)
        first = end + 1


def _labelled(query: Query, answer: Sequence[Series]) -> dict[str, Points]:
    """Each series by its scope label; QueryError where several series have the same one."""
    found: dict[str, Points] = {}
    for series in answer:
        label = series.labels.get(query.scope_label, "") if query.scope_label else ""
        if label in found:
            raise QueryError(
                f"the expression answers with {len(answer)} series: aggregate them (sum, max) or set scope_label"
            )
        found[label] = dict(zip(series.seconds, series.values, strict=True))
    return found


def _merge(into: dict[str, Points], more: Mapping[str, Points]) -> dict[str, Points]:
    for label, points in more.items():
        into[label] = {**into.get(label, {}), **points}
    return into


def _own(
    points: Points, label: str, known: Sequence[tuple[Mapping[str, Points], frozenset[str]]], step: float
) -> Points:
    """The points at which every series that has begun by then was seen within the step, and at least one was.

    A series that has not begun yet says nothing: the counter of an error that never happened does not exist. Where
    none was seen, the value is a constant of the expression such as `or vector(0)`, and shows nothing.
    """
    series = [_of_label(label, seen, begun) for seen, begun in known]

    def is_seen(at: float, times: Points) -> bool:
        return at in times and at - times[at] < step - _INSTANT

    def is_own(at: float) -> bool:
        answered = [(is_seen(at, times), first) for times, first in series]
        return any(here for here, _ in answered) and all(here or at < first for here, first in answered)

    return {at: value for at, value in points.items() if is_own(at)}


def _of_label(label: str, seen: Mapping[str, Points], begun: frozenset[str]) -> tuple[Points, float]:
    """When the series of a scope was seen, and since when; one without the label is of every scope."""
    key = label if label in seen or label in begun else ""
    times = seen.get(key, {})
    return times, -math.inf if key in begun else min(times, default=math.inf)


def _by_scope(query: Query, by_label: Mapping[str, Points]) -> dict[str, Points]:
    return {
        "/".join(filter(None, (query.scope, label if query.scope_label else ""))): points
        for label, points in by_label.items()
        if points
    }


def _newest(query: Query, now: datetime, scope: str, series: SampleSeries, proof: Evidence) -> Observation:
    at, value = series.seconds[-1], series.values[-1]
    if now.timestamp() - at > 2 * series.step:
        why = f"no sample since {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
        return _figure(query, now, scope, None, why, proof)
    if not math.isfinite(value):
        return _figure(query, now, scope, None, f"the newest sample is not a number ({value:g})", proof)
    return _figure(query, now, scope, value, "", proof)


def _figure(query: Query, now: datetime, scope: str, value: float | None, reason: str, proof: Evidence) -> Observation:
    return Observation(
        query.metric, now, value, query.unit, scope, "measured", "", proof.id, query.definition(), reason
    )
