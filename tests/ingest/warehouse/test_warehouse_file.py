"""The warehouse as a file: cut, damaged, copied, shared by several processes, and written by a pull that runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse import database
from ingest.warehouse.database import DamagedWarehouseError, Warehouse, WarehouseError
from ingest.warehouse.files import back_up, verify
from ingest.warehouse.pull_state import announced, running_pull, state_path

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def filled(path: Path, rows: int = 60_000) -> Warehouse:
    """A warehouse of a few megabytes."""
    warehouse = Warehouse(path, "p")
    fill(warehouse, rows)
    return warehouse


def fill(warehouse: Warehouse, rows: int) -> None:
    """Store so many figures of one moment."""
    observations = [Observation("m", NOW, float(n), "u", scope=f"s{n}", evidence=f"e{n * 7919}") for n in range(rows)]
    store_harvest(warehouse, "s", Harvest(observations=observations), NOW)
    return warehouse


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a few megabytes in which no block is free."""
    folder = tmp_path_factory.mktemp("large")
    back_up(filled(folder / "filled.duckdb"), folder / "large.duckdb")
    return folder / "large.duckdb"


def test_a_large_harvest_is_stored_in_several_transactions_and_once(warehouse: Warehouse) -> None:
    """Cut into steps, a harvest is stored whole; stored again, it adds nothing; in a file and in a lake."""
    for _ in range(2):
        fill(warehouse, 25_000)
        with warehouse.reading() as connection:
            assert connection.execute("SELECT count(*), count(DISTINCT run) FROM observation").fetchall() == [
                (25_000, 1)
            ]


def test_a_cut_file_is_refused_and_not_written_to(tmp_path: Path, large: Path) -> None:
    """A file shorter than its header counts is named in one line, and stays as it is."""
    warehouse = Warehouse(Path(shutil.copy(large, tmp_path / "w.duckdb")), "p")
    with warehouse.path.open("r+b") as file:
        file.truncate(warehouse.path.stat().st_size - 300_000)
    before = warehouse.path.read_bytes()
    with pytest.raises(WarehouseError) as caught:
        store_harvest(warehouse, "s", Harvest(observations=[Observation("n", NOW, 1.0, "u")]), NOW)
    assert "\n" not in str(caught.value)
    assert warehouse.path.read_bytes() == before


def test_a_damaged_block_is_found(tmp_path: Path, large: Path) -> None:
    """Every block is read back and compared with its checksum."""
    warehouse = Warehouse(Path(shutil.copy(large, tmp_path / "w.duckdb")), "p")
    with warehouse.path.open("r+b") as file:
        file.seek(warehouse.path.stat().st_size // 2)
        file.write(b"X" * 5_000)
    with pytest.raises(DamagedWarehouseError, match=r"docs/warehouse\.md"):
        verify(warehouse)


def test_a_backup_is_whole_and_replaces_nothing(tmp_path: Path) -> None:
    """The copy holds every row; an existing file is never replaced; nothing else is left in the folder."""
    warehouse = filled(tmp_path / "w.duckdb", 100)
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "b.duckdb"
    back_up(warehouse, target)
    assert verify(Warehouse(target, "p")) == verify(warehouse)
    with pytest.raises(WarehouseError, match="exists"):
        back_up(warehouse, target)
    assert [path.name for path in target.parent.iterdir() if path.suffix == ".duckdb"] == ["b.duckdb"]


def test_every_later_duckdb_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File and backup have the storage version of DuckDB 1.2, whichever writes; for another the way out is named."""
    warehouse = filled(tmp_path / "w.duckdb", 100)
    back_up(warehouse, tmp_path / "b.duckdb")
    for path in (warehouse.path, tmp_path / "b.duckdb"):
        assert int.from_bytes(path.read_bytes()[12:20], "little") == 65
    with warehouse.writing() as connection:
        asked = connection.execute("SELECT current_setting('storage_compatibility_version')").fetchall()
    assert asked == [("v1.2.0",)]

    def of_another() -> duckdb.DuckDBPyConnection:
        raise duckdb.IOException(
            "Trying to read a database file with version number 999, but we can only read 64 to 68"
        )

    monkeypatch.setattr(database, "attached", lambda _: of_another())
    with pytest.raises(WarehouseError, match="a newer DuckDB wrote it: where that is installed, `tminus backup FILE`"):
        warehouse.query("metrics")


def test_a_running_pull_is_seen_and_a_dead_one_is_not(tmp_path: Path) -> None:
    """The state lasts as long as the process that holds its lock."""
    path = tmp_path / "w.duckdb"
    with announced(path) as state:
        state.report(2, 4, "tree")
        found = running_pull(path)
        assert found is not None
        assert (found.done, found.total, found.source) == (2, 4, "tree")
    assert running_pull(path) is None
    state_path(path).write_text('{"done": 1, "total": 4, "source": "git"}')  # what a killed pull leaves
    assert running_pull(path) is None


def test_busy_readers_do_not_starve_a_writer(tmp_path: Path) -> None:
    """Five processes that read without a pause, one after the other, still let every figure be recorded."""
    warehouse = filled(tmp_path / "w.duckdb", 1000)
    script = (
        "import sys\nfrom pathlib import Path\nfrom ingest.warehouse.database import Warehouse\n"
        "w = Warehouse(Path(sys.argv[1]), 'p')\nprint('up', flush=True)\n"
        "while True:\n    with w.one_state():\n        [w.query('metrics') for _ in range(5)]\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    line = [sys.executable, "-c", script, str(warehouse.path)]
    readers = [subprocess.Popen(line, env=variables, stdout=subprocess.PIPE) for _ in range(5)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            reader.stdout.readline()
        for number in range(4):
            store_harvest(warehouse, "s", Harvest(observations=[Observation("n", NOW, float(number), "u")]), NOW)
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()
    with warehouse.reading() as connection:
        assert connection.execute("SELECT count(*) FROM observation WHERE metric = 'n'").fetchall() == [(4,)]


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from datetime import UTC, datetime
from pathlib import Path
from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.source import Harvest, TMinusError
from ingest.warehouse.database import Warehouse
now = datetime(2026, 1, 5, tzinfo=UTC)
rows = [Observation("todo_count", now, float(n), "markers", f"s{n}", reason=str(n) * 40) for n in range(9000)]
warehouse = Warehouse(Path(sys.argv[2]), "p")
try:
    store_harvest(warehouse, "git", Harvest(observations=rows), now)
except TMinusError as problem:
    print(problem)
with warehouse.reading() as connection:
    print(connection.execute("SELECT x FROM kept").fetchall())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of this kind")
def test_a_disk_without_space_is_one_line_and_loses_nothing(tmp_path):
    """Where the file may not grow, one line says so; what was stored before is there for this process and others."""
    path = tmp_path / "w.duckdb"
    warehouse = Warehouse(path, "p")
    with warehouse.writing() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    limit = str(path.stat().st_size + 20_000)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, limit, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    refused, kept = done.stdout.splitlines()
    assert "cannot grow" in refused
    assert kept == "[(7,)]"
    assert warehouse.ask("SELECT x FROM kept")["x"].tolist() == [7]
