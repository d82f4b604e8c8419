"""The dashboard served in a process of its own, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(config: Path, port: int, sign_in: Path | None = None) -> Iterator[str]:
    """`serve` in a process of its own, as `tminus app` runs it; yields the line it prints."""
    access = f"access_of('127.0.0.1', {str(sign_in or '')!r})"
    call = f"serve(Path({str(config)!r}), {port}, announce, open_browser=False, access={access})"
    imports = "from app.command_line.calls import announce; from app.dashboard.serve import access_of, serve"
    script = f"from pathlib import Path; {imports}; {call}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-P", "-c", script]
    process = subprocess.Popen(line, cwd=config.parent, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stdout.close()
