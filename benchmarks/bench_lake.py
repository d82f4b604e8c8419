"""The file against the lake in one run: what a status asks, what a pull stores, and the cost as projects are added.

    .venv/bin/python -m benchmarks.bench_lake [ROWS] [PROJECTS ...]

ROWS observations (default 1,000,000; several sizes joined by commas) are shared by the projects (default 1 10 100), one
measurement each. PostgreSQL is started on loopback for the run. Times depend on the machine; compare the two columns,
not two runs.
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


SLICE_ROWS = 1_000_000


def fill(warehouse: Warehouse, folder: Path, rows: int, projects: int) -> None:
    """Store the rows. To make each of a hundred million would take hours: then they are copied from the first ones."""
    each = rows // projects
    numbered = f"SELECT 'e' || n % {projects} || '-' || n // {projects} FROM range({each // 50 * projects}) r(n)"
    with warehouse.writing() as connection:
        if warehouse.is_lake and rows > 10 * SLICE_ROWS:
            link(connection, folder / "data" / "main" / "observation", each, projects)
            add_evidence(connection, numbered)
        elif rows > 10 * SLICE_ROWS:
            repeat(connection, rows, projects)
        else:
            connection.execute(f"INSERT INTO observation {made(each, each, projects)}")
            add_evidence(connection, numbered)


def add_evidence(connection: duckdb.DuckDBPyConnection, ids: str) -> None:
    """One row of evidence for each id that the SELECT gives."""
    connection.execute(
        f"""INSERT INTO evidence SELECT id, 'ci/report.xml:' || id, sha256(id), 't', '1', '', 'ci/report.xml', 1,
            TIMESTAMPTZ '2025-01-01 00:00:00Z' FROM ({ids}) made(id)"""
    )


def made(first: int, each: int, projects: int) -> str:
    """SQL of the first rows of each project, as years of pulls leave them: many metrics, all projects in turn.

    A project has `each` of them in ten years, and fifty share one evidence.
    """
    chunk = min(1000, first)  # half a year of forty metrics by week: then the next project
    return f"""SELECT 'p' || p AS project, 'metric_' || i % 40 AS metric, '' AS scope,
        make_timestamptz(1420070400000000 + i * {3650 * 86_400_000_000 // each}) AS observed_at,
        TIMESTAMPTZ '2025-01-01 00:00:00Z' AS recorded_at, random() AS value, '' AS reason, 'percent' AS unit,
        'measured' AS kind, lpad(hex(i // 40), 40, '0') AS "commit", 'git' AS source, 0::BIGINT AS run,
        'e' || p || '-' || i // 50 AS evidence, 'd' AS definition
        FROM (SELECT n // {projects * chunk} * {chunk} + n % {chunk} AS i, n // {chunk} % {projects} AS p
              FROM range({first // chunk * chunk * projects}) r(n))"""


def repeat(connection: duckdb.DuckDBPyConnection, rows: int, projects: int) -> None:
    """The first rows of each project again and again, later each time, with commits and evidence of their own."""
    each, first = rows // projects, SLICE_ROWS // projects
    connection.execute(f"CREATE TEMP TABLE made AS {made(first, each, projects)}")
    for number in range(rows // SLICE_ROWS):
        later = number * first * (3650 * 86_400_000_000 // each)
        own = f"-{number}" if number else ""
        connection.execute(
            f"""INSERT INTO observation SELECT * REPLACE (observed_at + to_microseconds({later}) AS observed_at,
                lpad('{number}', 8, '0') || substr("commit", 9) AS "commit", evidence || '{own}' AS evidence)
                FROM made"""
        )
        add_evidence(connection, f"SELECT DISTINCT evidence || '{own}' FROM made")
    connection.execute("DROP TABLE made")


def link(connection: duckdb.DuckDBPyConnection, folder: Path, each: int, projects: int) -> None:
    """One file of Parquet a project, as tidying leaves them: that of the first, linked for all others."""
    first = folder / "project=p0" / "rows.parquet"
    first.parent.mkdir(parents=True)
    connection.execute(f"COPY (SELECT * EXCLUDE (project) FROM ({made(each, each, 1)})) TO '{first}'")
    for number in range(1, projects):
        place = folder / f"project=p{number}" / first.name
        place.parent.mkdir()
        place.hardlink_to(first)
    files = f"'{folder}/*/{first.name}', hive_partitioning => true"
    connection.execute(f"CALL ducklake_add_data_files('lake', 'observation', {files})")


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


def measure(server: Server, folder: Path, rows: int, projects: int) -> None:
    """One table of four questions by two warehouses."""
    place = server.new_lake(folder / "data")
    both = {
        "lake": open_warehouse(folder / "x.duckdb", "p0", place),
        "file": open_warehouse(folder / "w.duckdb", "p0"),
    }
    for name, warehouse in both.items():
        start = time.perf_counter()
        fill(warehouse, folder, rows, projects)
        print(f"{rows:,} rows, {projects} projects, {name}: loaded in {time.perf_counter() - start:.1f} s", flush=True)
    tidy(both["lake"], 0)
    with both["lake"].reading() as connection:
        size = connection.execute("SELECT sum(file_size_bytes)::BIGINT FROM ducklake_table_info('lake')").fetchall()
    print(f"bytes a row: file {both['file'].version()[1] / rows:.1f}, lake {size[0][0] / rows:.1f}")
    for question in (status, page, begin, pull):
        found = {name: seconds(question, warehouse) for name, warehouse in both.items()}
        ratio = found["lake"] / found["file"]
        shown = f"file {found['file']:.3f} s   lake {found['lake']:.3f} s   ratio {ratio:.1f}"
        print(f"{question.__name__:8} {shown}", flush=True)
    print(f"peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


def main() -> None:
    """Measure for each size and number of projects."""
    sizes = [int(text) for text in (sys.argv[1] if sys.argv[1:] else "1_000_000").split(",")]
    with running_server() as server:
        for rows in sizes:
            for number in [int(text) for text in sys.argv[2:]] or [1, 10, 100]:
                with tempfile.TemporaryDirectory() as folder:
                    measure(server, Path(folder), rows, number)


if __name__ == "__main__":
    main()
