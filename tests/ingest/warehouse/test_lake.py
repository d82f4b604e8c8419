"""The warehouse in a lake: turns, states, a catalogue that goes away, and no credential anywhere."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ingest.config import ConfigError, parse_config
from ingest.observation import Evidence, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse import lake_engine
from ingest.warehouse.database import Warehouse, WarehouseError
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.lake import LakeWarehouse, PullRunningError
from ingest.warehouse.lake_place import LakePlace
from ingest.warehouse.meeting import DecisionText, MeetingError, close_decision, freeze_review, open_decision
from tests.testing import lake

START = datetime(2025, 9, 1, tzinfo=UTC)
KILLS = int(os.environ.get("TMINUS_TEST_KILLS", "5"))


def figures(first: int, count: int) -> Harvest:
    rows = [Observation("m", START + timedelta(hours=n), float(n), "u") for n in range(first, first + count)]
    return Harvest(observations=rows, evidence=[Evidence("e", "a.xml:1")], marker=str(first + count))


@pytest.fixture
def shared(shared_place: LakePlace, tmp_path: Path) -> LakeWarehouse:
    """A lake without rows."""
    lake.empty(shared_place)
    return LakeWarehouse(tmp_path / "w.duckdb", "p", shared_place)


def test_who_reads_a_state_keeps_it_while_others_write(shared: LakeWarehouse) -> None:
    """A writer does not wait for readers, and what it stores is seen by the next answer only."""
    store_harvest(shared, "s", figures(0, 3), START)

    with shared.one_state():
        before = len(shared.query("series", metric="m", scope=None, simulated=True))
        writer = threading.Thread(target=store_harvest, args=(shared, "s", figures(3, 30), START))
        writer.start()
        writer.join()
        again = len(shared.query("series", metric="m", scope=None, simulated=True))

    assert (before, again) == (3, 3)
    assert len(shared.query("series", metric="m", scope=None, simulated=True)) == 33


def test_the_version_of_a_project_changes_with_its_own_rows_only(shared: LakeWarehouse) -> None:
    """A page that is up to date is not computed again because another project was pulled."""
    other = LakeWarehouse(shared.path, "q", shared.place)
    store_harvest(shared, "s", figures(0, 3), START)
    before = (shared.version(), shared.evidence_version())
    store_harvest(other, "s", figures(0, 3), START)
    assert (shared.version(), shared.evidence_version()) == before

    open_decision(shared, DecisionText("do it", "Ada"), START)
    assert shared.version() != before[0]
    assert shared.evidence_version() == before[1]

    store_harvest(shared, "s", figures(3, 3), START)
    assert shared.evidence_version() != before[1]


def test_sql_of_users_cannot_leave_the_lake(shared: LakeWarehouse) -> None:
    """Only reading, and only the tables: neither the catalogue, nor another server, nor a file."""
    store_harvest(shared, "s", figures(0, 1), START)
    refused = (
        "DELETE FROM observation",
        "DROP TABLE observation",
        "ATTACH '/etc/passwd' AS x",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY observation TO 'stolen.csv'",
        "COPY observation TO '" + shared.place.data_path + "/stolen.csv'",
        "SET enable_external_access = true",
        "SELECT * FROM postgres_query('__ducklake_metadata_lake', 'SELECT pg_terminate_backend(1)')",
        "SELECT * FROM \"postgres_scan\"('host=127.0.0.1', 'public', 'x')",
        "SELECT * FROM query('SELECT * FROM post' || 'gres_query()')",
        "SELECT * FROM __ducklake_metadata_lake.public.ducklake_snapshot",
        "CALL ducklake_expire_snapshots('lake', older_than => now())",
    )
    for sql in refused:
        with pytest.raises(WarehouseError, match="the query failed"):
            shared.ask(sql)
    assert shared.ask("SELECT count(*) AS n FROM current_observation")["n"].tolist() == [1]


def test_two_writers_of_one_project_store_each_row_once(shared: LakeWarehouse) -> None:
    """Threads that store the same figures and the same evidence at once leave one row of each."""
    others = [LakeWarehouse(shared.path, f"p{n}", shared.place) for n in range(3)]
    threads = [
        threading.Thread(target=store_harvest, args=(warehouse, "s", figures(0, 40), START))
        for warehouse in (shared, shared, *others)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with shared.reading() as connection:
        rows = connection.execute("SELECT project, count(*) FROM observation GROUP BY 1 ORDER BY 1").fetchall()
        evidence = connection.execute("SELECT count(*) FROM evidence").fetchall()
        runs = connection.execute("SELECT id FROM source_run").fetchall()
    assert rows == [("p", 40), ("p0", 40), ("p1", 40), ("p2", 40)]
    assert evidence == [(1,)]
    assert max(Counter(runs).values()) == 1


def test_one_pull_of_a_project_wins_and_the_other_says_so(shared: LakeWarehouse) -> None:
    """Another project is pulled meanwhile; afterwards the next pull of the first one begins."""
    again = LakeWarehouse(shared.path, "p", shared.place)
    with shared.pulling():
        with pytest.raises(PullRunningError, match=r"another pull of p into ducklake:postgres:.* is running") as caught:
            again.pulling().__enter__()
        with LakeWarehouse(shared.path, "q", shared.place).pulling():
            pass
    with again.pulling():
        pass
    assert "\n" not in str(caught.value)


def test_a_decision_and_a_review_are_written_once(warehouse: Warehouse) -> None:
    """Ids count up, a closed decision stays closed, and a frozen day is never replaced, in a file and in a lake."""
    first = open_decision(warehouse, DecisionText("do it", "Ada"), START)
    second = open_decision(warehouse, DecisionText("do that", "Ada"), START)
    close_decision(warehouse, first, "done", START)
    with pytest.raises(MeetingError, match="closed already"):
        close_decision(warehouse, first, "dropped", START)
    files = {"answer": "{}", "markdown": "# é\0", "html": "<p>"}
    moments = {"day": date(2025, 9, 1), "frozen_at": START, "since": START, "until": START}
    digest = freeze_review(warehouse, files, moments)
    with pytest.raises(MeetingError, match="frozen already"):
        freeze_review(warehouse, files, moments)

    assert (first, second) == ("D1", "D2")
    with warehouse.reading() as connection:
        frozen = connection.execute("SELECT markdown, sha256 FROM frozen_review").fetchall()
    assert frozen == [("# é\0", digest)]


def test_a_catalogue_that_restarts_is_reached_again(
    catalogue: lake.Server, shared: LakeWarehouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Readers and writers go on after a restart, in one line and without a lost or a doubled row."""
    store_harvest(shared, "s", figures(0, 20), START)
    catalogue.stop()
    reader = threading.Thread(target=lambda: found.append(len(shared.query("metrics"))))
    found: list[int] = []
    reader.start()
    while "does not answer" not in caplog.text:
        reader.join(timeout=0.05)
    catalogue.start()
    reader.join()
    store_harvest(shared, "s", figures(10, 20), START)

    assert found == [1]
    assert len(shared.query("series", metric="m", scope=None, simulated=True)) == 30
    assert all("\n" not in record.message for record in caplog.records)


def test_a_catalogue_that_is_away_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks longer than the patience lasts gets the place and the reason, and no password."""
    if reason := lake.why_not():
        pytest.skip(f"no lake: {reason}")
    monkeypatch.setenv("PGPASSWORD", "hush-hush")
    monkeypatch.setattr("ingest.warehouse.lake.PATIENCE_SECONDS", 0.2)
    nowhere = open_warehouse(tmp_path / "w.duckdb", "p", LakePlace("dbname=x host=127.0.0.1 port=1", str(tmp_path)))
    with pytest.raises(WarehouseError, match=r"the catalogue ducklake:postgres:dbname=x .* does not answer") as caught:
        nowhere.query("metrics")
    assert "\n" not in str(caught.value)
    assert "hush-hush" not in str(caught.value)


def test_a_lake_without_its_packages_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lacks the extra installs it with the command that the line names."""
    monkeypatch.setattr(lake_engine, "find_spec", lambda _name: None)
    with pytest.raises(WarehouseError, match=r"is not installed: python -m pip install 'tminus\[lake\]'"):
        lake_engine.extension("ducklake")


@pytest.mark.parametrize(
    ("project", "problem"),
    [
        ({"warehouse": "ducklake:postgres:dbname=t password=hush", "data_path": "d"}, "must not hold a password"),
        ({"warehouse": "ducklake:postgres:postgresql://ada:hush@db/t", "data_path": "d"}, "must not hold a password"),
        ({"warehouse": "ducklake:sqlite:lake.db", "data_path": "d"}, "name a catalogue in PostgreSQL"),
        ({"warehouse": "ducklake:postgres:dbname=t"}, "data_path: missing"),
        ({"warehouse": "w.duckdb", "data_path": "d"}, "only a lake has one"),
        ({"warehouse": "ducklake:postgres:dbname=t", "data_path": "gs://b/d"}, "must be a folder or s3://"),
        ({"warehouse": "ducklake:postgres:dbname=t", "data_path": "s3://key:hush@b/d"}, "must hold no credentials"),
    ],
)
def test_a_place_that_cannot_be_is_one_line_without_its_password(project: dict[str, str], problem: str) -> None:
    """The line names the key and what to write instead; a password is never repeated."""
    with pytest.raises(ConfigError, match=problem) as caught:
        parse_config({"project": project}, Path())
    assert len(caught.value.problems) == 1
    assert "hush" not in str(caught.value)


def test_the_local_files_of_a_lake_stay_in_the_folder_of_the_plan(tmp_path: Path) -> None:
    """Kept payloads and the state of a pull are beside the plan; a relative data path begins there, too."""
    project = {"warehouse": "ducklake:postgres:service=tminus", "data_path": "shared"}
    config = parse_config({"project": project}, tmp_path)
    assert config.warehouse == (tmp_path / ".tminus" / "warehouse.duckdb").resolve()
    assert config.lake == LakePlace("service=tminus", str(tmp_path.resolve() / "shared"))


def write_until_killed(
    place: LakePlace, project: str, confirm: Connection, verified: set[tuple[Path, int, int]]
) -> None:
    """Store one batch after the other from the last marker on, and name each that is stored."""
    lake_engine._verified.update(verified)
    warehouse = LakeWarehouse(Path("w.duckdb"), project, place)
    begin = int(dict(warehouse.rows("markers", project)).get("s", 0))
    for first in range(begin, begin + 100_000, 15):
        store_harvest(warehouse, "s", figures(first, 15), START)
        confirm.send(first)


@pytest.mark.slow
def test_killed_writers_and_a_killed_catalogue_lose_and_double_nothing(
    catalogue: lake.Server, shared: LakeWarehouse
) -> None:
    """A writer or the catalogue is killed at any moment; what was confirmed is there, once, and complete.

    TMINUS_TEST_KILLS sets how often (5; the figures of docs/lake.md come from 200).
    """
    chance = random.Random(7)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["duckdb", "pyarrow", "pandas", __name__])
    given = (shared.place, "p")
    for number in range(KILLS):
        ours, theirs = processes.Pipe(duplex=False)
        writer = processes.Process(target=write_until_killed, args=(*given, theirs, lake_engine._verified), daemon=True)
        writer.start()
        theirs.close()
        confirmed = ours.recv()
        time.sleep(chance.random() * 0.3)
        if number % 5 == 4:
            catalogue.stop(signal.SIGQUIT)
        writer.kill()
        if number % 5 == 4:
            catalogue.start()
        writer.join()
        with suppress(EOFError):
            while True:
                confirmed = ours.recv()
        _check_whole(shared, confirmed)


def _check_whole(warehouse: LakeWarehouse, confirmed: int) -> None:
    """Every hour from the first on, once; as many rows as the newest marker says; never less than confirmed."""
    with warehouse.reading() as connection:
        rows, hours, last, known = connection.execute(
            """SELECT count(*), count(DISTINCT value), max(value),
                      (SELECT max(marker::BIGINT) FROM source_run WHERE marker <> '') FROM observation"""
        ).fetchall()[0]
    assert rows == hours == last + 1 == known
    assert rows >= confirmed + 15
