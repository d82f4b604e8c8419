"""Files are attached to one DuckDB of the process: each is let go with its last reader, and none disturbs another."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse import attached as attached_files
from ingest.warehouse.append import CHUNK_ROWS, prepare
from ingest.warehouse.database import DamagedWarehouseError, Warehouse, WarehouseError
from ingest.warehouse.files import verify

START = datetime(2025, 9, 1, tzinfo=UTC)


def filled(path: Path, rows: int = 1) -> Warehouse:
    """A warehouse with so many observations."""
    warehouse = Warehouse(path, "p")
    found = [Observation("todo_count", START, float(n), "markers", f"part-{n}") for n in range(rows)]
    store_harvest(warehouse, "s", Harvest(observations=found), START)
    return warehouse


def count(warehouse: Warehouse) -> int:
    """The number of observations; every value is read."""
    with warehouse.reading() as connection:
        return int(connection.execute("SELECT count(*), bit_xor(hash(o)) FROM observation o").fetchall()[0][0])


def test_the_file_is_free_for_another_process_after_the_last_reader(tmp_path: Path) -> None:
    """While somebody reads, another process cannot write; as soon as nobody does, it can."""
    warehouse = filled(tmp_path / "w.duckdb")
    write = f"import duckdb; duckdb.connect({str(warehouse.path)!r}).execute('CREATE OR REPLACE TABLE other (a INT)')"

    def code() -> int:
        return subprocess.run([sys.executable, "-c", write], capture_output=True, check=False).returncode

    with warehouse.reading():
        with warehouse.reading():
            pass
        assert code() == 1
    assert code() == 0
    assert count(warehouse) == 1


def test_two_spellings_of_one_file_are_read_beside_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path, a link and the path itself are one file."""
    warehouse = filled(tmp_path / "w.duckdb")
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    with warehouse.reading():
        assert count(Warehouse(tmp_path / "link" / "w.duckdb", "p")) == 1
        assert count(Warehouse(Path("w.duckdb"), "p")) == 1


def test_files_are_read_side_by_side(tmp_path: Path) -> None:
    """Eight threads read three files in turn: each answer is that of its own file."""
    files = [filled(tmp_path / f"{rows}'s.duckdb", rows) for rows in (1, 2, 3)]
    wrong: list[object] = []

    def read(shift: int) -> None:
        for turn in range(12):
            rows = (turn + shift) % 3
            try:
                wrong.extend([found] if (found := count(files[rows])) != rows + 1 else [])
            except Exception as problem:
                wrong.append(problem)

    threads = [threading.Thread(target=read, args=(shift,)) for shift in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_catalogue_of_a_file_is_its_own(tmp_path: Path) -> None:
    """The version of the evidence and the tables that are verified do not depend on what else is being read."""
    first, second = filled(tmp_path / "a.duckdb"), filled(tmp_path / "b.duckdb", 2)
    alone = first.evidence_version(), verify(first)
    with second.reading():
        assert (first.evidence_version(), verify(first)) == alone


def test_a_damaged_file_stops_no_other(tmp_path: Path) -> None:
    """After a damaged file was read, files that were open before and files that are opened later are read as ever."""
    sound, damaged = filled(tmp_path / "sound.duckdb"), filled(tmp_path / "damaged.duckdb", 20_000)
    size = damaged.path.stat().st_size
    with damaged.path.open("r+b") as file:
        for place in range(3 * 4096, size, 4096):
            file.seek(place)
            file.write(b"\xff" * 64)

    with sound.reading() as before:
        with pytest.raises((DamagedWarehouseError, WarehouseError)):
            count(damaged)
        assert before.execute("SELECT count(*) FROM observation").fetchall() == [(1,)]
        assert count(sound) == 1
    assert count(sound) == 1
    duckdb.connect(str(sound.path)).close()


def test_who_reads_when_the_duckdb_stops_is_let_go(tmp_path: Path) -> None:
    """A fault that stops the DuckDB of the process leaves the next question a new one, and no file locked."""
    first, second = filled(tmp_path / "a.duckdb"), filled(tmp_path / "b.duckdb", 2)
    with first.reading():
        with pytest.raises(DamagedWarehouseError), second.reading():
            raise duckdb.FatalException("the database has been invalidated")
        assert count(second) == 2
    assert count(first) == 1
    for warehouse in (first, second):
        duckdb.connect(str(warehouse.path)).close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_reads_with_a_duckdb_of_its_own(tmp_path: Path) -> None:
    """A process that was forked after the first question answers, and ends."""
    filled(tmp_path / "w.duckdb")
    script = (
        "import os, sys; from pathlib import Path; from ingest.warehouse.database import Warehouse\n"
        f"w = Warehouse(Path({str(tmp_path / 'w.duckdb')!r}), 'p')\n"
        "def ask():\n    with w.reading() as c: return c.execute('SELECT 1 FROM observation').fetchall() == [(1,)]\n"
        "assert ask()\nchild = os.fork()\nif child == 0: sys.exit(0 if ask() else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_question_of_one_state_is_asked_once(tmp_path: Path) -> None:
    """Within one state the same question gets the same rows without asking; whoever changes them changes a copy."""
    warehouse = filled(tmp_path / "w.duckdb", rows=3)
    asked = {"metrics": ["todo_count"], "scopes": ["part-0", "part-1"], "until": START, "simulated": True}
    with warehouse.one_state():
        first = warehouse.query("observations", **asked)
        first.loc[:, "value"] = -1.0
        again = warehouse.query("observations", **asked)
        other = warehouse.query("observations", **{**asked, "scopes": ["part-2"]})

    assert [sorted(again["value"]), list(other["value"])] == [[0.0, 1.0], [2.0]]
    filled(tmp_path / "w.duckdb", rows=4)
    assert len(warehouse.query("observations", **{**asked, "scopes": ["part-3"]})) == 1


def test_what_follows_from_one_state_is_found_once_and_forgotten_with_it(tmp_path: Path) -> None:
    """Within one state a question is answered once; after it, and outside of any, by the newest rows."""
    warehouse = filled(tmp_path / "w.duckdb", rows=3)
    asked = {"metrics": ["todo_count"], "scopes": ["part-0", "part-3"], "until": START, "simulated": True}
    answers: list[int] = []

    def number_of_rows() -> int:
        answers.append(len(warehouse.query("observations", **asked)))
        return answers[-1]

    with warehouse.one_state():
        assert [warehouse.once("rows", number_of_rows) for _ in range(2)] == [1, 1]
    assert answers == [1]
    filled(tmp_path / "w.duckdb", rows=4)
    with warehouse.one_state():
        assert warehouse.once("rows", number_of_rows) == 2
    assert [warehouse.once("rows", number_of_rows) for _ in range(2)] == [2, 2]
    assert answers == [1, 2, 2, 2]


def test_a_small_file_needs_one_thread_and_a_large_one_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of a DuckDB for small files only wait for each other; the first large file brings all of them."""
    monkeypatch.setattr(attached_files, "_ENGINES", [])
    threads = "SELECT current_setting('threads')"
    warehouse = filled(tmp_path / "w.duckdb")
    with warehouse.reading() as connection:
        assert connection.execute(threads).fetchall() == [(1,)]
    monkeypatch.setattr(attached_files, "_SMALL_BYTES", 1)
    with warehouse.reading() as connection:
        assert connection.execute(threads).fetchall() == [(duckdb.execute(threads).fetchall()[0][0],)]


def test_a_small_harvest_is_one_step() -> None:
    """Whatever a source brings at once is stored in one transaction while it fits in one; a large harvest is not."""
    found = [Observation("todo_count", START, float(n), "markers", f"part-{n}") for n in range(3)]
    harvest = Harvest(observations=found, extra={"blob_scan": [("a" * 40, "rule", "[]")]})
    (step,) = prepare(harvest).steps

    assert step.observations is not None and step.observations.num_rows == 3
    assert step.extra["blob_scan"].num_rows == 1
    assert len(prepare(Harvest()).steps) == 1
    many = [Observation("todo_count", START, float(n), "markers") for n in range(CHUNK_ROWS)]
    assert len(prepare(Harvest(observations=many, extra=harvest.extra)).steps) == 2
