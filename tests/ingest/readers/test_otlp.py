"""OpenTelemetry metrics as OTLP JSON."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parents[2] / "fixtures/formats"
START = 1_795_000_000_000_000_000
DURATION = "http.server.request.duration"


def reading(*documents):
    """The one reading of some documents, one a line."""
    (found,) = read_bytes("\n".join(json.dumps(document) for document in documents).encode(), "metrics.jsonl")
    return found


def values(found):
    """Value by metric, or by metric and scope."""
    return {(f.metric, f.scope) if f.scope else f.metric: f.value for f in found.figures}


def document(name, kind, *points, unit="s", service="shop", **body):
    """A document with one metric."""
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    metric = {"name": name, "unit": unit, kind: {"dataPoints": list(points), **body}}
    return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": [metric]}]}]}


def requests(*buckets, status="200", at=60, start=0, bounds=(0.1, 1.0)):
    """A point of a histogram; numbers are texts, as the protocol writes them."""
    attributes = [{"key": "http.response.status_code", "value": {"intValue": status}}] if status else []
    times = {"startTimeUnixNano": str(START + start * 10**9), "timeUnixNano": str(START + at * 10**9)}
    counts = {"count": str(sum(buckets)), "bucketCounts": [str(one) for one in buckets]}
    return {**times, **counts, "explicitBounds": list(bounds), "attributes": attributes}


def durations(*points, temporality=2, **more):
    """A document of request durations."""
    return document(DURATION, "histogram", *points, aggregationTemporality=temporality, **more)


@pytest.mark.parametrize("name", ["otlp-python-1.45-http.jsonl", "otlp-python-1.45-old-names.jsonl"])
def test_the_output_of_a_real_exporter_is_read(name):
    """Three exports of 40 requests each, two of them failed: the last export of a cumulative series holds all."""
    (found,) = read_bytes((FORMATS / name).read_bytes(), name)
    known = values(found)

    assert (found.format, known["request_error_percent"]) == ("otlp-metrics", 5)
    assert 0.025 < known["request_p95_seconds"] < 0.05  # one of ten answers takes 30 ms
    assert known["memory_growth_mb_per_hour"] is None  # three samples show no growth
    assert {figure.at[:10] for figure in found.figures} == {"2026-11-26"}


def test_cumulative_points_count_once_and_delta_points_add_up():
    """The same requests give the same figures in both temporalities, and after a restart."""
    cumulative = reading(durations(requests(9, 1, 0)), durations(requests(18, 2, 0, at=120)))
    delta = reading(durations(requests(9, 1, 0), requests(9, 1, 0, at=120), temporality=1))
    restarted = reading(durations(requests(9, 1, 0)), durations(requests(9, 1, 0, at=120, start=60)))
    unstated = [requests(9, 1, 0), requests(9, 1, 0, at=120), requests(1, 0, 0, at=180)]
    for point in unstated:
        del point["startTimeUnixNano"]

    assert values(cumulative) == values(delta) == values(restarted)
    assert values(cumulative)["request_p95_seconds"] == pytest.approx(0.55)
    assert values(reading(durations(*unstated)))["request_p95_seconds"] == pytest.approx(0.1 + 0.9 * 0.45)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([requests(1, 1, 8)], "above the last bound of the histogram (1 s)"),
        ([requests(0, 0, 0)], "no request was measured"),
        ([requests(1, 1)], "the buckets are not its count"),
        ([requests(9, 1, 0), requests(9, 1, 0, status="404", bounds=(0.2, 1.0))], "different bounds"),
    ],
)
def test_a_percentile_that_the_file_does_not_hold_is_unknown(points, reason):
    """Beyond the last bound, of no request, and of buckets that do not fit, the percentile is unknown."""
    found = next(f for f in reading(durations(*points)).figures if f.metric == "request_p95_seconds")

    assert found.value is None and reason in found.reason


def test_requests_without_a_status_make_the_share_unknown():
    """What neither failed nor passed by its attributes is not counted as passed."""
    found = reading(durations(requests(9, 1, 0), requests(9, 1, 0, status="")))

    assert values(found)["request_error_percent"] is None
    assert values(found)["request_p95_seconds"] is not None


def test_a_histogram_without_temporality_is_unknown():
    """Without it nobody knows whether points add up or repeat."""
    assert set(values(reading(durations(requests(9, 1, 0), temporality=0))).values()) == {None}


def test_each_of_several_services_has_its_own_scope():
    """Two services of one file are never added up."""
    found = reading(durations(requests(10, 0, 0)), durations(requests(0, 10, 0), service="pay"))

    assert {scope for _, scope in values(found)} == {"shop", "pay"}


def test_memory_grows_by_the_series_of_its_process():
    """Resident memory of one process is the whole; the virtual one and limits are no memory in use."""
    noise = random.Random(3)
    sizes = [100 + 20 * minute / 60 + noise.random() for minute in range(120)]
    points = [
        {"timeUnixNano": START + minute * 60 * 10**9, "asInt": str(int(size * 2**20))}
        for minute, size in enumerate(sizes)
    ]
    found = reading(
        document("process.memory.usage", "sum", *points, unit="By"),
        document("process.memory.virtual", "sum", *points, unit="By"),
        document("container.memory.limit", "gauge", *points, unit="By"),
    )

    assert list(values(found)) == ["memory_growth_mb_per_hour"]
    assert values(found)["memory_growth_mb_per_hour"] == pytest.approx(20, abs=3)


def test_other_metrics_claim_nothing():
    """A file of other metrics gives no figure and says what is read; an empty one is unknown."""
    other = reading(document("my.counter", "sum", {"asDouble": 5, "timeUnixNano": START}))

    assert (other.figures, "found my.counter" in other.warnings[0]) == ((), True)
    assert {f.value for f in reading({"resourceMetrics": []}).figures} == {None}


def test_a_document_over_many_lines_is_read():
    """A document that a person formatted is the same."""
    text = json.dumps(durations(requests(9, 1, 0)), indent=2)

    assert values(read_bytes(text.encode(), "x.json")[0]) == values(reading(durations(requests(9, 1, 0))))
