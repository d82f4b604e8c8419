"""Expressions for Prometheus as the configuration gives them, and the figures that follow from an answer."""

from __future__ import annotations

import hashlib
import json
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.observation import CATALOGUE
from ingest.readers.contract import Figure, figure
from ingest.source import SourceError
from ingest.sources.settings import checked
from ingest.transport.prometheus import Series

MOST_POINTS = 11_000  # of one series in one answer; Prometheus refuses more
GROWTH = "memory_growth_mb_per_hour"
AFTER_DEPLOYMENT_ONLY = ("worst", "increase")
UNCONFIRMED = "check each expression against the running service, then set confirmed = true"
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_REDUCE: dict[str, Callable[[Sequence[float]], float]] = {
    "last": lambda values: values[-1],
    "mean": statistics.fmean,
    "median": statistics.median,
    "max": max,
    "min": min,
    "p95": lambda values: sorted(values)[math.ceil(0.95 * len(values)) - 1],
}


@dataclass(frozen=True, slots=True)
class Query:
    """One expression and what becomes of its answer."""

    metric: str
    query: str
    scope: str
    scope_label: str  # each series of the answer has the value of this label as its scope
    reduce: str  # growth, a key of _REDUCE, or with `after` one of AFTER_DEPLOYMENT_ONLY
    multiply: float
    unit: str
    restarts: str  # an expression that changes its value at every restart, such as process_start_time_seconds
    window: str
    step: str
    after: str  # "deployment": only samples since the newest deployment count
    confirmed: bool  # False: a proposal of the import, which is not asked until a person has checked it

    def definition(self) -> str:
        """Two figures of different expressions, windows or reductions are never compared."""
        parts = {key: value for key, value in asdict(self).items() if key not in ("after", "confirmed")}
        # Definitions of figures that are already stored must not change: `after` counts only where it is given.
        identity = json.dumps(parts | ({"after": self.after} if self.after else {}), sort_keys=True)
        return f"prometheus-{self.reduce}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def parse_queries(given: Mapping[str, Any]) -> list[Query]:
    """Check the [[sources.prometheus.query]] tables; SourceError lists all that is wrong."""
    problems: list[str] = []
    queries: list[Query] = []
    if not given["query"]:
        problems.append("sources.prometheus.query: missing; write a [[sources.prometheus.query]] table per figure")
    for number, table in enumerate(given["query"]):
        where = f"sources.prometheus.query[{number}]"
        try:
            queries.append(_query(where, dict(table), given))
        except SourceError as problem:
            problems.append(str(problem))
    problems += _answered_twice(queries)
    if problems:
        raise SourceError("; ".join(problems))
    return queries


def _answered_twice(queries: Sequence[Query]) -> list[str]:
    """Two expressions for the samples of one metric and scope: which one is judged would be chance."""
    keys = Counter((query.metric, query.scope) for query in queries if query.after and query.confirmed)
    return [
        f"sources.prometheus.query: {times} queries with after have the metric {metric} and the scope {scope!r}: "
        "give each a scope of its own"
        for (metric, scope), times in keys.items()
        if times > 1
    ]


def _query(where: str, table: dict[str, Any], given: Mapping[str, Any]) -> Query:
    metric = table.get("metric")
    standard = CATALOGUE.get(metric) if isinstance(metric, str) else None
    defaults = {
        "metric": str,
        "query": str,
        "scope": "",
        "scope_label": "",
        "reduce": "worst" if table.get("after") else "growth" if metric == GROWTH else "last",
        "multiply": 1.0,
        "unit": standard.unit if standard else str,
        "restarts": "",
        "window": given["window"],
        "step": given["step"],
        "after": "",
        "confirmed": True,
    }
    values = checked(where, table, defaults)
    query = Query(**{name: values[name] for name in defaults})
    if query.after not in ("", "deployment"):
        raise SourceError(f'{where}.after: must be "deployment" or empty, found {query.after!r}')
    _check_reduction(where, query)
    _check_window(where, query)
    return query


def _check_window(where: str, query: Query) -> None:
    """Not more points than one answer holds; with `after` enough of them that a gap can be seen."""
    window, step = duration(query.window, f"{where}.window"), duration(query.step, f"{where}.step")
    if query.after and window < 2 * step:
        raise SourceError(
            f"{where}: a window of {query.window} holds less than two samples at a step of {query.step}, so no gap "
            f"could be seen: set window to {2 * step:g}s or more"
        )
    if window / step > MOST_POINTS and not query.after:
        raise SourceError(
            f"{where}: a window of {query.window} in steps of {query.step} has {window / step:,.0f} points, and "
            f"Prometheus answers with at most {MOST_POINTS:,}: set step to {math.ceil(window / MOST_POINTS)}s or more"
        )


def _check_reduction(where: str, query: Query) -> None:
    """`growth` has restarts and warm-up of its own; `worst` and `increase` are judged since the deployment alone."""
    known = [*_REDUCE, *AFTER_DEPLOYMENT_ONLY] if query.after else ["growth", *_REDUCE]
    if query.reduce not in known:
        other = f' with after = "{query.after}"' if query.after else ""
        raise SourceError(f"{where}.reduce: must be {', '.join(known)}{other}, found {query.reduce!r}")


def duration(text: str, where: str) -> float:
    """Seconds out of "15s", "2h" or "1d"."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", text)
    if not match or float(match[1]) <= 0:
        raise SourceError(f"{where}: must be a duration such as 15s, 2h or 1d, found {text!r}")
    return float(match[1]) * _UNITS[match[2]]


def figures_of(
    query: Query, answer: Sequence[Series], restarts: Sequence[Series] = (), end: float | None = None
) -> list[Figure]:
    """One figure a series; an answer of several series without a label to distinguish them is unknown.

    A last value that is no longer there at `end` is not the value at `end`: a system that is gone has no value.
    """
    if not answer:
        return [Figure(query.metric, None, query.unit, query.scope, "Prometheus has no data for the expression")]
    if len(answer) > 1 and not query.scope_label:
        reason = f"the expression answers with {len(answer)} series: aggregate them (sum, max) or set scope_label"
        return [Figure(query.metric, None, query.unit, query.scope, reason)]
    figures = []
    labels = Counter(series.labels.get(query.scope_label, "") for series in answer)
    for label, times in labels.items():
        scope = "/".join(filter(None, (query.scope, label if query.scope_label else "")))
        series = next(one for one in answer if one.labels.get(query.scope_label, "") == label)
        if reason := _why_unknown(query, series, times, label, end):
            figures.append(Figure(query.metric, None, query.unit, scope, reason))
        else:
            figures.append(_figure(query, series, scope, _restarts_of(series, restarts)))
    return figures


def _why_unknown(query: Query, series: Series, times: int, label: str, end: float | None) -> str:
    """Why the series of a label gives no figure: it is not the only one, or it ended before `end`; else empty."""
    if times > 1:
        return f"{times} series have {query.scope_label}={label!r}: aggregate them, as in sum by ({query.scope_label})"
    if query.reduce == "last" and end is not None and _is_gone(query, series, end):
        last = datetime.fromtimestamp(series.seconds[-1], UTC)
        return f"no value at the end of the window; the last one is of {last:%Y-%m-%d %H:%M} UTC"
    return ""


def _is_gone(query: Query, series: Series, end: float) -> bool:
    """Points lie a step apart and the last one at most a step before the end."""
    return bool(series.seconds) and series.seconds[-1] < end - duration(query.step, "step") - 1.0


def _figure(query: Query, series: Series, scope: str, starts: Sequence[float]) -> Figure:
    known = [(at, value) for at, value in zip(series.seconds, series.values, strict=True) if math.isfinite(value)]
    if not known:
        return Figure(query.metric, None, query.unit, scope, "the expression answers with no number (NaN)")
    values = [query.multiply * value for _, value in known]
    if query.reduce == "last" and known[-1][0] != series.seconds[-1]:
        return Figure(query.metric, None, query.unit, scope, "the expression ends without a number (NaN)")
    if query.reduce == "growth":
        return _growth(query, [at for at, _ in known], values, scope, starts)
    value = float(_REDUCE[query.reduce](values))
    in_catalogue = query.metric in CATALOGUE
    return figure(query.metric, value, scope) if in_catalogue else Figure(query.metric, value, query.unit, scope)


def _growth(
    query: Query, seconds: Sequence[float], values: Sequence[float], scope: str, starts: Sequence[float]
) -> Figure:
    """The growth per hour between restarts."""
    from ingest.readers.performance.memory_growth import measure_growth

    growth = measure_growth(seconds, values, [sum(at < start for at in seconds) for start in starts])
    return Figure(query.metric, growth.value, query.unit, scope, growth.reason, growth.low, growth.high)


def _restarts_of(series: Series, restarts: Sequence[Series]) -> list[float]:
    """When the value of the restart expression changed, for the series of the same instance."""
    for other in restarts:
        if len(restarts) == 1 or other.labels.get("instance") == series.labels.get("instance"):
            steps = zip(other.values, other.values[1:], other.seconds[1:], strict=False)
            return [at for before, after, at in steps if before != after]
    return []
