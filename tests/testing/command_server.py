"""Processes of `tminus` that need not load their libraries: each is forked from a server that has them loaded.

A process of its own spends a second of processor time on imports, whatever it is asked. A forked one has its own
working directory, environment, arguments, streams and exit code, as one that is started: only what a start itself does
is left out, and the tests of that (`test_light_start`) start real ones.
"""

from __future__ import annotations

import array
import atexit
import gc
import io
import json
import os
import pkgutil
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CLIENT = Path(__file__).with_name("command_client.py")
_LOADED = ("duckdb", "pyarrow", "pandas", "scipy.optimize", "app.command_line.parser", "git", "httpx")
_PACKAGES = ("app.steps", "app.reports", "app.answers", "app.wording", "app.command_line", "ingest", "models")


def run_tminus(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `tminus` with these arguments in a process of its own; its exit code and what it printed."""
    line = [sys.executable, "-I", "-S", str(CLIENT), _address(), str(ROOT / "tminus.py"), *arguments]
    return subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def stand_in(place: Path) -> Path:
    """Write an executable that takes the place of a Python interpreter, for the scripts that call tminus.py with it.

    Named `tminus` it is the command itself.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    script = [str(ROOT / "tminus.py")] if place.name == "tminus" else []
    words = [sys.executable, "-I", "-S", str(CLIENT), _address(), *script]
    place.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    place.chmod(0o755)
    return place


@cache
def _address() -> str:
    """The socket of the server of this process; it ends with this process."""
    folder = tempfile.mkdtemp(prefix="tminus-commands-")
    address = f"{folder}/socket"
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__)), address], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    atexit.register(_end, server, folder)
    return address


def _end(server: subprocess.Popen[bytes], folder: str) -> None:
    server.communicate()  # its standard input ends, and so does it
    Path(folder, "socket").unlink(missing_ok=True)
    Path(folder).rmdir()


def _serve(address: str) -> None:
    for name in _LOADED:
        import_module(name)
    for name in _PACKAGES:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            import_module(found.name)
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(16)
    ended, wake = os.pipe()  # has bytes when a command has ended
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    os.write(1, b"ready\n")
    while True:
        ready, _, _ = select.select([listener, 0, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _reap(running)
        if 0 in ready:  # its input ends: whoever started it has ended
            return _reap(running)
        if listener in ready:
            connection, _ = listener.accept()
            running[_started(connection, [listener, *running.values()], [ended, wake])] = connection


def _reap(running: dict[int, socket.socket]) -> None:
    """Tell the clients how their commands ended. The processor time of all commands is counted as that of the tests."""
    with suppress(ChildProcessError):
        while (end := os.waitpid(-1, os.WNOHANG))[0]:
            with running.pop(end[0]) as connection, suppress(OSError):  # the client was killed meanwhile
                connection.sendall(str(os.waitstatus_to_exitcode(end[1])).encode())


def _started(connection: socket.socket, others: list[socket.socket], pipe: list[int]) -> int:
    """Run one command in a fork, and no other process: a fork of this one takes 10 ms. Returns its process id."""
    request, streams = _received(connection)
    child = os.fork()
    if child == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (connection, *others):
            one.close()
        for number in pipe:
            os.close(number)
        os._exit(_run(request, streams))
    for stream in streams:
        os.close(stream)
    return child


def _received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    streams = array.array("i")
    first, ancillary, _, _ = connection.recvmsg(65_536, socket.CMSG_SPACE(3 * streams.itemsize))
    for _, _, held in ancillary:
        streams.frombytes(held)
    parts = [first]
    while part := connection.recv(65_536):
        parts.append(part)
    return json.loads(b"".join(parts)), list(streams)


def _run(request: dict[str, Any], streams: list[int]) -> int:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    script, *arguments = request["words"]
    sys.argv = [script, *arguments]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole process
    sys.stdout = _stream(1, "strict")
    sys.stderr = _stream(2, "backslashreplace")
    code = _code_of(script)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    atexit._run_exitfuncs()
    return code


def _stream(number: int, errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        os.fdopen(number, "wb", closefd=False), encoding="utf-8", errors=errors, line_buffering=os.isatty(number)
    )


def _code_of(script: str) -> int:
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    _serve(sys.argv[1])
