"""A folder that is prepared once in a process, and copied for each test that wants one of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

_ALL = tempfile.TemporaryDirectory(prefix="tminus-prepared-", ignore_cleanup_errors=True)


def prepared_in(folder: Path, prepare: Callable[[Path], None]) -> None:
    """Copy into the folder what `prepare` leaves in an empty one. It is called once: it may depend on nothing else."""
    shutil.copytree(_prepared(prepare), folder, symlinks=True, dirs_exist_ok=True)


@cache
def _prepared(prepare: Callable[[Path], None]) -> Path:
    made = Path(tempfile.mkdtemp(dir=_ALL.name))
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # the first test asks what is printed, as all do
        prepare(made)
    return made
