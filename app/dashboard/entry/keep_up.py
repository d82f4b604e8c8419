"""Keeps the pages of a server up with the evidence: a new state is computed once, and shown when its figures are there.

Every session shows the same state. Without this thread each of them would compute the answers of a new state itself,
while somebody waits for the page.
"""

from __future__ import annotations

import gc
import json
import pickle
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.dashboard.cache import Key

LOOK_AGAIN_SECONDS = 1.0


def begin() -> None:
    """Keep up in a thread of this process, as long as it runs."""
    from app.dashboard.kept import bookkeeping

    bookkeeping().is_kept_up = True
    threading.Thread(target=_keep_up, daemon=True).start()


def _keep_up() -> None:
    from app.dashboard.kept import bookkeeping, current_workspace
    from app.steps.evidence.give_way import give_way

    while True:
        for name in bookkeeping().paths():
            with suppress(Exception):  # the page that needs the answer shows what is wrong
                give_way(current_workspace(Path(name)))
                advance(Path(name))
        time.sleep(LOOK_AGAIN_SECONDS)


def advance(path: Path) -> bool:
    """Prepare the newest complete state of a configuration and show it; False: it is shown already."""
    from app.dashboard import cache
    from app.dashboard.entry.opening import prepare_opening
    from app.dashboard.kept import bookkeeping, newest_state

    books, newest = bookkeeping(), newest_state(path)
    before = books.shown(str(path))
    if newest == before:
        cache.hold_state(path, newest)
        return False
    key = cache.key_of_today(path, newest)
    with books.preparing(str(path)):
        try:
            with computed_elsewhere(key) as answers:
                _take(answers)
            cache.open_state(path, key)
            cache.prepare(key)
        finally:
            books.note_shown(str(path), newest)
    with suppress(Exception):  # the page says what is wrong
        prepare_opening(path)
    if before is not None:
        cache.release_state(path, before)
    settle()
    return True


def settle() -> None:
    """Take what the caches hold out of the search for garbage: a search through all of it keeps every page waiting."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _take(answers: IO[bytes]) -> None:
    """Keep the answers that the other process hands over; where it has failed, they are computed here."""
    from app.dashboard import cache

    with suppress(EOFError, pickle.UnpicklingError):
        cache.hand_over(pickle.load(answers))  # noqa: S301 - of a process that this one has started


@contextmanager
def computed_elsewhere(key: Key) -> Iterator[IO[bytes]]:
    """What a process of a low priority computes for a new state: while it does, pages have this one for themselves."""
    from app.dashboard.entry import prepare

    command = [sys.executable, "-m", prepare.__name__, json.dumps(key)]
    try:
        child = subprocess.Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    except OSError:  # the machine has no room for another process
        yield BytesIO()
        return
    with child:
        assert child.stdout is not None
        try:
            yield child.stdout
        finally:
            child.kill()
