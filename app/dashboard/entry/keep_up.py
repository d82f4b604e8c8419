"""Keeps the pages of a server up with the evidence: a new state is computed once, and shown when its figures are there.

Every session shows the same state. Without this thread each of them would compute the answers of a new state itself,
while somebody waits for the page.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_AGAIN_SECONDS = 1.0
# While figures are computed, pages get the interpreter's lock this often: a page asks for it many times.
_TURN_SECONDS = 0.0005


def begin() -> None:
    """Keep up in a thread of this process, as long as it runs."""
    from app.dashboard.kept import bookkeeping

    bookkeeping().is_kept_up = True
    threading.Thread(target=_keep_up, daemon=True).start()


def _keep_up() -> None:
    from app.dashboard.kept import bookkeeping

    while True:
        for name in bookkeeping().paths():
            with suppress(Exception):  # the page that needs the answer shows what is wrong
                advance(Path(name))
        time.sleep(LOOK_AGAIN_SECONDS)


def advance(path: Path) -> bool:
    """Prepare the newest complete state of a configuration and show it; False: it is shown already."""
    from app.dashboard import cache
    from app.dashboard.kept import bookkeeping, newest_state

    books, newest = bookkeeping(), newest_state(path)
    before = books.shown(str(path))
    if newest == before:
        cache.hold_state(path, newest)
        return False
    with _short_turns():
        with books.preparing(str(path)):
            try:
                key = cache.key_of_today(path, newest)
                cache.prepare_figures(key)
            finally:
                books.note_shown(str(path), newest)
        if before is not None:
            cache.release_state(path, before)
        cache.prepare(key)
    return True


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
