"""A folder that nothing can be written into, also where the tests run as root."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.warehouse import attached

_VERSION_3 = 0x20080522  # of the kernel's interface for capabilities: two words of 32 bits for each set
_OVERRIDE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root passes over the bits of a file by these two


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from the folder and all that it holds; give it back at the end.

    Root keeps its rights over files only while the thread has the capabilities for it; they are laid down meanwhile.
    """
    paths = [folder, *folder.rglob("*")]
    modes = [(path, path.stat().st_mode) for path in paths if not path.is_symlink()]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    try:
        with _as_others():
            yield
    finally:
        for path, mode in modes:
            path.chmod(mode)


@contextmanager
def _as_others() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root writes into every folder, and only Linux lets it lay that right down")
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, held):
        pytest.skip("root writes into every folder, and the kernel does not say by which capabilities")
    less = (ctypes.c_uint32 * 6)(*held)
    less[0] &= ~_OVERRIDE
    assert libc.capset(header, less) == 0, os.strerror(ctypes.get_errno())
    try:
        # Only this thread has laid them down: those of a DuckDB that was begun before would write all the same.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(attached, "_ENGINES", [])
            yield
    finally:
        assert libc.capset(header, held) == 0, os.strerror(ctypes.get_errno())
