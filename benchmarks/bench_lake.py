"""The file against the lake in one run: what a status asks, what a pull stores, and the cost as projects are added.

    .venv/bin/python -m benchmarks.bench_lake [ROWS] [PROJECTS ...]

ROWS observations (default 1,000,000) are shared by the projects (default 1 10 100, one measurement each). Several sizes
(1_000_000,100_000_000) let the same two warehouses grow, with a measurement at each. PostgreSQL is started on loopback
for the run. Times depend on the machine; compare the two columns, not two runs.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from ingest.observation import Evidence, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.append import begin_run
from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.upkeep import tidy
from tests.testing.lake import Server, running_server

if TYPE_CHECKING:
    import duckdb

END = datetime(2025, 1, 1, tzinfo=UTC)
SLOW_SECONDS = 3.0
METRICS = [f"metric_{n}" for n in range(40)]


SLICE_ROWS = 10_000_000  # of one transaction


def grow(warehouse: Warehouse, start: int, rows: int, most: int, projects: int) -> None:
    """Add the rows from `start` to `rows`, of `most` in ten years, some millions at once."""
    while start < rows:
        end = min(start + SLICE_ROWS, rows)
        with warehouse.writing() as connection:
            load(connection, start, end, most, projects)
        start = end


def load(connection: duckdb.DuckDBPyConnection, start: int, end: int, most: int, projects: int) -> None:
    """Rows as years of pulls leave them: many metrics, one evidence for fifty figures, all projects in turn."""
    each = most // projects
    chunk = min(1000, each)  # half a year of forty metrics by week: then the next project
    turn = projects * chunk
    connection.execute(
        f"""INSERT INTO observation SELECT 'p' || p, 'metric_' || i % 40, '',
            make_timestamptz(1420070400000000 + i * {3650 * 86_400_000_000 // each}),
            TIMESTAMPTZ '2025-01-01 00:00:00Z', random(), '', 'percent', 'measured', lpad(hex(i // 40), 40, '0'),
            'git', 0, 'e' || p || '-' || i // 50, 'd'
            FROM (SELECT n // {turn} * {chunk} + n % {chunk} AS i, n // {chunk} % {projects} AS p
                  FROM range({start // turn * turn}, {end // turn * turn}) r(n))"""
    )
    connection.execute(
        f"""INSERT INTO evidence SELECT 'e' || n % {projects} || '-' || n // {projects}, 'ci/report.xml:' || n,
            sha256(n::VARCHAR), 't', '1', '', 'ci/report.xml', 1, TIMESTAMPTZ '2025-01-01 00:00:00Z'
            FROM range({start // turn * turn // 50}, {end // turn * turn // 50}) r(n)"""
    )


def seconds(work: Callable[[Warehouse], None], warehouse: Warehouse, repeats: int = 5) -> float:
    """The median of a few runs; the first warms caches and does not count. What takes seconds is asked twice."""
    times: list[float] = []
    while len(times) < 2 or (len(times) <= repeats and times[0] < SLOW_SECONDS):
        start = time.perf_counter()
        work(warehouse)
        times.append(time.perf_counter() - start)
    return median(times[1:])


def status(warehouse: Warehouse) -> None:
    """What `tminus status` asks, from one state."""
    names = {"metrics": METRICS, "scopes": [""]}
    with warehouse.one_state():
        warehouse.query("plan_versions")
        warehouse.query("snapshot", **names, until=END, simulated=True)
        warehouse.query("first_observations", **names)
        warehouse.query("source_runs", limit=20)


def page(warehouse: Warehouse) -> None:
    """One metric over all its time, with its places, and the version that decides whether a page is redrawn."""
    warehouse.version()
    warehouse.query("series", metric="metric_7", scope="", simulated=True)


def pull(warehouse: Warehouse) -> None:
    """One source with forty new figures."""
    now = datetime.now(UTC)
    rows = [Observation(name, now + timedelta(seconds=1), 1.0, "percent", evidence=f"e{now}") for name in METRICS]
    store_harvest(warehouse, "ci", Harvest(rows, [Evidence(f"e{now}", "a.xml:1")]), now)


def begin(warehouse: Warehouse) -> None:
    """The number of the next run, which every pull asks for."""
    with warehouse.reading() as connection:
        begin_run(connection)


def measure(server: Server, folder: Path, sizes: list[int], projects: int) -> None:
    """Two warehouses that grow, and a table of four questions at each size."""
    place = server.new_lake(folder / "data")
    both = {
        "file": open_warehouse(folder / "w.duckdb", "p0"),
        "lake": open_warehouse(folder / "x.duckdb", "p0", place),
    }
    for before, rows in zip([0, *sizes], sizes, strict=False):
        for name, warehouse in both.items():
            start = time.perf_counter()
            grow(warehouse, before, rows, sizes[-1], projects)
            print(
                f"{rows:,} rows, {projects} projects, {name}: loaded in {time.perf_counter() - start:.1f} s", flush=True
            )
        tidy(both["lake"], 0)
        compare(both, rows, folder)


def compare(both: dict[str, Warehouse], rows: int, folder: Path) -> None:
    """Print the size and the time of each question, file beside lake."""
    bytes_lake = sum(path.stat().st_size for path in (folder / "data").rglob("*.parquet"))
    print(f"bytes a row: file {both['file'].version()[1] / rows:.1f}, lake {bytes_lake / rows:.1f}")
    for question in (status, page, begin, pull):
        found = {name: seconds(question, warehouse) for name, warehouse in both.items()}
        ratio = found["lake"] / found["file"]
        shown = f"file {found['file']:.3f} s   lake {found['lake']:.3f} s   ratio {ratio:.1f}"
        print(f"{question.__name__:8} {shown}", flush=True)
    print(f"peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


def main() -> None:
    """Measure for each number of projects."""
    sizes = [int(text) for text in (sys.argv[1] if sys.argv[1:] else "1_000_000").split(",")]
    with running_server() as server:
        for number in [int(text) for text in sys.argv[2:]] or [1, 10, 100]:
            with tempfile.TemporaryDirectory() as folder:
                measure(server, Path(folder), sizes, number)


if __name__ == "__main__":
    main()
