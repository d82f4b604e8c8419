"""A PostgreSQL server on loopback for the tests of the lake, and a new lake for each of them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from pwd import getpwnam

from ingest.warehouse.database import Warehouse
from ingest.warehouse.door import open_warehouse
from ingest.warehouse.lake import LakeWarehouse
from ingest.warehouse.lake_engine import ask_catalogue, forget
from ingest.warehouse.lake_place import LakePlace

PACKAGES = ("duckdb_extension_ducklake", "duckdb_extension_postgres_scanner")
_FILLED = re.compile(r"(?:inlined_insert|inserted_into_table):(\d+)")
_numbers = count(1)
_emptied: dict[LakePlace, int] = {}  # up to which snapshot each of them has been emptied


def programs() -> Path | None:
    """The folder of initdb and postgres, newest version first."""
    found = [Path(which).resolve().parent] if (which := shutil.which("initdb")) else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


def why_not() -> str:
    """Why no lake can be made on this machine; "" where one can."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        return f"the package {missing[0]} is not installed"
    return "" if programs() else "there is no PostgreSQL (initdb) on this machine"


class Server:
    """A PostgreSQL server that can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, object] = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            user = getpwnam("postgres" if _has_user("postgres") else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._run(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "tminus", "-E", "UTF8", "--no-locale", "-N"
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_buffers": "16MB",
            "fsync": "off",
            "jit": "off",
            "autovacuum": "off",
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        program = [str(_folder() / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *words]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(program, cwd="/", stdout=log, stderr=log, **self._as_user)  # type: ignore[call-overload]
        ready = [str(_folder() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        while subprocess.run(ready, check=False).returncode:
            assert self._process is not None and self._process.poll() is None, (self.folder / "log").read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT closes every connection, SIGQUIT leaves the files as after a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    def new_lake(self, data: Path) -> LakePlace:
        """A place whose catalogue is a new database."""
        name = f"lake{next(_numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return LakePlace(f"dbname={name} host=127.0.0.1 port={self.port} user=tminus", str(data))

    def sql(self, database: str, text: str) -> str:
        """Run SQL in PostgreSQL; returns what psql prints."""
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "tminus", "-d", database, "-Atqc", text]
        return subprocess.run([str(_folder() / "psql"), *words], check=True, capture_output=True, text=True).stdout

    def _run(self, program: str, *words: str) -> None:
        command = [str(_folder() / program), *words]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._as_user)  # type: ignore[call-overload]


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tminus-postgres-"))
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def empty(place: LakePlace) -> None:
    """Take every row away. Only tables that somebody has filled since the last time are asked: each costs 20 ms."""
    last = _emptied.get(place, 0)
    with open_warehouse(Path("none"), "p", place).writing() as connection:
        changes = f"SELECT snapshot_id, changes_made FROM ducklake_snapshot_changes WHERE snapshot_id > {last}"
        known = {int(str(snapshot)): str(made) for snapshot, made in ask_catalogue(connection, changes)}
        newest = max(known, default=last)
        filled = set(map(int, _FILLED.findall(" ".join(known.values()))))
        tables = ask_catalogue(connection, "SELECT table_id, table_name FROM ducklake_table WHERE end_snapshot IS NULL")
        for number, table in tables:
            if (number in filled or len(known) < newest - last) and table != "schema_version":  # some are expired
                connection.execute(f'DELETE FROM "{table}"')
    _emptied[place] = newest


def as_another_process(warehouse: Warehouse) -> None:
    """Let this process know no more about a lake than a new one."""
    if isinstance(warehouse, LakeWarehouse):
        forget(warehouse.place)


def _folder() -> Path:
    folder = programs()
    assert folder is not None
    return folder


def _has_user(name: str) -> bool:
    try:
        return bool(getpwnam(name))
    except KeyError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
