"""Memory growth: the interval holds the truth, or the figure is undetermined with the reason."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from ingest.readers.performance.memory_growth import MB, measure_growth
from ingest.readers.performance.memory_series import parse_size, seconds_of
from ingest.readers.registry import read_bytes

MEMORY = Path(__file__).parents[2] / "fixtures" / "ci_outputs" / "memory"
FORMATS = Path(__file__).parents[2] / "fixtures" / "formats"


def samples(name):
    """Seconds and what the program holds, of a Node series."""
    rows = [json.loads(line) for line in (MEMORY / name).read_text().splitlines()]
    return [row["uptime_s"] for row in rows], [row["heapUsed"] + row["external"] for row in rows]


def noisy(hours, growth, *, every=10, noise=0.3, level=100, seed=1):
    """A plain process: a level, a leak in MB/h and noise."""
    seconds = np.arange(0, hours * 3600, every)
    wiggle = np.random.default_rng(seed).normal(0, noise, len(seconds))
    return seconds, (level + growth * seconds / 3600 + wiggle) * MB


@pytest.mark.parametrize(
    ("name", "truth"), [("node-memoryUsage.exact50.jsonl", 50), ("node-memoryUsage.exact0.jsonl", 0)]
)
def test_the_interval_holds_the_exact_leak(name, truth):
    """A process that leaks exactly 50 (or 0) MB/h for five minutes, garbage collector and all."""
    found = next(f for f in read_bytes((MEMORY / name).read_bytes(), name)[0].figures if f.scope == "")
    assert found.low <= truth <= found.high
    assert found.high - found.low < 20
    assert found.value == pytest.approx(truth, abs=5)


@pytest.mark.parametrize("name", ["node-memoryUsage.exact50.jsonl", "node-memoryUsage.exact0.jsonl"])
def test_two_minutes_are_too_short(name):
    """The first 30 to 120 seconds of the same series are undetermined, all of them."""
    seconds, sizes = samples(name)
    for end in range(30, 121, 10):
        keep = sum(1 for at in seconds if at <= end)
        assert measure_growth(seconds[:keep], sizes[:keep]).reason.startswith("undetermined: ")


@pytest.mark.parametrize(
    ("name", "truth"), [("node-memoryUsage.exact50.jsonl", 50), ("node-memoryUsage.exact0.jsonl", 0)]
)
def test_no_part_of_the_series_contradicts_the_truth(name, truth):
    """Whatever stretch is given: an interval that is shown holds the truth."""
    seconds, sizes = samples(name)
    for start in range(0, 100, 20):
        for end in range(180, 300, 10):
            growth = measure_growth(seconds[start:end], sizes[start:end])
            assert growth.low is None or growth.low <= truth <= growth.high


def test_the_slope_equals_its_plain_twin():
    """The median of all pairwise slopes, worked out by two loops over the bin minima."""
    from ingest.readers.performance.memory_growth import _bin_minima, _fit

    seconds, sizes = noisy(2, 30)
    at, level, _ = _bin_minima(seconds, sizes / MB)
    slopes = [(level[j] - level[i]) / ((at[j] - at[i]) / 3600) for i, j in combinations(range(len(at)), 2)]
    assert _fit(at, level).slope == pytest.approx(float(np.median(slopes)))


@pytest.mark.parametrize("growth", [-20, 0, 5, 50, 400])
def test_simulated_leaks_are_inside_their_interval(growth):
    """Of twenty noisy processes at most one interval misses the truth."""
    missed = 0
    for seed in range(20):
        found = measure_growth(*noisy(1, growth, seed=seed))
        missed += found.low is None or not found.low <= growth <= found.high
    assert missed <= 1


@pytest.mark.parametrize("growth", [0, 30])
def test_small_falls_are_no_collections(growth):
    """Samples taken after a forced collection: a single fall by 0.2 MB among them does not make them a saw-tooth."""
    seconds, sizes = noisy(0.13, growth, every=5, noise=0.02, level=10)
    sizes = sizes + np.where(np.arange(len(seconds)) == 60, 0.2 * MB, 0)
    found = measure_growth(seconds, sizes)
    assert found.reason == ""
    assert found.low <= growth <= found.high


def test_a_slow_wave_is_not_a_leak():
    """Strongly autocorrelated noise widens the interval: it holds zero, or nothing is shown."""
    generator = np.random.default_rng(3)
    for _ in range(20):
        wave = np.zeros(720)
        for i in range(1, 720):
            wave[i] = 0.97 * wave[i - 1] + generator.normal(0, 0.3)
        found = measure_growth(np.arange(720) * 5.0, (100 + wave) * MB)
        assert found.low is None or (found.low <= 0.5 and found.high >= -0.5)


def test_a_restart_cuts_the_series():
    """A process that grows and is restarted did not shrink: the longer stretch counts, and that is reported."""
    seconds, sizes = noisy(2, 60, level=100)
    sizes = np.where(np.arange(len(sizes)) >= 500, sizes - 100 * MB, sizes)
    found = measure_growth(seconds, sizes)
    assert found.low <= 60 <= found.high
    assert found.notes[0].startswith("1 restart:")


def test_known_restarts_are_used():
    """A new pid in Node's lines starts a new stretch."""
    lines = []
    for pid, count in ((1, 100), (2, 400)):
        for i in range(count):
            row = {
                "ts": 1_700_000_000 + 10 * (i + 100 * (pid == 2)),
                "pid": pid,
                "rss": 5e7,
                "heapUsed": (20 + i / 360 * 36 - 12 * (pid - 2)) * MB,
                "external": 0,
            }
            lines.append(json.dumps(row))
    reading = read_bytes("\n".join(lines).encode(), "x")[0]
    assert reading.figures[0].value == pytest.approx(36, abs=1)
    assert any("1 restart:" in note for note in reading.notes)
    assert not reading.warnings


def test_halves_have_to_agree():
    """Growth that stops half way is no rate."""
    seconds, sizes = noisy(2, 0)
    sizes = sizes + np.minimum(seconds, 4500) / 3600 * 80 * MB
    assert "halves disagree" in measure_growth(seconds, sizes).reason


def test_warm_up_is_left_out():
    """A cache that fills in the first minutes does not count as a leak."""
    seconds, sizes = noisy(2, 0)
    sizes = sizes + np.minimum(seconds, 600) / 600 * 200 * MB
    found = measure_growth(seconds, sizes)
    assert found.low <= 0 <= found.high


def test_a_steep_leak_is_seen_soon():
    """Two MB a second need no three minutes."""
    seconds, sizes = noisy(120 / 3600, 7200, every=1)
    found = measure_growth(seconds, sizes)
    assert found.low <= 7200 <= found.high


@pytest.mark.parametrize(
    ("seconds", "sizes", "words"),
    [
        ([], [], "0 samples"),
        (range(10), range(10), "10 samples"),
        (range(50, 0, -1), [MB] * 50, "clock runs backwards"),
        (range(50), [float("inf")] * 50, "impossible values"),
        ([5] * 50, [MB] * 50, "0 s of steady running"),
    ],
)
def test_what_cannot_be_measured_says_why(seconds, sizes, words):
    """Never an exception, never a zero."""
    found = measure_growth([float(s) for s in seconds], [float(s) for s in sizes])
    assert found.value is None and words in found.reason


def test_prometheus_series_are_kept_apart():
    """Several series have their labels as scope, a single one none; NaN samples are gaps."""
    values = [[1_700_000_000 + 10 * i, "NaN" if i % 50 == 0 else str((100 + i / 360 * 40) * MB)] for i in range(400)]
    result = [
        {"metric": {"__name__": "process_resident_memory_bytes", "job": job}, "values": values} for job in ("a", "b")
    ]
    body = {"status": "success", "data": {"resultType": "matrix", "result": result}}
    figures = read_bytes(json.dumps(body).encode(), "x")[0].figures
    assert [(f.scope, round(f.value)) for f in figures] == [("job=a", 40), ("job=b", 40)]
    result[0]["metric"]["__name__"] = result[1]["metric"]["__name__"] = "http_requests_total"
    assert "not a memory series" in read_bytes(json.dumps(body).encode(), "x")[0].figures[0].reason


def test_the_unit_of_a_column_is_in_its_name():
    """rss_mb is megabytes of 1,048,576 bytes; a plain rss is bytes."""
    for header, factor in (("rss_mb", 1), ("rss", MB), ("heap_kb", 1024)):
        rows = "\n".join(f"{10 * i},{(100 + i / 36) * factor}" for i in range(400))
        found = read_bytes(f"seconds,{header}\n{rows}\n".encode(), "x")[0].figures[0]
        assert found.value == pytest.approx(10, rel=1e-3)


def test_real_lines_of_docker_stats_give_the_growth_that_was_fed():
    """A container that grows by 1.5 MiB a minute grows by 90 MB/h, whatever the client rounds."""
    (figure,) = read_bytes((FORMATS / "docker-28.2-stats.jsonl").read_bytes(), "x")[0].figures
    assert figure.scope == "shop-api"
    assert figure.low <= 90 <= figure.high
    assert figure.value == pytest.approx(90, abs=0.5)


def test_docker_stats_without_no_stream_are_kept_apart_from_noise():
    """The client's cursor movements do not hide that these are samples without a time."""
    data = (FORMATS / "docker-28.2-stream.txt").read_bytes()
    reading = read_bytes(data, "x")[0]
    assert b"\x1b[H" in data
    assert reading.format == "docker-stats"
    assert "carry no time" in reading.figures[0].reason


@pytest.mark.parametrize(
    ("words", "size"), [("12.5MiB / 1.9GiB", 12.5 * MB), ("1.5kB / 1GB", 1500), ("0B / 0B", 0), ("--", None)]
)
def test_docker_sizes(words, size):
    """The first of the two numbers, in bytes."""
    assert parse_size(words) == size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-01-02T03:04:05Z", 1767323045),
        ("2026-01-02T03:04:05.123456789Z", 1767323045.123456),
        (1767323045123, 1767323045.123),
        (5, 5),
        ("soon", None),
        (None, None),
    ],
)
def test_times(text, seconds):
    """ISO, nanoseconds, milliseconds, seconds."""
    assert seconds_of(text) == (None if seconds is None else pytest.approx(seconds))
