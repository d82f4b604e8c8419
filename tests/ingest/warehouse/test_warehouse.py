"""The warehouse stores once, whole or not at all, and answers while others write."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.observation import Commit, Evidence, Item, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse import attached
from ingest.warehouse.database import MIGRATIONS, Warehouse, WarehouseError, named_sql, with_literals
from tests.testing.lake import as_another_process

START = datetime(2025, 9, 1, tzinfo=UTC)


def observation(day: int, value: float | None = 1.0, **changed: object) -> Observation:
    base = Observation("coverage_line_percent", START + timedelta(days=day), value, "percent")
    return base._replace(**changed)  # type: ignore[arg-type]


def stored(warehouse: Warehouse) -> list[tuple[object, ...]]:
    with warehouse.reading() as connection:
        return connection.execute(
            "SELECT metric, epoch_us(observed_at), value FROM current_observation ORDER BY ALL"
        ).fetchall()


def test_the_same_figure_is_stored_once(warehouse: Warehouse) -> None:
    """Storing the same harvest twice adds nothing the second time."""
    harvest = Harvest(observations=[observation(1), observation(2, None, reason="empty file")])

    first = store_harvest(warehouse, "s", harvest, START)
    second = store_harvest(warehouse, "s", harvest, START + timedelta(days=9))

    assert (first.rows_added, second.rows_added) == (2, 0)
    assert len(stored(warehouse)) == 2


def test_a_correction_is_a_new_row(warehouse: Warehouse) -> None:
    """Another value for the same moment is kept beside the first one, recorded later."""
    store_harvest(warehouse, "s", Harvest(observations=[observation(1, 10.0)]), START)
    store_harvest(warehouse, "s", Harvest(observations=[observation(1, 11.0)]), START + timedelta(days=2))

    frame = warehouse.query("series", metric="coverage_line_percent", scope=None, simulated=True)

    assert frame["value"].tolist() == [10.0, 11.0]
    assert frame["recorded_at"].is_monotonic_increasing


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 30), max_size=25), split=st.integers(0, 25))
def test_any_split_of_a_harvest_stores_the_same(
    tmp_path_factory: pytest.TempPathFactory, days: list[int], split: int
) -> None:
    """However a harvest is cut into parts that overlap, the same rows are stored as from a plain set."""
    warehouse = Warehouse(tmp_path_factory.mktemp("w") / "w.duckdb", "p")
    rows = [observation(day, float(day)) for day in days]
    store_harvest(warehouse, "s", Harvest(observations=rows[:split]), START)
    store_harvest(warehouse, "s", Harvest(observations=rows), START)

    assert len(stored(warehouse)) == len(set(rows))


def test_a_complete_rereading_supersedes_what_was_stored(warehouse: Warehouse) -> None:
    """After a rewrite only the new rows count, even those equal to old ones; the old ones stay in the table."""
    old = Harvest(observations=[observation(1), observation(2)], items=[_item("a"), _item("b")])
    store_harvest(warehouse, "git", old, START)
    new = Harvest(observations=[observation(1)], items=[_item("b")], rewritten=True)
    store_harvest(warehouse, "git", new, START + timedelta(days=1))

    assert [row[1] for row in stored(warehouse)] == [int(observation(1).observed_at.timestamp() * 1e6)]
    with warehouse.reading() as connection:
        assert connection.execute("SELECT count(*) FROM observation").fetchall() == [(3,)]
        assert connection.execute("SELECT id FROM item").fetchall() == [("b",)]


def _item(identity: str) -> Item:
    return Item(identity, "marker", "TODO", "text", "a.py", 1, "src", "code", START)


def test_a_changed_item_replaces_itself(warehouse: Warehouse) -> None:
    """An item that closes is one row with its closing, not two."""
    store_harvest(warehouse, "git", Harvest(items=[_item("a")]), START)
    closed = _item("a")._replace(closed_at=START + timedelta(days=3), closed_commit="c" * 40, closed_by="Ada")
    store_harvest(warehouse, "git", Harvest(changed_items=[closed]), START)

    items = warehouse.query("items", since=START, until=START + timedelta(days=9))

    assert items[["id", "closed_by"]].values.tolist() == [["a", "Ada"]]


def test_commits_leave_the_branch_by_a_rewrite(warehouse: Warehouse) -> None:
    """A rewritten history keeps old commits on record but not on the branch."""
    commits = [Commit(c * 40, i, START, "Ada", "s") for i, c in enumerate("ab")]
    store_harvest(warehouse, "git", Harvest(commits=commits), START)
    store_harvest(warehouse, "git", Harvest(commits=[Commit("c" * 40, 0, START, "Ada", "s")], rewritten=True), START)

    assert warehouse.query("commits")["commit"].tolist() == ["c" * 40]


def test_evidence_is_kept_once(warehouse: Warehouse) -> None:
    """The same evidence handed over twice is one row."""
    evidence = [Evidence("e1", "ci/lcov.info", line=None), Evidence("e1", "ci/lcov.info", line=None)]
    store_harvest(warehouse, "s", Harvest(evidence=evidence), START)
    store_harvest(warehouse, "s", Harvest(evidence=evidence), START)

    with warehouse.reading() as connection:
        assert connection.execute("SELECT id, line FROM evidence").fetchall() == [("e1", None)]


def test_nothing_of_a_failed_write_stays(warehouse: Warehouse) -> None:
    """When the block raises, not one of its rows is kept."""
    store_harvest(warehouse, "s", Harvest(observations=[observation(1)]), START)
    with pytest.raises(RuntimeError), warehouse.writing() as connection:
        connection.execute("DELETE FROM observation")
        raise RuntimeError

    assert len(stored(warehouse)) == 1


def test_readers_wait_for_a_writer_in_the_same_process(warehouse: Warehouse) -> None:
    """Many threads read and write at once and none sees an error."""
    store_harvest(warehouse, "s", Harvest(observations=[observation(0)]), START)
    problems: list[Exception] = []

    def work(day: int) -> None:
        try:
            store_harvest(warehouse, "s", Harvest(observations=[observation(day)]), START)
            stored(warehouse)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(day,)) for day in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert len(stored(warehouse)) == 9


def test_readers_of_one_process_read_beside_each_other(warehouse: Warehouse) -> None:
    """A page that computes long keeps no other page waiting: both are in the file at the same moment."""
    store_harvest(warehouse, "s", Harvest(observations=[observation(0)]), START)
    both_are_in = threading.Barrier(2, timeout=20)
    found: list[int] = []

    def read() -> None:
        with warehouse.one_state():
            both_are_in.wait()
            found.append(len(stored(warehouse)))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [1, 1]


def test_who_holds_a_state_does_not_write(warehouse: Warehouse) -> None:
    """It would wait for itself for ever, so it is reported at once."""
    store_harvest(warehouse, "s", Harvest(observations=[observation(0)]), START)

    with warehouse.one_state(), pytest.raises(RuntimeError, match="within one_state"):
        store_harvest(warehouse, "s", Harvest(observations=[observation(1)]), START)


def test_no_write_comes_between_the_questions_of_one_state(file_warehouse: Warehouse) -> None:
    """Whoever writes waits until all questions of an answer are asked; the next answer sees what was written."""
    store_harvest(file_warehouse, "s", Harvest(observations=[observation(0)]), START)
    harvest = Harvest(observations=[observation(1)])
    writer = threading.Thread(target=store_harvest, args=(file_warehouse, "s", harvest, START))

    with file_warehouse.one_state():
        first = stored(file_warehouse)
        writer.start()
        writer.join(timeout=0.3)
        assert writer.is_alive()
        with file_warehouse.one_state():
            assert stored(file_warehouse) == first
        assert stored(file_warehouse) == first
    writer.join()

    assert len(stored(file_warehouse)) == len(first) + 1


def test_one_state_opens_the_file_once_and_closes_it(
    file_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many questions are asked, also when one of them fails; afterwards the file is free."""
    import duckdb

    store_harvest(file_warehouse, "s", Harvest(observations=[observation(0)]), START)
    opened: list[str] = []
    attach = attached._attach
    monkeypatch.setattr(
        attached, "_attach", lambda engine, path, **how: opened.append(path) or attach(engine, path, **how)
    )

    with pytest.raises(duckdb.Error), file_warehouse.one_state():
        stored(file_warehouse)
        file_warehouse.query("metrics")
        with file_warehouse.reading() as connection:
            connection.execute("SELECT nonsense")

    assert len(opened) == 1
    duckdb.connect(str(file_warehouse.path)).close()


def test_before_the_first_pull_there_is_no_state_to_hold(tmp_path: Path) -> None:
    """Nothing fails until something is asked, and then the message says what to do."""
    warehouse = Warehouse(tmp_path / "none.duckdb", "p")

    with warehouse.one_state():
        assert warehouse.rows("markers", "p") == []
        with pytest.raises(WarehouseError, match="run `tminus pull` first"):
            warehouse.query("metrics")


def test_a_newer_warehouse_is_refused(new_warehouse: Warehouse) -> None:
    """A file of a later version is named with what to do, and not touched."""
    store_harvest(new_warehouse, "s", Harvest(), START)
    with new_warehouse.writing() as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    as_another_process(new_warehouse)

    with pytest.raises(WarehouseError, match=r"schema version 99, this tminus knows \d+: update tminus"):
        new_warehouse.query("metrics")


def test_a_file_that_is_no_warehouse_is_one_line(tmp_path: Path) -> None:
    """Garbage in place of the file is reported in one line that names it."""
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"this is no database" * 500)

    with pytest.raises(WarehouseError, match="cannot open the warehouse") as caught:
        Warehouse(path, "p").query("metrics")
    assert "\n" not in str(caught.value)


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    """Asking before the first pull points at the pull."""
    with pytest.raises(WarehouseError, match="run `tminus pull` first"):
        Warehouse(tmp_path / "none.duckdb", "p").query("metrics")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM observation",
        "DROP TABLE observation",
        "ATTACH '/etc/passwd' AS x",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY observation TO 'stolen.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_sql_of_users_can_neither_write_nor_leave(file_warehouse: Warehouse, sql: str) -> None:
    """Only reading, and only this file."""
    store_harvest(file_warehouse, "s", Harvest(observations=[observation(1)]), START)

    with pytest.raises(WarehouseError, match="the query failed"):
        file_warehouse.ask(sql)
    assert len(stored(file_warehouse)) == 1


def test_every_named_query_tells_what_it_answers() -> None:
    """Each SQL file begins with a comment, and each schema line of a column ends with one."""
    queries = sorted((Path(__file__).parents[3] / "ingest" / "warehouse" / "queries").glob("*.sql"))
    columns = [line for line in MIGRATIONS[0]().splitlines() if line.startswith("    ") and " NOT NULL" in line]

    assert all(named_sql(query.stem).startswith("-- ") for query in queries)
    assert columns and all("-- " in line for line in columns)


@given(
    text=st.text(max_size=40),
    number=st.floats(allow_nan=False, allow_infinity=False),
    whole=st.integers(-(2**60), 2**60),
)
@example(text="", number=0.0020485262812463398, whole=0)
def test_literals_mean_what_they_were(text: str, number: float, whole: int) -> None:
    """A literal written into our own SQL comes back as the value it was, quotes and all."""
    import duckdb

    kept = text.replace("\0", "")
    sql = with_literals("SELECT ?, ?::DOUBLE, ?::BIGINT, ?, ?", (text, number, whole, None, True))

    assert duckdb.execute(sql).fetchall() == [(kept, number, whole, None, True)]


def test_a_file_without_tables_is_a_warehouse_that_is_still_empty(tmp_path: Path) -> None:
    """What a first pull leaves that was killed before it made its tables is filled by the next one."""
    import duckdb

    duckdb.connect(str(tmp_path / "w.duckdb")).close()
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")

    assert warehouse.rows("markers", "p") == []
    with warehouse.one_state(), pytest.raises(WarehouseError, match="still empty: run `tminus pull` first"):
        warehouse.query("metrics")
    store_harvest(warehouse, "s", Harvest(observations=[observation(1)]), START)
    assert len(stored(warehouse)) == 1


def test_no_credential_reaches_the_warehouse(file_warehouse: Warehouse) -> None:
    """A token in a marker, a commit subject or a quoted sentence is stored without the token."""
    token = "ghp_" + "a1B2" * 9
    harvest = Harvest(
        items=[_item("a")._replace(text=f"remove {token} from here")],
        commits=[Commit("c" * 40, 0, START, "Ada", f"use {token} for now")],
        evidence=[Evidence("e", "docs/a.md:1", excerpt=f"log in with {token}")],
    )
    store_harvest(file_warehouse, "git", harvest, START)

    with file_warehouse.reading() as connection:
        texts = connection.execute(
            'SELECT text FROM item UNION ALL SELECT subject FROM "commit" UNION ALL SELECT excerpt FROM evidence'
        )
        shown_text = [row[0] for row in texts.fetchall()]
    assert len(shown_text) == 3
    assert all("[redacted]" in text and token not in text for text in shown_text)
    assert token.encode() not in file_warehouse.path.read_bytes()
