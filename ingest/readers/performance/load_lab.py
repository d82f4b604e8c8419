"""Load: Lighthouse reports and k6 summaries. The home page is scope "", every other page its path."""

from __future__ import annotations

from statistics import median
from typing import Any
from urllib.parse import urlsplit

from ingest.readers.contract import Figure, Reader, ReadError, Reading, figure, number
from ingest.readers.text.json import has, load_json, load_object, mapping, objects, text

METRICS = ("load_lcp_seconds", "load_tti_seconds", "load_speed_index_seconds", "load_bytes", "load_score")
_SAME_RATE = 0.0005
_ROUNDED = 1  # the audit "metrics" rounds to whole units
_SAME_SCORE = 0.011  # a category and each of its audits are rounded to two digits
K6_METRICS = ("request_p95_seconds", "request_error_percent")
WHOLE = 100  # the weights of a category whose audits are all in the report
_AUDITS = {  # audit, its units in one of ours, and the same figure among those of the audit "metrics"
    "load_lcp_seconds": ("largest-contentful-paint", 1000, "largestContentfulPaint"),
    "load_tti_seconds": ("interactive", 1000, "interactive"),
    "load_speed_index_seconds": ("speed-index", 1000, "speedIndex"),
    "load_bytes": ("total-byte-weight", 1, ""),
}


def page_scope(address: str) -> str:
    """The path of a URL: hosts and ports of a CI machine change, and a query may carry a token."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return "" if path in ("", "/") else path[:200]


def _detect_lighthouse(head: bytes, name: str) -> float:
    if has(head, "lighthouseVersion"):
        return 0.97
    return 0.95 if has(head, "[]", "lighthouseVersion") else 0.0


def read_lighthouse(data: bytes, name: str) -> Reading:
    """One report or an array of runs; the figures are medians over the runs of a page."""
    document = load_json(data)
    runs = list(objects(document if isinstance(document, list) else [document]))
    good = _loaded(runs)
    pages: dict[str, list[dict[str, Any]]] = {}
    for run in good:
        pages.setdefault(page_scope(text(run.get("requestedUrl")) or text(run.get("finalUrl"))), []).append(run)
    doubts: list[str] = []
    figures = [entry for scope, group in pages.items() for entry in _lighthouse(group, scope, doubts)]
    how = _how_measured(mapping(good[0].get("configSettings")))
    warnings = [f"{len(runs) - len(good)} of {len(runs)} runs failed and are left out"] if len(good) < len(runs) else []
    if min(len(group) for group in pages.values()) < 3:
        warnings.append("fewer than 3 runs of a page: lab figures vary, take the median of 3 or more")
    warnings += dict.fromkeys(doubts)
    tool = f"lighthouse ({how})" if how else "lighthouse"
    return Reading("lighthouse", tool, text(good[0].get("lighthouseVersion")), tuple(figures), (), tuple(warnings))


def _how_measured(settings: dict[str, Any]) -> str:
    form = text(settings.get("formFactor")) or text(settings.get("emulatedFormFactor"))  # the second one up to 6
    return ", ".join(filter(None, (form, text(settings.get("throttlingMethod")))))


def _loaded(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    good = [run for run in runs if not mapping(run.get("runtimeError")).get("code")]
    if not good:
        code = text(mapping(runs[0].get("runtimeError")).get("code")) if runs else ""
        raise ReadError(f"Lighthouse could not load the page: {code or 'no run in the file'}")
    return good


def _lighthouse(runs: list[dict[str, Any]], scope: str, doubts: list[str]) -> list[Figure]:
    figures = []
    for metric, (audit, factor, again) in _AUDITS.items():
        found = [_audit_value(run, audit, again, doubts) for run in runs]
        values = [value / factor for value in found if value is not None]
        missing = f"the audit {audit} has no value"
        figures.append(figure(metric, median(values) if values else None, scope, missing))
    scores = [_score(run, doubts) for run in runs]
    known = [100 * score for score in scores if score is not None]
    figures.append(figure("load_score", median(known) if known else None, scope, "no performance score"))
    return figures


def _audit_value(run: dict[str, Any], audit: str, again: str, doubts: list[str]) -> float | None:
    """The figure of an audit; the larger one where its details, or the audit "metrics", state another."""
    audits = mapping(run.get("audits"))
    stated = number(mapping(audits.get(audit)).get("numericValue"))
    details = mapping(mapping(audits.get(audit)).get("details"))
    if again:
        rows = objects(mapping(mapping(audits.get("metrics")).get("details")).get("items"))
        other = number(next(rows, {}).get(again))
    else:
        other = sum(number(row.get("totalBytes")) or 0 for row in objects(details.get("items")))
    if stated is None or other is None:
        return stated
    # A page's largest files alone are listed, so a smaller sum contradicts nothing.
    apart = other - stated if not again else abs(other - stated)
    if apart <= _ROUNDED:
        return stated
    doubts.append(f"Lighthouse states {audit} as {stated:.0f} and as {other:.0f}: the larger one is taken")
    return max(stated, other)


def _score(run: dict[str, Any], doubts: list[str]) -> float | None:
    """The score of the category; the lower one where the weighted mean of its audits is another."""
    category = mapping(mapping(run.get("categories")).get("performance"))
    stated, mean = number(category.get("score")), _mean_score(category, mapping(run.get("audits")))
    if stated is None or mean is None:
        return stated
    if abs(mean - stated) < _SAME_SCORE:
        return stated
    doubts.append(f"Lighthouse states a score of {100 * stated:.0f} and audits of {100 * mean:.0f}: the lower is taken")
    return min(mean, stated)


def _mean_score(category: dict[str, Any], audits: dict[str, Any]) -> float | None:
    """The weighted mean of a category's audits; None where one of them is missing."""
    refs = [(text(row.get("id")), number(row.get("weight")) or 0.0) for row in objects(category.get("auditRefs"))]
    weighed = {audit: weight for audit, weight in refs if weight}
    scores = {audit: number(mapping(audits.get(audit)).get("score")) for audit in weighed}
    whole = sum(weighed.values())
    if abs(whole - WHOLE) > _SAME_RATE:
        return None
    parts = [None if score is None else weighed[audit] * score for audit, score in scores.items()]
    return None if None in parts else sum(part for part in parts if part is not None) / whole


def _detect_k6(head: bytes, name: str) -> float:
    if has(head, "metrics", "http_req_duration") or has(head, "metrics", "iterations"):
        return 0.97
    return 0.9 if has(head, "results", "metrics") and has(head, "metadata") else 0.0


def read_k6(data: bytes, name: str) -> Reading:
    """Three shapes: --summary-export, handleSummary (`values`), and the list of `results`, which says p95 for p(95)."""
    document = load_object(data)
    metrics = _k6_metrics(document)
    duration, failed = metrics.get("http_req_duration", {}), metrics.get("http_req_failed", {})
    p95 = number(duration.get("p(95)", duration.get("p95")))
    rate = number(failed.get("rate", failed.get("value")))
    rate, warnings = _k6_failures(failed, rate)
    requests = number(metrics.get("http_reqs", {}).get("count"))
    if requests == 0:
        raise ReadError("k6 made no request: nothing was measured")
    figures = (
        figure("request_p95_seconds", None if p95 is None else p95 / 1000, reason="no p(95) of http_req_duration"),
        figure("request_error_percent", None if rate is None else 100 * rate, reason="no http_req_failed"),
    )
    about = mapping(document.get("metadata"))
    version = text(about.get("k6_version")) or text(about.get("k6Version"))
    return Reading("k6", "k6", version, figures, (), warnings)


def _k6_failures(failed: dict[str, Any], rate: float | None) -> tuple[float | None, tuple[str, ...]]:
    """The worse of the rate of failed requests and of its counts: `passes` are the requests that failed."""
    bad, good = number(failed.get("passes")), number(failed.get("fails"))
    if rate is None or bad is None or good is None or bad + good <= 0:
        return rate, ()
    counted = bad / (bad + good)
    if abs(counted - rate) < _SAME_RATE:
        return rate, ()
    warning = f"k6 states a rate of {rate:g} and {bad:g} of {bad + good:g} failed requests: the larger share is taken"
    return max(rate, counted), (warning,)


def _k6_metrics(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    results = mapping(document.get("results")).get("metrics")
    if isinstance(results, list):
        return {text(entry.get("name")): mapping(entry.get("values")) for entry in objects(results)}
    found = {name: mapping(entry) for name, entry in mapping(document.get("metrics")).items()}
    return {name: mapping(entry.get("values")) or entry for name, entry in found.items()}


READERS = (
    Reader("lighthouse", "Lighthouse report", "Lighthouse 6.5 to 13.5", METRICS, _detect_lighthouse, read_lighthouse),
    Reader("k6", "k6 summary", "k6 0.38, 1.1, 2.2", K6_METRICS, _detect_k6, read_k6),
)
