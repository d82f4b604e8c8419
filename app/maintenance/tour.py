"""The pictures of docs/tour.md, taken from the sample in a real browser.

    python -m app.maintenance.tour [BROWSER]

Needs the development packages and a Chromium (found on the PATH, or named). The pictures have a palette of 64 colours:
seven of them take a few hundred kilobytes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.dashboard.serve import HOST, command, free_port
from app.demo import prepare_demo

IMAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "images"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WIDE, COLOURS, PATIENCE = 1200, 64, 180_000


class Shot(NamedTuple):
    """One picture: its name, the address, the part of the page at its top, what is opened first, and its height."""

    name: str
    address: str
    top: str = ""
    opened: str = ""
    high: int = 760
    dark: bool = False
    wide: int = WIDE


SHOTS: Final = (
    Shot("tour-verdict", "", high=700),
    Shot("tour-moves", "", ".st-key-tm-moves", "details.tm-row summary", 720),
    Shot("tour-stuck", "", ".st-key-tm-stuck", high=600),
    Shot("tour-what-if", "?if=test-coverage%3D2x", ".st-key-tm-what-if", high=560),
    Shot("tour-decide", "?decide=bundle-size", ".st-key-tm-decide", high=600),
    Shot("tour-forecast", "forecast", high=700, dark=True),
    Shot("tour-phone", "", high=800, wide=390),
)


def main() -> None:
    """Serve the sample, take every picture, and end the server."""
    named = sys.argv[1] if len(sys.argv) > 1 else next(filter(None, map(shutil.which, BROWSERS)), None)
    if named is None:
        sys.exit(f"no browser: name one, or install one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as place:
        workspace = prepare_demo(with_simulated=True, folder=Path(place))
        port = free_port(8790)
        server = subprocess.Popen(command(workspace.path, port), stdout=subprocess.DEVNULL)
        try:
            _take(f"http://{HOST}:{port}", named)
        finally:
            server.terminate()
            server.wait(20)


def _take(address: str, browser: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            scheme: Any = "dark" if shot.dark else "light"
            page = running.new_page(viewport={"width": shot.wide, "height": shot.high}, color_scheme=scheme)
            page.set_default_timeout(PATIENCE)
            _open(page, f"{address}/{shot.address}")
            _show(page, shot)
            _store(page.screenshot(), IMAGES / f"{shot.name}.png")
            page.close()
        running.close()


def _open(page: Any, address: str) -> None:
    """Open a page as soon as the server answers, and wait until it is drawn to its end."""
    from playwright.sync_api import Error

    for attempt in range(120):
        try:
            page.goto(address)
            break
        except Error:
            if attempt == 119:
                raise
            page.wait_for_timeout(500)
    # The charts of a page have download buttons, too.
    page.locator(".st-key-tm-bar").get_by_role("button", name="Download").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(2500)  # charts are drawn after the page


def _show(page: Any, shot: Shot) -> None:
    if shot.opened:
        page.locator(shot.opened).first.click()
    if shot.top:
        page.locator(shot.top).evaluate("part => part.scrollIntoView()")
    page.wait_for_timeout(800)


def _store(picture: bytes, path: Path) -> None:
    """The picture with few colours: a tenth of its size, and as readable."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    image.save(path, optimize=True)


if __name__ == "__main__":
    main()
