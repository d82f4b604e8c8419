"""The DuckDB warehouse: the one place that opens, migrates, appends and queries it."""

from __future__ import annotations

import random
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from datetime import datetime
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.source import TMinusError
from ingest.warehouse.attached import NEWER_FILE, WAY_BACK, attached, connected, first_line
from ingest.warehouse.turnstile import ReadWriteLock, closed, pass_through

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

Result = TypeVar("Result")
Version = tuple[int, int]  # of a file, or of the evidence in it


def _package_text(name: str) -> str:
    return resources.files("ingest.warehouse").joinpath(name).read_text(encoding="utf-8")


# One SQL text a version; version n is reached by running the first n. The first is the whole schema.
MIGRATIONS: tuple[Callable[[], str], ...] = tuple(
    partial(_package_text, f"schema{part}.sql") for part in ("", "_2", "_3", "_4")
)
_SIGNED_ACTS_SINCE = 4  # version of the schema with the table of acts
_ROWS_FOR_THREADS = 100_000  # of an answer; below that one thread turns it into a frame as fast as many
# A writer holds the file for milliseconds; whoever finds it locked tries again for this long.
PATIENCE_SECONDS = 30.0
# DuckDB refuses a reading and a writing connection to one file in one process.
_LOCK = ReadWriteLock()


class WarehouseError(TMinusError):
    """The warehouse cannot be opened or asked."""


class DamagedWarehouseError(WarehouseError):
    """The file cannot be read as it was written: cut off, overwritten in part, or on a full disk."""


class EmptyWarehouseError(WarehouseError):
    """The file is there and holds nothing yet."""


class Warehouse:
    """One warehouse file and one project in it; opens the file for each question, never longer."""

    def __init__(self, path: Path, project: str) -> None:
        self.path = path
        self.project = project
        self._held = threading.local()

    @property
    def label(self) -> str:
        """How messages name it."""
        return str(self.path)

    @property
    def is_lake(self) -> bool:
        """Whether its rows are outside this machine's own file."""
        return False

    def exists(self) -> bool:
        """Say whether a pull has made the file."""
        return self.path.is_file()

    def version(self) -> tuple[int, int]:
        """Return (modification time in ns, size): changes whenever somebody wrote; the key of every cache."""
        if not self.exists():
            return (0, 0)
        stat = self.path.stat()
        return (stat.st_mtime_ns, stat.st_size)

    def is_newer_than(self, file: Path) -> bool:
        """Whether something was written to the warehouse after that file was changed, as far as that is known."""
        return self.path.stat().st_mtime > file.stat().st_mtime

    @contextmanager
    def pulling(self) -> Iterator[None]:
        """Keep other pulls of the project out during the block, where the warehouse is one of many machines."""
        yield

    def evidence_version(self) -> tuple[int, int]:
        """Return (newest run that found something, digest of the sizes of the tables); (0, 0): no file.

        Rows are only added, and what changes a row (an item that is closed) is a run: equal versions, equal evidence.
        """
        if not self.exists():
            return (0, 0)
        try:
            with self.reading() as connection:
                return version_of(connection)
        except EmptyWarehouseError:
            return (0, 0)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open read-only, yield, close; waits while somebody writes. Within `one_state` the file is open already."""
        held, stack = getattr(self._held, "connection", None), getattr(self._held, "stack", None)
        if held is None and stack is not None:
            held = self._held.connection = stack.enter_context(self._reading_alone())
        with self._reading_alone() if held is None else nullcontext(held) as connection:
            yield connection

    @contextmanager
    def _reading_alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        pass_through(self.path, PATIENCE_SECONDS)
        with _LOCK.read(), self._opened() as connection:
            yield connection

    @contextmanager
    def _opened(self, *, alone: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.exists():
            raise WarehouseError(f"no warehouse at {self.path}: run `tminus pull` first")
        with ExitStack() as stack:
            connection = _with_retries(self.path, lambda: stack.enter_context(self._connection(alone=alone)))
            stack.enter_context(_in_words(self.path))
            # 0: a first pull was killed before its tables were there
            if refuse_newer(schema_version(connection), self.label) == 0:
                raise EmptyWarehouseError(f"the warehouse {self.path} is still empty: run `tminus pull` first")
            yield connection

    def _connection(self, *, alone: bool) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return closing(connected(self.path)) if alone else attached(self.path)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Answer the questions of the block from one state of the file; no pull can come between them.

        Opening costs more than most questions: the file is opened once, for the first question that needs it.
        """
        with ExitStack() as stack:
            if self.exists() and getattr(self._held, "stack", None) is None:
                load_libraries()
                self._held.stack, self._held.answers = stack, {}
                stack.callback(self._held.__dict__.clear)
            yield

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open for writing, migrate, and run the block as one transaction: all of it is stored or none."""
        if getattr(self._held, "stack", None) is not None:
            raise RuntimeError("writing within one_state would wait for itself")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.exists():
                _keep_out_of_git(self.path.parent)
        except OSError as problem:  # a read-only checkout, as some CI services give
            raise WarehouseError(
                f"cannot make {self.path.parent} for the warehouse ({problem.strerror}): "
                "let project.warehouse name a file in a folder that can be written"
            ) from None
        # The turnstile first: whoever comes now waits before the file, so those inside are the last ones.
        with closed(self.path, patience), _LOCK.write(), ExitStack() as stack:
            connection = _with_retries(
                self.path, lambda: stack.enter_context(attached(self.path, read_only=False)), patience
            )
            stack.enter_context(_in_words(self.path))
            refuse_cut(connection, self.path)
            version = refuse_newer(schema_version(connection), self.label)
            connection.execute("BEGIN")
            migrate(connection, version)
            yield connection  # when the block raises, closing rolls back
            connection.execute("COMMIT")

    def write(self, work: Callable[[duckdb.DuckDBPyConnection], Result]) -> Result:
        """Run `work` in one transaction; a lake runs it again where that failed for no fault of its own."""
        with self.writing() as connection:
            return work(connection)

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Run the named query (ingest/queries/<name>.sql, `$name` parameters) and return its frame.

        Queries ask twice for the names of a list: IN skips blocks of rows, list_contains drops rows; half the time.
        """
        load_libraries()

        def read() -> pd.DataFrame:
            with self.reading() as connection:
                return run_named(connection, name, {"project": self.project, **parameters})

        frame = self.once(f"{name} {sorted(parameters.items())!r}", read)
        return frame.copy(deep=False)  # pandas copies the rows when somebody changes them

    def once(self, question: Hashable, answer: Callable[[], Result]) -> Result:
        """The answer; within `one_state` a question has one, which is found once and shared: nobody may change it."""
        known: dict[Hashable, Result] = getattr(self._held, "answers", {})
        if question not in known:
            known[question] = answer()
        return known[question]

    def rows(self, name: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run the named query with `?` parameters and return plain tuples; [] before the first pull."""
        if not self.exists():
            return []
        try:
            with self.reading() as connection:
                return connection.execute(with_literals(named_sql(name), parameters)).fetchall()
        except EmptyWarehouseError:
            return []

    def ask(self, sql: str) -> pd.DataFrame:
        """Run a user's own SQL on a read-only connection that can touch no other file."""
        import duckdb

        load_libraries()
        pass_through(self.path, PATIENCE_SECONDS)
        # A DuckDB of its own: all connections of one share these settings.
        with _LOCK.write(), self._opened(alone=True) as connection:
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            try:
                return as_frame(connection.execute(sql))
            except duckdb.Error as problem:
                raise WarehouseError(f"the query failed: {first_line(problem)}") from None


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what DuckDB says of a damaged file or a full disk into one line."""
    import duckdb

    try:
        yield
    except duckdb.Error as why:
        _say_full(path, why)
        _say_damaged(path, why)
        raise


def _say_full(path: Path, why: Exception) -> None:
    """One line for a disk, a quota or a file size that is used up; a transaction that fails at its end says so, too."""
    words = first_line(why)
    if any(sign in words for sign in ("No space left", "File too large", "quota exceeded")):
        raise WarehouseError(f"the warehouse {path} cannot grow ({words}): free some space and run it again") from None


def _say_damaged(path: Path, why: Exception) -> None:
    import duckdb

    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    if isinstance(why, kinds):
        raise DamagedWarehouseError(f"the warehouse {path} cannot be used: {first_line(why)}; {WAY_BACK}") from None
    if isinstance(why, duckdb.OutOfMemoryException):
        raise WarehouseError(f"the warehouse {path} cannot be used: {first_line(why)}") from None


def refuse_cut(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise DamagedWarehouseError when the file is shorter than the blocks that are in use.

    Free blocks at its end need not be there, and beside a write-ahead log the count is that of the next checkpoint: a
    file cut there is found by `files.verify`, which reads every block.
    """
    sql = "SELECT block_size * used_blocks FROM pragma_database_size() WHERE database_name = current_database()"
    wanted = int(connection.execute(sql).fetchall()[0][0])
    found = path.stat().st_size
    if found < wanted and not path.with_name(f"{path.name}.wal").exists():
        raise DamagedWarehouseError(
            f"the warehouse {path} is cut off: {found:,} bytes where {wanted:,} are in use; {WAY_BACK}"
        )


def load_libraries() -> None:
    """Load what makes frames before the file is opened: on a busy machine that takes seconds, and a writer waits."""
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401


def run_named(connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, Any]) -> pd.DataFrame:
    """Run a named query with those of `parameters` that its text mentions."""
    import duckdb

    sql = named_sql(name)
    try:
        return as_frame(connection.execute(sql, {key: parameters[key] for key in parameters if f"${key}" in sql}))
    except duckdb.BinderException:  # a column that a later schema brings
        if schema_version(connection) == len(MIGRATIONS):
            raise
    raise WarehouseError("the warehouse is of an older tminus: run `tminus pull`, which brings it up to date")


@cache
def named_sql(name: str) -> str:
    """Return the text of a named query."""
    return _package_text(f"queries/{name}.sql")


def version_of(connection: duckdb.DuckDBPyConnection) -> Version:
    """The version of the evidence in an open warehouse: see `Warehouse.evidence_version`."""
    rows = connection.execute(named_sql("evidence_state")).fetchall()
    if schema_version(connection) >= _SIGNED_ACTS_SINCE:
        rows += connection.execute(named_sql("evidence_acts")).fetchall()
    newest = next((int(amount) for what, amount in rows if what == "source_run.id"), 0)
    return (newest, zlib.crc32(repr(rows).encode()))


def with_literals(sql: str, parameters: Sequence[Any]) -> str:
    """Our own SQL with each `?` replaced by a literal.

    DuckDB imports pandas and pyarrow (0.35 s) to look at the first bound parameter, whatever it is: a pull that finds
    nothing new would spend most of its time there.
    """
    parts = sql.split("?")
    if len(parts) != len(parameters) + 1:
        raise WarehouseError(f"a query takes {len(parts) - 1} parameters, was given {len(parameters)}: {sql[:60]}")
    return "".join(part + literal for part, literal in zip(parts, [*map(_literal, parameters), ""], strict=True))


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return repr(value).lower()  # true and false are numbers to Python
    if isinstance(value, float):
        return f"'{value!r}'::DOUBLE"  # written as digits it would be a DECIMAL first, and lose its last bit
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''").replace("\0", "") + "'"


def as_frame(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Through Arrow: DuckDB's own conversion of zoned times warns under pandas 3, and DuckDB 2 at each query."""
    warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)
    table = result.to_arrow_table()
    frame: pd.DataFrame = table.to_pandas(use_threads=table.num_rows > _ROWS_FOR_THREADS)
    return frame


def _unopened(path: Path, why: Exception) -> WarehouseError:
    words = f"cannot open the warehouse {path}: {first_line(why)}"
    if "version number" in words:
        return WarehouseError(f"{words}; {NEWER_FILE}")
    return DamagedWarehouseError(f"{words}; {WAY_BACK}") if "Corrupt" in words else WarehouseError(words)


def _with_retries(
    path: Path, connected: Callable[[], duckdb.DuckDBPyConnection], patience: float = PATIENCE_SECONDS
) -> duckdb.DuckDBPyConnection:
    """The connection, as soon as no other process holds the file."""
    import duckdb

    deadline = time.monotonic() + patience
    while True:
        try:
            return connected()
        except duckdb.Error as problem:
            is_held = isinstance(problem, duckdb.IOException) and " lock " in str(problem).lower()
            if not is_held or time.monotonic() > deadline:
                raise _unopened(path, problem) from None
            time.sleep(random.uniform(0.01, 0.08))  # noqa: S311 - jitter, no secret


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Run the migrations that come after `version`, in the open transaction: one batch takes half the time."""
    if version < len(MIGRATIONS):
        table = "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL); DELETE FROM schema_version"
        note = with_literals("INSERT INTO schema_version VALUES (?)", [len(MIGRATIONS)])
        connection.execute(";\n".join([*(text() for text in MIGRATIONS[version:]), table, note]))


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """How many migrations the open warehouse has had; 0: it is empty."""
    import duckdb

    try:
        version: int | None = connection.execute("SELECT max(version) FROM schema_version").fetchall()[0][0]
    except duckdb.CatalogException:  # no such table
        return 0
    return version or 0


def refuse_newer(version: int, label: str) -> int:
    """The version, where this program knows it."""
    if version > len(MIGRATIONS):
        raise WarehouseError(
            f"the warehouse {label} has schema version {version}, this tminus knows {len(MIGRATIONS)}: update tminus"
        )
    return version


def _keep_out_of_git(folder: Path) -> None:
    """Let git pass over our own folder: a warehouse in a commit would be in every clone for ever."""
    note = folder / ".gitignore"
    if folder.name == ".tminus" and not note.exists():
        note.write_text("*\n", encoding="utf-8")
