"""What keeps a warehouse well: a copy from a file to a lake and back, row for row; a lake without small old files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.warehouse.database import Warehouse, WarehouseError
from ingest.warehouse.files import tables_of
from ingest.warehouse.lake import LakeWarehouse

if TYPE_CHECKING:
    import duckdb

_BATCH_ROWS = 100_000
# Tables whose rows of one moment are kept apart by their order.
_ORDERED = ("decision", "deployment", "process_event")
_ORPHAN_DAYS = 1  # what a killed writer left; a younger file may belong to a writer that runs


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table that was copied. `digest` is the sum of the hashes of its rows, the same on both sides."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a lake consists of before and after: files of data, and snapshots that can be gone back to."""

    files_before: int
    files_after: int
    snapshots_before: int
    snapshots_after: int
    files_removed: int
    frozen_reviews: int


def copy_warehouse(source: Warehouse, target: Warehouse) -> list[TableCopy]:
    """Copy every row, in order, in one transaction of the target; compared there before it is committed.

    WarehouseError: the target holds rows, or a table differs after the copy; nothing is stored then.
    """
    if not source.exists():
        raise WarehouseError(f"no warehouse at {source.label}: nothing to copy")
    if not (source.is_lake or target.is_lake):
        raise WarehouseError("two files: `tminus backup FILE` copies a file to a file")
    _refuse_rows(target)
    with source.reading() as reading, target.writing() as writing:
        tables = [table for table in tables_of(reading) if table != "schema_version"]
        return [_copy_table(reading, writing, table, is_lake=source.is_lake) for table in tables]


def _refuse_rows(target: Warehouse) -> None:
    if not target.exists():
        return
    with target.reading() as connection:
        for table in tables_of(connection):
            sql = f'SELECT 1 FROM "{table}" LIMIT 1'  # noqa: S608 - a name of the catalogue
            if table != "schema_version" and connection.execute(sql).fetchall():
                raise WarehouseError(f"{target.label} holds rows already (table {table}): name an empty place")


def _copy_table(
    reading: duckdb.DuckDBPyConnection, writing: duckdb.DuckDBPyConnection, table: str, *, is_lake: bool
) -> TableCopy:
    columns = [row[0] for row in reading.execute(f'DESCRIBE "{table}"').fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    order = "ORDER BY rowid" if is_lake else ""  # a file is read in the order in which it was written
    wanted = _digest(reading, table, names)
    batches = reading.execute(f'SELECT {names} FROM "{table}" {order}').to_arrow_reader(_BATCH_ROWS)  # noqa: S608
    writing.register("copied", batches)
    writing.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM copied')  # noqa: S608
    writing.unregister("copied")
    found = _digest(writing, table, names)
    if found != wanted:
        raise WarehouseError(f"table {table} differs after the copy ({wanted[0]:,} rows, {found[0]:,} arrived)")
    return TableCopy(table, *wanted)


def _digest(connection: duckdb.DuckDBPyConnection, table: str, names: str) -> tuple[int, str]:
    """How many rows, and the sum of their hashes; where the order counts, each with its place."""
    place = ", row_number() OVER (ORDER BY rowid)" if table in _ORDERED else ""
    sql = f"""SELECT count(*), coalesce(sum(h::HUGEINT), 0)::VARCHAR
              FROM (SELECT hash({names}{place}) AS h FROM "{table}")"""  # noqa: S608 - names of the catalogue
    rows, digest = connection.execute(sql).fetchall()[0]
    return int(rows), str(digest)


def tidy(warehouse: Warehouse, keep_days: int) -> Tidied:
    """Join small files, then let snapshots older than `keep_days` go, with the files that only they need.

    Every row of the newest state stays. The frozen reviews are compared before anything is removed.
    WarehouseError: they differ, or the warehouse is a file.
    """
    if not isinstance(warehouse, LakeWarehouse):
        raise WarehouseError(
            f"{warehouse.label} is a file, which uses free space again by itself: only a lake has files to join"
        )
    if not warehouse.exists():
        raise WarehouseError(f"no warehouse at {warehouse.label}: run `tminus pull` first")
    with warehouse.in_turn() as (_, connection):
        files, snapshots, reviews = _files(connection), _snapshots(connection), _reviews(connection)
        for step in ("flush_inlined_data", "rewrite_data_files", "merge_adjacent_files"):
            _call(connection, f"ducklake_{step}('lake')")
        if (kept := _reviews(connection)) != reviews:
            raise WarehouseError(f"frozen reviews differ after joining files ({reviews} -> {kept}): nothing is removed")
        removed = _remove(connection, keep_days)
        return Tidied(files, _files(connection), snapshots, _snapshots(connection), removed, reviews[0])


def _remove(connection: duckdb.DuckDBPyConnection, keep_days: int) -> int:
    """Snapshots first, then the files that no snapshot needs; how many files."""
    before = f"older_than => now() - INTERVAL {int(keep_days)} DAY"
    _call(connection, f"ducklake_expire_snapshots('lake', {before})")
    orphans = f"older_than => now() - INTERVAL {_ORPHAN_DAYS} DAY"
    steps = (f"ducklake_cleanup_old_files('lake', {orphans})", f"ducklake_delete_orphaned_files('lake', {orphans})")
    return sum(_call(connection, step) for step in steps)


def _call(connection: duckdb.DuckDBPyConnection, function: str) -> int:
    """Run a function of DuckLake; how many rows it lists. As Arrow: fetched as Python values, times need pytz."""
    return int(connection.execute(f"CALL {function}").to_arrow_table().num_rows)


def _files(connection: duckdb.DuckDBPyConnection) -> int:
    return _number(connection, "SELECT coalesce(sum(file_count), 0)::BIGINT FROM ducklake_table_info('lake')")


def _snapshots(connection: duckdb.DuckDBPyConnection) -> int:
    return _number(connection, "SELECT count(*) FROM ducklake_snapshots('lake')")


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def _reviews(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    names = "project, day, frozen_at, frozen_by, since, until, answer, markdown, html, sha256"
    return _digest(connection, "frozen_review", names)
