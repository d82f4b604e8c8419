"""The warehouse as a file: a whole copy for safety, and a check that every block can be read."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.warehouse.attached import CONFIG
from ingest.warehouse.database import EmptyWarehouseError, Warehouse, WarehouseError, refuse_cut

if TYPE_CHECKING:
    import duckdb


def verify(warehouse: Warehouse) -> dict[str, int]:
    """Read every value of every table; rows by table. DuckDB checks the checksum of each block it reads.

    Raises DamagedWarehouseError when a block is not as it was written.
    """
    with warehouse.reading() as connection:
        if not warehouse.is_lake:
            refuse_cut(connection, warehouse.path)
        rows = {}
        for table in tables_of(connection):
            sql = f'SELECT count(*), bit_xor(hash(t)) FROM "{table}" t'  # noqa: S608 - a name of the catalogue
            rows[table] = int(connection.execute(sql).fetchall()[0][0])
        return rows


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of the tables of an open warehouse."""
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY 1"
    return [str(row[0]) for row in connection.execute(sql).fetchall()]


def check_whole(warehouse: Warehouse) -> None:
    """`verify` for who is about to write; a file that has no tables yet is whole.

    A lake is not read: its files are written once and never changed, and DuckDB checks each page that it reads.
    """
    if warehouse.is_lake or not warehouse.exists():
        return
    with suppress(EmptyWarehouseError):
        verify(warehouse)


def back_up(warehouse: Warehouse, target: Path) -> int:
    """Copy the warehouse to `target`, whole or not at all; returns its bytes. The copy is checked before it is named.

    Raises WarehouseError when the target exists, cannot be written, or the warehouse is damaged.
    """
    import duckdb

    if target.exists():
        raise WarehouseError(f"{target} exists: name a file that does not")
    verify(warehouse)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            part = Path(folder) / "copy.duckdb"
            _copy(warehouse, part)
            verify(Warehouse(part, warehouse.project))
            os.link(part, target)  # fails, where a rename would replace, when somebody was faster
    except OSError as problem:
        raise WarehouseError(f"cannot write the backup {target}: {problem.strerror}") from None
    except duckdb.Error as problem:
        raise WarehouseError(f"cannot write the backup {target}: {str(problem).splitlines()[0]}") from None
    return target.stat().st_size


def _copy(warehouse: Warehouse, part: Path) -> None:
    """Table by table into a new file: what a killed pull left beside the file is in it, free space is not.

    No pull writes while the copy reads.
    """
    import duckdb

    source = str(warehouse.path).replace("'", "''")
    with warehouse.reading(), closing(duckdb.connect(str(part), config=dict(CONFIG))) as connection:
        connection.execute(f"ATTACH '{source}' AS source (READ_ONLY)")
        connection.execute(f'COPY FROM DATABASE source TO "{part.stem}"')
