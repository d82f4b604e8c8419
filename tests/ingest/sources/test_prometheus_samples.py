"""Every sample of a window as a real Prometheus holds it: gaps stay gaps, and nothing is carried over them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.observation import SampleSeries
from ingest.pull import store_harvest
from ingest.source import Harvest, Request, SourceError
from ingest.sources.running.prometheus import Prometheus
from ingest.sources.running.prometheus_queries import parse_queries
from ingest.sources.running.promql_selectors import selectors_in
from ingest.transport.http_client import RetryPolicy
from ingest.warehouse.database import Warehouse
from ingest.warehouse.process import samples
from tests.testing.prometheus_history import prometheus_with

START = datetime(2025, 9, 1, tzinfo=UTC)
T0 = START.timestamp()
HOUR = 3600


def minutes(count: int, value: float = 0.5, step: int = 60, begin: int = 0) -> list[tuple[float, float]]:
    return [(T0 + begin + step * k, value) for k in range(count)]


def without(points: list[tuple[float, float]], since: float, until: float) -> list[tuple[float, float]]:
    return [(at, value) for at, value in points if not since < at - T0 < until]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Three days at 15 seconds, a series with a hole of four minutes, and odd ones."""
    odd = minutes(60)
    odd[20], odd[30] = (odd[20][0], math.nan), (odd[30][0], math.inf)
    series = {
        "steady_percent": minutes(72 * 240, step=15),
        "holed_percent": without(minutes(60), 20 * 60, 24 * 60),
        'errors_total{pod="a"}': without([(at, k * 1.0) for k, (at, _) in enumerate(minutes(60))], 20 * 60, 24 * 60),
        "odd_percent": odd,
        'pods_percent{pod="a"}': minutes(60),
        'pods_percent{pod="b"}': without(minutes(60), 10 * 60, 20 * 60),
        "late_total": minutes(10, begin=50 * 60),
        "gone_total": minutes(60),
    }
    with prometheus_with(tmp_path_factory.mktemp("prometheus"), series) as base:
        yield base


def harvest_of(base: str, tmp_path: Path, now: datetime, marker: str = "", **table: object) -> Harvest:
    given = {"metric": "request_error_percent", "after": "deployment", "window": "1h", "step": "60s", **table}
    settings = {"url": base, "backfill_days": 1, "query": [given]}
    request = Request("shop", tmp_path, tmp_path, settings, marker, now, lambda *_: [])
    return Prometheus(patience=RetryPolicy(read_seconds=10), sleep=lambda _seconds: None).observe(request)


def gaps(series: SampleSeries) -> list[tuple[float, float]]:
    return [(a - T0, b - T0) for a, b in pairwise(series.seconds) if b - a > 2 * series.step]


def test_three_days_at_fifteen_seconds_come_whole(service: str, tmp_path: Path) -> None:
    """More points than one answer may hold are asked for in parts, and none is lost."""
    now = START + timedelta(hours=72)
    harvest = harvest_of(service, tmp_path, now, query="steady_percent", window="72h", step="15s", metric="x", unit="%")

    (series,) = harvest.samples
    assert len(series.seconds) == 72 * 240
    assert gaps(series) == []


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ("holed_percent", 24),
        ("holed_percent > 0", 24),
        ("max(errors_total) or vector(0)", 24),
        ("sum(rate(errors_total[2m]))", 25),  # a rate needs two samples
    ],
)
def test_a_hole_shorter_than_the_lookback_is_a_gap(service: str, tmp_path: Path, query: str, back: int) -> None:
    """Four minutes without a scrape are a gap, although Prometheus repeats the last value for five."""
    harvest = harvest_of(service, tmp_path, START + timedelta(minutes=59), query=query)

    (series,) = harvest.samples
    assert [(round(a / 60), round(b / 60)) for a, b in gaps(series)] == [(20, back)]


def test_a_step_longer_than_the_scrape_interval_is_a_warning(service: str, tmp_path: Path) -> None:
    """Where only one of four samples would be counted, the pull warns and names the step."""
    now = START + timedelta(minutes=59)
    (line,) = harvest_of(service, tmp_path, now, query="steady_percent").warnings

    assert "only one of 4 samples is counted: set step to 15s" in line
    assert harvest_of(service, tmp_path, now, query="odd_percent").warnings == []


def test_odd_numbers_are_kept_as_they_are(service: str, tmp_path: Path) -> None:
    """NaN and infinity are samples of their moment, and the newest number is the figure."""
    harvest = harvest_of(service, tmp_path, START + timedelta(minutes=59), query="odd_percent")

    (series,) = harvest.samples
    assert math.isnan(series.values[20]) and math.isinf(series.values[30])
    assert [o.value for o in harvest.observations] == [0.5]


def test_several_series_need_a_label(service: str, tmp_path: Path) -> None:
    """Without a label to distinguish them they are unknown; with one each has samples and gaps of its own."""
    now = START + timedelta(minutes=59)
    mixed = harvest_of(service, tmp_path, now, query="pods_percent")
    apart = harvest_of(service, tmp_path, now, query="pods_percent", scope_label="pod")

    assert (mixed.samples, mixed.observations[0].value) == ([], None)
    assert "2 series" in mixed.observations[0].reason
    assert {series.scope: len(gaps(series)) for series in apart.samples} == {"a": 0, "b": 1}


def test_a_missing_series_is_unknown(service: str, tmp_path: Path) -> None:
    """No data gives no samples and a reason; a series that ended gives no figure of now."""
    nothing = harvest_of(service, tmp_path, START + timedelta(minutes=59), query="nowhere_percent")
    ended = harvest_of(service, tmp_path, START + timedelta(hours=2), query="odd_percent")

    assert (nothing.samples, nothing.observations[0].reason) == (
        [],
        "Prometheus has no data for the series of the expression",
    )
    assert ended.observations[0].value is None
    assert "no sample since 2025-09-01 00:59" in ended.observations[0].reason


def test_a_counter_that_begins_later_hides_nothing_before(service: str, tmp_path: Path) -> None:
    """A series that does not exist yet makes no gap in an expression that works without it."""
    query = "sum(steady_percent) + (sum(late_total) or vector(0))"

    (series,) = harvest_of(service, tmp_path, START + timedelta(minutes=59), query=query).samples

    assert (len(series.seconds), gaps(series)) == (60, [])


def test_the_same_samples_are_stored_once_and_a_correction_wins(tmp_path: Path) -> None:
    """A second pull of the same window adds nothing; another value for a moment replaces the earlier one."""
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", "p")
    at = [T0, T0 + 60, T0 + 120]
    first = SampleSeries("m", "", "percent", "d", 60.0, "measured", "e", at, [1.0, math.nan, math.inf])
    later = first._replace(values=[1.0, math.nan, 7.0])
    for minute, series in enumerate((first, first, later)):
        store_harvest(warehouse, "prometheus", Harvest(samples=[series]), START + timedelta(minutes=minute))

    frame = samples(warehouse, ["m"], [""], START, START + timedelta(hours=1))

    assert frame is not None
    assert [frame["value"].tolist()[k] for k in (0, 2)] == [1.0, 7.0] and math.isnan(frame["value"][1])
    assert warehouse.ask("SELECT count(*) AS n FROM sample")["n"].tolist() == [4]


@pytest.mark.parametrize(
    ("expression", "selectors"),
    [
        ("up", ["up"]),
        ('up{job="a b", x!~"c}d"}[5m] offset 1h', ['up{job="a b", x!~"c}d"}']),
        ("sum by (job, pod) (rate(a_total[5m])) / on (job) group_left (x) b", ["a_total", "b"]),
        ("histogram_quantile(0.99, sum(rate(h_bucket[5m])) by (le)) # p99 of h", ["h_bucket"]),
        ('label_replace(x, "to", "$1", "from", "(.*)")', ["x"]),
        ("vector(1) and on() time() > bool 1e3", []),
        ('{__name__=~"node_.*"} unless ns:recorded:rate5m', ['{__name__=~"node_.*"}', "ns:recorded:rate5m"]),
        ("count(count by (x) (y)) + 5m", ["y"]),
    ],
)
def test_the_series_of_an_expression_are_found(expression: str, selectors: list[str]) -> None:
    """Metric names are separated from functions, keywords and label lists."""
    assert selectors_in(expression) == selectors


def test_reductions_fit_the_window() -> None:
    """Since the deployment the worst sample decides unless the query says otherwise; growth has its own window."""
    table = {"metric": "request_error_percent", "query": "x", "after": "deployment"}
    given = {"window": "72h", "step": "15s"}

    assert parse_queries({**given, "query": [table]})[0].reduce == "worst"
    with pytest.raises(SourceError, match="increase with after = \"deployment\", found 'growth'"):
        parse_queries({**given, "query": [{**table, "reduce": "growth"}]})
    with pytest.raises(SourceError, match="must be growth, last"):
        parse_queries({"window": "2h", "step": "15s", "query": [{**table, "after": "", "reduce": "worst"}]})


@pytest.mark.parametrize(
    ("query", "minutes_seen"),
    [
        # Nothing of the service was ever scraped, or not any more: zero is the constant's, not the service's.
        ("sum(nowhere_total) or vector(0)", 0),
        ("100 * sum(nowhere_total) / sum(gone_total) or vector(0)", 0),
        ("sum(gone_total) or vector(0)", 0),
        # One series lives, the one that is divided by ended two hours before.
        ("100 * sum(steady_percent) / sum(gone_total) or vector(0)", 0),
        ("vector(0)", 0),
        # A counter of errors that never happened does not exist; the service was seen all the same.
        ("(sum(nowhere_total) or vector(0)) / sum(steady_percent)", 61),
    ],
)
def test_a_constant_of_the_expression_is_no_sample(service: str, tmp_path: Path, query: str, minutes_seen: int) -> None:
    """`or vector(0)` answers for a service that is gone; only what was scraped counts."""
    now = START + timedelta(hours=3)
    harvest = harvest_of(service, tmp_path, now, marker="{}", query=query)

    assert sum(len(series.seconds) for series in harvest.samples) == minutes_seen
    assert minutes_seen or (harvest.observations[0].value, bool(harvest.observations[0].reason)) == (None, True)


def test_a_part_without_errors_is_seen_beside_one_with_errors(service: str, tmp_path: Path) -> None:
    """Pod b never counted an error: its zero is of its requests, and the errors of pod a make no gap in it."""
    requests = "sum by (pod) (pods_percent)"
    query = f"(sum by (pod) (errors_total) or 0 * {requests}) / {requests}"
    now = START + timedelta(minutes=59)
    apart = harvest_of(service, tmp_path, now, query=query, scope_label="pod")

    found = {series.scope: series for series in apart.samples}
    assert (len(found["b"].seconds), len(gaps(found["b"]))) == (51, 1)
    assert [round(a / 60) for a, _ in gaps(found["a"])] == [20]
