"""The last complete state of a warehouse file while a pull writes to it: a copy, made before the first new row.

Pages show the copy until the pull is done. It is never written to, so whoever reads it keeps no writer waiting, and is
kept waiting by none. Its name holds the version of its evidence: equal names, equal rows. It goes when the pull ends;
what a killed pull left goes with the next one. A reader that has opened it may go on reading.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ingest.warehouse.attached import CONFIG, SETTINGS
from ingest.warehouse.database import (
    PATIENCE_SECONDS,
    DamagedWarehouseError,
    Version,
    Warehouse,
    WarehouseError,
    version_of,
)
from ingest.warehouse.files import check_whole
from ingest.warehouse.pull_state import PullState, RunningPull, running_pull
from ingest.warehouse.remembered import RememberedWarehouse

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

NOTHING: Version = (0, 0)  # the version of a warehouse that is not there yet
_PARTS = ("", ".wal")  # what a killed writer left beside the file is part of its state
# What a meeting writes is read as it is now, also while the evidence is that of a copy.
_OF_NOW = frozenset(("decisions", "frozen_review", "frozen_reviews"))
_ATTEMPTS = 3


def keep_complete_state(warehouse: Warehouse) -> Version | None:
    """Copy the file, and check the copy; the version of its evidence. None: it cannot be copied, and was only checked.

    Writers wait while the file is copied, not while it is checked. Raises DamagedWarehouseError.
    """
    if not warehouse.exists():
        return NOTHING
    if warehouse.is_lake:
        return None
    version = NOTHING
    draft = _with_ending(warehouse.path, "copying")
    try:
        with warehouse.one_state():  # nobody writes while it is open
            version = warehouse.evidence_version()
            if version == NOTHING:
                return NOTHING
            for part in _PARTS:
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{warehouse.path}{part}", f"{draft}{part}")
        kept = copy_path(warehouse.path, version)
        for part in _PARTS:
            with suppress(FileNotFoundError):
                Path(f"{draft}{part}").replace(f"{kept}{part}")
    except OSError:  # the disk has no room for it: pages then show what they have read
        remove_copies(warehouse.path)
        check_whole(warehouse)
        return None
    _check(warehouse, kept)
    return version


@contextmanager
def complete_state_kept(warehouse: Warehouse, state: PullState) -> Iterator[Callable[[], None]]:
    """Yield what a pull calls before its first row: the file is checked, and its state is kept until the block ends."""
    kept: list[Version | None] = []

    def keep() -> None:
        if kept:
            return
        if state.is_announced:
            kept.append(keep_complete_state(warehouse))
            state.note_before(kept[0] or ())
        else:  # another pull runs, which keeps the state before it; or nobody could know of a copy
            check_whole(warehouse)
            kept.append(None)

    if state.is_announced:
        remove_copies(warehouse.path)  # of a pull that was killed
    try:
        yield keep
    finally:
        state.end()
        if kept and kept[0]:
            _remove(copy_path(warehouse.path, kept[0]))  # alone: the next pull may have begun


def _check(warehouse: Warehouse, kept: Path) -> None:
    try:
        check_whole(Warehouse(kept, warehouse.project))
    except DamagedWarehouseError as problem:
        _remove(kept)
        raise DamagedWarehouseError(str(problem).replace(str(kept), str(warehouse.path))) from None


def copy_path(warehouse: Path, version: Version) -> Path:
    """Where the copy of a state is while a pull runs."""
    return _with_ending(warehouse, f"{version[0]}-{version[1]:x}")


def remove_copies(warehouse: Path) -> None:
    """Remove every copy that is beside the file."""
    beginning = _with_ending(warehouse, "").name
    with suppress(OSError):
        for path in [path for path in warehouse.parent.iterdir() if path.name.startswith(beginning)]:
            path.unlink()


def _remove(copy: Path) -> None:
    for part in _PARTS:
        with suppress(OSError):
            Path(f"{copy}{part}").unlink()


def _with_ending(warehouse: Path, ending: str) -> Path:
    return warehouse.with_name(f"{warehouse.name}.before-{ending}")


def state_before(warehouse: Path) -> tuple[RunningPull | None, Version | None]:
    """The pull that runs, and the version of the state before its first row; None while it has written none."""
    running = running_pull(warehouse)
    before = running.before if running else None
    return running, (before[0], before[1]) if before else None


class OtherStateError(WarehouseError):
    """The file holds another state of the evidence by now: whoever asks begins again with that one."""


class ShownWarehouse(RememberedWarehouse):
    """Answers from one state alone: from the file while it holds that state, from its copy while a pull writes.

    A copy stays open with this object, so that it can be asked on when the pull is done. Decisions and frozen reviews
    are those of now, and what is written goes to the file. Raises OtherStateError.
    """

    def __init__(self, path: Path, project: str, state: Version) -> None:
        super().__init__(path, project)
        self._state = state
        self._now = Warehouse(path, project)
        self._copy: duckdb.DuckDBPyConnection | None = None
        self._opening = Lock()

    def exists(self) -> bool:
        """Say whether there was a file in this state."""
        return self._state != NOTHING and super().exists()

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """As of any warehouse; each table of the evidence is read once."""
        is_open = getattr(self._held, "connection", None) is not None
        if name in _OF_NOW and (self._held.is_copy if is_open else self.hold_copy() is not None):
            return self._now.query(name, **parameters)
        return super().query(name, **parameters)

    def hold_copy(self) -> duckdb.DuckDBPyConnection | None:
        """Open the copy of this state, where a running pull has made one; it stays open."""
        if self._copy is None and state_before(self.path)[1] == self._state != NOTHING:
            with self._opening:
                self._copy = self._copy or _connected(copy_path(self.path, self._state))
        return self._copy

    def release(self) -> None:
        """Let the copy go, where the state is shown no more; who reads from it at this instant reads on."""
        with self._opening:
            copy, self._copy = self._copy, None
        if copy is not None:
            copy.close()

    def _cursor_of_copy(self) -> duckdb.DuckDBPyConnection | None:
        self.hold_copy()
        with self._opening:  # nobody releases it meanwhile
            cursor = self._copy.cursor() if self._copy is not None else None
        if cursor is not None:
            cursor.execute("USE state")
        return cursor

    @contextmanager
    def _reading_alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        for _ in range(_ATTEMPTS):
            if (cursor := self._cursor_of_copy()) is not None:
                with closing(cursor):
                    self._held.is_copy = True
                    yield cursor
                return
            with super()._reading_alone() as connection:
                if version_of(connection) == self._state:
                    self._held.is_copy = False
                    yield connection
                    return
        raise OtherStateError(f"the warehouse {self.label} holds newer evidence by now: reload the page")

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write to the file."""
        with self._now.writing(patience) as connection:
            yield connection


def _connected(path: Path) -> duckdb.DuckDBPyConnection | None:
    """A DuckDB of its own: closed with the last question to it. None: the pull has removed the copy by now."""
    import duckdb

    quoted = str(path).replace("'", "''")
    connection = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": f"{path}.tmp"})
    try:
        connection.execute(SETTINGS)
        connection.execute(f"ATTACH '{quoted}' AS state (READ_ONLY)")
    except duckdb.IOException:
        connection.close()
        return None
    return connection
