"""A warehouse in a lake: the same tables and queries, the catalogue in PostgreSQL, the rows as Parquet files.

DuckLake has no keys: that nothing is stored twice is kept by reading, comparing and writing within one turn. A turn
is an advisory lock of PostgreSQL that ends with the transaction, also when its process is killed. Readers never wait.
"""

from __future__ import annotations

import hashlib
import re
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.warehouse import database
from ingest.warehouse.attached import CONFIG, first_line
from ingest.warehouse.database import PATIENCE_SECONDS, Result, Warehouse, WarehouseError
from ingest.warehouse.lake_engine import (
    CatalogueGoneError,
    NoLakeError,
    ask_catalogue,
    attach,
    engine,
    in_words,
    is_ready,
    keep_trying,
    note_ready,
    quoted,
)
from ingest.warehouse.lake_place import LakePlace
from ingest.warehouse.remembered import RememberedWarehouse

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# A question about one project opens the files of that project alone.
_PARTITIONED = {"observation": 1, "source_run": 1, "commit": 1, "item": 1, "forecast": 1, "sample": 4}  # since version
# What answers are computed from, beside the runs: more rows of one of these are another state of the evidence.
_EVIDENCE = ("observation", "commit", "item", "plan_version", "deployment", "process_event", "sample")
_WRITERS = "tminus: one writer at a time"
_QUEUE_SECONDS = 2.0  # PostgreSQL keeps the order of a queue this long; then Ctrl-C is heard
# Functions that reach the catalogue or another server, or hide a query from this check.
_FORBIDDEN = re.compile(r"postgres_\w+|ducklake|mysql_\w+|\bquery(_table)?[\"\s]*(/\*.*?\*/\s*)?\(|\bu&", re.I | re.S)


class PullRunningError(WarehouseError):
    """Another pull of the same project is running."""


class LakeWarehouse(Warehouse):
    """One lake and one project in it. `path` names a file beside which this machine keeps what belongs to it alone."""

    def __init__(self, path: Path, project: str, place: LakePlace) -> None:
        super().__init__(path, project)
        self.place = place

    @property
    def label(self) -> str:
        """How messages name it."""
        return self.place.label

    @property
    def is_lake(self) -> bool:
        """Whether its rows are outside this machine's own file."""
        return True

    def exists(self) -> bool:
        """Say whether a pull of any project has made its tables."""
        if is_ready(self.place):
            return True
        try:
            with self._reading_alone():
                return True
        except NoLakeError:
            return False

    def version(self) -> tuple[int, int]:
        """Return (newest snapshot that concerns this project, 0): other projects do not change it."""
        if not self.exists():
            return (0, 0)
        sql = f"""SELECT coalesce(max(snapshot_id), 0) FROM ducklake_snapshot_changes
                  WHERE commit_message IS NULL OR commit_message = {quoted(self.project)}"""  # noqa: S608

        def newest() -> int:
            with in_words(self.place), closing(engine(self.place, create=False).cursor()) as cursor:
                return int(str(ask_catalogue(cursor, sql)[0][0]))

        return (keep_trying(newest, self.place, PATIENCE_SECONDS), 0)

    def is_newer_than(self, file: Path) -> bool:
        """Never known: the clocks of two machines differ."""
        return False

    def evidence_version(self) -> tuple[int, int]:
        """As of a file, of the rows of this project alone."""
        if not self.exists():
            return (0, 0)
        counts = [f'(SELECT count(*) FROM "{table}" WHERE project = $project)' for table in _EVIDENCE]  # noqa: S608
        runs = "(SELECT coalesce(max(id), 0) FROM source_run WHERE project = $project)"

        def state() -> tuple[int, ...]:
            with self.reading() as connection:
                ask = connection.execute(f"SELECT {', '.join([runs, *counts])}", {"project": self.project})
                return tuple(int(amount) for amount in ask.fetchall()[0])

        found = self._asked(state)
        return (found[0], zlib.crc32(repr(found).encode()))

    @contextmanager
    def _reading_alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One state of the lake, for all questions of the block; writers go on meanwhile."""
        cursor = keep_trying(self._begin_reading, self.place, PATIENCE_SECONDS)
        with closing(cursor), in_words(self.place):
            yield cursor

    def _begin_reading(self) -> duckdb.DuckDBPyConnection:
        with in_words(self.place), ExitStack() as stack:
            cursor = stack.enter_context(closing(engine(self.place, create=False).cursor()))
            cursor.execute("USE lake")
            cursor.execute("BEGIN")
            if not is_ready(self.place):
                self._refuse_other(database.schema_version(cursor))
            stack.pop_all()
            return cursor

    def _refuse_other(self, version: int) -> None:
        if version == 0:
            raise NoLakeError(f"no warehouse at {self.label}: run `tminus pull` first")
        database.refuse_newer(version, self.label)
        if version == len(database.MIGRATIONS):
            note_ready(self.place)

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """As of a file; asked again when the catalogue went away in between."""
        return self._asked(lambda: super(LakeWarehouse, self).query(name, **parameters))

    def rows(self, name: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As of a file; asked again when the catalogue went away in between."""
        return self._asked(lambda: super(LakeWarehouse, self).rows(name, *parameters))

    def _asked(self, question: Callable[[], Result]) -> Result:
        if getattr(self._held, "stack", None) is not None:  # half an answer cannot be asked again
            return question()
        return keep_trying(question, self.place, PATIENCE_SECONDS)

    def write(self, work: Callable[[duckdb.DuckDBPyConnection], Result]) -> Result:
        """Run `work` in one transaction, again where the catalogue went away or another writer was faster."""

        def once() -> Result:
            with self.writing() as connection:
                return work(connection)

        return keep_trying(once, self.place, PATIENCE_SECONDS)

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Take the turn, migrate, and run the block as one transaction: all of it is stored or none."""
        if getattr(self._held, "stack", None) is not None:
            raise RuntimeError("writing within one_state would wait for itself")
        with self.in_turn(patience) as (turn, connection):
            self._migrate(connection)
            connection.execute("BEGIN")
            yield connection  # when the block raises, closing rolls back
            self._commit(turn, connection)

    @contextmanager
    def in_turn(
        self, patience: float = PATIENCE_SECONDS
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        """Be the only writer during the block: (the connection that holds the turn, the one to write with)."""
        turn, connection = keep_trying(lambda: self._begin_turn(patience), self.place, patience)
        with closing(turn), closing(connection), in_words(self.place):
            yield turn, connection

    def _begin_turn(self, patience: float) -> tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]:
        with in_words(self.place), ExitStack() as stack:
            if self.place.data_path and not self.place.is_bucket:
                self._make_folder()
            instance = engine(self.place, create=True)
            turn = stack.enter_context(closing(instance.cursor()))
            self._take_turn(turn, patience)
            cursor = stack.enter_context(closing(instance.cursor()))
            cursor.execute("USE lake")
            stack.pop_all()
            return turn, cursor

    def _make_folder(self) -> None:
        try:
            Path(self.place.data_path).mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise WarehouseError(
                f"cannot make {self.place.data_path} for the warehouse ({problem.strerror}): "
                "let project.data_path name a folder that can be written"
            ) from None

    def _take_turn(self, turn: duckdb.DuckDBPyConnection, patience: float) -> None:
        """Wait in the queue of PostgreSQL, in slices; a WarehouseError after `patience` seconds."""
        deadline, key = time.monotonic() + patience, lock_key(_WRITERS)
        while True:
            left = min(_QUEUE_SECONDS, deadline - time.monotonic())
            if _locked(turn, key, left):
                return
            if time.monotonic() > deadline:
                raise WarehouseError(f"another writer keeps {self.label} for {patience:.0f} seconds: run it again")

    def _migrate(self, cursor: duckdb.DuckDBPyConnection) -> None:
        version = database.schema_version(cursor)
        database.refuse_newer(version, self.label)
        if version < len(database.MIGRATIONS):
            cursor.execute("BEGIN")
            database.migrate(cursor, version)
            for table, since in _PARTITIONED.items():
                if version < since <= len(database.MIGRATIONS):
                    cursor.execute(f'ALTER TABLE "{table}" SET PARTITIONED BY (project)')
            cursor.execute("COMMIT")
        note_ready(self.place)

    def _commit(self, turn: duckdb.DuckDBPyConnection, connection: duckdb.DuckDBPyConnection) -> None:
        """Commit while the turn is still ours. A lost answer is looked up: a commit is never repeated, never missed."""
        mark = uuid.uuid4().hex
        message = f"CALL lake.set_commit_message('tminus', {quoted(self.project)}, extra_info => {quoted(mark)})"
        connection.execute(message)
        ask_catalogue(turn, "SELECT 1 AS one")  # raises when the catalogue has given the turn to somebody else
        try:
            with in_words(self.place):
                connection.execute("COMMIT")
        except CatalogueGoneError:
            if not keep_trying(lambda: self._is_stored(mark), self.place, PATIENCE_SECONDS):
                raise

    def _is_stored(self, mark: str) -> bool:
        sql = f"SELECT count(*) FROM ducklake_snapshot_changes WHERE commit_extra_info = {quoted(mark)}"  # noqa: S608
        with in_words(self.place), closing(engine(self.place, create=False).cursor()) as cursor:
            return bool(ask_catalogue(cursor, sql)[0][0])

    @contextmanager
    def pulling(self) -> Iterator[None]:
        """Keep other pulls of this project out during the block, on every machine; PullRunningError: one is running."""

        def begin() -> duckdb.DuckDBPyConnection:
            with in_words(self.place), ExitStack() as stack:
                cursor = stack.enter_context(closing(engine(self.place, create=True).cursor()))
                if not _locked(cursor, lock_key(f"tminus: pull of {self.project}"), 0):
                    raise PullRunningError(
                        f"another pull of {self.project} into {self.label} is running: nothing was read; "
                        "what it stores is there for everybody"
                    )
                stack.pop_all()
                return cursor

        if self.place.data_path and not self.place.is_bucket:
            self._make_folder()
        with closing(keep_trying(begin, self.place, PATIENCE_SECONDS)):
            yield

    def ask(self, sql: str) -> pd.DataFrame:
        """Run a user's own SELECT on an instance of its own that can write nothing and reach no other place."""
        import duckdb

        database.load_libraries()
        if not self.exists():
            raise NoLakeError(f"no warehouse at {self.label}: run `tminus pull` first")
        _refuse_statement(sql)
        with closing(attach(self.place, "READ_ONLY")) as connection:
            connection.execute("USE lake")
            folder = connection.execute("SELECT value FROM ducklake_options('lake') WHERE option_name = 'data_path'")
            connection.execute(f"SET allowed_directories = [{quoted(str(folder.fetchall()[0][0]))}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            try:
                return database.as_frame(connection.execute(sql))
            except duckdb.Error as problem:
                raise WarehouseError(f"the query failed: {first_line(problem)}") from None


class RememberedLake(RememberedWarehouse, LakeWarehouse):
    """A lake that reads each table once."""


def _refuse_statement(sql: str) -> None:
    """Raise WarehouseError for what does more than read tables; what is no SQL at all is left to the question."""
    import duckdb

    with closing(duckdb.connect(config=dict(CONFIG))) as parser, suppress(duckdb.Error):
        asked = {statement.type for statement in parser.extract_statements(sql)}
        if asked - {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
            raise WarehouseError("the query failed: a lake answers SELECT, DESCRIBE, SHOW and EXPLAIN")
    if found := _FORBIDDEN.search(sql):
        raise WarehouseError(f"the query failed: {found.group().strip()!r} reaches beyond the tables of the warehouse")


def lock_key(name: str) -> int:
    """The number of an advisory lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _locked(cursor: duckdb.DuckDBPyConnection, key: int, seconds: float) -> bool:
    """Take a lock that ends with the transaction of `cursor`; False when somebody has it for so long."""
    import duckdb

    cursor.execute("BEGIN")
    if seconds <= 0:
        taken = ask_catalogue(cursor, f"SELECT pg_try_advisory_xact_lock({key})::text AS taken")[0][0] == "true"
    else:
        ask_catalogue(cursor, f"SELECT set_config('lock_timeout', '{max(1, int(seconds * 1000))}', true) AS limit")
        try:
            ask_catalogue(cursor, f"SELECT pg_advisory_xact_lock({key})::text AS taken")
            taken = True
        except duckdb.Error as why:
            if "lock timeout" not in str(why):
                raise
            taken = False
    if not taken:
        cursor.execute("ROLLBACK")
    return taken
