"""One DuckDB for all questions of this process: a file is attached to it and let go, which holds its lock no longer.

A DuckDB of its own for each question costs five times as much processor time as attaching the file (it makes its
catalogue of functions and its threads every time). A command asks four times or more, and a first pull writes
five times.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

# No extension is ever fetched or loaded by itself: the warehouse works without a network. No name in a query is looked
# up among the variables of this program.
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    # New files are written as DuckDB 1.2 writes them, which every later one reads: DuckDB 2 has a form of its own, and
    # the machine of a colleague, a CI job with the lock, or a lake may have 1.5. A file in the form of 1.0 is twice as
    # large when it is new, and takes twice as long to open.
    "storage_compatibility_version": "v1.2.0",
}
# What to do, behind the line that says what is wrong with a file.
NEWER_FILE = "a newer DuckDB wrote it: where that is installed, `tminus backup FILE` writes a copy that this one reads"
WAY_BACK = "nothing more is written to it; see docs/warehouse.md to restore it (`tminus doctor --verify` checks a file)"
SETTINGS = "SET GLOBAL TimeZone = 'UTC'"
# Up to this size (some hundred thousand rows) one thread is as fast as many, and needs a third less processor time.
_SMALL_BYTES = 16 * 2**20

_LOCK = threading.Lock()
_NAMES = count()


@dataclass
class _Engine:
    """A DuckDB in memory, and how many users each file that is attached to it has."""

    root: duckdb.DuckDBPyConnection
    users: dict[str, list[Any]] = field(default_factory=dict)  # by path: name in the catalogue, number of users
    has_one_thread: bool = True


# The last is in use; one that a damaged file has stopped is kept for those who still read from it.
_ENGINES: list[_Engine] = []


def _leave_to_the_parent() -> None:
    """A fork has the engines, but not their threads: to close one would end the process. None is used or closed."""
    global _LOCK  # noqa: PLW0603 - another thread of the parent may have held it
    _LOCK = threading.Lock()
    for engine in _ENGINES:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine.root))
    _ENGINES.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)


@contextmanager
def attached(path: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose default database is the file; the file is let go with its last user.

    Whoever writes has to be its only user, of this process too. A transaction that is open at the end is rolled back.
    Raises what DuckDB raises: IOException when another process writes to the file, or when it is damaged.
    """
    import duckdb

    place = str(path.resolve())
    with _LOCK:
        engine = _engine(path)
        users = engine.users.get(place) or _attach(engine, place, read_only=read_only)
        users[1] += 1
    connection = engine.root.cursor()
    try:
        connection.execute(f"USE {users[0]}")
        yield connection
    except (duckdb.FatalException, duckdb.InternalException):
        with _LOCK:
            if _ENGINES[-1] is engine:
                _ENGINES.append(_new_engine(path))
        raise
    finally:
        connection.close()
        with _LOCK:
            _let_go(engine, place)


def connected(path: Path) -> duckdb.DuckDBPyConnection:
    """The file in a DuckDB of its own, read-only: for settings that all connections of one share."""
    import duckdb

    connection = duckdb.connect(str(path), read_only=True, config=dict(CONFIG))
    connection.execute(SETTINGS)
    return connection


def _engine(path: Path) -> _Engine:
    if not _ENGINES:
        _ENGINES.append(_new_engine(path))
    return _ENGINES[-1]


def _new_engine(path: Path) -> _Engine:
    import duckdb

    # What does not fit in memory goes beside the warehouse, as it does where a file is opened by itself.
    root = duckdb.connect(":memory:", config={**CONFIG, "threads": "1", "temp_directory": f"{path}.tmp"})
    root.execute(SETTINGS)
    return _Engine(root)


def _attach(engine: _Engine, place: str, *, read_only: bool) -> list[Any]:
    name = f"warehouse_{next(_NAMES)}"
    quoted = place.replace("'", "''")
    if engine.has_one_thread and _is_large(place):
        engine.root.execute("RESET threads")
        engine.has_one_thread = False
    engine.root.execute(f"ATTACH '{quoted}' AS {name} ({'READ_ONLY' if read_only else 'READ_WRITE'})")
    return engine.users.setdefault(place, [name, 0])


def _is_large(place: str) -> bool:
    try:
        return Path(place).stat().st_size > _SMALL_BYTES
    except OSError:  # it is made when it is attached
        return False


def _let_go(engine: _Engine, place: str) -> None:
    users = engine.users[place]
    users[1] -= 1
    if users[1]:
        return
    del engine.users[place]
    if engine is _ENGINES[-1]:
        _detach(engine, users[0])
    elif not engine.users:  # stopped by a damaged file: it can let go of nothing but all at once
        _ENGINES.remove(engine)
        engine.root.close()


def _detach(engine: _Engine, name: str) -> None:
    import duckdb

    try:
        engine.root.execute(f"DETACH {name}")
    except duckdb.IOException as problem:
        # On a full disk: it is let go all the same. What was committed is in the log beside the file, and whoever
        # opens the file next joins it in.
        if "Detached database" not in str(problem):
            raise


def first_line(problem: Exception) -> str:
    """What DuckDB says, without the SQL and the hints below it."""
    return str(problem).strip().splitlines()[0]
