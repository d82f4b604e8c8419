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
from typing import Any

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

# Done once the script of the page has ended and, for 15 pictures in a row, nothing was changed, sized or moved. A
# picture is 16 ms on a free machine, and more on a busy one. What moves for ever (a sign of waiting) is not waited for.
_SETTLED = """patience => new Promise((done, failed) => {
    const last = performance.now() + patience
    let calm = 0
    const noted = () => { calm = 0 }
    const changes = new MutationObserver(noted)
    changes.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
    const main = document.querySelector('[data-testid=stMain]')
    const sizes = new ResizeObserver(noted)
    if (main) sizes.observe(main)
    const moves = () => document.getAnimations().some(
        one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)
    const look = () => {
        const ended = document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
        calm = ended && !document.querySelector('[data-stale=true]') && !moves() ? calm + 1 : 0
        if (calm <= 15 && performance.now() < last) return requestAnimationFrame(look)
        changes.disconnect()
        sizes.disconnect()
        calm > 15 ? done() : failed(new Error('the page is still being drawn'))
    }
    look()
})"""


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


def settled(page: Any) -> None:
    """Wait until a page in the browser is drawn to its end; an error after a minute."""
    page.locator("[data-testid=stMain]").wait_for()
    page.evaluate(_SETTLED, 60_000)
