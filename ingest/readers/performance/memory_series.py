"""Memory over time: Prometheus answers, OpenMetrics, psrecord, memray, docker stats, Node memoryUsage lines, plain CSV.

A single process is scope ""; several series are distinguished by their labels. Figures are MB/h, see memory_growth.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingest.readers.contract import Figure, Reader, ReadError, Reading, figure, number
from ingest.readers.performance.memory_growth import MB, measure_growth
from ingest.readers.text.json import (
    decode,
    has,
    has_all,
    json_lines,
    load_json,
    load_object,
    mapping,
    objects,
    sequence,
    text,
)
from ingest.redaction import redact_words

METRIC = "memory_growth_mb_per_hour"
METRICS = (METRIC,)
MAX_SERIES = 50
_MEMORY_NAME = re.compile(r"mem|heap|rss|resident|working_set", re.IGNORECASE)
_SIZE = re.compile(r"^\s*([\d.]{1,20})\s*([KMGT]?i?)B", re.IGNORECASE)
_FACTORS = {
    "": 1,
    "k": 1e3,
    "m": 1e6,
    "g": 1e9,
    "t": 1e12,
    "ki": 1024,
    "mi": MB,
    "gi": 1024 * MB,
    "ti": 1024 * 1024 * MB,
}
_TIMES = ("ts", "time", "timestamp", "date", "read", "uptime_s", "uptime", "elapsed", "elapsed_time", "seconds", "t")


@dataclass(slots=True)
class MemorySamples:
    """Samples of one thing. `starts` are positions of known restarts."""

    scope: str
    seconds: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, at: float | None, size: float | None) -> None:
        """Keep a sample; one without a time or a value (NaN in Prometheus) is a gap."""
        if at is not None and size is not None:
            self.seconds.append(at)
            self.sizes.append(size)


def _reading(
    form: str, tool: str, series: Iterable[MemorySamples], version: str = "", warnings: tuple[str, ...] = ()
) -> Reading:
    figures, notes = growth_figures(series)
    if not figures:
        raise ReadError("no memory series in the file")
    return Reading(form, tool, version, tuple(figures), (), warnings, notes=tuple(notes))


def growth_figures(series: Iterable[MemorySamples]) -> tuple[list[Figure], list[str]]:
    """The growth of each series with its interval, and what explains it."""
    figures: list[Figure] = []
    notes: list[str] = []
    for one in list(series)[:MAX_SERIES]:
        growth = measure_growth(one.seconds, one.sizes, one.starts)
        row = figure(METRIC, growth.value, one.scope, growth.reason)
        figures.append(Figure(row.metric, row.value, row.unit, row.scope, row.reason, growth.low, growth.high))
        name = one.scope or "memory"
        if growth.low is not None and growth.high is not None:
            notes.append(f"{name}: 95% interval {growth.low:.1f} to {growth.high:.1f} MB/h")
        notes += [f"{name}: {note}" for note in growth.notes]
    return figures, notes


def seconds_of(value: Any) -> float | None:
    """Seconds out of an ISO time, seconds or milliseconds since 1970, or seconds since the start."""
    found = number(value)
    if found is not None:
        return found / 1000 if found > 1e11 else found
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        return None
    try:
        # Docker writes nanoseconds, datetime reads microseconds.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _detect_prometheus(head: bytes, name: str) -> float:
    if has(head, "data", "resultType"):
        return 0.97
    return 0.9 if has_all(head, "status", "errorType") else 0.0


def read_prometheus(data: bytes, name: str) -> Reading:
    """An answer of /api/v1/query_range. A single moment (vector) cannot grow; an error answer is unknown."""
    document = load_object(data)
    _refuse_partial(document)
    if document.get("status") != "success":
        message = redact_words(f"{document.get('errorType')}: {document.get('error')}"[:160])
        raise ReadError(f"Prometheus answered with an error: {message}")
    body = mapping(document.get("data"))
    if body.get("resultType") != "matrix":
        raise ReadError(f"a {text(body.get('resultType'))} is one moment: growth needs query_range (matrix)")
    results = list(objects(body.get("result")))
    if not results:
        raise ReadError("the query matched no series: nothing was measured")
    named = {text(mapping(result.get("metric")).get("__name__")) for result in results} - {""}
    if named and not any(_MEMORY_NAME.search(one) for one in named):
        raise ReadError(f"{sorted(named)[0][:80]} is not a memory series")
    return _reading("prometheus-range", "prometheus", [_prometheus(result, len(results) == 1) for result in results])


def _refuse_partial(document: dict[str, Any]) -> None:
    """A store that did not answer leaves its series out; remarks on the query itself begin with PromQL."""
    answers = map(text, sequence(document.get("warnings")))
    partial = [one for one in answers if one and not one.startswith("PromQL")]
    if partial:
        raise ReadError(f"Prometheus answered in part: {redact_words(partial[0])[:120]}")


def _prometheus(result: dict[str, Any], alone: bool) -> MemorySamples:
    labels = {str(key): str(value) for key, value in mapping(result.get("metric")).items() if key != "__name__"}
    series = MemorySamples("" if alone else ", ".join(f"{key}={labels[key]}" for key in sorted(labels)) or "series")
    for sample in result.get("values") or ():
        series.add(number(sample[0]), number(sample[1]))
    return series


def _detect_openmetrics(head: bytes, name: str) -> float:
    return 0.9 if b"# " in head and re.search(rb"(?m)^# (?:TYPE|HELP) [a-zA-Z_:][\w:]* ", head) else 0.0


def read_openmetrics(data: bytes, name: str) -> Reading:
    """One scrape is one moment: it proves that the target answers, not how it grows."""
    raise ReadError("one scrape is one moment: growth needs a series (query_range, or samples over time)")


def _detect_psrecord(head: bytes, name: str) -> float:
    return (
        0.97 if head.startswith(b"elapsed_time,nproc,cpu,mem_real") or re.match(rb"# Elapsed time +CPU", head) else 0.0
    )


def read_psrecord(data: bytes, name: str) -> Reading:
    """Resident memory of a psrecord log, text or CSV; its megabytes are 1,048,576 bytes."""
    series = MemorySamples("")
    rows = decode(data).splitlines()[1:]
    for row in rows:
        parts = row.split(",") if "," in row else row.split()
        if len(parts) >= 4:
            size = number(parts[3 if "," in row else 2])
            series.add(number(parts[0]), None if size is None else size * MB)
    return _reading("psrecord", "psrecord", [series])


def _detect_memray(head: bytes, name: str) -> float:
    return 0.97 if has_all(head, "total_num_allocations", "total_bytes_allocated") else 0.0


def read_memray(data: bytes, name: str) -> Reading:
    """Totals of one run say nothing about growth over time."""
    load_object(data)
    raise ReadError("memray stats are totals of one run, no series over time: growth is unknown")


# Without --no-stream the client moves the cursor about, in a file, too.
_ESCAPES = re.compile(rb"\x1b\[[0-9;]*[A-Za-z]")


def _detect_docker(head: bytes, name: str) -> float:
    plain = _ESCAPES.sub(b"", head) if head.startswith(b"\x1b[") else head
    return 0.95 if has(plain, "MemUsage") or has(plain, "memory_stats", "usage") else 0.0


def read_docker(data: bytes, name: str) -> Reading:
    """`docker stats --format json` (needs a time added to each line) and the lines of Docker's own API."""
    rows, bad = json_lines(_ESCAPES.sub(b"", data))
    series: dict[str, MemorySamples] = {}
    timed = 0
    for row in rows:
        scope = text(row.get("Name")) or text(row.get("name")) or text(row.get("Container")) or text(row.get("id"))
        at = _time(row)
        timed += at is not None
        usage = number(mapping(row.get("memory_stats")).get("usage")) or parse_size(text(row.get("MemUsage")))
        series.setdefault(scope.lstrip("/"), MemorySamples(scope.lstrip("/"))).add(at, usage)
    if rows and not timed:
        raise ReadError("docker stats lines carry no time: add one to each line (ts), see docs/readers.md")
    return _reading("docker-stats", "docker stats", series.values(), "", _bad(bad))


def parse_size(words: str) -> float | None:
    """Bytes of `12.3MiB / 1.9GiB` (the first of the two)."""
    found = _SIZE.match(words)
    size = number(found[1]) if found else None
    return size * _FACTORS[found[2].lower()] if found and size is not None else None


def _time(row: dict[str, Any]) -> float | None:
    return next((at for at in (seconds_of(row.get(key)) for key in _TIMES if key in row) if at is not None), None)


def _bad(lines: int) -> tuple[str, ...]:
    return (f"{lines} lines are not samples",) if lines else ()


def _detect_node(head: bytes, name: str) -> float:
    return 0.95 if has_all(head, "rss", "heapUsed") or has(head, "[]", "heapUsed") else 0.0


def read_node(data: bytes, name: str) -> Reading:
    """process.memoryUsage() as JSON lines or an array.

    Scope "" is what the program holds (heap in use and external buffers): garbage collections can be seen in it.
    `rss` is what the system gave; the allocator seldom gives back, so it shows less in a short time.
    """
    rows, bad = json_lines(data) if not data.lstrip().startswith(b"[") else (list(objects(load_json(data))), 0)
    live, rss = MemorySamples(""), MemorySamples("rss")
    before: dict[str, Any] = {}
    for row in rows:
        at, heap = _time(row), number(row.get("heapUsed"))
        if at is None or heap is None:
            continue
        if before and _restarted(before, row):
            live.starts.append(len(live.sizes))
            rss.starts.append(len(rss.sizes))
        live.add(at, heap + (number(row.get("external")) or 0))
        rss.add(at, number(row.get("rss")))
        before = row
    return _reading("node-memory", "node memoryUsage", [live, rss], "", _bad(bad))


def _restarted(before: dict[str, Any], row: dict[str, Any]) -> bool:
    if before.get("pid") != row.get("pid"):
        return True
    was, now = (number(r.get("uptime_s", r.get("uptime"))) for r in (before, row))
    return was is not None and now is not None and now < was


def _detect_csv(head: bytes, name: str) -> float:
    header = decode(head[:2000]).split("\n", 1)[0].strip().lower().replace('"', "")
    columns = [column.strip() for column in re.split("[,;\t]", header)]
    timed = any(column in _TIMES for column in columns)
    return 0.8 if timed and any(_column_factor(column) for column in columns) and "metric" not in columns else 0.0


def read_csv(data: bytes, name: str) -> Reading:
    """A time column and memory columns; the unit is part of the column's name (rss_mb, heap_kb), bytes without one."""
    body = decode(data)
    delimiter = next((sign for sign in ",;\t" if sign in body.split("\n", 1)[0]), ",")
    try:
        rows = list(csv.DictReader(io.StringIO(body), delimiter=delimiter))
    except csv.Error as problem:
        raise ReadError(f"CSV is damaged: {problem}") from problem
    columns = [column for column in (rows[0] if rows else {}) if isinstance(column, str)]
    clock = next((column for column in columns if column.strip().lower() in _TIMES), None)
    measured = {column: factor for column in columns if (factor := _column_factor(column.strip().lower()))}
    if clock is None or not measured:
        raise ReadError("CSV needs a time column and a memory column (rss, heap, memory; _mb or _kb for its unit)")
    series = []
    for column, factor in measured.items():
        one = MemorySamples("" if len(measured) == 1 else column.strip())
        for row in rows:
            size = number(row.get(column))
            one.add(seconds_of(row.get(clock)), None if size is None else size * factor)
        series.append(one)
    return _reading("memory-csv", "csv", series)


def _column_factor(column: str) -> float:
    """Bytes a unit of a memory column; 0 when it is none."""
    if not _MEMORY_NAME.search(column) or "percent" in column or "%" in column:
        return 0.0
    unit = re.search(r"[_ (\[]([kmg])i?b[)\]]?$", column)
    return {"k": 1024.0, "m": float(MB), "g": 1024.0 * MB}[unit[1]] if unit else 1.0


READERS = (
    Reader(
        "prometheus-range", "Prometheus query_range", "Prometheus 2.42", METRICS, _detect_prometheus, read_prometheus
    ),
    Reader(
        "openmetrics",
        "OpenMetrics text",
        "Prometheus client text 0.0.4",
        METRICS,
        _detect_openmetrics,
        read_openmetrics,
    ),
    Reader("psrecord", "psrecord log", "psrecord 1.4", METRICS, _detect_psrecord, read_psrecord),
    Reader("memray-stats", "memray stats", "memray 1.20", METRICS, _detect_memray, read_memray),
    Reader("docker-stats", "docker stats JSON", "docker 28.2", METRICS, _detect_docker, read_docker),
    Reader("node-memory", "Node memoryUsage lines", "node 20.20", METRICS, _detect_node, read_node),
    Reader("memory-csv", "memory as CSV", "any", METRICS, _detect_csv, read_csv),
)
