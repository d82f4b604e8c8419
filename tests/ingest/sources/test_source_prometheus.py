"""Prometheus as a source: a real server that holds a known leak, and answers that hold no figure."""

from __future__ import annotations

import base64
import json
import math
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.source import Request, SourceError
from ingest.sources.running.prometheus import Prometheus
from ingest.sources.running.prometheus_queries import figures_of, parse_queries
from ingest.transport.http_client import RetryPolicy
from ingest.transport.prometheus import QueryError, parse_range
from tests.testing.local_forge import Fault, serving, trust_this_machine
from tests.testing.prometheus_history import prometheus_with

MB = 1024 * 1024
LEAK_MB_PER_HOUR = 50.0
STEP_SECONDS = 10.0
SAMPLES = 130


def leaking(start: float) -> dict[str, list[tuple[float, float]]]:
    """What a process that leaks LEAK_MB_PER_HOUR shows at SAMPLES scrapes, and one that does not."""
    leak = round(LEAK_MB_PER_HOUR * MB * STEP_SECONDS / 3600)
    series: dict[str, list[tuple[float, float]]] = {}
    for number in range(1, SAMPLES + 1):
        garbage = (number % 5) * 60_000  # what a collector has not taken yet
        values = {
            "process_resident_memory_bytes": 40_000_000 + leak * number + garbage,
            "idle_bytes": 40_000_000 + garbage,
            'queue_seconds{worker="a"}': 0.25,
            'queue_seconds{worker="b"}': 0.75,
        }
        for name, value in values.items():
            series.setdefault(name, []).append((start + STEP_SECONDS * number, value))
    return series


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """A Prometheus that holds SAMPLES samples of the leaking process: its address and when the leak began."""
    start = float(round(time.time() - 40 * 60))
    with prometheus_with(tmp_path_factory.mktemp("prometheus"), leaking(start)) as base:
        yield base, start


def request_for(settings: dict, now: datetime, tmp_path: Path, marker: str = "") -> Request:
    return Request("shop", tmp_path, tmp_path, settings, marker, now, lambda *_: [], payloads=tmp_path / "payloads")


def source() -> Prometheus:
    return Prometheus(patience=RetryPolicy(read_seconds=10), sleep=lambda _seconds: None)


@pytest.mark.slow
def test_a_known_leak_lies_in_the_growth_interval(prometheus, tmp_path):
    """Real Prometheus samples of a process that leaks 50 MB/h yield an interval that holds 50; of an idle one 0."""
    base, start = prometheus
    now = datetime.fromtimestamp(start + SAMPLES * STEP_SECONDS, UTC)
    settings = {
        "url": base,
        "window": "25m",
        "step": "10s",
        "backfill_days": 1,
        "query": [
            {"metric": "memory_growth_mb_per_hour", "query": "process_resident_memory_bytes", "scope": "shop"},
            {"metric": "memory_growth_mb_per_hour", "query": "idle_bytes", "scope": "idle"},
            {"metric": "request_p95_seconds", "query": "max(queue_seconds)", "reduce": "p95"},
            {"metric": "request_p95_seconds", "query": "queue_seconds", "scope_label": "worker", "multiply": 2},
            {"metric": "request_error_percent", "query": "queue_seconds"},
            {"metric": "request_error_percent", "query": "nowhere", "scope": "absent"},
            {"metric": "request_error_percent", "query": "sum(", "scope": "wrong"},
        ],
    }
    harvest = source().observe(request_for(settings, now, tmp_path))
    found = {(o.metric, o.scope): o for o in harvest.observations if o.observed_at == now}
    proofs = {proof.id: proof for proof in harvest.evidence}
    for scope, truth in (("shop", LEAK_MB_PER_HOUR), ("idle", 0.0)):
        growth = found["memory_growth_mb_per_hour", scope]
        assert growth.value is not None, growth.reason
        words = proofs[growth.evidence].excerpt.split()
        assert float(words[-3]) <= truth <= float(words[-1])
        assert growth.value == pytest.approx(truth, abs=5)
    assert found["request_p95_seconds", ""].value == 0.75
    assert (found["request_p95_seconds", "a"].value, found["request_p95_seconds", "b"].value) == (0.5, 1.5)
    assert "2 series: aggregate them" in found["request_error_percent", ""].reason
    assert "no data" in found["request_error_percent", "absent"].reason
    assert "parse error" in found["request_error_percent", "wrong"].reason


@pytest.mark.slow
def test_two_minutes_decide_nothing(prometheus, tmp_path):
    """A short window of the same leak is undetermined, with the reason."""
    base, start = prometheus
    now = datetime.fromtimestamp(start + 120, UTC)
    query = {
        "metric": "memory_growth_mb_per_hour",
        "query": "process_resident_memory_bytes",
        "window": "2m",
        "step": "10s",
    }
    harvest = source().observe(request_for({"url": base, "query": [query]}, now, tmp_path))
    assert [o.value for o in harvest.observations] == [None]
    assert "undetermined" in harvest.observations[0].reason


def answer(*series: tuple[dict, list]) -> bytes:
    rows = [{"metric": labels, "values": values} for labels, values in series]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": rows}}).encode()


def one_query(**more) -> object:
    table = {"metric": "request_p95_seconds", "query": "x", **more}
    return parse_queries({"query": [table], "window": "1h", "step": "15s"})[0]


@pytest.mark.parametrize(
    ("reduce", "value"), [("last", 4.0), ("mean", 2.5), ("median", 2.5), ("max", 4.0), ("min", 1.0), ("p95", 4.0)]
)
def test_each_reduction_is_what_its_name_says(reduce, value):
    """The values 1 to 4 reduce to the plain figure."""
    body = answer(({}, [[n, str(n)] for n in range(1, 5)]))
    assert figures_of(one_query(reduce=reduce), parse_range(body))[0].value == value


def test_p95_equals_its_brute_force_twin():
    """The smallest value that at least 95% of all values do not exceed."""
    for size in (1, 2, 19, 20, 21, 100, 101):
        values = [(7 * n) % size for n in range(size)]
        twin = min(v for v in values if sum(w <= v for w in values) >= 0.95 * size)
        body = answer(({}, [[n, str(v)] for n, v in enumerate(values)]))
        assert figures_of(one_query(reduce="p95"), parse_range(body))[0].value == twin


@pytest.mark.parametrize(
    ("values", "reason"),
    [([[1, "NaN"], [2, "NaN"]], "no number"), ([[1, "3"], [2, "NaN"]], "ends without"), ([[1, "-3"]], "negative")],
)
def test_what_is_no_number_is_unknown(values, reason):
    """NaN and impossible values are NULL with the reason."""
    figure = figures_of(one_query(), parse_range(answer(({}, values))))[0]
    assert figure.value is None
    assert reason in figure.reason


def test_a_restart_that_is_known_cuts_the_series():
    """The restart expression of the same instance tells where a new process began."""
    seconds = list(range(0, 7200, 15))
    sizes = [100 * MB + MB * at / 60 if at < 3600 else 90 * MB + MB * at / 60 for at in seconds]
    body = answer(({"instance": "a"}, [[at, str(size)] for at, size in zip(seconds, sizes, strict=True)]))
    starts = answer(({"instance": "a"}, [[at, "1" if at < 3600 else "3600"] for at in seconds]))
    query = one_query(metric="memory_growth_mb_per_hour", restarts="process_start_time_seconds")
    figure = figures_of(query, parse_range(body), parse_range(starts))[0]
    assert figure.value == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"status":"error","error":"bad"}', b'{"status":"success","data":{"resultType":"vector"}}',
     b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1]]}]}}'],
)  # fmt: skip
def test_an_answer_that_is_none_is_a_reason(body):
    """Error bodies, other shapes and damage are one line."""
    with pytest.raises(QueryError):
        parse_range(body)


def test_all_problems_of_the_table_are_reported_at_once(tmp_path):
    """Unknown keys, wrong reductions and durations are listed together with their TOML paths."""
    settings = {
        "url": "http://127.0.0.1:9",
        "query": [
            {"metric": "own", "query": "x"},
            {"metric": "request_p95_seconds", "query": "x", "reduce": "sum", "qery": 1},
        ],
    }
    with pytest.raises(SourceError) as problem:
        source().observe(request_for(settings, datetime.now(UTC), tmp_path))
    assert "query[0].unit: missing" in str(problem.value)
    assert "query[1].qery: unknown key (did you mean 'query'?)" in str(problem.value)


def test_missed_days_are_asked_for_once_prometheus_is_back(tmp_path):
    """A pull after four days asks for the four midnights between and for now; one right after only for now."""
    now = datetime(2025, 6, 10, 12, tzinfo=UTC)
    with serving() as forge:
        forge.routes["/api/v1/query_range"] = lambda query: json.loads(answer(({}, [[float(query["end"]), "1"]])))
        settings = {"url": forge.base, "query": [{"metric": "request_p95_seconds", "query": "x"}]}
        marker = json.dumps({"asked": (now - timedelta(days=4)).isoformat()})
        first = source().observe(request_for(settings, now, tmp_path, marker))
        second = source().observe(request_for(settings, now + timedelta(hours=1), tmp_path, first.marker))
    assert [o.observed_at.day for o in first.observations] == [7, 8, 9, 10, 10]
    assert len(second.observations) == 1
    assert all(math.isfinite(o.value) for o in first.observations)


def test_a_server_that_is_away_fails_the_source_alone(tmp_path):
    """Without any answer the source raises one line, and keeps no marker."""
    with serving() as forge:
        forge.faults.append(Fault("query_range", "drop", times=99))
        settings = {"url": forge.base, "query": [{"metric": "request_p95_seconds", "query": "x"}]}
        with pytest.raises(SourceError, match=r"Prometheus at .* broke off half way"):
            source().observe(request_for(settings, datetime.now(UTC), tmp_path))


NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
P95 = {"metric": "request_p95_seconds", "query": "x"}


def served(tmp_path, body, *queries: dict, faults: tuple[Fault, ...] = (), **settings):
    """One pull of a server that answers every expression with `body`; what it asked, too."""
    with serving() as forge:
        forge.routes["/prom/api/v1/query_range"] = body
        forge.faults += faults
        shown_text = {"url": f"{forge.base}/prom", "query": list(queries) or [P95], **settings}
        marker = json.dumps({"asked": NOW.isoformat()})
        return source().observe(request_for(shown_text, NOW, tmp_path, marker)), forge.asked


@pytest.mark.parametrize(("minutes_ago", "value"), [(0, 3.0), (0.2, 3.0), (40, None)])
def test_a_system_that_is_gone_tells_nothing(tmp_path, minutes_ago, value):
    """The last value of a series that ended within the window is not the value of now."""
    end = NOW.timestamp() - 60 * minutes_ago
    harvest, _ = served(tmp_path, json.loads(answer(({}, [[end - 15, "2"], [end, "3"]]))))
    assert [o.value for o in harvest.observations] == [value]
    assert value or "the last one is of 2025-06-10 11:20 UTC" in harvest.observations[0].reason


def test_series_that_share_a_scope_are_unknown_and_not_the_first_of_them(tmp_path):
    """Two instances under one label have no figure; the one that is alone has its own."""
    rows = [
        ({"job": job, "instance": n}, [[NOW.timestamp(), n]]) for job, n in (("web", "1"), ("web", "2"), ("db", "3"))
    ]
    harvest, _ = served(tmp_path, json.loads(answer(*rows)), {**P95, "scope_label": "job"})
    assert {(o.scope, o.value) for o in harvest.observations} == {("web", None), ("db", 3)}
    assert any("sum by (job)" in o.reason for o in harvest.observations)


def test_more_points_than_prometheus_answers_are_reported_before_it_is_asked(tmp_path):
    """A window in steps too small is a mistake of the configuration, with the step that would do."""
    query = {**P95, "window": "14d"}
    with pytest.raises(SourceError, match=r"query\[0\]: .* 80,640 points.* at most 11,000: set step to 110s or more"):
        served(tmp_path, {}, query)
    assert parse_queries({"query": [{**query, "step": "110s"}], "window": "1h", "step": "15s"})


def test_an_expression_that_takes_too_long_costs_only_itself(tmp_path):
    """A time-out of one expression is its reason; the others are asked and stored."""
    body = json.loads(answer(({}, [[NOW.timestamp(), "3"]])))
    words = b'{"status": "error", "errorType": "timeout", "error": "query timed out in expression evaluation"}'
    slow = {**P95, "query": "heavy", "scope": "heavy"}
    fault = Fault("query=heavy", "status", times=99, status=503, body=words)
    harvest, asked = served(tmp_path, body, slow, P95, faults=(fault,))
    assert {(o.scope, o.value) for o in harvest.observations} == {("heavy", None), ("", 3)}
    assert any("query timed out in expression evaluation" in o.reason for o in harvest.observations)
    assert all("timeout=25s" in one.path for one in asked)


def test_what_a_server_says_against_its_own_answer_is_reported(tmp_path):
    """A partial answer of several stores comes with a warning, and so does the pull."""
    body = json.loads(answer(({}, [[NOW.timestamp(), "3"]])))
    harvest, _ = served(tmp_path, {**body, "warnings": ["store a:1 is\nunavailable"]})
    assert harvest.warnings == ["request_p95_seconds: Prometheus warns: store a:1 is unavailable"]


def test_a_partial_answer_gives_no_samples(tmp_path):
    """Of a window nothing is stored where a part of the service did not answer: it is a gap, and a warning."""
    body = json.loads(answer(({}, [[NOW.timestamp(), "0"]])))
    query = {"metric": "request_error_percent", "query": "errors", "after": "deployment", "window": "1h", "step": "60s"}
    harvest, _ = served(tmp_path, {**body, "warnings": ["store a:1 is unavailable"]}, query)
    assert harvest.samples == []
    assert harvest.observations[0].value is None
    assert any("were not stored, because the answer is not whole" in line for line in harvest.warnings)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([{"window": "90s", "step": "60s"}], "holds less than two samples .* set window to 120s or more"),
        ([{"window": "1h"}, {"window": "2h"}], "2 queries with after have the metric request_error_percent"),
    ],
)
def test_a_window_that_could_not_be_judged_is_refused(tables, words):
    """One sample shows no gap, and of two expressions for one window chance would decide."""
    query = {"metric": "request_error_percent", "query": "errors", "after": "deployment"}
    with pytest.raises(SourceError, match=words):
        parse_queries({"query": [{**query, **table} for table in tables], "window": "1h", "step": "15s"})


def test_native_histograms_are_reported_as_what_they_are(tmp_path):
    """An expression that yields histograms says what to ask instead."""
    rows = [{"metric": {}, "histograms": [[1, {"count": "3", "sum": "4", "buckets": []}]]}]
    harvest, _ = served(tmp_path, {"status": "success", "data": {"resultType": "matrix", "result": rows}})
    assert "histogram_quantile" in harvest.observations[0].reason


def test_user_password_and_tenant_are_sent_and_stored_nowhere(tmp_path, monkeypatch):
    """Prometheus's own login and the tenant of a shared one come from the environment and the table."""
    monkeypatch.delenv("PROMETHEUS_TOKEN", raising=False)
    trust_this_machine(monkeypatch, tmp_path / "config")
    monkeypatch.setenv("PROMETHEUS_USER", "reader")
    monkeypatch.setenv("PROMETHEUS_PASSWORD", "s3cr3t-pw")
    body = json.loads(answer(({}, [[NOW.timestamp(), "3"]])))
    harvest, asked = served(tmp_path, body, tenant="team-a")
    login = base64.b64encode(b"reader:s3cr3t-pw").decode()
    assert asked[0].headers["authorization"] == f"Basic {login}"
    assert asked[0].headers["x-scope-orgid"] == "team-a"
    assert login not in repr(harvest)
    assert "s3cr3t-pw" not in repr(harvest)


def test_a_proposed_query_is_not_asked_until_it_is_confirmed(tmp_path):
    """A query with confirmed = false sends no request and yields no figure; the pull names how many wait."""
    proposal = {"metric": "request_p95_seconds", "query": "up", "confirmed": False}
    settings = {"url": "http://127.0.0.1:9", "query": [proposal]}

    harvest = source().observe(request_for(settings, datetime.now(UTC), tmp_path))

    assert (harvest.observations, harvest.counts["requests"]) == ([], 0)
    assert harvest.warnings == [
        "1 queries are proposals and were not asked: check each expression against the running service, "
        "then set confirmed = true"
    ]


def test_a_window_that_begins_with_a_deployment_is_another_definition():
    """`after` changes the definition of a figure, and leaves the definitions of other queries as they are."""
    table = {"metric": "request_p95_seconds", "query": "up"}
    given = {"window": "2h", "step": "15s"}

    plain, since = parse_queries({**given, "query": [table, {**table, "after": "deployment"}]})

    assert plain.definition() == "prometheus-last-f4609a6c"
    assert plain.definition() != since.definition()
    with pytest.raises(SourceError, match='after: must be "deployment"'):
        parse_queries({**given, "query": [{**table, "after": "launch"}]})
