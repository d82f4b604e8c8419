"""DuckDB with a lake attached: the packages it needs, the credentials of the environment, and its errors in words."""

from __future__ import annotations

import logging
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ingest.warehouse.attached import CONFIG, SETTINGS, first_line
from ingest.warehouse.database import WarehouseError
from ingest.warehouse.lake_place import LakePlace

if TYPE_CHECKING:
    import duckdb

Result = TypeVar("Result")
INSTALL = "python -m pip install 'tminus[lake]'"
METADATA = "__ducklake_metadata_lake"  # the name that DuckLake gives to the attached catalogue
_GONE = (
    "connection to server",
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
    "connection not open",
    "could not connect",
    "unable to connect",
    "connection refused",
    "connection timed out",
    "ssl syscall",
    "could not receive data",
    "could not send data",
    "the database system is",
    "too many clients",
    "remaining connection slots",
)
_CONFLICT = ("transaction conflict", "conflict", "could not serialize", "duplicate key value", "deadlock detected")
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_OF_BUCKET = (".parquet", "http://", "https://")
_ADDRESS = re.compile(r"""['"]?(?:https?|s3)://\S*""")
_NOT_THERE = "does not exist - and creating a new ducklake is explicitly disabled"
_BACKOFF_SECONDS = (0.05, 2.0)  # the first pause, and the longest; each is twice the one before
_log = logging.getLogger("tminus")
_engines: dict[tuple[int, LakePlace], duckdb.DuckDBPyConnection] = {}
_ready: set[LakePlace] = set()  # lakes whose schema was seen to be that of this program, since they were attached
_verified: set[tuple[Path, int, int]] = set()  # extensions whose signature DuckDB has checked in this process
_guard = threading.RLock()


class CatalogueGoneError(WarehouseError):
    """The catalogue cannot be reached, or went away in the middle; nothing of the open transaction is stored."""


class LakeConflictError(WarehouseError):
    """Another writer has changed the same rows; nothing of the open transaction is stored."""


class NoLakeError(WarehouseError):
    """The catalogue answers and holds no lake yet."""


def engine(place: LakePlace, *, create: bool) -> duckdb.DuckDBPyConnection:
    """The one instance of this process with the lake attached, kept open: opening it costs more than most questions.

    Raises NoLakeError when there is none and `create` is false.
    """
    key = (os.getpid(), place)
    with _guard:
        if key not in _engines:
            _engines[key] = attach(place, "" if create else "CREATE_IF_NOT_EXISTS false")
        return _engines[key]


def forget(place: LakePlace) -> None:
    """Close the instance, so that the next question connects again."""
    with _guard:
        _ready.discard(place)
        if connection := _engines.pop((os.getpid(), place), None):
            connection.close()


def is_ready(place: LakePlace) -> bool:
    """Whether the schema of an attached lake is known to be that of this program."""
    return place in _ready


def note_ready(place: LakePlace) -> None:
    """Its schema was compared, or was made."""
    _ready.add(place)


def attach(place: LakePlace, option: str) -> duckdb.DuckDBPyConnection:
    """A new DuckDB instance with the lake attached as `lake`."""
    names = ("postgres_scanner", "ducklake", *(["httpfs"] if place.is_bucket else []))
    connection = _with_extensions([extension(name) for name in names], place)
    try:
        with in_words(place):
            connection.execute(SETTINGS)  # for the cursors, too: they are where the questions are asked
            if place.is_bucket:
                _give_bucket_keys(connection)
            options = [f"DATA_PATH {quoted(place.data_path)}"] if place.data_path else []
            options += [option] if option else []
            behind = f" ({', '.join(options)})" if options else ""
            connection.execute(f"ATTACH {quoted('ducklake:postgres:' + place.catalogue)} AS lake{behind}")
    except BaseException:
        connection.close()
        raise
    return connection


def _with_extensions(files: list[Path], place: LakePlace) -> duckdb.DuckDBPyConnection:
    """A DuckDB that has loaded these files. It checks their signatures (0.25 s each) once in a process."""
    import duckdb

    seen = {(file, file.stat().st_mtime_ns, file.stat().st_size) for file in files}
    is_verified = str(seen <= _verified).lower()
    connection = duckdb.connect(config={**CONFIG, "allow_unsigned_extensions": is_verified})
    try:
        with in_words(place):
            for file in files:
                connection.execute(f"LOAD {quoted(str(file))}")
    except BaseException:
        connection.close()
        raise
    _verified.update(seen)
    return connection


def extension(name: str) -> Path:
    """The file of an extension in its Python package; nothing is fetched. WarehouseError says how to install it."""
    import duckdb

    spec = find_spec(f"duckdb_extension_{name}")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if path.is_file():
            return path
    found = f"is there for another version than DuckDB {duckdb.__version__}" if folders else "is not installed"
    raise WarehouseError(f"a warehouse in a lake needs the DuckDB extension {name}, which {found}: {INSTALL}")


def _give_bucket_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """A secret of this instance alone, from the AWS_* variables; without them the bucket must be public."""
    ask = os.environ.get
    parts = {
        "KEY_ID": ask("AWS_ACCESS_KEY_ID"),
        "SECRET": ask("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": ask("AWS_SESSION_TOKEN"),
        "REGION": ask("AWS_REGION") or ask("AWS_DEFAULT_REGION"),
    }
    options = ["TYPE s3", *(f"{key} {quoted(value)}" for key, value in parts.items() if value)]
    if address := ask("AWS_ENDPOINT_URL_S3") or ask("AWS_ENDPOINT_URL"):
        scheme, _, host = address.partition("://")
        options += [f"ENDPOINT {quoted(host.rstrip('/'))}", "URL_STYLE 'path'"]
        options += [f"USE_SSL {'false' if scheme == 'http' else 'true'}"]
    connection.execute(f"CREATE SECRET bucket ({', '.join(options)})")


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def ask_catalogue(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str | int | None, ...]]:
    """Run one SELECT in PostgreSQL itself, in the transaction of `connection`."""
    return connection.execute(f"SELECT * FROM postgres_query({quoted(METADATA)}, {quoted(sql)})").fetchall()  # noqa: S608


@contextmanager
def in_words(place: LakePlace) -> Iterator[None]:
    """Turn what DuckDB says of the catalogue or of the data path into one line."""
    import duckdb

    try:
        yield
    except duckdb.Error as why:
        if known := _known_error(place, why):
            raise known from None
        raise


def _known_error(place: LakePlace, why: duckdb.Error) -> WarehouseError | None:
    """The error of ours for what DuckDB says; None for a fault of the query itself."""
    import duckdb

    words = " ".join(str(why).split())
    low = words.lower()
    if place.is_bucket and _is_of_bucket(why, low):
        return WarehouseError(_bucket_words(place, words))
    if _NOT_THERE in low:
        return NoLakeError(f"no warehouse at {place.label}: run `tminus pull` first")
    if any(sign in low for sign in _GONE):
        return CatalogueGoneError(f"the catalogue {place.label} does not answer: {_short(words)}")
    if any(sign in low for sign in _CONFLICT):
        return LakeConflictError(f"another writer was faster at {place.label}: {_short(words)}")
    if isinstance(why, (duckdb.IOException, duckdb.HTTPException, duckdb.PermissionException)):
        return WarehouseError(f"the files of {place.label} cannot be used: {first_line(why)}")
    return None


def _is_of_bucket(why: duckdb.Error, low: str) -> bool:
    """Whether the store has failed, and not the catalogue: the words of both are alike."""
    import duckdb

    return isinstance(why, duckdb.HTTPException) or any(sign in low for sign in _OF_BUCKET)


def _bucket_words(place: LakePlace, words: str) -> str:
    """What the store answered, without the long address and without a key."""
    reason = _ADDRESS.sub("", words)
    for secret in filter(None, map(os.environ.get, _KEYS)):
        reason = reason.replace(secret, "***")
    advice = f"check {', '.join(_KEYS)} and AWS_ENDPOINT_URL"
    return f"the bucket {place.data_path} cannot be used ({reason[:160].strip()}): {advice}"


def _short(words: str) -> str:
    """The part behind the SQL that DuckDB repeats, at most 200 signs."""
    _, _, behind = words.rpartition("ERROR: ")
    _, _, fatal = words.rpartition("FATAL: ")
    return min((behind, fatal, words), key=lambda text: (not text, len(text)))[:200]


def keep_trying(work: Callable[[], Result], place: LakePlace, patience: float) -> Result:
    """Run `work` again while the catalogue is away or another writer was faster, for `patience` seconds.

    The first time is noted in one line; pauses double, with jitter.
    """
    deadline, pause, is_noted = time.monotonic() + patience, _BACKOFF_SECONDS[0], False
    while True:
        try:
            return work()
        except (CatalogueGoneError, LakeConflictError) as why:
            if isinstance(why, CatalogueGoneError):
                forget(place)
            if time.monotonic() + pause > deadline:
                raise
            if isinstance(why, CatalogueGoneError) and not is_noted:
                _log.warning("%s; trying again for %.0f seconds", why, patience)
                is_noted = True
        time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
        pause = min(pause * 2, _BACKOFF_SECONDS[1])
