"""Load in browsers: browsertime and sitespeed.io (lab, median of the iterations), web-vitals beacons (field, p75)."""

from __future__ import annotations

import math
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, figure, number
from ingest.readers.performance.load_lab import page_scope
from ingest.readers.text.json import has, json_lines, load_json, mapping, objects, text

METRICS = ("load_lcp_seconds", "load_speed_index_seconds")
_LCP = (
    ("googleWebVitals", "largestContentfulPaint"),
    ("timings", "largestContentfulPaint", "renderTime"),
    ("timings", "largestContentfulPaint", "loadTime"),
)
_SPEED_INDEX = (("visualMetrics", "SpeedIndex"),)


def _detect_browsertime(head: bytes, name: str) -> float:
    if has(head, "[]", "info", "browsertime") or has(head, "info", "browsertime"):
        return 0.97
    return 0.9 if has(head, "[]", "browserScripts") or has(head, "[]", "statistics") else 0.0


def read_browsertime(data: bytes, name: str) -> Reading:
    """`browsertime.json` (sitespeed.io writes the same): one entry a page."""
    document = load_json(data)
    pages = list(objects(document if isinstance(document, list) else [document]))
    figures = []
    for page in pages:
        scope = page_scope(text(mapping(page.get("info")).get("url")))
        statistics = mapping(page.get("statistics"))
        figures.append(figure(METRICS[0], _median(statistics, _LCP), scope, "no largest contentful paint"))
        figures.append(figure(METRICS[1], _median(statistics, _SPEED_INDEX), scope, "no speed index (video is off)"))
    if not figures:
        raise ReadError("no page in the browsertime file")
    about = mapping(mapping(pages[0].get("info")).get("browsertime"))
    return Reading("browsertime", "browsertime", text(about.get("version")), tuple(figures))


def _median(statistics: dict[str, Any], places: tuple[tuple[str, ...], ...]) -> float | None:
    """Seconds of the first place that has a median (milliseconds in the file)."""
    for place in places:
        entry = statistics
        for key in place:
            entry = mapping(entry.get(key))
        found = number(entry.get("median"))
        if found is not None:
            return found / 1000
    return None


def _detect_vitals(head: bytes, name: str) -> float:
    flat = has(head, "name") and has(head, "value") and (has(head, "rating") or has(head, "navigationType"))
    listed = has(head, "[]", "name") and has(head, "[]", "value") and has(head, "[]", "rating")
    return 0.85 if flat or listed else 0.0


def read_web_vitals(data: bytes, name: str) -> Reading:
    """Beacons of the web-vitals library: the 75th percentile of real users' LCP, never mixed with lab figures."""
    listed = data.lstrip().startswith(b"[")
    rows = list(objects(load_json(data))) if listed else json_lines(data)[0]
    found = [number(row.get("value")) for row in rows if text(row.get("name")).upper() == "LCP"]
    values = sorted(value for value in found if value is not None)
    p75 = values[math.ceil(0.75 * len(values)) - 1] / 1000 if values else None
    notes = (f"field data: 75th percentile of {len(values)} page views",) if values else ()
    return Reading("web-vitals", "web-vitals", "", (figure(METRICS[0], p75, "field", "no LCP beacon"),), (), notes)


READERS = (
    Reader(
        "browsertime", "browsertime and sitespeed.io", "browsertime", METRICS, _detect_browsertime, read_browsertime
    ),
    Reader("web-vitals", "web-vitals beacons", "web-vitals", METRICS[:1], _detect_vitals, read_web_vitals),
)
